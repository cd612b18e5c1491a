"""Pieces that captions are made of: the timed words and the sounds that have room, in order.

Cues are chosen in `split.py`, times on screen in `timing.py`.
"""

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.captions.direction import hold_signs, runs_left
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import Profile
from pipeline.captions.text import clean_line
from pipeline.captions.unspaced import (
    Fragment,
    Joint,
    cut_tokens,
    find_moment,
    join_glued,
    read_spacing,
)
from pipeline.records import Sound, TimedText, Word

log = logging.getLogger(__name__)

LONE = -1
"""Turn number of a sound that has a cue of its own."""


class Piece(NamedTuple):
    """A word, a part of one, or a `[sound]`, as shown; no line holds pieces of two turns.

    `word` is its index in words.json, -1 for a sound.
    """

    text: str
    start_ms: int
    end_ms: int
    turn: int
    is_sound: bool = False
    speaker: str | None = None
    label: str = ""
    joint: Joint = Joint.SPACE
    word: int = -1

    @property
    def is_glued(self) -> bool:
        """Whether it follows the piece before it without a space."""
        return self.joint is not Joint.SPACE

    @property
    def spoken(self) -> str:
        """The text without the speaker's name before it."""
        return self.text[len(self.label) :]


def make_pieces(timed: TimedText, options: CaptionOptions, profile: Profile) -> list[Piece]:
    """List what can be shown: every word that has a time, and the sounds that have one.

    In scripts without spaces a word is cut where lines may end, its time divided by width. A sound
    in a pause that can hold a cue gets its own cue; otherwise it joins the nearer of its two
    neighbours.
    Invariants: starts never decrease.
    """
    spoken = _spoken_pieces(timed, profile)
    if options.names == "shown":
        spoken = _label(spoken)
    if not options.sounds:
        return spoken
    sounds_at = _sounds_by_place(timed, spoken)
    pieces: list[Piece] = []
    for place in range(len(spoken) + 1):
        after = spoken[place] if place < len(spoken) else None
        for sound in sounds_at[place]:
            before = pieces[-1] if pieces else None
            end_ms = after.start_ms if after else timed.duration_ms
            alone = _place_alone(sound, before.end_ms if before else 0, end_ms, profile)
            pieces.append(alone or _place_within(sound, before, after))
        if after:
            is_apart = after.is_glued and bool(sounds_at[place])
            pieces.append(after._replace(joint=Joint.SPACE) if is_apart else after)
    return pieces


def is_parted(before: Piece, after: Piece) -> bool:
    """Whether no line may hold both of two neighbouring pieces."""
    return before.turn != after.turn or before.turn == LONE


def is_exchange(before: Piece, after: Piece) -> bool:
    """Whether two turns may share a cue, a line each: their speakers differ or are unknown."""
    is_spoken = LONE not in (before.turn, after.turn)
    return is_spoken and (before.speaker is None or before.speaker != after.speaker)


def _spoken_pieces(timed: TimedText, profile: Profile) -> list[Piece]:
    spoken = [
        number
        for number, word in enumerate(timed.words)
        if word.start_ms is not None and not word.is_unsaid
    ]
    following = dict(pairwise(spoken))
    cut = _make_cutter([timed.words[number] for number in spoken], timed.language, profile)
    pieces: list[Piece] = []
    for turn, own in groupby(spoken, key=lambda number: timed.words[number].turn):
        numbers = list(own)
        speaker = timed.turns[turn].speaker
        for part in cut([timed.words[number] for number in numbers]):
            number = numbers[part.token]
            after = following.get(number)
            until_ms = timed.words[after].start_ms if after else None
            span = _find_span(timed.words[number], until_ms, part)
            pieces.append(Piece(part.text, *span, turn, False, speaker, "", part.joint, number))
    return pieces


def _make_cutter(
    text: list[Word], language: str, profile: Profile
) -> Callable[[list[Word]], Iterator[Fragment]]:
    """Make the function that cuts a turn's words into parts that fit lines."""
    max_columns = max(1, profile.columns_per_line - len(profile.dash))
    spacing = read_spacing(join_glued(text))
    is_leftward = runs_left("", language)

    def cut(words: list[Word]) -> Iterator[Fragment]:
        shown = (clean_line(word.text) for word in words)
        held = list(map(hold_signs, shown) if is_leftward else shown)
        glued = [word.is_glued for word in words]
        return cut_tokens(held, language, max_columns, spacing, glued)

    return cut


def _find_span(word: Word, until_ms: int | None, part: Fragment) -> tuple[int, int]:
    """Span of a word or a part of one; a part starts no later than the next word."""
    start_ms, end_ms = word.span or (0, 0)
    if part.share == (0.0, 1.0):
        return start_ms, end_ms
    first_ms, last_ms = (find_moment(word, share, until_ms) for share in part.share)
    return first_ms, max(last_ms, first_ms + 1)


def _label(pieces: list[Piece]) -> list[Piece]:
    """Put the speaker's name in brackets before each piece where the speaker changes."""
    labelled, latest = [], None
    for piece in pieces:
        label = f"[{clean_line(piece.speaker)}] " if piece.speaker else ""
        is_change = piece.speaker != latest
        latest = piece.speaker
        if label and is_change:
            piece = piece._replace(text=label + piece.text, label=label)
        labelled.append(piece)
    return labelled


def _sounds_by_place(timed: TimedText, spoken: list[Piece]) -> dict[int, list[Sound]]:
    """The sounds that have times, by the number of pieces before them."""
    words = [piece.word for piece in spoken]
    sounds_at: dict[int, list[Sound]] = defaultdict(list)
    for sound in timed.sounds:
        if sound.span:
            sounds_at[bisect_right(words, sound.after_word)].append(sound)
    n_left_out = len(timed.sounds) - sum(map(len, sounds_at.values()))
    if n_left_out:
        log.info("%s of %s sounds left out: no times", n_left_out, len(timed.sounds))
    return sounds_at


def _place_alone(sound: Sound, from_ms: int, to_ms: int, profile: Profile) -> Piece | None:
    """Place the sound in a cue of its own between two times; None where it does not fit.

    It starts `linger_ms` after the words before it if it can, so that those stay readable.
    """
    earliest_ms = from_ms + profile.gap_ms
    latest_ms = to_ms - profile.gap_ms - profile.min_ms
    if latest_ms < earliest_ms:
        return None
    start_ms, end_ms = _times(sound)
    start_ms = min(max(start_ms, earliest_ms + profile.linger_ms), latest_ms)
    end_ms = min(max(end_ms, start_ms + profile.min_ms), to_ms - profile.gap_ms)
    return Piece(_sound_text(sound), start_ms, end_ms, LONE, is_sound=True)


def _place_within(sound: Sound, before: Piece | None, after: Piece | None) -> Piece:
    """Place the sound in the turn that it opens, or else in that of the nearer neighbour."""
    start_ms, end_ms = _times(sound)
    ms_before = start_ms - before.end_ms if before and before.turn != LONE else None
    ms_after = after.start_ms - end_ms if after else None
    is_nearer = ms_before is None or (ms_after is not None and ms_after < ms_before)
    is_first = is_nearer or (sound.opens_turn and after is not None)
    neighbour = after if is_first else before
    start_ms = max(start_ms, before.start_ms if before else 0)
    start_ms = min(start_ms, after.start_ms) if after else start_ms
    end_ms = max(end_ms, start_ms + 1)
    turn = neighbour.turn if neighbour else LONE
    speaker = neighbour.speaker if neighbour else None
    return Piece(_sound_text(sound), start_ms, end_ms, turn, is_sound=True, speaker=speaker)


def _times(sound: Sound) -> tuple[int, int]:
    start_ms, end_ms = sound.span or (0, 0)
    return start_ms, max(end_ms, start_ms + 1)


def _sound_text(sound: Sound) -> str:
    """The sound's label as SDH captions write it: lower case, in brackets."""
    return f"[{clean_line(sound.text).lower()}]"
