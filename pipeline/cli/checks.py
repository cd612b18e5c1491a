"""The checks of `doctor`. They run in a child process and only return what they find."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CuecastError

NEEDED_FILTERS = ("adrawgraph", "aformat", "ass", "astats", "crop", "scale")
"""Some of the filters that clips need, as ffmpeg builds differ."""
NEEDED_ENCODERS = ("libx264", "aac")
OPTIONAL_ENGINES = ("GPU", "faster-whisper", "ctranslate2", "moonshine-cpp")
"""Checks that may fail: PocketSphinx, always installed, needs none of these."""
FFMPEG_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check; `is_optional` if jobs can run without it."""

    name: str
    is_found: bool
    detail: str
    remedy: str = ""
    is_optional: bool = False


def check_media() -> tuple[Check, ...]:
    """Python, ffmpeg with its filters and encoders, fonts."""
    return (_check_python(), *_check_ffmpeg(), _check_fonts())


def check_engines() -> tuple[Check, ...]:
    """Packages of recognition and alignment engines, and a GPU."""
    catalog = importlib.import_module("pipeline.models.packages")
    return tuple(
        Check(row.name, row.is_available, row.detail, row.remedy, row.name in OPTIONAL_ENGINES)
        for row in catalog.describe_engines()
    )


def check_models() -> tuple[Check, ...]:
    """Recognition models, and alignment models for languages other than English."""
    kinds = importlib.import_module("pipeline.models.kinds")
    here = [
        row
        for row in importlib.import_module("pipeline.models.installed").list_models()
        if row.is_here
    ]
    remedies = {
        kinds.WHISPER.name: "cuecast models get small; until then only English is recognised",
        kinds.WAV2VEC2.name: "cuecast models get, or name a folder in align.model",
    }
    return tuple(
        Check(f"{kind} models", bool(names), ", ".join(names) or "none here", remedy, True)
        for kind, remedy in remedies.items()
        for names in [[row.name for row in here if row.kind == kind]]
    )


def _check_python() -> Check:
    return Check("python", True, f"{sys.version.split()[0]} in {sys.prefix}")


def _check_ffmpeg() -> Iterator[Check]:
    media = importlib.import_module("pipeline.media.ffmpeg")
    try:
        binary = media.find_ffmpeg()
        version = _ask(binary, "-version").split()[2]
    except CuecastError as error:
        yield Check("ffmpeg", False, error.problem, error.remedy)
        return
    except (OSError, IndexError, subprocess.SubprocessError) as error:
        yield Check("ffmpeg", False, f"does not run ({error})", "install imageio-ffmpeg again")
        return
    yield Check("ffmpeg", True, f"{version}, {binary}")
    for kind, needed in (("filters", NEEDED_FILTERS), ("encoders", NEEDED_ENCODERS)):
        rows = [line.split() for line in _ask(binary, f"-{kind}").splitlines()]
        known = {row[1] for row in rows if len(row) > 1}
        missing = [name for name in needed if name not in known]
        detail = f"without {', '.join(missing)}" if missing else ", ".join(needed)
        remedy = f"unset {media.BINARY_VARIABLE} or name a fuller ffmpeg"
        yield Check(f"ffmpeg {kind}", not missing, detail, remedy)


def _ask(binary: Path, question: str) -> str:
    command = [str(binary), "-hide_banner", question]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=FFMPEG_TIMEOUT_S
    )
    return done.stdout


def _check_fonts() -> Check:
    fonts = importlib.import_module("pipeline.media.fonts")
    try:
        paths = fonts.find_fonts()
    except CuecastError as error:
        return Check("fonts", False, error.problem, error.remedy)
    return Check("fonts", True, f"{fonts.FONT_FAMILY}, {len(paths)} files in {paths[0].parent}")
