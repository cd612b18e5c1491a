"""The question that opens a topic: found, and written as a subtitle."""

import re
from textwrap import shorten

from pipeline.text.capitals import capitalize_sentence
from pipeline.text.sentence_ends import ends_question, ends_sentence
from pipeline.topics.clauses import Spoken
from pipeline.topics.words import clean_speech

OPENING_WORDS = 110
"""Words of a topic's opening, in which speakers say what it is about."""

MIN_QUESTION_WORDS = 6
MIN_QUESTION_STEMS = 2
"""Shorter questions, or ones with fewer stems, are like "really?"."""

MAX_SUBTITLE_CHARS = 140

_ASKING = frozenset("what who whom whose why how where when which".split())
_TAG = re.compile(
    r",\s(?:(?:you know|right|okay|ok|yeah|huh|eh|correct|you see|no|yes)"
    r"|\w+n't (?:it|you|they|we|he|she|there))\?$"
)
"""A tag question, which makes a statement a question."""


def find_question(spoken: Spoken, span: tuple[int, int]) -> range:
    """The tokens of the first question in a topic's opening that has stems of its own; an empty
    range if there is none."""
    first, end = span[0], min(span[1], span[0] + OPENING_WORDS)
    for index in range(first, end):
        if ends_question(spoken.tokens[index]) and _asks(spoken, range(first, index + 1)):
            return range(first, index + 1)
        if ends_sentence(spoken.tokens[index]):
            first = index + 1
    return range(0)


def format_question(spoken: Spoken, asked: range) -> str:
    """A question as a subtitle, from its first clause that has a stem or a question word."""
    begin = asked.start
    for index in asked:
        if spoken.stems[index] is not None or spoken.words[index] in _ASKING:
            break
        if spoken.tokens[index].endswith(","):
            begin = index + 1
    question = clean_speech(spoken.tokens[begin : asked.stop])
    question = question if spoken.is_cased else capitalize_sentence(question)
    return shorten(question, MAX_SUBTITLE_CHARS, placeholder=" …") if question else ""


def _asks(spoken: Spoken, asked: range) -> bool:
    if len(asked) < MIN_QUESTION_WORDS:
        return False
    own = {stem for stem in spoken.stems[asked.start : asked.stop] if stem is not None}
    question = " ".join(spoken.tokens[asked.start : asked.stop]).casefold()
    return len(own) >= MIN_QUESTION_STEMS and not _TAG.search(question)
