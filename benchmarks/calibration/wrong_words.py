"""Texts that say something else than the recording: words exchanged, put in, phrases replaced."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from pocketsphinx import get_model_path

from pipeline.language_models.bigrams import find_log

FUNCTION_WORDS = (
    "the a an of to in and that it is was for on with as at by from his her he she they we you i "
    "be had not but this which or are were"
).split()
NAMES = (
    "Washington Michael Peterson Anna Robert London Johnson Mary Chicago Thomas Emily Daniel "
    "Richard Boston Karen"
).split()
COMMON_LOG = -11.5
"""Words at least this probable, by PocketSphinx's language model, take the place of others."""
PHRASE_WORDS = range(3, 7)


@dataclass(frozen=True, slots=True)
class Edited:
    """A text, and which of the recording's tokens each of its own is; None for wrong ones."""

    tokens: tuple[str, ...]
    sources: tuple[int | None, ...]


Edit = Callable[[Sequence[str], int, Random], Edited]
"""Makes about so many tokens of a text wrong."""


def edit_text(kind: str, tokens: Sequence[str], share: float, seed: str) -> Edited:
    """A text with this share of its tokens wrong, of one kind of `EDITS`."""
    return EDITS[kind](tokens, max(1, round(len(tokens) * share)), Random(seed))


def _keep(tokens: Sequence[str], _: int, __: Random) -> Edited:
    return Edited(tuple(tokens), tuple(range(len(tokens))))


def _exchange(may_go: Callable[[str], bool], choose: Callable[[str, Random], str]) -> Edit:
    """An edit of single words, those that `may_go`, for what `choose` gives."""

    def edit(tokens: Sequence[str], n_wrong: int, random: Random) -> Edited:
        places = [place for place, token in enumerate(tokens) if may_go(_bare(token))]
        wrong = set(random.sample(places, min(n_wrong, (len(places) + 1) // 2)))
        return Edited(
            tuple(
                choose(_bare(token), random) if place in wrong else token
                for place, token in enumerate(tokens)
            ),
            tuple(None if place in wrong else place for place in range(len(tokens))),
        )

    return edit


def _insert(tokens: Sequence[str], n_wrong: int, random: Random) -> Edited:
    after = set(random.sample(range(len(tokens)), min(n_wrong, len(tokens))))
    edited: list[tuple[str, int | None]] = []
    for place, token in enumerate(tokens):
        edited.append((token, place))
        if place in after:
            edited.append((random.choice(_list_common()), None))
    return _unzip(edited)


def _replace_phrases(tokens: Sequence[str], n_wrong: int, random: Random) -> Edited:
    edited: list[tuple[str, int | None]] = [(token, at) for at, token in enumerate(tokens)]
    while n_wrong > 0:
        n_words = random.choice(PHRASE_WORDS)
        first = random.randrange(max(1, len(edited) - n_words))
        new = [
            (random.choice(random.choice((_list_common(), FUNCTION_WORDS))), None)
            for _ in range(n_words + random.choice((-1, 0, 1)))
        ]
        edited[first : first + n_words] = new
        n_wrong -= n_words
    return _unzip(edited)


def _unzip(edited: Sequence[tuple[str, int | None]]) -> Edited:
    return Edited(tuple(word for word, _ in edited), tuple(source for _, source in edited))


def _bare(token: str) -> str:
    return re.sub(r"[^a-z']", "", token.lower())


def _choose_near(word: str, random: Random) -> str:
    near = find_near(word)
    return random.choices(near, [math.exp(find_log(other) / 2) for other in near])[0]


@cache
def find_near(word: str) -> list[str]:
    """Common words that differ from a word in one phone."""
    words_of = _index_pronunciations()
    phones = {phone for pronunciation in words_of for phone in pronunciation}
    near: set[str] = set()
    alike: set[str] = set()
    for own in _read_dictionary().get(word, ()):
        alike |= words_of.get(own, set())
        for at in range(len(own) + 1):
            near |= words_of.get(own[:at] + own[at + 1 :], set())
            for phone in phones:
                near |= words_of.get((*own[:at], phone, *own[at:]), set())
                near |= words_of.get((*own[:at], phone, *own[at + 1 :]), set())
    return sorted(near - alike - {word})


@cache
def _list_common() -> list[str]:
    return sorted(
        word for word in _read_dictionary() if word.isalpha() and find_log(word) > COMMON_LOG
    )


@cache
def _index_pronunciations() -> dict[tuple[str, ...], set[str]]:
    words_of: dict[tuple[str, ...], set[str]] = {}
    for word in _list_common():
        for phones in _read_dictionary()[word]:
            words_of.setdefault(phones, set()).add(word)
    return words_of


@cache
def _read_dictionary() -> dict[str, list[tuple[str, ...]]]:
    """CMU's pronouncing dictionary, from PocketSphinx's wheel."""
    pronunciations: dict[str, list[tuple[str, ...]]] = {}
    for line in Path(get_model_path("en-us/cmudict-en-us.dict")).read_text("utf-8").splitlines():
        word, *phones = line.split()
        pronunciations.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(tuple(phones))
    return pronunciations


EDITS: dict[str, Edit] = {
    "none": _keep,
    "near": _exchange(lambda word: bool(find_near(word)), _choose_near),
    "function": _exchange(
        FUNCTION_WORDS.__contains__,
        lambda word, random: random.choice([other for other in FUNCTION_WORDS if other != word]),
    ),
    "names": _exchange(lambda word: len(word) > 3, lambda _, random: random.choice(NAMES)),
    "others": _exchange(bool, lambda _, random: random.choice(_list_common())),
    "inserted": _insert,
    "phrases": _replace_phrases,
}
