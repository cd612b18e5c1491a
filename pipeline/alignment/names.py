"""Names in a text: words for a recogniser to listen for. How words are said is not asked."""

from collections import Counter
from collections.abc import Iterator, Sequence

MAX_NAMES = 30
"""Whisper reads some 220 tokens of what it is told, and a long list is more often heard into
silence than a short one."""
MAX_CAPITAL_SHARE = 0.15
"""Where more words begin with a capital, it marks more than names: German nouns, headlines."""
_ENDS = ".!?…:\"'”’"
_AROUND = "\"'“”‘’.,;:!?…()[]{}<>«»—–-"


def find_names(words: Sequence[str], starts: Sequence[int]) -> tuple[str, ...]:
    """The words that are written with a capital where a sentence does not ask for one.

    Args:
        words: a text, token by token, punctuation and all.
        starts: indices of words with which somebody begins to speak.
    Returns:
        The most frequent first, MAX_NAMES at most; none where capitals mark more than names.
    """
    within = list(_inside_sentences(words, frozenset(starts)))
    capitals = [word for word in within if word[0].isupper() and len(word) > 1]
    if len(capitals) > MAX_CAPITAL_SHARE * len(within):
        return ()
    small = Counter(word for word in within if word[0].islower())
    counts = Counter(capitals)
    found = [word for word, count in counts.most_common() if count > small[word.lower()]]
    return tuple(found[:MAX_NAMES])


def _inside_sentences(words: Sequence[str], starts: frozenset[int]) -> Iterator[str]:
    """Words, less what is around them, that no sentence begins with."""
    is_first = True
    for index, token in enumerate(words):
        word = token.strip(_AROUND)
        for ending in ("'s", "’s", "'m", "'ll", "'ve", "'re", "'d"):
            word = word.removesuffix(ending)
        if word and word[0].isalpha() and not is_first and index not in starts:
            yield word
        is_first = token[-1] in _ENDS or (is_first and not word)
