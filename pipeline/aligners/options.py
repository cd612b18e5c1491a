"""The job's options for alignment."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from pipeline.aligners.table import AlignerName
from pipeline.records import record


@record
class AlignOptions:
    """The `align:` section.

    `engine: auto` takes the aligner for the language, else `ctc` if its model is here, else the
    recogniser's own times. `whisper` keeps Whisper's times and aligns the words that it missed.
    `model` is for ctc: a folder or a name in the hub's cache; `device` and `compute_type` are for
    it as in `transcribe:`.

    `vocabulary` gives the spoken forms of tokens, one or a list, likeliest first: words in small
    letters (`{xAI: x a i, GIF: [jif, g i f], 24/7: twenty four seven}`), or ARPABET in
    capitals, whose stress digits may be left out (`{Kardashev: K AA1 R D AH0 SH EH2 V}`). A token
    is found whatever its case and the punctuation around it.

    `mismatch: keep` aligns a text that does not belong to the recording; by default that is an
    error of the item.
    """

    engine: AlignerName = "auto"
    model: str = ""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"
    vocabulary: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    mismatch: Literal["refuse", "keep"] = "refuse"

    def __post_init__(self) -> None:
        for token, ways in self.vocabulary.items():
            _check_token(token)
            for way in (ways,) if isinstance(ways, str) else ways:
                _check_way(token, way)


@record
class AlignerAsked:
    """The job's options that decide how the aligner is loaded."""

    engine: str
    model: str
    device: str
    compute_type: str
    vocabulary: tuple[tuple[str, str | tuple[str, ...]], ...] = ()


def _check_token(token: str) -> None:
    if token.split() != [token] or not any(map(str.isalnum, token)) or set(token) & set("()[]{}<>"):
        raise ValueError(f"vocabulary.{token}: not one token with a letter or digit in it")


def _check_way(token: str, way: str) -> None:
    """Refuse what is neither small letters nor capitals; a lexicon checks the phones themselves."""
    words = way.replace("-", " ").replace("'", "").split()
    is_lower = way == way.lower() and not any(char.isdigit() for char in way)
    is_spoken = bool(words) and all(char.isalnum() for word in words for char in word)
    if not is_spoken or not (way.isupper() or is_lower):
        raise ValueError(
            f"vocabulary.{token}: {way!r} is neither words in small letters, as 'x a i', "
            "nor ARPABET in capitals, as 'K AA1 R D'"
        )
