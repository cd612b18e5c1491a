"""When a cue comes and goes, given its words, what follows it and the profile.

No choice of which words a cue holds (`split.py`).
"""

from collections.abc import Sequence
from itertools import zip_longest
from math import ceil

from pipeline.captions.profile import Profile
from pipeline.records import record


@record
class Speech:
    """What a cue says: its first word's start, its last word's end, and its characters."""

    start_ms: int
    end_ms: int
    n_chars: int


def is_chained(speech_end_ms: int, next_start_ms: int, profile: Profile) -> bool:
    """Whether a cue stays until the next one: leaving earlier would leave a gap to be closed."""
    return next_start_ms - speech_end_ms <= profile.linger_ms + profile.gap_ms


def latest_end(speech_end_ms: int, next_start_ms: int, profile: Profile) -> int:
    """The latest out-time the profile allows; before the speech ends where the next cue presses.

    Source: Netflix, Subtitle Timing Guidelines: up to half a second past speech, no gap of 3-11
    frames. Both at once: stay until 2 frames before the next cue, or leave 12 frames before it.
    """
    if is_chained(speech_end_ms, next_start_ms, profile):
        return next_start_ms - profile.gap_ms
    return min(speech_end_ms + profile.linger_ms, next_start_ms - profile.open_gap_ms)


def reading_ms(n_chars: int, profile: Profile) -> int:
    """How long a viewer needs for so many characters."""
    return ceil(n_chars * 1000 / profile.chars_per_second)


def set_times(speeches: list[Speech], duration_ms: int, profile: Profile) -> list[tuple[int, int]]:
    """Choose each cue's (start_ms, end_ms): in with its first word, out when it can be read.

    A cue that lacks time for reading has it of its neighbours, if they can spare it. Where cues
    press so hard that one would flash by for less than a gap's length, the gap goes and the next
    cue comes in late.
    Invariants: starts strictly increase, nothing overlaps, every cue lasts.
    """
    times: list[tuple[int, int]] = []
    earliest_ms = 0
    for speech, following in zip_longest(speeches, speeches[1:]):
        start_ms = max(speech.start_ms, earliest_ms)
        spoken = Speech(start_ms, max(speech.end_ms, start_ms + 1), speech.n_chars)
        if following is None:
            after_ms = max(duration_ms, spoken.end_ms) + profile.open_gap_ms
        else:
            after_ms = following.start_ms
        earliest_ms = _choose_end(spoken, after_ms, profile)
        times.append((start_ms, earliest_ms))
    return _lean(times, speeches, profile)


def _lean(
    times: Sequence[tuple[int, int]], speeches: Sequence[Speech], profile: Profile
) -> list[tuple[int, int]]:
    """Move borders between cues that follow closely, to where both have the time they need."""
    leant = list(times)
    for index, speech in enumerate(speeches[1:], start=1):
        (first_ms, out_ms), (in_ms, last_ms) = leant[index - 1 : index + 1]
        spare_ms = (out_ms - first_ms) - _needed_ms(speeches[index - 1], profile)
        spare_next_ms = (last_ms - in_ms) - _needed_ms(speech, profile)
        if in_ms - out_ms != profile.gap_ms or in_ms != speech.start_ms:
            continue
        later_ms = 0
        if spare_ms < 0 < spare_next_ms:
            later_ms = min(-spare_ms, spare_next_ms, profile.lean_ms)
        elif spare_next_ms < 0 < spare_ms:
            later_ms = -min(spare_ms, -spare_next_ms, profile.lean_ms)
        leant[index - 1 : index + 1] = [(first_ms, out_ms + later_ms), (in_ms + later_ms, last_ms)]
    return leant


def _needed_ms(speech: Speech, profile: Profile) -> int:
    return max(profile.min_ms, reading_ms(speech.n_chars, profile))


def _choose_end(speech: Speech, next_start_ms: int, profile: Profile) -> int:
    if next_start_ms - speech.start_ms < 2 * profile.gap_ms:
        return max(next_start_ms, speech.start_ms + profile.gap_ms)
    latest_ms = latest_end(speech.end_ms, next_start_ms, profile)
    chained_ms = next_start_ms - profile.gap_ms
    shortest_ms = speech.start_ms + profile.min_ms
    if latest_ms == chained_ms:
        end_ms = chained_ms
    else:
        read_ms = speech.start_ms + reading_ms(speech.n_chars, profile)
        end_ms = min(max(speech.end_ms, read_ms), latest_ms)
        if end_ms < shortest_ms:
            is_open = shortest_ms + profile.open_gap_ms <= next_start_ms
            end_ms = shortest_ms if is_open else chained_ms
    return min(end_ms, speech.start_ms + profile.max_ms)
