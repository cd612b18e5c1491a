"""Phones that people leave out or merge in connected speech, and what that costs in the search.

The network of a word is built in `builder.py`. Weak forms of single words are in
`pipeline/pronunciation/lexicon.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from pipeline.aligners.hmm.model import AcousticModel

LOG_FINAL_STOP = math.log(1e-2)
"""Log-probability that a word loses its last `t` or `d` before a consonant: `las(t) night`."""
LOG_INNER = math.log(1e-3)
"""Log-probability that a word loses an inner schwa between consonants (`fam(i)ly`), or a `t` or `d`
between vowels (`pre(tt)y`)."""
LOG_MERGED = math.log(1e-1)
"""Log-probability that `t` or `d` and a following `y` become an affricate: `had your`."""

_VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
_MERGED = {"T": "CH", "D": "JH"}
_MERGES_BEFORE = frozenset("AH AO ER UH UW".split())
"""The vowels of `you`, `your`, `you're`: in stressed words such as `yes` the `y` stays."""


@dataclass(frozen=True, slots=True)
class Reductions:
    """The rules, over the phones of a model.

    Source: Cruttenden 2014, "Gimson's Pronunciation of English", 12.4 (elision, coalescence).
    """

    vowels: frozenset[int]
    stops: frozenset[int]
    schwa: int
    glide: int
    merged: dict[int, int]
    merges_before: frozenset[int]

    @classmethod
    def of(cls, model: AcousticModel) -> Self:
        """The rules for a model with ARPABET's phones."""
        number = {name: phone for phone, name in enumerate(model.phone_names)}
        return cls(
            vowels=frozenset(number[name] for name in _VOWELS),
            stops=frozenset(number[name] for name in _MERGED),
            schwa=number["AH"],
            glide=number["Y"],
            merged={number[stop]: number[affricate] for stop, affricate in _MERGED.items()},
            merges_before=frozenset(number[name] for name in _MERGES_BEFORE),
        )

    def loses_last(self, phones: Sequence[int]) -> bool:
        """Whether a word's last phone may be lost before a consonant."""
        return len(phones) > 2 and phones[-1] in self.stops

    def loses_inner(self, before: int, phone: int, after: int) -> bool:
        """Whether an inner phone may be lost."""
        if phone == self.schwa:
            return before not in self.vowels and after not in self.vowels
        return phone in self.stops and before in self.vowels and after in self.vowels

    def merge_first(self, phones: Sequence[int], before: Sequence[int]) -> list[tuple[int, int]]:
        """The phones before a word that its first may merge with, and what that becomes."""
        if phones[0] != self.glide or phones[1] not in self.merges_before:
            return []
        return [(stop, self.merged[stop]) for stop in before if stop in self.merged]
