"""Cues from timed words: pieces, then the cheapest cut, then lines, then times.

Pure, and linear in words; each step is a file of its own.
"""

import logging
from dataclasses import replace
from itertools import pairwise

from pipeline.captions.grammar import choose_grammar
from pipeline.captions.lines import choose_lines
from pipeline.captions.options import CaptionOptions
from pipeline.captions.pieces import LONE, Piece, make_pieces
from pipeline.captions.profile import Profile, find_profile
from pipeline.captions.script import Script, make_script
from pipeline.captions.split import choose_spans
from pipeline.captions.text import measure
from pipeline.captions.timing import Speech, reading_ms, set_times
from pipeline.records import Cue, TimedText, WordMark

log = logging.getLogger(__name__)


def make_cues(timed: TimedText, options: CaptionOptions) -> tuple[Cue, ...]:
    """Make the captions of a text: whole phrases, in with the first word, as long as they need.

    Every word is kept once and in order, but for the `unspoken`; sounds stand in brackets where
    there is room. A cue belongs to one speaker, or to two with a line each.
    Invariants: in order, not overlapping, at most the profile's lines.
    """
    profile = find_profile(options.profile, timed.language)
    pieces = make_pieces(timed, options, profile)
    if not pieces:
        return ()
    grammar = choose_grammar(timed.language)
    script = make_script(pieces, timed.duration_ms, profile, grammar)
    spans = choose_spans(script, profile)
    kept = _without_crowding_sounds(pieces, script, spans, profile)
    if len(kept) < len(pieces):
        log.info("%s sounds left out: no time to read them", len(pieces) - len(kept))
        script = make_script(kept, timed.duration_ms, profile, grammar)
        spans = choose_spans(script, profile)
    texts = [_set_lines(kept, script, span, profile) for span in spans]
    dashes = [profile.dash if script.stops[first] < last else "" for first, last in spans]
    speeches = [
        Speech(kept[first].start_ms, _speech_end(kept[first:last]), _count_columns(lines, dash))
        for (first, last), lines, dash in zip(spans, texts, dashes, strict=True)
    ]
    times = set_times(speeches, timed.duration_ms, profile)
    cues = map(_make_cue, texts, dashes, times)
    return tuple(cues if options.names != "none" else map(_without_names, cues))


Line = list[Piece]


def _without_crowding_sounds(
    pieces: list[Piece], script: Script, spans: list[tuple[int, int]], profile: Profile
) -> list[Piece]:
    """The pieces less the sounds in cues that are too fast to read: speech comes first."""
    kept = []
    for first, last in spans:
        members = pieces[first:last]
        n_columns = script.ends[last] - script.offsets[first]
        spare_ms = script.latest_ms[last] - members[0].start_ms - reading_ms(n_columns, profile)
        is_lone = members[0].turn == LONE
        kept += [piece for piece in members if is_lone or spare_ms >= 0 or not piece.is_sound]
    return kept


def _set_lines(
    pieces: list[Piece], script: Script, span: tuple[int, int], profile: Profile
) -> list[Line]:
    first, last = span
    bounds = [first, *choose_lines(script, span, profile), last]
    return [pieces[a:b] for a, b in pairwise(bounds)]


def _join(lines: list[Line], dash: str) -> tuple[str, ...]:
    return tuple(dash + _join_pieces(line) for line in lines)


def _join_pieces(line: Line) -> str:
    spaced = ((" " if not piece.is_glued else "") + piece.text for piece in line[1:])
    return line[0].text + "".join(spaced)


def _count_columns(lines: list[Line], dash: str) -> int:
    return sum(map(measure, _join(lines, dash)))


def _speech_end(pieces: list[Piece]) -> int:
    return max(piece.end_ms for piece in pieces)


def _make_cue(lines: list[Line], dash: str, times: tuple[int, int]) -> Cue:
    voices = [piece.speaker for line in lines for piece in line if not piece.is_sound]
    return Cue(
        *times,
        lines=_join(lines, dash),
        speaker=voices[0] if voices else None,
        marks=tuple(
            mark for number, line in enumerate(lines) for mark in _mark_words(number, line, dash)
        ),
        line_speakers=tuple(line[0].speaker for line in lines) if dash else (),
    )


def _without_names(cue: Cue) -> Cue:
    return replace(cue, speaker=None, line_speakers=(None,) * len(cue.line_speakers))


def _mark_words(number: int, line: Line, dash: str) -> list[WordMark]:
    marks = []
    end = len(dash)
    for place, piece in enumerate(line):
        column = end + (place > 0 and not piece.is_glued)
        mark = WordMark(number, column + len(piece.label), piece.start_ms, piece.is_glued)
        marks.append(mark)
        end = column + len(piece.text)
    return marks
