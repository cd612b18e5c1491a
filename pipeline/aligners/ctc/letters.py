"""The alphabet of a CTC model, and words spelled in it.

Where the model is found is `folder.py`'s matter.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import EngineError
from pipeline.records import GARBAGE

ANY = -2
"""The column of the star, for letters that the model lacks: last but one of extended emissions."""
BETWEEN = -1
"""The column of the gap between words: the last of extended emissions."""
VOCABULARY = "vocab.json"

_BLANKS = ("<blank>", "<pad>", "[PAD]")
_DELIMITER = "|"


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Columns of a model's emissions: of each letter, the blank, and the word delimiter."""

    columns: Mapping[str, int]
    blank: int
    delimiter: int | None = None

    def spell(self, word: str) -> tuple[int, ...]:
        """The column of each letter of a word; ANY for those that the model lacks.

        Apostrophes and punctuation that it lacks are dropped, as are a letter's diacritics.
        """
        if word == GARBAGE:
            return (ANY,)
        letters = unicodedata.normalize("NFC", word)
        return tuple(column for char in letters for column in self._find(char)) or (ANY,)

    def _find(self, char: str) -> tuple[int, ...]:
        for variant in _variants(char):
            if all(letter in self.columns for letter in variant):
                return tuple(self.columns[letter] for letter in variant)
        return (ANY,) if char.isalnum() else ()


def read_alphabet(folder: Path) -> Alphabet:
    """The alphabet of a model's folder, as transformers stores it.

    Raises:
        EngineError: the files are broken, or not those of a CTC model.
    """
    columns = _read_json(folder / VOCABULARY)
    configured = folder / "tokenizer_config.json"
    names = _read_json(configured) if configured.is_file() else {}
    if not all(isinstance(column, int) for column in columns.values()):
        raise EngineError(
            str(folder / VOCABULARY), "is not one list of letters",
            "give a model of one vocabulary, without adapters",
        )  # fmt: skip
    blanks = (_BLANKS[0], names.get("pad_token"), *_BLANKS[1:])
    blank = next((columns[name] for name in blanks if name in columns), None)
    if blank is None:
        raise EngineError(str(folder / VOCABULARY), "has no blank", "give a CTC model's folder")
    delimiter = columns.get(names.get("word_delimiter_token") or _DELIMITER)
    letters = {
        letter: column
        for letter, column in columns.items()
        if len(letter) == 1 and column not in (blank, delimiter)
    }
    return Alphabet(letters, blank, delimiter)


def _variants(char: str) -> Iterator[str]:
    """A character in both cases, composed and decomposed, then without its diacritics."""
    cases = (char, char.lower(), char.upper())
    yield from cases
    for case in cases:
        yield unicodedata.normalize("NFD", case)
    for case in cases:
        apart = unicodedata.normalize("NFKD", case)
        if bare := "".join(sign for sign in apart if not unicodedata.combining(sign)):
            yield bare


def _read_json(file: Path) -> dict[str, Any]:
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(str(file), "can't be read as JSON", "convert the model anew") from error
    if not isinstance(plain, dict):
        raise EngineError(str(file), "is no JSON object", "convert the model anew")
    return plain
