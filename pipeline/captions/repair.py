"""Cues of a file made to keep a profile, as far as that goes without losing a word.

Times and lines are mended where they break a rule, and only there; text never changes. Cues from
words with times are `cues.py`'s.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from pipeline.captions.conformance import escape_ampersands, keep_settings
from pipeline.captions.cues import make_cues
from pipeline.captions.lint import find_breaks
from pipeline.captions.markup import VTT_TAG
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import OwnProfile, ProfileName, find_profile
from pipeline.captions.raw import RawCue
from pipeline.captions.srt import format_lines
from pipeline.captions.text import clean_line, measure
from pipeline.captions.timing import Speech, set_times
from pipeline.captions.vtt import escape_cue
from pipeline.records import Cue, TimedText, Turn, Word

_LINE_RULES = frozenset({"line-length", "line-count"})
_TIME_RULES = frozenset({"reading-speed", "min-duration", "max-duration", "gap", "open-gap"})


def repair(
    cues: Sequence[RawCue], choice: ProfileName | OwnProfile, language: str
) -> tuple[Cue, ...]:
    """Bring a file's cues into order and under a profile's rules.

    Cues are sorted by their starts; those without text go, which lose no word; lines that are too
    long or too many are broken anew, over more cues where they must, unless tags stand in them;
    then ends move, where a rule asks for it. A start moves only behind the cue before it.
    Invariants: every word once and in order of the cues' starts; nothing overlaps, every cue lasts.
    """
    profile = find_profile(choice)
    shown = sorted((cue for cue in cues if cue.lines), key=_start)
    whole = [_make_whole(cue) for cue in shown]
    to_break = {found.cue - 1 for found in find_breaks(whole, profile) if found.rule in _LINE_RULES}
    broken: list[Cue] = []
    for index, cue in enumerate(whole):
        fits = index not in to_break or _has_tags(cue) or len(cue.line_speakers) > 0
        broken += [cue] if fits else _break_anew(cue, choice, language)
    return _mend_times(broken, choice)


def _start(cue: RawCue) -> int:
    return cue.start_ms


def _make_whole(raw: RawCue) -> Cue:
    """A cue that lasts, with its markup to be written again."""
    cue = replace(raw, end_ms=max(raw.end_ms, raw.start_ms + 1)).to_cue()
    if raw.markup is None or raw.markup.form == "srt":
        return replace(cue, markup=raw.markup)
    marked = replace(cue, markup=raw.markup)
    text = escape_ampersands(raw.markup.text) if _has_tags(marked) else escape_cue(cue)
    settings = keep_settings(raw.markup.settings)
    return replace(cue, markup=replace(raw.markup, text=text, settings=settings))


def _has_tags(cue: Cue) -> bool:
    """Whether a tag other than the speaker's stands in a cue: words can't move without it."""
    if cue.markup is None:
        return False
    text = cue.markup.text
    if cue.markup.form == "srt":
        return "<" in text or "{" in text
    tags = [tag for tag in VTT_TAG.findall(text) if tag != "</v>"]
    return any(not tag.startswith("<v") for tag in tags) or len(tags) > 1


def _break_anew(cue: Cue, choice: ProfileName | OwnProfile, language: str) -> Iterator[Cue]:
    """The cue's words in as many cues as they need, its time shared out by their lengths."""
    tokens = " ".join(cue.lines).split()
    ends = list(accumulate((measure(token) + 1 for token in tokens), initial=0))
    length_ms = max(cue.end_ms - cue.start_ms, len(tokens))
    times = [cue.start_ms + length_ms * end // ends[-1] for end in ends]
    words = tuple(
        Word(token, start_ms, max(end_ms, start_ms + 1), "estimated", 1.0, 0)
        for token, (start_ms, end_ms) in zip(tokens, pairwise(times), strict=True)
    )
    turn = Turn(cue.speaker, None, 0, len(words))
    timed = TimedText(language, "file", times[-1], (turn,), words)
    settings = cue.markup.settings if cue.markup else ""
    for made in make_cues(timed, CaptionOptions(profile=choice)):
        yield replace(_keep_settings(made, cue, settings), marks=())


def _keep_settings(made: Cue, cue: Cue, settings: str) -> Cue:
    """The new cue where the old one stood."""
    if cue.markup is None or not settings:
        return made
    text = format_lines(made) if cue.markup.form == "srt" else escape_cue(made)
    return replace(made, markup=replace(cue.markup, text=text, name=""))


def _mend_times(cues: list[Cue], choice: ProfileName | OwnProfile) -> tuple[Cue, ...]:
    """Ends where the profile wants them, for the cues that break a rule; starts as they are."""
    profile = replace(find_profile(choice), lean_ms=0)
    speeches = [
        Speech(cue.start_ms, cue.end_ms, sum(map(measure, map(clean_line, cue.lines))))
        for cue in cues
    ]
    last_ms = max((cue.end_ms for cue in cues), default=0) + profile.max_ms
    wanted = set_times(speeches, last_ms, profile)
    to_mend = {found.cue - 1 for found in find_breaks(cues, profile) if found.rule in _TIME_RULES}
    mended: list[Cue] = []
    for index, (cue, (start_ms, end_ms)) in enumerate(zip(cues, wanted, strict=True)):
        is_kept = index not in to_mend and start_ms == cue.start_ms
        mended.append(replace(cue, start_ms=start_ms, end_ms=cue.end_ms if is_kept else end_ms))
    return tuple(mended)
