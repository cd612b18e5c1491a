"""The table of recognisers: a row each.

They are loaded in `catalog.py`, which also has the choice for `auto`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

WHISPER = "faster_whisper"
EMBEDDED = "pocketsphinx"
"""The recogniser that is always available: its model is in the wheel."""
LISTENER = "moonshine"
"""The embedded recogniser for recordings without a text, on platforms that have its wheel."""
TRANSCRIPT = "scripted"
"""No recogniser: it reads a transcript.json, for tests and for transcripts made elsewhere."""

WHISPER_KEYS = ("model", "device", "compute_type", "batch_size", "prompt", "hotwords")
"""The keys of the `transcribe:` section that say how Whisper listens."""


@dataclass(frozen=True, slots=True)
class RecognizerTraits:
    """One recogniser.

    Args:
        load: "module:function", called with an `EngineRequest`.
        languages: the codes of those it knows; None if that depends on its model.
        takes: the keys of WHISPER_KEYS that it reads.
        can_translate: from other languages into English.
    """

    load: str
    languages: frozenset[str] | None = None
    takes: tuple[str, ...] = ()
    can_translate: bool = False

    def knows(self, language: str) -> bool:
        """Whether it knows a language, as far as that can be said without its model."""
        return self.languages is None or language in self.languages


_ENGLISH = frozenset({"en"})

RECOGNIZERS: Mapping[str, RecognizerTraits] = {
    WHISPER: RecognizerTraits(
        "pipeline.recognizers.whisper.recognizer:load", takes=WHISPER_KEYS, can_translate=True
    ),
    LISTENER: RecognizerTraits("pipeline.recognizers.moonshine.recognizer:load", _ENGLISH),
    EMBEDDED: RecognizerTraits("pipeline.recognizers.pocketsphinx:load", _ENGLISH, ("hotwords",)),
    TRANSCRIPT: RecognizerTraits(
        "pipeline.recognizers.scripted:load", takes=WHISPER_KEYS, can_translate=True
    ),
}

if TYPE_CHECKING:
    RecognizerName = str
else:
    RecognizerName = Literal[("auto", *RECOGNIZERS)]
