"""Seals: what counts as done, and what no longer does."""

from pathlib import Path

import pytest

from pipeline.errors import MediaError, StepError
from pipeline.job.context import StepContext
from pipeline.job.disk import hash_file
from pipeline.job.ownership import SEAL_NAME
from pipeline.job.scratch import checkpoint_path, drop_scratch, make_scratch, scratch_path
from pipeline.job.stage import Item, StepIdentity, StepPaths, StepRequest
from pipeline.job.store import drop_file, read_seal, seal_step, unseal


def make_request(folder: Path, version: int = 1) -> StepRequest:
    item = Item("toy", folder / "toy", {}, {})
    identity = StepIdentity("count", version)
    return StepRequest(
        item="toy",
        run="tests.job.toy:count",
        identity=identity,
        paths=StepPaths(
            folder=item.folder / "count",
            scratch=scratch_path(item, "count", identity.fingerprint),
            log=folder / "log",
        ),
    )


def seal_text(request: StepRequest, text: str) -> None:
    make_scratch(request)
    (request.paths.scratch / "inner").mkdir()
    (request.paths.scratch / "inner" / "text.txt").write_text(text)
    seal_step(request, {"letter": "a"})
    drop_scratch(request.paths.scratch)


def test_a_sealed_folder_reads_back_as_it_was_sealed(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    seal_text(request, "abc")
    seal = read_seal(request.paths.folder)
    assert seal is not None
    assert (seal.stage, seal.fingerprint) == ("count", request.identity.fingerprint)
    assert (seal.identity, seal.used) == (request.identity, {"letter": "a"})
    assert [(file.path, file.n_bytes) for file in seal.files] == [("inner/text.txt", 3)]
    assert not request.paths.scratch.exists()


def test_the_same_request_seals_the_same_bytes(tmp_path: Path) -> None:
    seals = []
    for name in ("one", "two"):
        request = make_request(tmp_path / name)
        seal_text(request, "abc")
        seals.append((request.paths.folder / SEAL_NAME).read_bytes())
    assert seals[0] == seals[1]


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / SEAL_NAME).unlink(),
        lambda folder: (folder / SEAL_NAME).write_text("{}"),
        lambda folder: (folder / SEAL_NAME).write_bytes(b'{"stage": "cou'),
        lambda folder: (folder / "inner" / "text.txt").unlink(),
        lambda folder: (folder / "inner" / "text.txt").write_text("abcd"),
    ],
)
def test_a_folder_without_a_valid_seal_is_not_there(tmp_path: Path, harm: object) -> None:
    request = make_request(tmp_path)
    seal_text(request, "abc")
    harm(request.paths.folder)  # type: ignore[operator]
    assert read_seal(request.paths.folder) is None


def test_an_unsealed_folder_is_not_there(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    seal_text(request, "abc")
    unseal(request.paths.folder)
    unseal(request.paths.folder)
    assert read_seal(request.paths.folder) is None


def test_a_dropped_file_is_gone_and_the_seal_holds(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    seal_text(request, "abc")
    drop_file(request.paths.folder, "inner/text.txt")
    seal = read_seal(request.paths.folder)
    assert seal is not None
    assert (seal.fingerprint, seal.dropped) == (request.identity.fingerprint, ("inner/text.txt",))
    assert [file.path for file in seal.files] == ["inner/text.txt"]
    assert not (request.paths.folder / "inner" / "text.txt").exists()


def test_dropping_a_file_again_removes_what_an_interruption_left(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    seal_text(request, "abc")
    drop_file(request.paths.folder, "inner/text.txt")
    sealed = (request.paths.folder / SEAL_NAME).read_bytes()
    (request.paths.folder / "inner" / "text.txt").write_text("abc")
    drop_file(request.paths.folder, "inner/text.txt")
    assert (request.paths.folder / SEAL_NAME).read_bytes() == sealed
    assert not (request.paths.folder / "inner" / "text.txt").exists()


def test_what_was_never_sealed_is_not_dropped(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    seal_text(request, "abc")
    (request.paths.folder / "stray.txt").write_text("left by someone")
    drop_file(request.paths.folder, "stray.txt")
    drop_file(tmp_path / "nothing", "text.txt")
    assert (request.paths.folder / "stray.txt").exists()


def test_sealing_again_replaces_what_was_sealed_and_nothing_else(tmp_path: Path) -> None:
    seal_text(make_request(tmp_path), "abc")
    request = make_request(tmp_path, version=2)
    (request.paths.folder / "inner" / "mine.txt").write_text("somebody's")
    make_scratch(request)
    (request.paths.scratch / "other.txt").write_text("xyz")
    seal_step(request, {})
    files = sorted(
        path.relative_to(request.paths.folder) for path in request.paths.folder.rglob("*.*")
    )
    assert list(map(str, files)) == [SEAL_NAME, "inner/mine.txt", "other.txt"]
    seal = read_seal(request.paths.folder)
    assert seal is not None and seal.identity.version == 2


def test_a_file_that_no_seal_names_is_never_replaced(tmp_path: Path) -> None:
    seal_text(make_request(tmp_path), "abc")
    request = make_request(tmp_path, version=2)
    (request.paths.folder / "other.txt").write_text("somebody's")
    make_scratch(request)
    (request.paths.scratch / "other.txt").write_text("xyz")
    with pytest.raises(StepError, match=r"'other\.txt', which no seal names"):
        seal_step(request, {})
    assert (request.paths.folder / "other.txt").read_text() == "somebody's"
    assert (request.paths.folder / "inner" / "text.txt").read_text() == "abc"


def test_scratch_of_an_interrupted_step_is_not_taken_over(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    make_scratch(request)
    (request.paths.scratch / "half.txt").write_text("ha")
    make_scratch(request)
    assert list(request.paths.scratch.iterdir()) == []


def test_a_missing_source_is_a_media_error(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no such file; check the path"):
        hash_file(tmp_path / "nothing.mp3")
    with pytest.raises(MediaError, match="is a folder"):
        hash_file(tmp_path)


def test_what_a_killed_step_kept_is_there_for_the_same_request_alone(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    make_scratch(request)
    StepContext(request).save_checkpoint("letters", Item("toy", tmp_path, {}, {}))
    make_scratch(request)
    again = StepContext(request)
    assert again.load_checkpoint("letters", Item) == Item("toy", tmp_path, {}, {})
    assert again.load_checkpoint("others", Item) is None
    make_scratch(make_request(tmp_path, version=2))
    assert again.load_checkpoint("letters", Item) is None


def test_what_was_kept_half_is_as_if_not_kept(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    make_scratch(request)
    path = checkpoint_path(request.paths.scratch, "letters")
    path.parent.mkdir()
    path.write_text('{"id": "to')
    assert StepContext(request).load_checkpoint("letters", Item) is None


def test_a_finished_step_leaves_nothing_kept(tmp_path: Path) -> None:
    request = make_request(tmp_path)
    make_scratch(request)
    StepContext(request).save_checkpoint("letters", Item("toy", tmp_path, {}, {}))
    (request.paths.scratch / "text.txt").write_text("abc")
    seal_step(request, {})
    drop_scratch(request.paths.scratch)
    assert list(request.paths.scratch.parent.iterdir()) == []
