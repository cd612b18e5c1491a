"""In-time and out-time of each cue, given its words, what follows it and the profile.

Which words a cue holds is chosen in `split.py`.
"""

from math import ceil

from pipeline.captions.profile import Profile
from pipeline.records import record


@record
class Speech:
    """The speech under one cue: first word's start, last word's end, and the text's width."""

    start_ms: int
    end_ms: int
    n_columns: int


def is_chained(speech_end_ms: int, next_start_ms: int, profile: Profile) -> bool:
    """Whether a cue stays until the next one, as the gap would be too short to be left open."""
    return next_start_ms - speech_end_ms <= profile.linger_ms + profile.gap_ms


def latest_end(speech_end_ms: int, next_start_ms: int, profile: Profile) -> int:
    """Latest out-time the profile allows; before the speech's end if the next cue begins so early.

    Source: Netflix, Subtitle Timing Guidelines: up to half a second past speech, no gap of 3-11
    frames. Both at once: stay until 2 frames before the next cue, or leave 12 frames before it.
    """
    if is_chained(speech_end_ms, next_start_ms, profile):
        return next_start_ms - profile.gap_ms
    return min(speech_end_ms + profile.linger_ms, next_start_ms - profile.open_gap_ms)


def reading_ms(n_columns: int, profile: Profile) -> int:
    """Time a viewer needs to read text of this width at the profile's speed."""
    return ceil(n_columns * 1000 / profile.columns_per_second)


def set_times(speeches: list[Speech], duration_ms: int, profile: Profile) -> list[tuple[int, int]]:
    """Choose each cue's (start_ms, end_ms): in with its first word, out when it has been read.

    A cue too short to be read takes up to `lean_ms` from a neighbour that has time to spare. Where
    a cue and its gap would not both fit, the gap is dropped; then the next cue starts late.
    Invariants: starts strictly increase, nothing overlaps, every cue lasts, and none longer than
    the recording, if its speech doesn't.
    """
    times: list[tuple[int, int]] = []
    earliest_ms = 0
    afters_ms = _find_afters(speeches, duration_ms, profile)
    for speech, after_ms in zip(speeches, afters_ms, strict=True):
        start_ms = max(speech.start_ms, earliest_ms)
        earliest_ms = _choose_end(_delay(speech, start_ms), after_ms, profile)
        times.append((start_ms, earliest_ms))
    for index in range(1, len(times)):
        if times[index][0] == speeches[index].start_ms:
            pair = (speeches[index - 1], speeches[index])
            times[index - 1 : index + 1] = _lean(
                (times[index - 1], times[index]), pair, afters_ms[index], profile
            )
    if times:
        start_ms, out_ms = times[-1]
        times[-1] = start_ms, max(start_ms + 1, min(out_ms, afters_ms[-1] - profile.open_gap_ms))
    return times


Span = tuple[int, int]


def _find_afters(speeches: list[Speech], duration_ms: int, profile: Profile) -> list[int]:
    """For each cue the start of the next one; for the last, the end of the recording."""
    if not speeches:
        return []
    end_ms = max(duration_ms, speeches[-1].start_ms + 1, speeches[-1].end_ms)
    return [*(speech.start_ms for speech in speeches[1:]), end_ms + profile.open_gap_ms]


def _delay(speech: Speech, start_ms: int) -> Speech:
    return Speech(start_ms, max(speech.end_ms, start_ms + 1), speech.n_columns)


def _lean(
    spans: tuple[Span, Span], speeches: tuple[Speech, Speech], after_ms: int, profile: Profile
) -> tuple[Span, Span]:
    """Move the border of two chained cues by up to `lean_ms` if one lacks time and one has it."""
    (first_ms, out_ms), (in_ms, last_ms) = spans
    needed_ms, needed_next_ms = (_needed_ms(speech, profile) for speech in speeches)
    spare_ms, spare_next_ms = out_ms - first_ms - needed_ms, last_ms - in_ms - needed_next_ms
    later_ms = 0
    if in_ms - out_ms != profile.gap_ms:
        return spans
    if spare_ms < 0 <= spare_next_ms:
        later_ms = min(-spare_ms, profile.lean_ms)
        last_ms = max(
            last_ms, _choose_end(_delay(speeches[1], in_ms + later_ms), after_ms, profile)
        )
        later_ms = min(later_ms, last_ms - in_ms - needed_next_ms)
        last_ms = min(last_ms, in_ms + later_ms + profile.max_ms)
    elif spare_next_ms < 0 < spare_ms:
        later_ms = -min(spare_ms, -spare_next_ms, profile.lean_ms)
    return (first_ms, out_ms + later_ms), (in_ms + later_ms, last_ms)


def _needed_ms(speech: Speech, profile: Profile) -> int:
    return min(profile.max_ms, max(profile.min_ms, reading_ms(speech.n_columns, profile)))


def _choose_end(speech: Speech, next_start_ms: int, profile: Profile) -> int:
    flash_ms = max(1, profile.gap_ms)
    if next_start_ms - speech.start_ms < 2 * flash_ms:
        return max(next_start_ms, speech.start_ms + flash_ms)
    latest_ms = latest_end(speech.end_ms, next_start_ms, profile)
    chained_ms = next_start_ms - profile.gap_ms
    shortest_ms = speech.start_ms + profile.min_ms
    if latest_ms == chained_ms:
        end_ms = chained_ms
    else:
        read_ms = speech.start_ms + reading_ms(speech.n_columns, profile)
        end_ms = min(max(speech.end_ms, read_ms), latest_ms)
        if end_ms < shortest_ms:
            is_open = shortest_ms + profile.open_gap_ms <= next_start_ms
            end_ms = shortest_ms if is_open else chained_ms
    return min(end_ms, speech.start_ms + profile.max_ms)
