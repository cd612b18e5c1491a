"""A caption file written again with its repaired cues, and all else as it was.

Comments, blocks, names, settings, line ends and valid times within cues stay. Cues are repaired in
`repair.py`.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from pipeline.captions.blocks import Block, CaptionForm, Place, format_span
from pipeline.captions.conformance import AROUND_CUES, EARLY
from pipeline.captions.document import CaptionDocument
from pipeline.captions.markup import close_tags, escape_loose_signs
from pipeline.captions.mend import mend_document
from pipeline.captions.profile import OwnProfile, ProfileName
from pipeline.captions.repair import repair
from pipeline.captions.srt import format_text
from pipeline.captions.vtt import escape_cue
from pipeline.records import Cue
from pipeline.text.times import TIME_TAG, read_fields

Lines = Sequence[str]
"""Lines with their ends: a cue or another block, and the blank lines after it."""


def repair_document(document: CaptionDocument, choice: ProfileName | OwnProfile) -> CaptionDocument:
    """Repair what can be repaired in a file; every word and all else in it stays.

    Text that browsers drop is mended first; cues with odd times or lines are written anew.
    A comment stays before the cue that it stood before; STYLE and REGION go before all cues.
    """
    document = mend_document(document)
    repaired = repair(document.cues, choice, document.language)
    head, cues, leads = _read_parts(document)
    faulty = {
        found.cue - 1
        for found in document.problems
        if found.rule.startswith(f"{document.form}-") and found.rule not in AROUND_CUES
    }
    for number in sorted(set(range(len(cues))) - {n for one in repaired for n in one.sources}):
        leads[number + 1] = [*leads[number], *leads[number + 1]]
    body: list[Lines] = []
    for number, one in enumerate(repaired, start=1):
        body += chain.from_iterable(leads[source] for source in one.sources)
        source = one.sources[0] if one.is_whole and one.sources else None
        if source is None or source in faulty:
            lines: Lines = [line + document.newline for line in _write_cue(one.cue, document.form)]
        else:
            lines = _move_block(cues[source], one.cue, document.form, number)
        if document.form == "srt" and "-->" in lines[0]:
            lines = [f"{number}{document.newline}", *lines]
        body.append(lines)
    body += leads[len(cues)]
    body.sort(key=_is_early, reverse=True)
    return document.rewrite(_join([*head, *body], document))


def _read_parts(document: CaptionDocument) -> tuple[list[Lines], list[Block], list[list[Lines]]]:
    """The file's head, its cues, and the blocks before each cue and after the last."""
    cues: list[Block] = []
    leads: list[list[Lines]] = [[]]
    for block in document.blocks:
        if block.timing is None:
            leads[-1].append(block.lines)
        else:
            cues.append(block)
            leads.append([])
    if document.form == "srt":
        return [], cues, leads
    signature = leads[0].pop(0)
    header = [bare for line in signature if (bare := line.rstrip("\r\n"))]
    n_early = max((n for n, lines in enumerate(leads[0], start=1) if _is_early(lines)), default=0)
    head = [[" ".join(header) + document.newline, *signature[len(header) :]], *leads[0][:n_early]]
    leads[0] = leads[0][n_early:]
    return head, cues, leads


def _is_early(lines: Lines) -> bool:
    """Whether this is a STYLE or REGION block, which belongs before the cues."""
    return lines[0].startswith(EARLY) and not any("-->" in line for line in lines)


def _move_block(block: Block, cue: Cue, form: CaptionForm, number: int) -> Lines:
    """A cue's own lines, at its new times, with its number if SubRip has one there."""
    place = _clip_times(cue) if form == "vtt" else int
    moved = block.move((cue.start_ms, cue.end_ms), form, place)
    return moved.renumber(number) if form == "srt" else moved.lines


def _write_cue(cue: Cue, form: CaptionForm) -> Iterator[str]:
    """The lines of a cue whose text changed."""
    markup, settings = cue.markup, cue.markup.settings if cue.markup else ""
    if form == "srt":
        text, settings = format_text(cue)
    else:
        text, place = (
            escape_loose_signs(markup.text) if markup else escape_cue(cue),
            _clip_times(cue),
        )
        text = TIME_TAG.sub(
            lambda tag: "" if place(read_fields(tag.groups())) is None else tag[0], text
        )
        if markup and markup.name:
            yield markup.name
    yield f"{format_span((cue.start_ms, cue.end_ms), form)} {settings}".rstrip()
    yield from (line for line in close_tags(text, form).split("\n") if line)


def _clip_times(cue: Cue) -> Place:
    """Leave out the times within a cue that don't increase or lie outside it."""
    latest_ms = cue.start_ms

    def place(time_ms: int) -> int | None:
        nonlocal latest_ms
        if not latest_ms < time_ms < cue.end_ms:
            return None
        latest_ms = time_ms
        return time_ms

    return place


def _join(parts: Sequence[Lines], document: CaptionDocument) -> str:
    """All parts, with a blank line at least between two."""
    text = ""
    for lines in parts:
        text += "".join(lines)
        is_ended = lines[-1].endswith(("\n", "\r"))
        is_apart = not lines[-1].strip("\r\n" if document.form == "vtt" else None)
        text += document.newline * ((not is_ended) + (not is_apart))
    return text
