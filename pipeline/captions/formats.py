"""The table of caption formats that a job can ask for, and of those that can be read.

A new format: a module with its writer and, if it can be a recording's text, its reader; a row here.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from pipeline.captions.blocks import CaptionForm, is_number, read_loose_timing
from pipeline.captions.document import CaptionDocument, parse_document
from pipeline.captions.hls import PLAYLIST, SEGMENT_MS, Clock, format_hls
from pipeline.captions.karaoke import format_karaoke, format_words
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.plain import format_plain
from pipeline.captions.podcast import format_podcast
from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt
from pipeline.captions.words_json import format_words_json
from pipeline.errors import MediaError
from pipeline.records import Cue
from pipeline.text_file import read_exact_text

Writer = Callable[[Sequence[Cue], str], str]
"""From cues and their language to the text of a file."""


Reader = Callable[[str], tuple[RawCue, ...]]
"""From the text of a file to its cues."""


@dataclass(frozen=True, slots=True)
class Format:
    """A caption format.

    Args:
        file_name: of the file that a job writes.
        write: makes its text.
        read: parses such a file, if it may be a recording's text.
        sign: whether a text begins as such a file does; a file without it goes by its name.
    """

    file_name: str
    write: Writer
    read: Reader | None = None
    sign: Callable[[str], object] | None = None


def _read_vtt(text: str) -> tuple[RawCue, ...]:
    document = parse_document(text, "vtt")
    document.log_unseen()
    return document.cues


def _read_srt(text: str) -> tuple[RawCue, ...]:
    return parse_document(text, "srt").cues


_VTT_SIGN = re.compile(r"\ufeff?WEBVTT(?:\s|$)")
_FIRST_LETTERS = 1000
"""How much of a file is looked at to tell what it is: a number and a timing line take less."""


def _begins_as_srt(text: str) -> bool:
    """Whether the first line, or the second after a number, is a timing line."""
    first = text[:_FIRST_LETTERS].removeprefix("\ufeff")
    lines = [line for line in first.splitlines() if line.strip()]
    is_numbered = len(lines) > 1 and is_number(lines[0])
    return bool(lines) and read_loose_timing(lines[is_numbered], is_alone=is_numbered) is not None


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "vtt": Format("captions.vtt", format_vtt, _read_vtt, _VTT_SIGN.match),
        "srt": Format("captions.srt", lambda cues, _: format_srt(cues), _read_srt, _begins_as_srt),
        "words": Format("words.vtt", format_words),
        "ass": Format("captions.ass", lambda cues, _: format_karaoke(cues)),
        "txt": Format("transcript.txt", lambda cues, _: format_plain(cues)),
        "json": Format("captions.json", format_words_json),
        "podcast": Format("podcast.json", lambda cues, _: format_podcast(cues)),
    }
)

READERS: Mapping[str, Reader] = MappingProxyType(
    {name: form.read for name, form in FORMATS.items() if form.read}
)
"""Readers of caption files, by file name extension."""

HLS_FOLDER = "hls"

KARAOKE: frozenset[str] = frozenset({"words", "ass"})
"""Formats in which words light up when spoken; not written for a translation."""


def find_file_name(name: str, second: str = "") -> str:
    """The file of a format that a player opens.

    Args:
        second: the language of translated captions; empty for the language spoken.
    """
    if name == "hls":
        return f"{_name_second(HLS_FOLDER, second)}/{PLAYLIST}"
    return _name_second(FORMATS[name].file_name, second)


def format_files(
    name: str, cues: Sequence[Cue], language: str, clock: Clock, is_second: bool = False
) -> Iterator[tuple[str, str]]:
    """Write (path, text) of each file; a second language's have it in their names."""
    second = language if is_second else ""
    if name == "hls":
        for part, text in format_hls(cues, clock, SEGMENT_MS):
            yield f"{_name_second(HLS_FOLDER, second)}/{part}", text
    else:
        yield find_file_name(name, second), FORMATS[name].write(cues, language)


def _name_second(name: str, language: str) -> str:
    """`captions.vtt` in another language: `captions.en.vtt`."""
    stem, dot, ending = name.partition(".")
    return f"{stem}.{language}{dot}{ending}" if language else name


def find_format(text: str, name: str = "") -> str | None:
    """The key of READERS for a text: by its beginning, else by its file name."""
    signs = {key: form.sign for key, form in FORMATS.items() if form.sign}
    ending = name.rpartition(".")[2].lower()
    signed = (key for key, sign in signs.items() if sign(text))
    return next(signed, ending if ending in READERS else None)


def read_document(path: Path) -> CaptionDocument:
    """Read a WebVTT or SubRip file.

    Raises:
        MediaError: the file can't be read, or is neither of the two.
    """
    text, encoding = read_exact_text(path)
    found = find_format(text, path.name)
    form = next((form for form in get_args(CaptionForm) if form == found), None)
    if not text.strip("\ufeff \r\n\t") or form is None:
        problem = "neither WebVTT nor SubRip" if text.strip() else "the file is empty"
        raise MediaError(str(path), problem, "name a caption file")
    try:
        return parse_document(text, form, encoding)
    except MediaError as error:
        raise MediaError(str(path), error.problem, error.remedy) from error
