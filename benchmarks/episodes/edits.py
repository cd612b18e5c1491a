"""What makes a text differ from its sound: wrong words, passages missing on either side.

Pure: a draft says for each token whether it is spoken and what is written for it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from episodes.script import Token, Utterance
from pipeline.alignment.transcript import parse_transcript

MS_PER_CHARACTER = 66
"""What a written character takes to say, pauses included: only for planning."""
MISSING_SOUND_AT, MISSING_TEXT_AT = (0.25, 0.40), (0.60, 0.75)
"""Where a missing passage may begin, as shares of the episode."""

_PLAIN = re.compile(r"(?P<before>\"?)(?P<core>[A-Za-z]+(?:'[a-z]+)?)(?P<after>[\"'.,;:?!]*)")


@dataclass(slots=True)
class Draft:
    """For each token: what is written for it (None: not in the text), and whether it is spoken.

    `notes` say what is odd about a token: `wrong`, `missing-sound`.
    """

    written: list[str | None]
    is_spoken: list[bool]
    notes: dict[int, str] = field(default_factory=dict)


def make_draft(text: str, tokens: Sequence[Token]) -> Draft:
    """Everything is written as it stands, and spoken if there is anything to say."""
    written: list[str | None] = [text[token.start_char : token.end_char] for token in tokens]
    return Draft(written, [bool(token.words) for token in tokens])


def estimate_ms(tokens: Iterable[Token]) -> int:
    """About how long it takes to say these."""
    return sum(MS_PER_CHARACTER * (len(token.text) + 1) for token in tokens if token.words)


def find_passage(
    tokens: Sequence[Token], utterances: Sequence[Utterance], start_ms: float, length_ms: float
) -> range:
    """Whole utterances of about `length_ms`, from about `start_ms` after the first one on."""
    first = last = utterances[0].tokens.start
    clock_ms = 0
    for utterance in utterances:
        if clock_ms < start_ms:
            first = last = utterance.tokens.stop
        elif clock_ms < start_ms + length_ms:
            last = utterance.tokens.stop
        clock_ms += estimate_ms(tokens[index] for index in utterance.tokens)
    return range(first, last)


def drop_sound(draft: Draft, passage: range) -> None:
    """The passage stays in the text and is not spoken."""
    for index in passage:
        draft.is_spoken[index] = False
        draft.notes[index] = "missing-sound"


def drop_text(draft: Draft, passage: range) -> None:
    """The passage is spoken and not in the text."""
    for index in passage:
        draft.written[index] = None


def replace_words(
    draft: Draft, tokens: Sequence[Token], share: float, rng: np.random.Generator
) -> None:
    """Write another word of the transcript for a share of the tokens; the sound stays as it is.

    Punctuation around the word stays. Only plain words are replaced and taken.
    """
    plain = {index: match for index, token in enumerate(tokens) if (match := _match(token))}
    pool = [match["core"] for match in plain.values()]
    for index, match in plain.items():
        draws = rng.random(), int(rng.integers(len(pool)))
        other = pool[draws[1]]
        is_both = draft.is_spoken[index] and draft.written[index] == tokens[index].text
        if draws[0] < share and is_both and other.lower() != match["core"].lower():
            draft.written[index] = match["before"] + other + match["after"]
            draft.is_spoken[index], draft.notes[index] = True, "wrong"


def leave_out_words(
    draft: Draft, tokens: Sequence[Token], share: float, rng: np.random.Generator
) -> None:
    """Leave a share of the spoken words out of the text, one here and one there."""
    for index, draw in enumerate(rng.random(len(tokens))):
        if draw < share and draft.is_spoken[index] and _match(tokens[index]):
            draft.written[index] = None


def _match(token: Token) -> re.Match[str] | None:
    return _PLAIN.fullmatch(token.text)


def format_text(text: str, tokens: Sequence[Token], draft: Draft, chosen: range) -> str:
    """The text of the chosen tokens in the transcript's own manner: its marks, tags and lines.

    Where tokens are left out, a turn mark or tag before them stays unless another follows.
    """
    pieces: list[str] = []
    held = ""
    for index in chosen:
        before = tokens[index - 1].end_char if index else 0
        gap = text[before : tokens[index].start_char]
        held = gap if gap.strip() or not held.strip() else held
        written = draft.written[index]
        if written is not None:
            pieces += [held, written]
            held = ""
    at_end = tokens[chosen.stop].start_char if chosen.stop < len(tokens) else len(text)
    rest = text[tokens[chosen.stop - 1].end_char : at_end] if chosen.stop == len(tokens) else ""
    return "".join(pieces).lstrip() + rest.rstrip() + "\n"


def make_truth(
    text: str, draft: Draft, chosen: range, spans_ms: dict[int, tuple[int, int]]
) -> dict[str, Any]:
    """Every token of the new text with its time, null where it is not in the sound.

    Raises:
        ValueError: the text does not parse to the tokens written.
    """
    kept = [index for index in chosen if draft.written[index] is not None]
    parsed = parse_transcript(text).words
    rows: list[dict[str, Any]] = []
    for index, word in zip(kept, parsed, strict=True):
        if not word.startswith(draft.written[index] or ""):
            raise ValueError(f"the text has {word!r} for {draft.written[index]!r}")
        note = draft.notes.get(index)
        is_there = note is None and index in spans_ms
        start_ms, end_ms = spans_ms[index] if is_there else (None, None)
        row = {"text": word, "start_ms": start_ms, "end_ms": end_ms}
        rows.append(row | {"note": note} if note else row)
    return {"words": rows}
