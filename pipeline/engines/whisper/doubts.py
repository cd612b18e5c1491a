"""What Whisper says that nobody said: loops, and words where there is no sound.

Pure. What is done about it is the recogniser's affair.
"""

import re
import zlib
from collections.abc import Sequence

REPETITIVE = 2.4
"""How far zlib may shrink a text; more and it is a loop, as Whisper's authors found."""
MOST_ROUNDS = 3
"""People say a phrase three times in a row."""
LEAST_WORDS = 10
"""A loop has as many: "no, no, no, no" is none."""
LONGEST_PHRASE = 20

_MARKS = re.compile(r"[\W_]+")


def measure_repetition(words: Sequence[str]) -> float:
    """How many times smaller the text gets when it is packed."""
    text = " ".join(words).encode()
    return len(text) / len(zlib.compress(text)) if text else 0.0


def find_loops(words: Sequence[str]) -> tuple[tuple[slice, int], ...]:
    """Phrases said over and over: all but their first two rounds, and the number of rounds.

    Cost: words times phrase length.
    """
    plain = [_MARKS.sub("", word).casefold() for word in words]
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


def _find_rounds(plain: Sequence[str], start: int) -> tuple[int, int]:
    """The phrase that begins there and is repeated over the most words, and how often."""
    best = (1, 1)
    for n_words in range(1, min(LONGEST_PHRASE, (len(plain) - start) // 2) + 1):
        phrase = plain[start : start + n_words]
        n_rounds = 1
        while plain[start + n_rounds * n_words : start + (n_rounds + 1) * n_words] == phrase:
            n_rounds += 1
        if n_rounds > 1 and n_words * n_rounds > best[0] * best[1]:
            best = (n_words, n_rounds)
    return best
