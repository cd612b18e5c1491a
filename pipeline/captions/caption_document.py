"""A WebVTT file written again with its repaired cues, and all else as it was.

Comments, blocks, names, settings and valid times within cues stay. Cues are repaired in
`repair.py`.
"""

import re
from collections.abc import Sequence
from itertools import chain

from pipeline.captions.blocks import Block, split_blocks, split_paragraphs
from pipeline.captions.markup import escape_loose_signs
from pipeline.captions.repair import Mended
from pipeline.captions.vtt import escape_cue, format_timestamp
from pipeline.records import Cue

_STAMP = re.compile(r"<(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})\.(\d{3})>")
_EARLY = ("STYLE", "REGION")

Paragraph = Sequence[str]


def rewrite_vtt(text: str, mended: Sequence[Mended], faulty: frozenset[int]) -> str:
    """Write a file's text with its repaired cues.

    A comment stays before the cue that it stood before; STYLE and REGION go before all cues.

    Args:
        mended: each with the indices of the file's cues whose words it holds.
        faulty: indices of the file's cues in which the grammar is broken.
    """
    head, cues, leads = _read_parts(text)
    for number in sorted(set(range(len(cues))) - {n for one in mended for n in one.sources}):
        leads[number + 1] = [*leads[number], *leads[number + 1]]
    body: list[Paragraph] = []
    for one in mended:
        body += chain.from_iterable(leads[number] for number in one.sources)
        body.append(_write_cue(one, cues, faulty))
    body += leads[len(cues)]
    early = [lines for lines in body if _is_early(lines)]
    later = [lines for lines in body if not _is_early(lines)]
    return "\n\n".join("\n".join(lines) for lines in (*head, *early, *later)) + "\n"


def _is_early(lines: Paragraph) -> bool:
    """Whether a block is a STYLE or REGION block, which belongs before the cues."""
    return lines[0].startswith(_EARLY) and not any("-->" in line for line in lines)


def _read_parts(text: str) -> tuple[list[Paragraph], list[Block], list[list[Paragraph]]]:
    """The file's head, its cues, and the blocks before each cue and after the last."""
    cues: list[Block] = []
    leads: list[list[Paragraph]] = [[]]
    for block in split_blocks(text, "vtt"):
        if block.arrow is None:
            leads[-1] += split_paragraphs(block.lines)
        else:
            cues.append(block)
            leads.append([])
    signature: Paragraph = ("WEBVTT",)
    if leads[0] and leads[0][0][0].removeprefix("\ufeff").startswith("WEBVTT"):
        signature = (" ".join(leads[0].pop(0)),)
    n_early = max((n for n, lines in enumerate(leads[0], start=1) if _is_early(lines)), default=0)
    head = [signature, *leads[0][:n_early]]
    leads[0] = leads[0][n_early:]
    return head, cues, leads


def _write_cue(mended: Mended, cues: Sequence[Block], faulty: frozenset[int]) -> Paragraph:
    cue, number = mended.cue, mended.sources[0] if mended.sources else None
    markup = cue.markup
    if number is not None and mended.is_whole and number not in faulty:
        block = cues[number]
        lines = [line for line in block.lines if line]
        if mended.is_in_time:
            return lines
        text = "\n".join(lines[(block.arrow or 0) + 1 :])
    else:
        text = escape_cue(cue) if markup is None else escape_loose_signs(markup.text)
    settings = markup.settings if markup else ""
    name = [markup.name] if markup and markup.name else []
    timing = f"{format_timestamp(cue.start_ms)} --> {format_timestamp(cue.end_ms)} {settings}"
    written = (line for line in _restamp(text, cue).split("\n") if line)
    return [*name, timing.rstrip(), *written]


def _restamp(text: str, cue: Cue) -> str:
    """Cue text without the times in it that don't increase or lie outside the cue."""
    latest_ms = cue.start_ms

    def keep(stamp: re.Match[str]) -> str:
        nonlocal latest_ms
        h, m, s, ms = (int(field or 0) for field in stamp.groups())
        time_ms = ((h * 60 + m) * 60 + s) * 1000 + ms
        if not latest_ms < time_ms < cue.end_ms:
            return ""
        latest_ms = time_ms
        return stamp[0]

    return _STAMP.sub(keep, text)
