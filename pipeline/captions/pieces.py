"""What captions are made of: the words that were said and the sounds there is room for, in order.

No choice of cues (`split.py`), no times on screen (`timing.py`).
"""

import logging
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace

from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import Profile
from pipeline.captions.text import clean_line
from pipeline.records import Sound, TimedText

log = logging.getLogger(__name__)

LONE = -1
"""The turn of a sound that has a cue of its own."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a `[sound]` as it is shown; no line holds pieces of two turns."""

    text: str
    start_ms: int
    end_ms: int
    turn: int
    is_sound: bool = False
    speaker: str | None = None
    label: str = ""

    @property
    def said(self) -> str:
        """The text without the speaker's name before it."""
        return self.text[len(self.label) :]


def make_pieces(timed: TimedText, options: CaptionOptions, profile: Profile) -> list[Piece]:
    """List what can be shown: every word but the unspoken, and the sounds that have times.

    A sound in a pause that can hold a cue stands alone and parts its turn; one without such room
    joins the nearer of its neighbours.
    Invariants: starts never decrease.
    """
    spoken = _spoken_pieces(timed)
    if options.names == "shown":
        spoken = _label(spoken)
    if not options.sounds:
        return spoken
    sounds_at = _sounds_by_place(timed)
    pieces: list[Piece] = []
    for place in range(len(spoken) + 1):
        after = spoken[place] if place < len(spoken) else None
        for sound in sounds_at[place]:
            before = pieces[-1] if pieces else None
            end_ms = after.start_ms if after else timed.duration_ms
            alone = _place_alone(sound, before.end_ms if before else 0, end_ms, profile)
            pieces.append(alone or _place_within(sound, before, after))
        if after:
            pieces.append(after)
    return pieces


def is_parted(before: Piece, after: Piece) -> bool:
    """Whether no line may hold both of two neighbours."""
    return before.turn != after.turn or before.turn == LONE


def is_exchange(before: Piece, after: Piece) -> bool:
    """Whether two may share a cue, a line each: one speaker goes, another comes."""
    is_spoken = LONE not in (before.turn, after.turn)
    return is_spoken and (before.speaker is None or before.speaker != after.speaker)


def _spoken_pieces(timed: TimedText) -> list[Piece]:
    return [
        Piece(
            text=clean_line(word.text),
            start_ms=word.start_ms,
            end_ms=word.end_ms,
            turn=word.turn,
            speaker=timed.turns[word.turn].speaker,
        )
        for word in timed.words
        if word.start_ms is not None and word.end_ms is not None
    ]


def _label(pieces: list[Piece]) -> list[Piece]:
    """The pieces, each that follows another speaker's with the name of its own before it."""
    labelled, latest = [], None
    for piece in pieces:
        label = f"[{clean_line(piece.speaker)}] " if piece.speaker else ""
        is_change = piece.speaker != latest
        latest = piece.speaker
        if label and is_change:
            piece = replace(piece, text=label + piece.text, label=label)
        labelled.append(piece)
    return labelled


def _sounds_by_place(timed: TimedText) -> dict[int, list[Sound]]:
    """The sounds that have times, by how many spoken words come before them."""
    spoken_at = [index for index, word in enumerate(timed.words) if word.start_ms is not None]
    sounds_at: dict[int, list[Sound]] = defaultdict(list)
    for sound in timed.sounds:
        if sound.start_ms is not None and sound.end_ms is not None:
            sounds_at[bisect_right(spoken_at, sound.after_word)].append(sound)
    n_left_out = len(timed.sounds) - sum(map(len, sounds_at.values()))
    if n_left_out:
        log.info("%s of %s sounds left out: no times", n_left_out, len(timed.sounds))
    return sounds_at


def _place_alone(sound: Sound, from_ms: int, to_ms: int, profile: Profile) -> Piece | None:
    """The sound with a cue of its own between two moments, or None where it has no room.

    What is left of the pause leaves the words before it longer on screen: they are harder to read.
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
    """The sound as part of the nearer neighbour's turn."""
    start_ms, end_ms = _times(sound)
    ms_before = start_ms - before.end_ms if before and before.turn != LONE else None
    ms_after = after.start_ms - end_ms if after else None
    is_first = ms_before is None or (ms_after is not None and ms_after < ms_before)
    neighbour = after if is_first else before
    start_ms = max(start_ms, before.start_ms if before else 0)
    start_ms = min(start_ms, after.start_ms) if after else start_ms
    end_ms = max(end_ms, start_ms + 1)
    turn = neighbour.turn if neighbour else LONE
    speaker = neighbour.speaker if neighbour else None
    return Piece(_sound_text(sound), start_ms, end_ms, turn, is_sound=True, speaker=speaker)


def _times(sound: Sound) -> tuple[int, int]:
    start_ms, end_ms = sound.start_ms or 0, sound.end_ms or 0
    return start_ms, max(end_ms, start_ms + 1)


def _sound_text(sound: Sound) -> str:
    """SDH: what is heard, in lower case and brackets."""
    return f"[{clean_line(sound.text).lower()}]"
