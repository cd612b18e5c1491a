"""The question that opens a topic: found, and written as a person would."""

import re
from collections.abc import Sequence
from textwrap import shorten

from pipeline.topics.capitals import capitalize_sentence
from pipeline.topics.words import clean_speech, normalize

OPENING_WORDS = 110
"""People say what they are about to talk about: so many words are a topic's opening."""

MIN_QUESTION_WORDS = 6
MIN_QUESTION_STEMS = 2
"""A shorter question, or one with fewer words of its own, asks "really?"."""

MAX_SUBTITLE_CHARS = 140

_ASKING = frozenset("what who whom whose why how where when which".split())
_TAG = re.compile(
    r",\s(?:(?:you know|right|okay|ok|yeah|huh|eh|correct|you see|no|yes)"
    r"|\w+n't (?:it|you|they|we|he|she|there))\?$"
)
"""What makes a question of what is told."""


def find_question(
    tokens: Sequence[str], stems: Sequence[str | None], span: tuple[int, int]
) -> range:
    """The words of the first question in a topic's opening that asks something of its own; none
    if there is no such question."""
    first, end = span[0], min(span[1], span[0] + OPENING_WORDS)
    for index in range(first, end):
        if tokens[index].endswith("?") and _asks(tokens, stems, range(first, index + 1)):
            return range(first, index + 1)
        if tokens[index].endswith((".", "!", "?")):
            first = index + 1
    return range(0)


def _asks(tokens: Sequence[str], stems: Sequence[str | None], asked: range) -> bool:
    if len(asked) < MIN_QUESTION_WORDS:
        return False
    own = {stem for stem in stems[asked.start : asked.stop] if stem is not None}
    said = " ".join(tokens[asked.start : asked.stop]).casefold()
    return len(own) >= MIN_QUESTION_STEMS and not _TAG.search(said)


def format_question(
    tokens: Sequence[str], stems: Sequence[str | None], asked: range, is_cased: bool
) -> str:
    """A question as a subtitle: from the first clause on that says something of its own."""
    begin = asked.start
    for index in asked:
        if stems[index] is not None or normalize(tokens[index]) in _ASKING:
            break
        if tokens[index].endswith(","):
            begin = index + 1
    said = clean_speech(tokens[begin : asked.stop])
    said = said if is_cased else capitalize_sentence(said)
    return shorten(said, MAX_SUBTITLE_CHARS, placeholder=" …") if said else ""
