"""Cues of a file repaired to keep a profile, as far as that is possible without losing a word.

Times and lines change only where they break a rule; text never changes. Cues from timed words are
made in `cues.py`; the file is written again in `rewrite.py`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise, zip_longest

from pipeline.captions.conformance import escape_ampersands, keep_settings
from pipeline.captions.cues import cut_pieces
from pipeline.captions.direction import strip_mark
from pipeline.captions.fragments import Piece
from pipeline.captions.lint import find_breaks
from pipeline.captions.markup import SRT_TAG, VTT_TAG
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.profile import OwnProfile, Profile, ProfileName, find_profile
from pipeline.captions.reflow import flow_lines
from pipeline.captions.srt import format_lines
from pipeline.captions.tagged import lay_tags
from pipeline.captions.text import clean_line, measure
from pipeline.captions.timing import Speech, set_times
from pipeline.captions.unspaced import cut_tokens, find_moment
from pipeline.captions.vtt import escape_cue
from pipeline.records import Cue, Word

_NEAR_MS = 500
"""Longest pause between two cues across which words may move."""

_WANT_RULES = frozenset({"reading-speed", "min-duration"})
_LINE_RULES = frozenset({"line-length", "line-count"})
_TIME_RULES = frozenset({"reading-speed", "min-duration", "max-duration", "gap", "open-gap"})


@dataclass(frozen=True, slots=True)
class RepairedCue:
    """A repaired cue, and the indices of the file's cues whose words it holds (`sources`).

    If a cue was split, its first part has the index. `is_whole`: its text is unchanged;
    `is_in_time`: its times are.
    """

    cue: Cue
    sources: tuple[int, ...]
    is_whole: bool = True


def repair(
    cues: Sequence[RawCue], choice: ProfileName | OwnProfile, language: str
) -> tuple[RepairedCue, ...]:
    """Bring a file's cues into order and under a profile's rules.

    Cues that end before they start get times between their neighbours. Cues are sorted by start;
    those without text are dropped. Lines that are too long or too many
    are broken again, into more cues if needed, with their tags. Then ends move where a rule
    requires it; a start moves only to after the cue before it. Cues that are still too short or
    too fast are broken again together with their neighbours, if that leaves fewer breaks.
    Invariants: every word once and in order of the cues' starts; nothing overlaps, every cue lasts.
    """
    profile = find_profile(choice, language)
    cues = _turn_times(cues)
    shown = [number for number, cue in enumerate(cues) if cue.lines]
    shown.sort(key=lambda number: cues[number].start_ms)
    whole = [RepairedCue(_make_whole(cues[number]), (number,)) for number in shown]
    to_break = {
        found.cue - 1
        for found in find_breaks([one.cue for one in whole], profile)
        if found.rule in _LINE_RULES
    }
    broken: list[RepairedCue] = []
    for index, (one, after) in enumerate(zip_longest(whole, whole[1:])):
        fits = index not in to_break or len(one.cue.line_speakers) > 0
        broken += [one] if fits else _break_lines(one, after, profile, language)
    repaired = _repair_times(broken, profile)
    regrouped: list[RepairedCue] = []
    groups = list(_find_groups(broken, repaired, profile))
    for group, following in zip_longest(groups, groups[1:]):
        after = following[0] if following else None
        regrouped += group if len(group) == 1 else _break_anew(group, after, profile, language)
    repaired_again = _repair_times(regrouped, profile)
    is_better = _count_breaks(repaired_again, profile) < _count_breaks(repaired, profile)
    return tuple(repaired_again if is_better else repaired)


def _count_breaks(repaired: Sequence[RepairedCue], profile: Profile) -> int:
    return len(find_breaks([one.cue for one in repaired], profile))


def _turn_times(cues: Sequence[RawCue]) -> list[RawCue]:
    """Each cue that ends before it starts with other times, in a place of its own.

    Its times are swapped if no other cue is shown between them. Otherwise it lies between the cues
    before and after it in the file, if they leave room: from its start, or up to its end, whichever
    is in that room, or else where the room begins.
    """
    spans = sorted((cue.start_ms, cue.end_ms) for cue in cues if cue.is_whole)
    latest_ms = list(accumulate((end_ms for _, end_ms in spans), max, initial=0))
    last_ms = max((max(cue.start_ms, cue.end_ms) for cue in cues), default=0) + 1
    starts_ms = accumulate(
        (cue.start_ms if cue.is_whole else None for cue in reversed(cues)),
        lambda after_ms, start_ms: after_ms if start_ms is None else start_ms,
        initial=last_ms,
    )
    before_ms, turned = 0, []
    for cue, after_ms in zip(cues, reversed(list(starts_ms)[:-1]), strict=True):
        late_ms, early_ms = cue.start_ms, cue.end_ms
        if early_ms < late_ms and cue.lines:
            is_free = latest_ms[bisect_left(spans, (late_ms,))] <= early_ms
            if is_free:
                cue = replace(cue, start_ms=early_ms, end_ms=late_ms)
            elif before_ms <= late_ms < after_ms:
                cue = replace(cue, end_ms=late_ms + 1)
            elif before_ms < early_ms <= after_ms:
                cue = replace(cue, start_ms=before_ms)
            elif before_ms < after_ms:
                cue = replace(cue, start_ms=before_ms, end_ms=before_ms + 1)
        before_ms = cue.end_ms if cue.is_whole else before_ms
        turned.append(cue)
    return turned


def _make_whole(raw: RawCue) -> Cue:
    """The cue with a duration of at least 1 ms, and with markup that can be written."""
    cue = replace(raw, end_ms=max(raw.end_ms, raw.start_ms + 1)).to_cue()
    if raw.markup is None or raw.markup.form == "srt":
        return replace(cue, markup=raw.markup)
    marked = replace(cue, markup=raw.markup)
    text = escape_ampersands(raw.markup.text) if _has_tags(marked) else escape_cue(cue)
    settings = keep_settings(raw.markup.settings)
    return replace(cue, markup=replace(raw.markup, text=text, settings=settings))


def _has_tags(cue: Cue) -> bool:
    """Whether a cue has a tag other than one voice tag; its words then can't move."""
    if cue.markup is None:
        return False
    text = cue.markup.text
    if cue.markup.form == "srt":
        return SRT_TAG.search(text) is not None
    tags = [tag for tag in VTT_TAG.findall(text) if tag != "</v>"]
    return any(not tag.startswith("<v") for tag in tags) or len(tags) > 1


def _find_groups(
    broken: Sequence[RepairedCue], repaired: Sequence[RepairedCue], profile: Profile
) -> Iterator[list[RepairedCue]]:
    """Group each cue that lacks time with the neighbours that may share words with it."""
    found = find_breaks([one.cue for one in repaired], profile)
    wanting = {each.cue - 1 for each in found if each.rule in _WANT_RULES}
    group: list[RepairedCue] = []
    for index, one in enumerate(broken):
        is_wanted = bool({index - 1, index} & wanting)
        if group and not (is_wanted and _may_share(group[-1].cue, one.cue)):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _may_share(cue: Cue, after: Cue) -> bool:
    """Whether words may move between two cues: same speaker and position, no pause, no tags."""
    places = {one.markup.settings if one.markup else "" for one in (cue, after)}
    is_plain = not any(_has_tags(one) or one.line_speakers for one in (cue, after))
    is_near = after.start_ms - cue.end_ms <= _NEAR_MS
    return is_plain and is_near and len(places) == 1 and cue.speaker == after.speaker


def _break_lines(
    one: RepairedCue, following: RepairedCue | None, profile: Profile, language: str
) -> list[RepairedCue]:
    """Break a cue's lines anew, with its tags where they were; as it was if that can't be done."""
    broken = list(_break_anew([one], following, profile, language))
    if one.cue.markup is None or not _has_tags(one.cue):
        return broken
    shown = [[strip_mark(line) for line in part.cue.lines] for part in broken]
    texts = lay_tags(one.cue.markup, shown)
    if texts is None:
        return [one]
    marked = [
        replace(one.cue.markup, text=text, name=part.cue.markup.name if part.cue.markup else "")
        for part, text in zip(broken, texts, strict=True)
    ]
    return [
        replace(part, cue=replace(part.cue, markup=markup))
        for part, markup in zip(broken, marked, strict=True)
    ]


def _break_anew(
    group: Sequence[RepairedCue], following: RepairedCue | None, profile: Profile, language: str
) -> Iterator[RepairedCue]:
    """Make new cues from the words of cues; each cue's time is divided by its words' widths."""
    pieces: list[Piece] = []
    begun_ms: list[tuple[int, int]] = []
    for one, after in zip_longest(group, group[1:]):
        start_ms = max(one.cue.start_ms, pieces[-1].start_ms) if pieces else one.cue.start_ms
        end_ms = min(one.cue.end_ms, after.cue.start_ms) if after else one.cue.end_ms
        begun_ms += [(number, start_ms) for number in one.sources]
        pieces += _cut_cue(one.cue, (start_ms, max(end_ms, start_ms + 1)), profile, language)
    last_ms = pieces[-1].end_ms + profile.max_ms
    if following:
        last_ms = following.cue.start_ms - profile.open_gap_ms
    made = cut_pieces(pieces, last_ms, profile, language)
    for cue, after_cue in zip_longest(made, made[1:]):
        until_ms = after_cue.marks[0].start_ms if after_cue else None
        sources = [number for number, ms in begun_ms if until_ms is None or ms < until_ms]
        begun_ms = begun_ms[len(sources) :]
        names = [one for one in group if one.sources and one.sources[0] in sources]
        yield RepairedCue(_keep_place(cue, group[0].cue, names), tuple(sources), is_whole=False)


def _cut_cue(cue: Cue, times: tuple[int, int], profile: Profile, language: str) -> Iterator[Piece]:
    """The words of a cue as pieces, with times from a start to an end divided by width."""
    tokens = strip_mark(flow_lines(cue)).split()
    ends = list(accumulate((measure(token) + 1 for token in tokens), initial=0))
    start_ms, length_ms = times[0], times[1] - times[0]
    moments = [start_ms + length_ms * end // ends[-1] for end in ends]
    for token, (first_ms, last_ms) in zip(tokens, pairwise(moments), strict=True):
        word = Word(token, first_ms, max(last_ms, first_ms + 1), "estimated", 1.0, 0)
        for part in cut_tokens([token], language, profile.columns_per_line):
            from_ms, to_ms = (find_moment(word, share) for share in part.share)
            yield Piece(
                part.text,
                *(from_ms, max(to_ms, from_ms + 1), 0),
                speaker=cue.speaker,
                joint=part.joint,
            )


def _keep_place(made: Cue, old: Cue, named: Sequence[RepairedCue]) -> Cue:
    """The new cue with the old one's position, and the name of the first cue that begins in it."""
    made = replace(made, marks=())
    if old.markup is None:
        return made
    name = next((one.cue.markup.name for one in named if one.cue.markup), "")
    if not old.markup.settings and not name:
        return made
    text = format_lines(made) if old.markup.form == "srt" else escape_cue(made)
    return replace(made, markup=replace(old.markup, text=text, name=name))


def _repair_times(cues: Sequence[RepairedCue], profile: Profile) -> list[RepairedCue]:
    """Set the ends of cues that break a rule of time as the profile has them."""
    shown = [one.cue for one in cues]
    speeches = [
        Speech(cue.start_ms, cue.end_ms, sum(map(measure, map(clean_line, cue.lines))))
        for cue in shown
    ]
    last_ms = max((cue.end_ms for cue in shown), default=0) + profile.max_ms
    wanted = set_times(speeches, last_ms, replace(profile, lean_ms=0))
    to_repair = {
        found.cue - 1 for found in find_breaks(shown, profile) if found.rule in _TIME_RULES
    }
    repaired: list[RepairedCue] = []
    for index, (one, (start_ms, end_ms)) in enumerate(zip(cues, wanted, strict=True)):
        is_right = index not in to_repair and start_ms == one.cue.start_ms
        end_ms = one.cue.end_ms if is_right else end_ms
        repaired.append(replace(one, cue=replace(one.cue, start_ms=start_ms, end_ms=end_ms)))
    return repaired
