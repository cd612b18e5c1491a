"""cuecast as a library: word-timed captions and captioned clips from recordings and their text.

The functions are those of `pipeline/api/`, each imported when it is first used; docs/python.md has
examples. Errors are `CuecastError`s, whose text reads "where: what is wrong; what to do".
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline import __version__
    from pipeline.api.captions import (
        CaptionCue,
        CaptionProblem,
        Captions,
        make_captions,
        read_captions,
    )
    from pipeline.api.jobs import ItemOutcome, run_job
    from pipeline.api.recordings import align, cut_clips, transcribe
    from pipeline.api.words import find_topics, read_words
    from pipeline.errors import (
        AlignmentError,
        ConfigError,
        CuecastError,
        EngineError,
        MediaError,
        StepError,
    )
    from pipeline.records import Clip, TimedText, Topic, Word

__all__ = [
    "AlignmentError",
    "CaptionCue",
    "CaptionProblem",
    "Captions",
    "Clip",
    "ConfigError",
    "CuecastError",
    "EngineError",
    "ItemOutcome",
    "MediaError",
    "StepError",
    "TimedText",
    "Topic",
    "Word",
    "__version__",
    "align",
    "cut_clips",
    "find_topics",
    "make_captions",
    "read_captions",
    "read_words",
    "run_job",
    "transcribe",
]

_NAMES_BY_MODULE = {
    "pipeline": ("__version__",),
    "pipeline.api.captions": (
        "CaptionCue", "CaptionProblem", "Captions", "make_captions", "read_captions",
    ),
    "pipeline.api.jobs": ("ItemOutcome", "run_job"),
    "pipeline.api.recordings": ("align", "cut_clips", "transcribe"),
    "pipeline.api.words": ("find_topics", "read_words"),
    "pipeline.errors": (
        "AlignmentError", "ConfigError", "CuecastError", "EngineError", "MediaError", "StepError",
    ),
    "pipeline.records": ("Clip", "TimedText", "Topic", "Word"),
}  # fmt: skip

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        for module, names in _NAMES_BY_MODULE.items():
            if name in names:
                return getattr(importlib.import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
