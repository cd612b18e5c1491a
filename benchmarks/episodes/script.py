"""A transcript's tokens: where they stand in the text, how they are said, by whom, in which breath.

Changes to the text are `edits.py`'s, sound is `speakers.py`'s.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.alignment.parsed_text import Script
from pipeline.alignment.transcript import parse_transcript
from pipeline.verbalization.spoken_text import speak_text

MAX_UTTERANCE_WORDS = 40
MIN_CLAUSE_WORDS = 12
"""An utterance ends at a comma only if it has so many words."""
SENTENCE_ENDS, CLAUSE_ENDS = ".?!", ",;:"
LAUGHS = ("laugh", "chuckl")

Pause = Literal["turn", "sentence", "clause"]

_TAG = re.compile(r"\([^()]*\)|\[[^][\n]*\]:?")
_REST_OF_TOKEN = re.compile(r"[^\s(\[]+|.")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the parser gives it, its characters in the text, and its words for a voice.

    The last word carries the token's punctuation. No words: nothing to say.
    """

    text: str
    start_char: int
    end_char: int
    words: tuple[str, ...]
    voice: str
    is_first_of_turn: bool
    has_laugh_after: bool


@dataclass(frozen=True, slots=True)
class Utterance:
    """Tokens that a voice says in one go, the kind of pause before, and whether a laugh follows."""

    tokens: range
    voice: str
    pause: Pause
    has_laugh_after: bool


def read_tokens(text: str, voices: Sequence[str]) -> list[Token]:
    """Parse a transcript; its speakers have a voice each, those without a label take turns."""
    script = parse_transcript(text)
    spans = locate_tokens(text, script.words)
    forms = speak_text(script.words, "en").forms
    voice_of = _cast(script, voices)
    starts = {turn.first_word for turn in script.turns}
    laughs = {
        sound.after_word for sound in script.sounds if any(part in sound.text for part in LAUGHS)
    }
    return [
        Token(
            word,
            *spans[index],
            _prepare_words(forms[index][0], word),
            voice_of[index],
            index in starts,
            index in laughs,
        )
        for index, word in enumerate(script.words)
    ]


def locate_tokens(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Find the characters of each token; what lies between is marks, labels, tags and space.

    A token joined from two pieces (`yes (laughing).` gives `yes.`) spans the first.

    Raises:
        ValueError: the words are not those of the text.
    """
    spans = []
    at = 0
    for word in words:
        while (length := _measure_match(text, at, word)) == 0:
            if at >= len(text):
                raise ValueError(f"{word!r} is not where the text should have it")
            tag = _TAG.match(text, at)
            skipped = tag or _REST_OF_TOKEN.match(text, at)
            at = skipped.end() if skipped else at + 1
        spans.append((at, at + length))
        at += length
    return spans


def _measure_match(text: str, at: int, word: str) -> int:
    """How many characters at `at` are the word, or the word less punctuation a tag cut off."""
    for size in range(len(word), 0, -1):
        if not any(map(str.isalnum, word[:size])) and size < len(word):
            break
        if any(map(str.isalnum, word[size:])):
            break
        end = at + size
        if text.startswith(word[:size], at) and (end == len(text) or text[end] in " \t\r\n([\f\v"):
            return size
    return 0


def cut_utterances(tokens: Sequence[Token]) -> list[Utterance]:
    """Cut at turns, laughs and sentence ends, and at commas where it gets long."""
    utterances = []
    first, pause = 0, "turn"
    for index, following in _cut_points(tokens):
        if index > first:
            last = tokens[index - 1]
            utterances.append(
                Utterance(range(first, index), last.voice, pause, last.has_laugh_after)
            )
        first, pause = index, following
    return utterances


def _cut_points(tokens: Sequence[Token]) -> Iterator[tuple[int, Pause]]:
    """Where an utterance ends, and the kind of pause that follows."""
    n_words = 0
    for index, token in enumerate(tokens):
        if token.is_first_of_turn:
            yield index, "turn"
            n_words = 0
        n_words += len(token.words)
        end = token.words[-1][-1] if token.words else ""
        next_words = tokens[index + 1].words if index + 1 < len(tokens) else ()
        if token.has_laugh_after or (end and end in SENTENCE_ENDS):
            yield index + 1, "sentence"
            n_words = 0
        elif (end and end in CLAUSE_ENDS and n_words >= MIN_CLAUSE_WORDS) or (
            n_words + len(next_words) > MAX_UTTERANCE_WORDS
        ):
            yield index + 1, "clause"
            n_words = 0
    yield len(tokens), "turn"


def _cast(script: Script, voices: Sequence[str]) -> list[str]:
    """The voice of each token: a label's own, else the one after the turn before."""
    labels = list(dict.fromkeys(turn.speaker for turn in script.turns if turn.speaker))
    cast = []
    place = -1
    for turn in script.turns:
        place = labels.index(turn.speaker) if turn.speaker else place + 1
        cast += [voices[place % len(voices)]] * turn.n_words
    return cast


def _prepare_words(form: Sequence[str], token: str) -> tuple[str, ...]:
    """A spoken form in ASCII letters and inner apostrophes, with the token's punctuation."""
    plain = [
        unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().strip("'")
        for word in form
    ]
    words = [word for word in plain if word.replace("'", "").isalpha()]
    end = token.rstrip("\"'”’)")[-1:]
    if words and end and end in SENTENCE_ENDS + CLAUSE_ENDS:
        words[-1] += end
    return tuple(words)
