"""Find hallucinations in a recogniser's output: loops, and echoes (phrases written twice).

What becomes of them is the recogniser's matter; both decode again in halves what looped.
"""

import logging
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from pipeline.records import RecognizedWord, Refused, record
from pipeline.text.bare_words import bare_word

REPETITIVE = 2.4
"""Compression ratio (zlib) above which a text is a loop. Source: Radford et al. 2022, 4.5."""
MOST_ROUNDS = 3
"""Rounds of a phrase that are still no loop: people do say one three times in a row."""
LEAST_WORDS = 10
"""Fewest words of a loop in all: "no, no, no, no" is none."""
LONGEST_PHRASE = 20
LEAST_ECHOED = 3
"""Fewest words of an echoed phrase; the times of fewer tell too little."""
HURRIED = 0.6
"""A round is an echo if it lasts less than this share of another; spoken ones last .83 and more."""
LEAST_HALF_MS = 1_000
"""Shortest half in which a window that loops is decoded again."""

logger = logging.getLogger(__name__)


class Decoding(Protocol):
    """The decoded text of a window of sound."""

    @property
    def start_ms(self) -> int: ...

    @property
    def length_ms(self) -> int: ...

    @property
    def is_looped(self) -> bool: ...


D = TypeVar("D", bound=Decoding)
W = TypeVar("W")


def decode_loops_again(
    decoded: Sequence[D],
    halve: Callable[[D], Iterable[W]],
    decode: Callable[[list[W]], Iterable[D]],
) -> list[D]:
    """Fallback decoding of windows that loop, in halves: a new start ends most loops.

    Returns:
        All windows, in order of time.
    """
    looped = [one for one in decoded if one.is_looped and one.length_ms >= 2 * LEAST_HALF_MS]
    if not looped:
        return list(decoded)
    halves = [half for one in looped for half in halve(one)]
    again = list(decode(halves))
    logger.info(
        "%d of %d windows looped and were decoded again in halves: %d of %d halves still loop",
        len(looped), len(decoded), sum(one.is_looped for one in again), len(halves),
    )  # fmt: skip
    retained = [one for one in decoded if one not in looped]
    return sorted([*retained, *again], key=lambda one: one.start_ms)


@record
class Repeats:
    """The repeated words of a window that were not spoken, with each one's number of rounds.

    `is_looped`: the window needs fallback decoding, for these words or its compression ratio.
    """

    rounds_by_word: Mapping[int, int]
    is_looped: bool


def find_repeats(words: Sequence[RecognizedWord]) -> Repeats:
    """Find the loops and echoes among a window's words, by their text and times."""
    texts = [word.text for word in words]
    rounds_by_word = {
        number: n_rounds
        for part, n_rounds in find_loops(texts)
        for number in range(part.start, part.stop)
    }
    rounds_by_word |= find_echoes(words)
    is_looped = bool(rounds_by_word) or measure_repetition(texts) > REPETITIVE
    return Repeats(rounds_by_word, is_looped)


def measure_repetition(words: Sequence[str]) -> float:
    """The compression ratio of the text (zlib)."""
    text = " ".join(words).encode()
    return len(text) / len(zlib.compress(text)) if text else 0.0


def find_loops(words: Sequence[str]) -> tuple[tuple[slice, int], ...]:
    """Loops: all but the first two rounds of a phrase, and its number of rounds.

    Cost: words times phrase length.
    """
    plain = [bare_word(word) for word in words]
    loops: list[tuple[slice, int]] = []
    start = 0
    while start < len(plain):
        n_words, n_rounds = _find_rounds(plain, start)
        if n_rounds > MOST_ROUNDS and n_words * n_rounds >= LEAST_WORDS:
            end = start + n_words * n_rounds
            loops.append((slice(start + 2 * n_words, end), n_rounds))
            start = end
        else:
            start += 1
    return tuple(loops)


def find_echoes(words: Sequence[RecognizedWord]) -> dict[int, int]:
    """Echoes: the superfluous words of repeated phrases, and how many rounds there were.

    Cross-attention finds hardly any time for words that the sound does not hold, so echoes are
    short. Cost: words times phrase length.
    """
    plain = [bare_word(word.text) for word in words]
    rounds_by_word: dict[int, int] = {}
    start = 0
    while start < len(plain):
        n_words, n_rounds = _find_rounds(plain, start)
        if n_rounds > 1 and n_words >= LEAST_ECHOED:
            rounds = range(start, start + n_words * n_rounds)
            rounds_by_word |= dict.fromkeys(_find_hurried(words, rounds, n_words), n_rounds)
            start = rounds.stop
        else:
            start += 1
    return rounds_by_word


def _find_hurried(words: Sequence[RecognizedWord], rounds: range, n_words: int) -> Iterator[int]:
    """The words of the rounds that are too short to have been spoken.

    An echo may begin inside the phrase: removing any `n_words` consecutive words leaves the same
    text.
    """
    left = [(number, words[number].end_ms - words[number].start_ms) for number in rounds]
    while len(left) > n_words:
        lasts = [length_ms for _, length_ms in left]
        sums = [sum(lasts[at : at + n_words]) for at in range(len(left) - n_words + 1)]
        least_ms = min(sums)
        n_others = len(left) // n_words - 1
        if least_ms * n_others >= HURRIED * (sum(lasts) - least_ms):
            return
        at = sums.index(least_ms)
        yield from (number for number, _ in left[at : at + n_words])
        del left[at : at + n_words]


def _find_rounds(plain: Sequence[str], start: int) -> tuple[int, int]:
    """Length and number of rounds of the phrase at `start` whose rounds cover the most words."""
    best = (1, 1)
    for n_words in range(1, min(LONGEST_PHRASE, (len(plain) - start) // 2) + 1):
        phrase = plain[start : start + n_words]
        n_rounds = 1
        while plain[start + n_rounds * n_words : start + (n_rounds + 1) * n_words] == phrase:
            n_rounds += 1
        if n_rounds > 1 and n_words * n_rounds > best[0] * best[1]:
            best = (n_words, n_rounds)
    return best


def log_rejected(refused: Sequence[Refused]) -> None:
    """Log how many words are rejected, by the reason."""
    n_words: Counter[str] = Counter()
    for one in refused:
        n_words[one.reason] += len(one.words)
    for reason, n in n_words.items():
        logger.info("%d words are rejected: %s", n, reason)
