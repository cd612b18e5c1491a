"""The small language that the model hears: two vocabularies and a random grammar.

A sentence is a list of words as written and as spoken. Knows nothing of sound and tokens.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written (`47,`), and the words that are said for it (`forty seven,`)."""

    written: str
    spoken: tuple[str, ...]


Sentence = tuple[Word, ...]
HELD_OUT_SEED = 1_000_003
N_HELD_OUT = 400

DETERMINERS = "the a this every my your our".split()
PRONOUNS = "we they she he you".split()
NAMES = "Anna Peter Maria David Julia Robert".split()
NOUNS = (
    "house river garden window table doctor teacher farmer sister brother kitchen market station "
    "bridge mountain forest village letter picture story question answer number paper music water "
    "coffee bread apple horse dog bird fish boat train road door chair book school office city "
    "island ocean light voice engine machine captain cousin page room chapter gate platform"
).split()
VERBS = (
    "found carried opened painted followed remembered forgot brought sold bought lost watched "
    "cleaned built wrote sent took liked wanted heard"
).split()
ADJECTIVES = (
    "old new small large green red blue white black yellow quiet happy heavy early cold warm empty "
    "broken golden little"
).split()
PREPOSITIONS = "near under behind beside from with before after across without".split()
TIMES = "today yesterday tomorrow again slowly quickly always never together here".split()
JOINERS = "and but because while".split()
NUMBERED = "page room chapter gate platform number house".split()
QUESTIONS = "where when why who".split()
VERBS_TO_BE = "is was".split()

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

ENGLISH = (
    *DETERMINERS, *PRONOUNS, *NAMES, *NOUNS, *VERBS, *ADJECTIVES, *PREPOSITIONS, *TIMES, *JOINERS,
    *QUESTIONS, *VERBS_TO_BE,
)  # fmt: skip
STARTERS = (*DETERMINERS, *PRONOUNS, *NAMES, *TIMES, *QUESTIONS)

GERMAN_STARTERS = "der die das ein wir er sie heute gestern morgen wo wann aber".split()
GERMAN_NOUNS = (
    "Haus Hund Wasser Brot Stadt Kind Lehrer Garten Fenster Tisch Fluss Berg Wald Brief Buch Schule"
).split()
GERMAN_OTHERS = (
    "und nicht sehr alt neu klein kalt findet sieht kauft bringt sucht malt unter hinter neben mit "
    "ohne ist war"
).split()
GERMAN = (*GERMAN_STARTERS, *GERMAN_NOUNS, *GERMAN_OTHERS)


def verbalize_number(number: int) -> tuple[str, ...]:
    """The words for 0 to 99."""
    if number < len(UNITS):
        return (UNITS[number],)
    tens, unit = TENS[number // 10 - 2], number % 10
    return (tens, UNITS[unit]) if unit else (tens,)


def make_english(chance: random.Random) -> Sentence:
    """A sentence by the grammar, or as often words in any order, so that hearing beats guessing."""
    shapes: list[Callable[[random.Random], list[str]]] = [
        _statement, _longer, _joined, _question, _numbered, _people, _count,
        _jumble, _jumble, _jumble, _jumble,
    ]  # fmt: skip
    return write_sentence(chance.choice(shapes)(chance))


def make_german(chance: random.Random) -> Sentence:
    """German words in any order."""
    words = [chance.choice(GERMAN_STARTERS)]
    words += chance.choices(
        (*GERMAN_NOUNS, *GERMAN_OTHERS, *GERMAN_STARTERS), k=chance.randint(2, 8)
    )
    return write_sentence([*words[:-1], words[-1] + "."])


def write_sentence(words: list[str]) -> Sentence:
    """Plain words, numbers as digits and punctuation behind them, as a sentence."""
    sentence = []
    for index, word in enumerate(words):
        written = word[0].upper() + word[1:] if index == 0 else word
        bare = word.rstrip(".,?")
        said = verbalize_number(int(bare)) if bare.isdigit() else (bare,)
        mark = word[len(bare) :]
        sentence.append(Word(written, (*said[:-1], said[-1] + mark)))
    return tuple(sentence)


def draw_sentences(
    make: Callable[[random.Random], Sentence], seed: int, without: frozenset[Sentence] = frozenset()
) -> Iterator[Sentence]:
    """Different sentences without end, none of them in `without`."""
    chance = random.Random(seed)
    seen = set(without)
    while True:
        sentence = make(chance)
        if sentence not in seen:
            seen.add(sentence)
            yield sentence


def held_out() -> list[Sentence]:
    """The English sentences that training never hears."""
    return list(islice(draw_sentences(make_english, HELD_OUT_SEED), N_HELD_OUT))


def _thing(chance: random.Random) -> list[str]:
    adjective = [chance.choice(ADJECTIVES)] if chance.random() < 0.5 else []
    return [chance.choice(DETERMINERS), *adjective, chance.choice(NOUNS)]


def _someone(chance: random.Random) -> list[str]:
    kind = chance.random()
    if kind < 0.3:
        return [chance.choice(PRONOUNS)]
    return [chance.choice(NAMES)] if kind < 0.5 else _thing(chance)


def _clause(chance: random.Random) -> list[str]:
    return [*_someone(chance), chance.choice(VERBS), *_thing(chance)]


def _end(words: list[str], mark: str = ".") -> list[str]:
    return [*words[:-1], words[-1] + mark]


def _statement(chance: random.Random) -> list[str]:
    return _end(_clause(chance))


def _longer(chance: random.Random) -> list[str]:
    return _end([*_clause(chance), chance.choice(PREPOSITIONS), *_thing(chance)])


def _joined(chance: random.Random) -> list[str]:
    start = [chance.choice(TIMES) + ","] if chance.random() < 0.5 else []
    first = _end([*start, *_clause(chance)], ",")
    return _end([*first, chance.choice(JOINERS), *_clause(chance)])


def _question(chance: random.Random) -> list[str]:
    asked = chance.choice(QUESTIONS)
    if asked == "who":
        return _end([asked, chance.choice(VERBS), *_thing(chance)], "?")
    state = [chance.choice(ADJECTIVES)] if asked == "why" else []
    return _end([asked, chance.choice(VERBS_TO_BE), *_thing(chance), *state], "?")


def _numbered(chance: random.Random) -> list[str]:
    place = [chance.choice(NUMBERED), str(chance.randint(0, 99))]
    return _end([*_clause(chance), chance.choice(PREPOSITIONS), *place])


def _people(chance: random.Random) -> list[str]:
    first, second = chance.sample(NAMES, 2)
    return _end([first, "and", second, chance.choice(VERBS), *_thing(chance), chance.choice(TIMES)])


def _count(chance: random.Random) -> list[str]:
    numbers = [f"{chance.randint(0, 99)}," for _ in range(chance.randint(1, 4))]
    return _end([*_thing(chance), "is", *numbers, str(chance.randint(0, 99))])


def _jumble(chance: random.Random) -> list[str]:
    words = [chance.choice(STARTERS), *chance.choices(ENGLISH, k=chance.randint(2, 9))]
    for index in range(1, len(words)):
        if chance.random() < 0.08:
            words[index] = str(chance.randint(0, 99))
    middle = chance.randint(1, len(words) - 1)
    if chance.random() < 0.25:
        words[middle] += ","
    return _end([*words[:-1], words[-1].rstrip(",")])
