"""`cuecast models` against a server that speaks the hub's protocol, and one that misbehaves."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.test_commands import ROOT, cuecast
from tests.models.hub_server import COMMIT, Faults, Hub, checksum, serve_hub
from tests.patience import PATIENCE_S

TINY = Path(__file__).parents[1] / "tiny_whisper" / "model"
N_BYTES = (TINY / "model.bin").stat().st_size
NAME = "acme/tiny"


@pytest.fixture(scope="module")
def model() -> dict[str, bytes]:
    """The files of a small Whisper, and some more that the hub has beside them."""
    files = {path.name: path.read_bytes() for path in sorted(TINY.iterdir())}
    return {**files, "README.md": b"# tiny\n", "pytorch_model.bin": b"weights" * 30_000}


def get(folder: Path, hub: Hub, name: str = NAME, *more: str) -> subprocess.CompletedProcess[str]:
    return cuecast(folder, "models", "get", name, *more, **variables(folder, hub))


def variables(folder: Path, hub: Hub) -> dict[str, str]:
    return {"HF_HOME": str(folder / "home"), "HF_ENDPOINT": hub.url}


def blobs(folder: Path, name: str = NAME) -> Path:
    return folder / "home/hub" / f"models--{name.replace('/', '--')}" / "blobs"


def list_rows(folder: Path, hub: Hub) -> dict[str, dict[str, object]]:
    done = cuecast(folder, "models", "list", "--json", **variables(folder, hub))
    return {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}


def find(folder: Path, hub: Hub, name: str = NAME) -> str:
    """What a job would take under this name, by the cache alone."""
    program = f"from pipeline.models.installed import find_model; print(find_model({name!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **variables(folder, hub)},
    )  # fmt: skip
    return done.stdout.strip()


# --- fetched -----------------------------------------------------------------------------------


def test_a_model_is_fetched_listed_and_loaded_and_nothing_else_is(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    with serve_hub({NAME: model}) as hub:
        done = get(tmp_path, hub)
        assert done.returncode == 0, done.stderr
        folder = Path(find(tmp_path, hub))
        row = list_rows(tmp_path, hub)[NAME]
    assert done.stdout == f"{NAME} is in {folder}\n"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in TINY.iterdir()
    }
    size = sum(path.stat().st_size for path in TINY.iterdir())
    assert (row["kind"], row["is_here"], row["size_bytes"]) == ("Whisper", True, size)
    assert row["folder"] == str(folder)
    n_mb = sum(path.stat().st_size for path in TINY.iterdir()) / 1e6
    assert f"{n_mb:.1f} of {n_mb:.1f} MB" in done.stderr


def test_the_hubs_own_client_finds_it_where_it_would_have_put_it_itself(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    program = (
        "from huggingface_hub import snapshot_download as get;"
        f"print(get({NAME!r}, ignore_patterns=['README.md', 'pytorch*'], local_files_only={{}}))"
    )
    with serve_hub({NAME: model}) as hub:
        for folder, is_local in ((theirs, False), (ours, True)):
            if is_local:
                assert get(ours, hub).returncode == 0
            done = subprocess.run(
                [sys.executable, "-c", program.format(is_local)], capture_output=True, text=True,
                check=True, env={"PATH": "/usr/bin:/bin", **variables(folder, hub)},
            )  # fmt: skip
            assert done.stdout.strip().endswith(f"snapshots/{COMMIT}")

    def tree(folder: Path) -> dict[str, bytes]:
        repo = blobs(folder).parent
        found = (path for part in ("blobs", "snapshots") for path in (repo / part).rglob("*"))
        return {
            str(path.relative_to(repo)): path.read_bytes() for path in found if path.is_file()
        } | {"refs/main": (repo / "refs/main").read_bytes()}

    assert tree(ours) == tree(theirs)


def test_a_token_is_told_to_the_hub_and_to_nobody_it_sends_to(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    with serve_hub({NAME: model}) as hub:
        there = {**variables(tmp_path, hub), "HF_TOKEN": "hf_secret"}
        assert cuecast(tmp_path, "models", "get", NAME, **there).returncode == 0
        assert f"/{NAME}/resolve/{COMMIT}/model.bin" in hub.told_token
        assert any("/store/" in path for path in hub.asked)
        assert not any("/store/" in path for path in hub.told_token)


def test_a_model_that_is_here_is_not_asked_for_again(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    with serve_hub({NAME: model}) as hub:
        assert get(tmp_path, hub).returncode == 0
        hub.asked.clear()
        assert get(tmp_path, hub).returncode == 0
        assert not hub.asked


def test_a_file_that_went_bad_on_the_disk_is_fetched_anew(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    with serve_hub({NAME: model}) as hub:
        assert get(tmp_path, hub).returncode == 0
        blob = blobs(tmp_path) / checksum(model["model.bin"])
        blob.write_bytes(b"\0" + model["model.bin"][1:])
        hub.ranges.clear()
        assert get(tmp_path, hub).returncode == 0
        assert blob.read_bytes() == model["model.bin"]
        assert list(hub.ranges) == ["model.bin"]


def test_progress_is_told_in_events(tmp_path: Path, model: dict[str, bytes]) -> None:
    with serve_hub({NAME: model}, Faults(delay_s=0.03)) as hub:
        lines = get(tmp_path, hub, NAME, "--json").stdout.splitlines()
    *events, last = map(json.loads, lines)
    assert last["model"] == NAME
    assert Path(last["path"]).name == COMMIT
    done = [event["done_bytes"] for event in events]
    assert len(done) > 2
    assert done == sorted(done)
    assert done[-1] == events[-1]["bytes"] == sum(len(p.read_bytes()) for p in TINY.iterdir())


# --- broken off --------------------------------------------------------------------------------


def test_a_download_that_was_interrupted_goes_on_where_it_was(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    with serve_hub({NAME: model}, Faults(is_held=True)) as hub:
        running = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "models", "get", NAME], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"PATH": "/usr/bin:/bin", **variables(tmp_path, hub)},
        )  # fmt: skip
        partial = blobs(tmp_path) / f"{checksum(model['model.bin'])}.incomplete"
        end_s = time.monotonic() + PATIENCE_S
        while not partial.is_file() or partial.stat().st_size < 200_000:
            assert time.monotonic() < end_s
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, stderr = running.communicate(timeout=PATIENCE_S)
        assert running.returncode == 130
        assert stderr.splitlines()[-1] == "interrupted; what is done is kept: run again to go on"
        n_before = partial.stat().st_size
        assert 200_000 <= n_before < len(model["model.bin"])
        assert find(tmp_path, hub) == "None"
        row = list_rows(tmp_path, hub)[NAME]
        assert (row["is_here"], row["partial_bytes"]) == (False, n_before)

        hub.faults.is_held = False
        hub.ranges.clear()
        assert get(tmp_path, hub).returncode == 0
        assert hub.ranges["model.bin"] == [f"bytes={n_before}-"]
        assert (Path(find(tmp_path, hub)) / "model.bin").read_bytes() == model["model.bin"]
        assert not partial.exists()


def test_a_connection_that_breaks_is_made_again(tmp_path: Path, model: dict[str, bytes]) -> None:
    with serve_hub({NAME: model}, Faults(cuts={"model.bin": [300_000, 200_000]})) as hub:
        done = get(tmp_path, hub)
        assert done.returncode == 0, done.stderr
        assert hub.ranges["model.bin"] == [None, "bytes=300000-", "bytes=500000-"]
        assert (Path(find(tmp_path, hub)) / "model.bin").read_bytes() == model["model.bin"]


def test_a_server_that_knows_no_ranges_begins_anew(tmp_path: Path, model: dict[str, bytes]) -> None:
    faults = Faults(cuts={"model.bin": [300_000]}, knows_ranges=False)
    with serve_hub({NAME: model}, faults) as hub:
        assert get(tmp_path, hub).returncode == 0
        assert (Path(find(tmp_path, hub)) / "model.bin").read_bytes() == model["model.bin"]


def test_a_part_that_is_not_of_this_file_is_thrown_away(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    partial = blobs(tmp_path) / f"{checksum(model['model.bin'])}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"something else")
    with serve_hub({NAME: model}) as hub:
        assert get(tmp_path, hub).returncode == 0
        assert hub.ranges["model.bin"] == ["bytes=14-", None]
        assert (Path(find(tmp_path, hub)) / "model.bin").read_bytes() == model["model.bin"]


def test_two_downloads_of_one_model_do_not_meet(tmp_path: Path, model: dict[str, bytes]) -> None:
    with serve_hub({NAME: model}, Faults(is_held=True)) as hub:
        first = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "models", "get", "-q", NAME], cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", **variables(tmp_path, hub)},
        )  # fmt: skip
        partial = blobs(tmp_path) / f"{checksum(model['model.bin'])}.incomplete"
        end_s = time.monotonic() + PATIENCE_S
        while not partial.is_file() or not partial.stat().st_size:
            assert time.monotonic() < end_s
            time.sleep(0.02)
        second = get(tmp_path, hub)
        assert second.returncode == 1
        hub.faults.is_held = False
        assert "model.bin: is being downloaded by another process; wait for" in second.stderr
        assert first.wait(PATIENCE_S) == 0


# --- refused -----------------------------------------------------------------------------------


BAD_SIZE = 10**16

REFUSED: Mapping[str, tuple[Faults, str, str]] = {
    "unknown": (Faults(), "acme/none", "is not on the hub; check the name"),
    "no name": (Faults(), "ac me/ti ny", "is no name of a model; see `cuecast models list`"),
    "gated": (
        Faults(statuses=[(403, "GatedRepo")]), NAME, "has terms that you have not accepted; accept",
    ),
    "down": (Faults(statuses=[(503, "")] * 9), NAME, "can't be downloaded (Server error '503"),
    "another kind": (Faults(), "acme/poem", "holds no model of a kind that is used here (Whisper"),
    "wrong bytes": (
        Faults(swapped={"model.bin": b"\0" * N_BYTES}), NAME,
        "model.bin: came with a wrong checksum, and was thrown away; try again",
    ),
    "too few bytes": (
        Faults(swapped={"model.bin": b"\0" * 400_000}), NAME,
        f"model.bin: ended after 400000 of {N_BYTES} bytes; try again: it goes on from there",
    ),
    "too many bytes": (
        Faults(swapped={"model.bin": b"\0" * (N_BYTES + 30_000)}), NAME,
        "model.bin: came with a wrong",
    ),
    "breaks off": (
        Faults(cuts={"model.bin": [1_000, 0, 0, 0]}), NAME,
        f"model.bin broke off at 1000 of {N_BYTES} bytes (peer closed",
    ),
    "no room": (
        Faults(claimed={"model.bin": BAD_SIZE}), NAME, "needs 10000000000 MB, and ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_goes_wrong_is_one_line_and_no_model_is_there(
    tmp_path: Path, model: dict[str, bytes], case: str
) -> None:
    faults, name, line = REFUSED[case]
    with serve_hub({NAME: model, "acme/poem": {"poem.txt": b"roses"}}, faults) as hub:
        done = get(tmp_path, hub, name)
        found = find(tmp_path, hub, name)
    assert done.returncode == 1
    errors = [text for text in done.stderr.splitlines() if " MB" not in text or "error" in text]
    (error,) = errors
    assert error.startswith("error: model ")
    assert line in error
    assert found == "None"


def test_a_file_that_is_too_short_is_not_asked_for_from_its_end_forever(
    tmp_path: Path, model: dict[str, bytes]
) -> None:
    with serve_hub({NAME: model}, Faults(swapped={"model.bin": b"\0" * 400_000})) as hub:
        assert f"ended after 400000 of {N_BYTES} bytes" in get(tmp_path, hub, NAME, "-q").stderr
        again = get(tmp_path, hub, NAME, "-q").stderr
        assert f"has no more than 400000 of {N_BYTES} bytes there: thrown away; try again" in again
        hub.faults.swapped.clear()
        assert get(tmp_path, hub, NAME, "-q").returncode == 0


def test_without_a_network_it_is_one_line(tmp_path: Path) -> None:
    nobody = {"HF_HOME": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9"}
    done = cuecast(tmp_path, "models", "get", "small", **nobody)
    assert done.returncode == 1
    assert done.stderr == (
        "error: model Systran/faster-whisper-small: can't be downloaded"
        " ([Errno 111] Connection refused); check the network, or name a folder instead\n"
    )


def test_a_job_whose_model_can_not_be_fetched_says_so_in_one_line(tmp_path: Path) -> None:
    nobody = {"HF_HOME": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9"}
    asked = ["--engine", "faster_whisper", "--model", "tiny", "--out", "out", "-q"]
    done = cuecast(tmp_path, "caption", str(ROOT / "samples/talk.mp4"), *asked, **nobody)
    assert done.returncode == 1
    assert (done.stdout + done.stderr).splitlines() == [
        "talk  transcribe  failed: model Systran/faster-whisper-tiny: can't be downloaded"
        " ([Errno 111] Connection refused); check the network, or name a folder instead"
    ]


def test_a_folder_that_can_not_be_made_is_one_line(tmp_path: Path, model: dict[str, bytes]) -> None:
    (tmp_path / "file").touch()
    with serve_hub({NAME: model}) as hub:
        there = {**variables(tmp_path, hub), "HF_HUB_CACHE": str(tmp_path / "file/hub")}
        done = cuecast(tmp_path, "models", "get", NAME, **there)
    assert done.returncode == 1
    assert f"can't be stored in {tmp_path}/file/hub/models--acme--tiny (Not a dir" in done.stderr
    assert "mend that, or set HF_HOME to another folder" in done.stderr
    assert len(done.stderr.splitlines()) == 1


# --- listed ------------------------------------------------------------------------------------


def test_folders_given_are_described_by_what_is_in_them(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "mine")
    row = cuecast(tmp_path, "models", "list", "mine").stdout.split()
    assert row[:4] == [
        "mine",
        "Whisper",
        f"{sum(p.stat().st_size for p in TINY.iterdir()) / 1e6:.0f}",
        "MB",
    ]
    (tmp_path / "mine/tokenizer.json").unlink()
    done = cuecast(tmp_path, "models", "list", "mine")
    assert done.returncode == 1
    assert "mine: is no model; missing for Whisper: tokenizer.json; for Wav2Vec2" in done.stderr


def test_models_alone_lists_them_and_says_where_they_lie(tmp_path: Path) -> None:
    lines = cuecast(tmp_path, "models", HF_HOME=str(tmp_path)).stdout.splitlines()
    rows = {line.split()[0]: line for line in lines}
    assert rows["small"].split()[1:] == "Whisper not here cuecast models get small".split()
    assert "PocketSphinx" in rows["en-us"]
    assert lines[-1] == f"those with a name lie in {tmp_path}/hub; HF_HOME moves them"


@pytest.mark.parametrize(
    ("kind", "files", "unused"),
    [
        (
            "Wav2Vec2",
            ("model.bin", "vocabulary.json", "vocab.json", "preprocessor_config.json"),
            ("pytorch_model.bin", "README.md"),
        ),
        (
            "sentence encoder",
            ("tokenizer.json", "onnx/model.onnx", "1_Pooling/config.json"),
            ("onnx/model_O4.onnx", "model.safetensors"),
        ),
    ],
)
def test_models_of_other_kinds_are_fetched_and_listed(
    tmp_path: Path, kind: str, files: tuple[str, ...], unused: tuple[str, ...]
) -> None:
    contents = {name: name.encode() * 20_000 for name in (*files, *unused)}
    with serve_hub({"acme/other": contents}) as hub:
        done = get(tmp_path, hub, "acme/other")
        row = list_rows(tmp_path, hub)["acme/other"]
    assert done.returncode == 0, done.stderr
    folder = Path(str(row["folder"]))
    assert row["kind"] == kind
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == set(files)
    assert all((folder / name).read_bytes() == contents[name] for name in files)
