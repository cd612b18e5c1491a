"""A caption file without loss: its lines, its cues, and what is wrong in it.

Readers, linter, repair and time shift work on this one form of a file. Lines are cut into blocks in
`blocks.py`, checked against the grammar in `conformance.py`.
"""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pipeline.captions import srt, vtt
from pipeline.captions.blocks import Block, CaptionForm, split_blocks
from pipeline.captions.conformance import UNSEEN_TEXT, find_departures, is_unseen
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.problems import ENCODING, NO_DURATION, NO_TEXT, Problem, format_numbers
from pipeline.errors import MediaError
from pipeline.records import Cue
from pipeline.text_file import UTF_8, write_text_file

log = logging.getLogger(__name__)

_LANGUAGE = re.compile(r"WEBVTT.*?\bLanguage: *([A-Za-z-]+)", re.DOTALL)

_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7a3]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
}
"""Scripts of the languages for which profiles have figures of their own."""

_MIN_SCRIPT_SHARE = 0.3
"""Share of letters that decides: half of Japanese is Han, and names may be Latin."""


@dataclass(frozen=True)
class CaptionDocument:
    """A WebVTT or SubRip file.

    Invariants: joined, the lines of its blocks are the file, byte for byte; `cues` has one for each
    block with a timing line, in the file's order.
    """

    form: CaptionForm
    blocks: tuple[Block, ...]
    encoding: str = UTF_8

    @cached_property
    def cues(self) -> tuple[RawCue, ...]:
        """Every cue, also one that has no text or ends before it starts."""
        parse = {"vtt": vtt.parse_cues, "srt": srt.parse_cues}[self.form]
        return parse(self.blocks)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What no profile allows, in order: broken grammar, cues without text or duration."""
        found: list[Problem] = []
        lines = self.timing_lines
        for number, cue in enumerate(self.cues, start=1):
            where, line = (number, cue.start_ms), lines[number - 1]
            if not cue.lines:
                found.append(Problem(NO_TEXT, *where, 0, 1, line))
            if cue.end_ms <= cue.start_ms:
                found.append(Problem(NO_DURATION, *where, cue.end_ms - cue.start_ms, 1, line))
        if self.form == "vtt" and self.encoding != UTF_8:
            note = f"not {UTF_8} but {self.encoding}: browsers can't read it"
            found.append(Problem(ENCODING, 0, 0, 0, 0, 1, note))
        found += find_departures(self.blocks, self.form)
        return tuple(sorted(found, key=lambda each: (each.cue, each.line or 0)))

    @property
    def timing_lines(self) -> list[int]:
        """The line number, from 1, of each cue's timing line."""
        return [block.first + block.timing.at for block in self.blocks if block.timing]

    @property
    def language(self) -> str:
        """The language that the file names, or else that of its letters, or else English."""
        head = () if not self.blocks or self.blocks[0].timing else self.blocks[0].bare
        if match := _LANGUAGE.match("\n".join(head)):
            return match[1]
        spoken = "".join(line for cue in self.cues for line in cue.lines)
        n_letters = sum(map(str.isalpha, spoken))
        for language, script in _SCRIPTS.items():
            if len(script.findall(spoken)) > _MIN_SCRIPT_SHARE * n_letters:
                return language
        return "en"

    def log_unseen(self) -> None:
        """Log where there is text in a WebVTT file that browsers don't show."""
        if self.form == "vtt":
            lines = [block.first for block in self.blocks if is_unseen(block)]
            lines += [found.line or 1 for found in self.problems if found.rule == UNSEEN_TEXT]
            if lines:
                where = format_numbers(sorted(lines))
                log.warning("text that no browser shows is left out, from these lines: %s", where)

    def list_shown(self) -> tuple[Cue, ...]:
        """The cues that have text and duration; what is left out is logged."""
        self.log_unseen()
        whole = [cue for cue in self.cues if cue.is_whole]
        if len(whole) < len(self.cues):
            log.warning("%s cues without text or duration left out", len(self.cues) - len(whole))
        return tuple(cue.to_cue() for cue in whole)

    @property
    def newline(self) -> str:
        """The end of its first line; that of lines that are added."""
        first = self.blocks[0].lines[0] if self.blocks else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"

    def rewrite(self, text: str) -> "CaptionDocument":
        """The document with other lines; it begins and ends as it did: mark, blank lines."""
        old = self.format()
        mark = "\ufeff" if old.startswith("\ufeff") else ""
        text = mark + text.replace(mark, "", 1) if mark else text
        text = text.rstrip("\r\n") + old[len(old.rstrip("\r\n")) :]
        return CaptionDocument(self.form, tuple(split_blocks(text, self.form)))

    def format(self, form: CaptionForm | None = None) -> str:
        """The file's text; in another format the cues that can be shown, with what it knows."""
        if form is None or form == self.form:
            return "".join(line for block in self.blocks for line in block.lines)
        marked = (replace(cue.to_cue(), markup=cue.markup) for cue in self.cues if cue.is_whole)
        return _FORMATTERS[form](marked)

    def write(self, path: Path) -> None:
        """Write the file in one go, in the format of its name.

        Raises:
            MediaError: it can't be written.
        """
        ending = path.suffix.lower().removeprefix(".")
        named = next((form for form in _FORMATTERS if form == ending), None)
        write_text_file(path, self.format(named))


_FORMATTERS: dict[CaptionForm, Callable[[Iterable[Cue]], str]] = {
    "vtt": vtt.format_vtt,
    "srt": srt.format_srt,
}


def parse_document(text: str, form: CaptionForm, encoding: str = UTF_8) -> CaptionDocument:
    """Parse a file as `form`; what is wrong but can be read is in `problems`.

    Raises:
        MediaError: it is not in that format.
    """
    document = CaptionDocument(form, tuple(split_blocks(text, form)), encoding)
    if form == "srt" and not document.cues and text.strip("\ufeff \r\n"):
        raise MediaError("captions", "not SubRip (no timing line)", "give an SRT file")
    _ = document.cues
    return document


def make_document(
    cues: Sequence[Cue], form: CaptionForm = "vtt", language: str | None = None
) -> CaptionDocument:
    """The document of cues that were made here; only WebVTT can name their language."""
    text = vtt.format_vtt(cues, language) if form == "vtt" else srt.format_srt(cues)
    return parse_document(text, form)
