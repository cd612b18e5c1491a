"""What browsers drop of a WebVTT file, brought back: times, lines after a blank one, a bare `<`.

SubRip needs none of it: its reader takes times and lines as they are found. Cues are brought under
a profile in `repair.py`.
"""

import re
from itertools import zip_longest

from pipeline.captions.blocks import Block, format_span, is_number, read_lost_timing
from pipeline.captions.conformance import is_unseen
from pipeline.captions.document import CaptionDocument

_SIGN = re.compile(r"(<(?:/?[A-Za-z][^<>]*|[0-9][0-9:.]*|/?)>)|<")
"""A tag or a time, in the first group; or a `<` that is meant as text."""


def mend_document(document: CaptionDocument) -> CaptionDocument:
    """The file with all text in cues that browsers show, as far as its times can be guessed."""
    if document.form != "vtt":
        return document
    parts: list[str] = []
    n_cues, is_after_cue = 0, False
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        part, n_found = "".join(block.lines), 0
        at = block.find_timing_line()
        if at is not None:
            part, n_found = _mend_cues(block, at, document.newline)
        elif not is_unseen(block):
            pass
        elif _is_number(block, after, n_cues + 1):
            part = block.lines[0]
        elif is_after_cue:
            parts[-1] = parts[-1].rstrip("\r\n") + document.newline
            part = _escape_signs(part)
        n_cues += n_found
        is_after_cue = n_found > 0 or (is_after_cue and at is None and is_unseen(block))
        parts.append(part)
    return document.rewrite("".join(parts))


def _mend_cues(block: Block, at: int, newline: str) -> tuple[str, int]:
    """The text of a cue with its times mended, and the number of cues in it, 0 if that can't be.

    Times without an arrow within its text begin further cues.
    """
    lines, n_cues = list(block.lines), 0
    for number in range(at, len(lines)):
        is_first = number == at
        if is_first and block.timing:
            n_cues += 1
            continue
        is_numbered = number > (0 if is_first else at + 1) and is_number(block.bare[number - 1])
        timing = read_lost_timing(block.bare[number], is_first and is_numbered)
        if timing is None and is_first:
            return "".join(lines), 0
        if timing is None:
            continue
        n_cues += 1
        span = format_span((timing.start_ms, timing.end_ms), "vtt")
        counted = f"{timing.number}{newline}" if timing.number and not is_numbered else ""
        lines[number] = f"{counted}{span} {timing.rest.strip()}".rstrip() + newline
        if not is_first:
            lines[number - is_numbered] = newline + lines[number - is_numbered]
    return "".join(lines[: at + 1]) + _escape_signs("".join(lines[at + 1 :])), n_cues


def _is_number(block: Block, after: Block | None, counted: int) -> bool:
    """Whether a block is the number of the cue after it, with blank lines between the two."""
    shown = [line for line in block.bare if line]
    return shown == [str(counted)] and after is not None and after.find_timing_line() == 0


def _escape_signs(text: str) -> str:
    return _SIGN.sub(lambda sign: sign[1] or "&lt;", text)
