"""Cues from timed words: pieces, the cheapest cut into cues, their lines, then their times.

Pure, and linear in words; each step is a module of its own.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.captions.fragments import LONE, Piece, make_pieces
from pipeline.captions.grammar import choose_grammar
from pipeline.captions.lines import choose_lines
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import Profile, find_profile
from pipeline.captions.script import Script, make_script
from pipeline.captions.split import choose_spans
from pipeline.captions.timing import Speech, reading_ms, set_times
from pipeline.captions.typeset import Setting, typeset
from pipeline.records import Cue, TimedText

log = logging.getLogger(__name__)


def make_cues(timed: TimedText, options: CaptionOptions) -> tuple[Cue, ...]:
    """Make the captions of a timed text.

    Every word that has a time is shown once and in order; sounds stand in brackets where there is
    room. A cue belongs to one speaker, or to two with a line each.
    Invariants: in order, not overlapping, at most the profile's lines.
    """
    profile = find_profile(options.profile, timed.language)
    pieces = make_pieces(timed, options, profile)
    cues = cut_pieces(pieces, timed.duration_ms, profile, timed.language)
    return cues if options.names != "none" else tuple(map(_without_names, cues))


def cut_pieces(
    pieces: Sequence[Piece], duration_ms: int, profile: Profile, language: str
) -> tuple[Cue, ...]:
    """Make cues of pieces; sounds in cues that would be too fast to read are left out."""
    if not pieces:
        return ()
    grammar = choose_grammar(language)
    script = make_script(pieces, duration_ms, profile, grammar)
    spans = choose_spans(script, profile)
    shown = _without_crowding_sounds(pieces, script, spans, profile)
    if len(shown) < len(pieces):
        log.info("%s sounds left out: no time to read them", len(pieces) - len(shown))
        script = make_script(shown, duration_ms, profile, grammar)
        spans = choose_spans(script, profile)
    settings = []
    for first, last in spans:
        breaks = [at - first for at in choose_lines(script, (first, last), profile)]
        dash = profile.dash if script.stops[first] < last else ""
        settings.append(typeset(shown[first:last], breaks, dash, language))
    times = set_times([*map(_make_speech, settings)], duration_ms, profile)
    return tuple(setting.to_cue(span) for setting, span in zip(settings, times, strict=True))


def _make_speech(setting: Setting) -> Speech:
    return Speech(*setting.speech_ms, setting.n_columns)


def _without_crowding_sounds(
    pieces: Sequence[Piece], script: Script, spans: list[tuple[int, int]], profile: Profile
) -> list[Piece]:
    """The pieces without the sounds in cues that are too fast to read."""
    shown: list[Piece] = []
    for first, last in spans:
        members = pieces[first:last]
        n_columns = script.ends[last] - script.offsets[first]
        spare_ms = script.latest_ms[last] - members[0].start_ms - reading_ms(n_columns, profile)
        is_lone = members[0].turn == LONE
        shown += [piece for piece in members if is_lone or spare_ms >= 0 or not piece.is_sound]
    return shown


def _without_names(cue: Cue) -> Cue:
    return replace(cue, speaker=None, line_speakers=(None,) * len(cue.line_speakers))
