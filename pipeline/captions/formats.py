"""The table of caption formats that a job can ask for, and of those that can be read.

A new format: a module with its writer, a row here, its name in `options.TextFormat`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipeline.captions.blocks import CaptionForm
from pipeline.captions.document import CaptionDocument, parse_document
from pipeline.captions.hls import PLAYLIST, SEGMENT_MS, Clock, format_hls
from pipeline.captions.karaoke import format_karaoke, format_words
from pipeline.captions.options import CaptionFormat, TextFormat
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


@dataclass(frozen=True, slots=True)
class Format:
    """A caption format: the name of its file and what writes it."""

    file_name: str
    write: Writer


FORMATS: Mapping[TextFormat, Format] = MappingProxyType(
    {
        "vtt": Format("captions.vtt", format_vtt),
        "srt": Format("captions.srt", lambda cues, _: format_srt(cues)),
        "words": Format("words.vtt", format_words),
        "ass": Format("captions.ass", lambda cues, _: format_karaoke(cues)),
        "txt": Format("transcript.txt", lambda cues, _: format_plain(cues)),
        "json": Format("captions.json", format_words_json),
        "podcast": Format("podcast.json", lambda cues, _: format_podcast(cues)),
    }
)

READERS: Mapping[str, Callable[[str], tuple[RawCue, ...]]] = MappingProxyType(
    {
        "vtt": lambda text: parse_document(text, "vtt").cues,
        "srt": lambda text: parse_document(text, "srt").cues,
    }
)
"""Readers of caption files, by file name extension."""

_SIGNS: Mapping[CaptionForm, re.Pattern[str]] = {
    "vtt": re.compile(r"\ufeff?WEBVTT(?:\s|$)"),
    "srt": re.compile(r"\ufeff?\s*(?:\d+\s*\n\s*)?\d+:\d+:\d+(?:[,.]\d+)?\s*-->"),
}


HLS_FOLDER = "hls"

KARAOKE: frozenset[CaptionFormat] = frozenset({"words", "ass"})
"""Formats in which words light up when spoken; not written for a translation."""


def find_file_name(name: CaptionFormat, second: str = "") -> str:
    """The file of a format that a player opens.

    Args:
        second: the language of translated captions; empty for the language spoken.
    """
    if name == "hls":
        return f"{_name_second(HLS_FOLDER, second)}/{PLAYLIST}"
    return _name_second(FORMATS[name].file_name, second)


def format_files(
    name: CaptionFormat, cues: Sequence[Cue], language: str, clock: Clock, is_second: bool = False
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


def find_format(text: str, name: str = "") -> CaptionForm | None:
    """The key of READERS for a text: by its first line, else by its file name."""
    ending = name.rpartition(".")[2].lower()
    named = (form for form in _SIGNS if form == ending)
    return next((form for form, sign in _SIGNS.items() if sign.match(text)), next(named, None))


def read_document(path: Path) -> CaptionDocument:
    """Read a WebVTT or SubRip file.

    Raises:
        MediaError: the file can't be read, or is neither of the two.
    """
    text = read_exact_text(path)
    form = find_format(text, path.name)
    if not text.strip("\ufeff \r\n\t") or form is None:
        problem = "neither WebVTT nor SubRip" if text.strip() else "the file is empty"
        raise MediaError(str(path), problem, "name a caption file")
    try:
        return parse_document(text, form)
    except MediaError as error:
        raise MediaError(str(path), error.problem, error.remedy) from error
