"""The transcript in paragraphs of words, sounds, and speech that the text lacks.

The template renders it to HTML.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.records import TimedText, Topic, Word
from pipeline.text.sentence_ends import ends_sentence
from pipeline.text.times import format_clock

PARAGRAPH_WORDS = 90
"""Words after which a new paragraph begins at the next sentence end."""

MAX_PARAGRAPH_WORDS = 250
"""Words after which a new paragraph begins in any case (text without full stops)."""

LOW_CONFIDENCE = 0.5
"""Words with a lower confidence are shaded."""

N_COLOURS = 6
"""Number of colours; more speakers share them."""

_BIDI_OPENERS = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
"""Marks that change the direction of following text; a word with one is isolated (`<bdi>`)."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, sound or stretch of a paragraph; `mark` is how a word is marked, "" if not."""

    kind: Literal["word", "sound", "unheard"]
    text: str
    start_ms: int | None
    mark: Literal["", "estimated", "unspoken", "low"] = ""
    is_isolated: bool = False
    is_glued: bool = False


@dataclass(slots=True)
class Paragraph:
    """A turn or a part of one, with its speaker.

    `topic` and `part` are the topic and subtopic that begin with it.
    """

    topic: Topic | None = None
    topic_number: int = 0
    part: Topic | None = None
    is_turn: bool = False
    is_inferred: bool = False
    speaker: str | None = None
    colour: int | None = None
    start_ms: int | None = None
    tokens: list[Token] = field(default_factory=list)


def number_speakers(timed: TimedText) -> dict[str, int]:
    """A colour number for each speaker, in order of first turns."""
    names = dict.fromkeys(turn.speaker for turn in timed.turns if turn.speaker)
    return {name: number % N_COLOURS for number, name in enumerate(names)}


def lay_out(
    timed: TimedText, topics: Sequence[Topic], colours: Mapping[str, int]
) -> list[Paragraph]:
    """The text in paragraphs: one for each turn, topic, subtopic, and part of a long turn.

    Invariants: every word once, in order.
    """
    after, before = _place_extras(timed)
    number_by_word = {topic.first_word: number for number, topic in enumerate(topics)}
    part_by_word = {part.first_word: part for topic in topics for part in topic.subtopics}
    turn_by_word = {turn.first_word: turn for turn in timed.turns if turn.n_words}
    paragraphs = [Paragraph(tokens=after.get(-1, []))] if -1 in after else []
    n_words = 0
    for index, word in enumerate(timed.words):
        turn = turn_by_word.get(index)
        number = number_by_word.get(index)
        part = part_by_word.get(index)
        ended = index > 0 and _is_long(n_words, timed.words[index - 1])
        if turn or number is not None or part or ended or not paragraphs:
            speaker = timed.turns[word.turn].speaker
            paragraph = Paragraph(
                is_turn=turn is not None,
                is_inferred=timed.turns[word.turn].speaker_from == "inferred",
                speaker=speaker,
                colour=colours.get(speaker) if speaker else None,
                part=part,
            )
            if number is not None:
                paragraph.topic, paragraph.topic_number = topics[number], number + 1
            paragraphs.append(paragraph)
            n_words = 0
        paragraph = paragraphs[-1]
        if paragraph.start_ms is None:
            paragraph.start_ms = word.start_ms
        paragraph.tokens += [*before.get(index, ()), _make_word(word)]
        paragraph.tokens.extend(after.get(index, ()))
        n_words += 1
    return paragraphs


def _is_long(n_words: int, last: Word) -> bool:
    """Whether a paragraph of `n_words` words ends after this word."""
    return n_words >= (PARAGRAPH_WORDS if ends_sentence(last.text) else MAX_PARAGRAPH_WORDS)


def _make_word(word: Word) -> Token:
    is_isolated = not _BIDI_OPENERS.isdisjoint(word.text)
    mark: Literal["", "estimated", "unspoken", "low"]
    if word.status == "aligned":
        mark = "low" if word.confidence < LOW_CONFIDENCE else ""
    else:
        mark = word.status
    return Token("word", word.text, word.start_ms, mark, is_isolated, word.is_glued)


def _place_extras(timed: TimedText) -> tuple[dict[int, list[Token]], dict[int, list[Token]]]:
    """Sounds and missing speech by the word that they follow, -1 before all; and the sounds that
    begin turns, by the word after them."""
    after: defaultdict[int, list[Token]] = defaultdict(list)
    before: defaultdict[int, list[Token]] = defaultdict(list)
    for sound in timed.sounds:
        beside, index = (before, 1) if sound.opens_turn else (after, 0)
        beside[sound.after_word + index].append(Token("sound", sound.text, sound.start_ms))
    for index, token in _find_unheard(timed):
        after[index].append(token)
    return after, before


def _find_unheard(timed: TimedText) -> Iterator[tuple[int, Token]]:
    starts = [(word.start_ms, i) for i, word in enumerate(timed.words) if word.start_ms is not None]
    for stretch in timed.unheard:
        place = bisect_right(starts, (stretch.start_ms, len(timed.words))) - 1
        span = f"{format_clock(stretch.start_ms)}–{format_clock(stretch.end_ms)}"
        yield starts[place][1] if place >= 0 else -1, Token("unheard", span, stretch.start_ms)
