"""The lines of a caption file cut into blocks: its cues, and the comments and blocks between them.

Lines stay as they are; cue text is read in `vtt.py` and `srt.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Block:
    """A cue with its name or number and the blank lines after it, or the lines between two cues.

    `arrow` is the index of a cue's timing line in `lines`; None if it is no cue.
    """

    lines: tuple[str, ...]
    arrow: int | None = None


def split_blocks(text: str, form: str) -> Iterator[Block]:
    """Cut a WebVTT (`vtt`) or SubRip (`srt`) file into blocks, in order; no line is lost."""
    lines = text.split("\n")
    heads = list(_find_heads(lines, form))
    done = 0
    for (head, arrow), (next_head, _) in pairwise([*heads, (len(lines), 0)]):
        yield Block(tuple(lines[done:head]))
        done = next_head
        if form == "vtt":
            blank = (n for n in range(arrow, next_head) if not lines[n])
            done = next(blank, next_head)
            while done < next_head and not lines[done]:
                done += 1
        yield Block(tuple(lines[head:done]), arrow - head)
    yield Block(tuple(lines[done:]))


def split_paragraphs(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """The runs of lines between blank ones."""
    paragraphs: list[tuple[str, ...]] = []
    first = 0
    for number, line in enumerate([*lines, ""]):
        if not line:
            if first < number:
                paragraphs.append(tuple(lines[first:number]))
            first = number + 1
    return paragraphs


def _find_heads(lines: list[str], form: str) -> Iterator[tuple[int, int]]:
    """For each cue the first line (its name or number, if any) and its timing line."""
    latest = -1
    for arrow, line in enumerate(lines):
        if "-->" not in line:
            continue
        is_signature = form == "vtt" and arrow == 1
        named = arrow - 1 > latest and bool(lines[arrow - 1].strip()) and not is_signature
        is_first = arrow < 2 or not lines[arrow - 2].strip()
        is_number = form == "srt" and lines[arrow - 1].strip().isdecimal()
        yield (arrow - 1 if named and (is_first or is_number) else arrow), arrow
        latest = arrow
