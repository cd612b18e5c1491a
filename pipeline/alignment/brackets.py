"""Brackets of a text that may name a sound or hold words: the sound decides which.

They are found in `transcript.py`. Their words are optional in the word graph; those that were found
with evidence stay words.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.alignment.parsed_text import Script
from pipeline.records import Bracket, Sound, TimedText
from pipeline.verbalization.forms import UNSAID
from pipeline.verbalization.spoken_text import SpokenText

SPOKEN_SHARE = 0.5
"""More than this share of a bracket's words must be `aligned`: one may be said otherwise."""

_CONTEXT_WORDS = 2
"""Words on each side of a bracket that a trigram model needs to pass over it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A script in which some brackets are words.

    `spans`: the number of each of these brackets, and its first and last + 1 word. `inside`: the
    words in all brackets. `bounds`: where brackets of either reading begin and end.
    """

    script: Script
    spans: tuple[tuple[int, int, int], ...]
    inside: frozenset[int]
    bounds: frozenset[int]

    def list_tokens(self) -> list[str]:
        """The script's tokens, as they are aligned; none reaches into a bracket or out of one."""
        return self.script.list_tokens(self.bounds)

    def make_optional(self, text: SpokenText) -> SpokenText:
        """The verbalised text in which the words of these brackets may be left unspoken."""
        forms = list(text.forms)
        for first, last in self._find_tokens(text):
            forms[first:last] = [
                (*ways, UNSAID) if UNSAID not in ways else ways for ways in forms[first:last]
            ]
        return replace(text, forms=tuple(forms))

    def format_bypasses(self, text: SpokenText) -> Iterator[str]:
        """For a language model: the words before each of these brackets and those after it."""
        words = [forms[0] for forms in text.forms]
        for first, last in self._find_tokens(text):
            before = [
                word for form in words[max(0, first - _CONTEXT_WORDS) : first] for word in form
            ]
            after = [word for form in words[last : last + _CONTEXT_WORDS] for word in form]
            yield " ".join((*before, *after))

    def find_spoken(self, timed: TimedText) -> frozenset[int]:
        """The numbers of the brackets of which more than SPOKEN_SHARE of the words are aligned."""
        return frozenset(
            number
            for number, first, last in self.spans
            if _count_aligned(timed, first, last) > SPOKEN_SHARE * _count_words(timed, first, last)
        )

    def list_remaining(self, text: SpokenText, spoken: Collection[int]) -> list[int]:
        """The tokens that are left if only these brackets stay words."""
        gone = {
            token
            for (number, *_), (first, last) in zip(self.spans, self._find_tokens(text), strict=True)
            if number not in spoken
            for token in range(first, last)
        }
        return [token for token in range(text.n_tokens) if token not in gone]

    def _find_tokens(self, text: SpokenText) -> Iterator[tuple[int, int]]:
        """The first and last + 1 token of each span."""
        firsts = text.find_first_words()
        for _, first, last in self.spans:
            yield bisect_left(firsts, first), bisect_left(firsts, last)

    def mark(self, timed: TimedText) -> TimedText:
        """The timed text with `from_bracket` set."""
        words = tuple(
            replace(word, from_bracket=True) if token in self.inside else word
            for token, word in enumerate(timed.words)
        )
        return replace(timed, words=words)


def find_undecided(script: Script) -> frozenset[int]:
    """The numbers of the brackets that the sound decides about."""
    return frozenset(
        number for number, bracket in enumerate(script.brackets) if bracket.may_be_spoken
    )


def read_brackets(script: Script, as_words: Collection[int]) -> Reading:
    """The script with the brackets of these numbers as words, each with the marks after it."""
    after: dict[int, list[int]] = {}
    for number, bracket in enumerate(script.brackets):
        if bracket.is_sound or bracket.is_heading:
            after.setdefault(bracket.after_word, []).append(number)
    sounds = iter(script.sounds)
    maker = _Maker()
    for word in range(-1, len(script.words)):
        brackets = [(number, script.brackets[number]) for number in after.get(word, ())]
        if word >= 0:
            maker.place.append(len(maker.words))
            joined = "".join(one.marks for _, one in brackets)
            maker.words.append(script.words[word].removesuffix(joined))
        for number, bracket in brackets:
            sound = next(sounds) if bracket.is_sound else None
            maker.add(number, bracket, sound, number in as_words)
    if not any(bracket.is_sound for bracket in script.brackets):
        maker.sounds = list(script.sounds)
    return _make_reading(script, maker)


class _Maker:
    """Collects words, sounds and brackets; `place`: where each word of the script now is."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.sounds: list[Sound] = []
        self.place: list[int] = []
        self.spans: list[tuple[int, int, int]] = []
        self.bounds: set[int] = set()

    def add(self, number: int, bracket: Bracket, sound: Sound | None, is_words: bool) -> None:
        """Add a bracket in one reading; its marks join the last word."""
        self.bounds.add(len(self.words))
        if is_words:
            first = len(self.words)
            self.words += bracket.tokens
            self.spans.append((number, first, len(self.words)))
        elif sound:
            self.sounds.append(replace(sound, after_word=len(self.words) - 1))
        self.bounds.add(len(self.words))
        if bracket.marks and self.words:
            self.words[-1] += bracket.marks


def _make_reading(script: Script, maker: _Maker) -> Reading:
    """The script with the collected words; a bracket belongs to the turn in which it stands."""
    starts = {turn.first_word: index for index, turn in enumerate(script.turns)}
    bounds = [maker.place[turn.first_word] for turn in script.turns]
    for number, first, _ in maker.spans:
        bracket = script.brackets[number]
        turn = starts.get(bracket.after_word + 1)
        if turn is not None and bracket.opens_turn:
            bounds[turn] = min(bounds[turn], first)
    ends = [*bounds[1:], len(maker.words)] if bounds else []
    turns = tuple(
        replace(turn, first_word=first, n_words=end - first)
        for turn, first, end in zip(script.turns, bounds, ends, strict=True)
    )
    inside = {token for _, first, last in maker.spans for token in range(first, last)}
    inside |= {maker.place[word] for word in _find_bracket_words(script.brackets)}
    n_headings = sum(script.brackets[number].is_heading for number, _, _ in maker.spans)
    made = replace(
        script,
        words=tuple(maker.words),
        turns=turns,
        sounds=tuple(maker.sounds),
        unsaid=tuple(maker.place[word] for word in script.unsaid),
        n_headings=script.n_headings - n_headings,
    )
    around = frozenset(maker.bounds - {len(maker.words)})
    return Reading(made, tuple(maker.spans), frozenset(inside), around)


def _find_bracket_words(brackets: Sequence[Bracket]) -> Iterator[int]:
    """The words in brackets that are words by their form, as long ones are."""
    for bracket in brackets:
        if not (bracket.is_sound or bracket.is_heading):
            yield from range(bracket.after_word + 1, bracket.after_word + 1 + len(bracket.tokens))


def _count_aligned(timed: TimedText, first: int, last: int) -> int:
    return sum(word.status == "aligned" for word in timed.words[first:last])


def _count_words(timed: TimedText, first: int, last: int) -> int:
    return sum(any(map(str.isalnum, word.text)) for word in timed.words[first:last])
