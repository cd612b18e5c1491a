"""Whether a file's cues hold the words that were spoken, and start and end with them.

Only the comparison; the words' times come from an alignment.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from pipeline.captions.caption_text import read_caption_text
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.phrases import is_unspaced
from pipeline.captions.problems import Problem
from pipeline.captions.profile import FRAME_MS, Profile
from pipeline.captions.text import clean_line, measure_ends
from pipeline.captions.unspaced import find_moment
from pipeline.records import TimedText
from pipeline.text.bare_words import bare_word
from pipeline.text.graphemes import UNSPACED

_PARTS = re.compile(f"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern}).)+")


def find_first_words(cues: Sequence[RawCue], timed: TimedText) -> list[int | None]:
    """Start of each cue's first word; None where it is unknown."""
    found: list[int | None] = [None] * len(cues)
    for number, starts_ms in _share_out(cues, timed)[0].items():
        found[number] = starts_ms[0]
    return found


def find_lags(cues: Sequence[RawCue], timed: TimedText, profile: Profile) -> tuple[Problem, ...]:
    """List cues that start early or late or end before their words; words missing or added.

    Args:
        cues: in the order of their starts.
    """
    shared, differences = _share_out(cues, timed)
    found = list(differences)
    limit_ms = profile.lean_ms + FRAME_MS
    for number, starts_ms in shared.items():
        cue, first_ms, last_ms = cues[number], starts_ms[0], starts_ms[-1]
        lag_ms = cue.start_ms - first_ms
        if abs(lag_ms) > limit_ms:
            rule = "late" if lag_ms > 0 else "early"
            found.append(Problem(rule, number + 1, cue.start_ms, abs(lag_ms), limit_ms))
        if last_ms - cue.end_ms > FRAME_MS:
            cut_ms = last_ms - cue.end_ms
            found.append(Problem("cut-off", number + 1, cue.start_ms, cut_ms, FRAME_MS))
    return tuple(sorted(found, key=lambda each: (each.cue, each.rule)))


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is compared: a word, or a character of a script without spaces."""

    bare: str
    text: str
    start_ms: int = 0


def _share_out(
    cues: Sequence[RawCue], timed: TimedText
) -> tuple[dict[int, list[int]], list[Problem]]:
    """Start of each word of the cues whose words were all spoken; and where the texts differ.

    Cost: linear where the texts agree.
    """
    read = read_caption_text(cues)
    tokens = [word for turn in read.turns for word in turn.words]
    cut = [(unit, cue) for token, cue in zip(tokens, read.cue_of_word, strict=True)
           for unit, _ in _cut_units(token)]  # fmt: skip
    shown = [unit for unit, _ in cut]
    spoken = list(_time_units(timed))
    shared: dict[int, list[int]] = {}
    differences: list[Problem] = []
    matcher = SequenceMatcher(
        None, [unit.bare for unit in shown], [unit.bare for unit in spoken], autojunk=False
    )
    for kind, first, last, spoken_first, spoken_last in matcher.get_opcodes():
        if kind == "equal":
            for at in range(last - first):
                shared.setdefault(cut[first + at][1], []).append(spoken[spoken_first + at].start_ms)
            continue
        number = cut[min(first, len(cut) - 1)][1] if cut else 0
        start_ms = cues[number].start_ms if cues else 0
        for rule, units in (
            ("word-missing", spoken[spoken_first:spoken_last]),
            ("word-added", shown[first:last]),
        ):
            if units:
                note = " ".join(unit.text for unit in units[:8])
                differences.append(Problem(rule, number + 1, start_ms, len(units), 0, note=note))
    doubtful = {cut[at][1] for at in _find_unspoken(matcher)}
    return {
        number: starts_ms for number, starts_ms in shared.items() if number not in doubtful
    }, differences


def _cut_units(token: str) -> Iterator[tuple[_Unit, float]]:
    """The units of a token, each with where it begins in it, from 0 to 1."""
    if not is_unspaced(token):
        yield _Unit(bare_word(token) or token, token), 0.0
        return
    shown = clean_line(token)
    columns = measure_ends(shown)
    for part in _PARTS.finditer(shown):
        if any(map(str.isalnum, part[0])):
            share = columns[part.start()] / max(1, columns[-1])
            yield _Unit(bare_word(part[0]) or part[0], part[0]), share


def _time_units(timed: TimedText) -> Iterator[_Unit]:
    spoken = [word for word in timed.words if word.start_ms is not None]
    for word, after in zip_longest(spoken, spoken[1:]):
        until_ms = after.start_ms if after else None
        for unit, share in _cut_units(word.text):
            yield replace(unit, start_ms=find_moment(word, share, until_ms))


def _find_unspoken(matcher: SequenceMatcher[str]) -> list[int]:
    """Indices of the cues' units that were not spoken."""
    return [
        at
        for kind, first, last, _, _ in matcher.get_opcodes()
        if kind != "equal"
        for at in range(first, last)
    ]
