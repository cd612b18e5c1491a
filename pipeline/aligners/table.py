"""The table of aligners: a row each.

They are loaded in `catalog.py`, which also has the choice for `auto`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

RECOGNIZER = "recognizer"
"""In place of an aligner's name: keep the recogniser's own times."""
WHISPER = "whisper"
"""Aligns only between words of the first pass, as it can't tell which words were not spoken."""
CTC = "ctc"

CALIBRATIONS = Path(__file__).parent / "calibrations"
"""Where the rows' calibrations lie: records of `pipeline/alignment/calibration.py`."""


@dataclass(frozen=True, slots=True)
class AlignerTraits:
    """One aligner: a decoder of word graphs.

    Args:
        load: "module:function", called with an `EngineRequest`.
        languages: the codes of those it knows; None if that depends on the model loaded. `auto`
            takes the first row that knows a language.
        takes_model: it reads the keys `model`, `device` and `compute_type`.
        is_adaptive: it is adapted to a recording before it aligns it.
        is_shared: one process with several threads decodes all windows, as the model is large;
            otherwise each process has a decoder of its own.
        fillers: words that the text may lack, which it looks for between all words.
        decodes_windows_in_threads: a window takes one thread, so several are decoded at a time.
        calibration: the file that says what its evidence weighs in a word's confidence.
    """

    load: str
    languages: frozenset[str] | None = None
    takes_model: bool = False
    is_adaptive: bool = False
    is_shared: bool = False
    fillers: tuple[str, ...] = ()
    decodes_windows_in_threads: bool = False
    calibration: str = "other.json"

    def knows(self, language: str) -> bool:
        """Whether it knows a language, as far as that can be said without its model."""
        return self.languages is None or language in self.languages


ALIGNERS: Mapping[str, AlignerTraits] = {
    "pocketsphinx": AlignerTraits(
        "pipeline.aligners.hmm.decoder:load",
        frozenset({"en"}),
        is_adaptive=True,
        fillers=("um", "uh", "er", "mm"),
        calibration="pocketsphinx.json",
    ),
    CTC: AlignerTraits("pipeline.aligners.ctc.decoder:load", takes_model=True, is_shared=True),
    WHISPER: AlignerTraits(
        "pipeline.aligners.whisper_attention:load", is_shared=True, decodes_windows_in_threads=True
    ),
}

if TYPE_CHECKING:
    AlignerName = str
else:
    AlignerName = Literal[("auto", *ALIGNERS, RECOGNIZER)]


def find_aligner(language: str) -> str | None:
    """The first aligner whose languages include this one."""
    return next((name for name, row in ALIGNERS.items() if language in (row.languages or ())), None)


def can_align(name: str, language: str) -> bool:
    """Whether the aligner of this name, or the recogniser's own times, serve a language."""
    return name == RECOGNIZER or ALIGNERS[name].knows(language)
