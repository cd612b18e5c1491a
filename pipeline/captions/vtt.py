"""WebVTT: written through webvtt-py with its traps guarded, read as the standard says.

Cues made here have text and `<v Name>` only, as players differ in STYLE, REGION and settings. Cues
read from a file keep their markup.
"""

import html
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.captions.blocks import Block, Timing
from pipeline.captions.markup import VTT_TAG, escape_vtt, show_vtt, write_vtt
from pipeline.captions.parsed_cue import RawCue, Voice
from pipeline.captions.text import clean_line
from pipeline.errors import MediaError
from pipeline.records import Cue, Markup
from pipeline.text.times import format_timestamp

_SIGNATURE = re.compile(r"WEBVTT(?:[ \t]|$)")
_SPACE = re.compile(r"[ \t\n\f\r]+")
"""ASCII white space: the only one that an annotation loses (W3C, WebVTT, §6.4)."""
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s([^>]*))?>?")
_HEAD_BLOCK = re.compile(r"(?:STYLE|REGION)[ \t]*\n")


def format_vtt(cues: Iterable[Cue], language: str | None = None) -> str:
    """Write cues as WebVTT that every player reads; text is escaped, so that it shows as it is.

    A cue that comes from a file is written with the markup it had there.
    """
    return join_captions(((cue, escape_cue(cue)) for cue in cues), language)


def join_captions(captions: Iterable[tuple[Cue, str]], language: str | None = None) -> str:
    """Write cues, each with its cue text, which is already escaped."""
    import webvtt

    header = f"Language: {clean_line(language)}" if language else ""
    document = webvtt.WebVTT(
        header_text=header,
        captions=[
            webvtt.Caption(
                format_timestamp(cue.start_ms),
                format_timestamp(cue.end_ms),
                text,
                cue.markup.name if cue.markup else None,
                write_vtt(cue.markup)[1] if cue.markup else None,
            )
            for cue, text in captions
        ],
    )
    buffer = io.StringIO()
    document.write(buffer, format="vtt")
    return buffer.getvalue().rstrip("\n") + "\n"


def escape_cue(cue: Cue) -> str:
    """The cue text of a cue: its voice tag, then its lines."""
    if cue.markup is None:
        return join_voices(cue, [escape_vtt(clean_line(line)) for line in cue.lines])
    text, _ = write_vtt(cue.markup)
    return text if cue.markup.form == "vtt" else voice_tag(cue.speaker) + text


def join_voices(cue: Cue, lines: Sequence[str]) -> str:
    """Join lines of cue text, with the voice tags of their speakers."""
    if not cue.line_speakers:
        return voice_tag(cue.speaker) + "\n".join(lines)
    tags = map(voice_tag, cue.line_speakers)
    spoken = [f"{tag}{line}</v>" if tag else line for tag, line in zip(tags, lines, strict=True)]
    return "\n".join(spoken)


def voice_tag(speaker: str | None) -> str:
    """The `<v>` tag of a speaker; it has no end tag, as it holds for the whole cue."""
    if not speaker or not speaker.strip():
        return ""
    name = escape_vtt(clean_line(speaker))
    return f"<v {name} >" if name.endswith("--") else f"<v {name}>"  # else an arrow: "-->"


def parse_cues(blocks: Sequence[Block]) -> tuple[RawCue, ...]:
    """Parse the cues of a file cut into blocks, each with a part for each voice in it.

    Raises:
        MediaError: the first line is not that of WebVTT.
    """
    if not blocks or not _SIGNATURE.match(blocks[0].bare[0]):
        problem = "not WebVTT (the first line is not WEBVTT)"
        raise MediaError("captions", problem, "give a WebVTT file")
    return tuple(_parse_cue(block, block.timing) for block in blocks if block.timing)


def read_head(text: str) -> str:
    """The STYLE and REGION blocks of a WebVTT file, to which its cues refer."""
    lines = re.sub(r"\r\n|\r", "\n", text).partition("-->")[0]
    *blocks, _ = re.split(r"\n{2,}", lines)  # the last belongs to the first cue
    return "\n\n".join(block for block in blocks if _HEAD_BLOCK.match(block))


def insert_head(text: str, head: str) -> str:
    """WebVTT as `format_vtt` writes it, with those blocks before its cues."""
    header, _, cues = text.partition("\n\n")
    return f"{header}\n\n{head}\n\n{cues}" if head else text


def _parse_cue(block: Block, timing: Timing) -> RawCue:
    import webvtt.models

    text = "\n".join(block.text)
    settings = str(webvtt.models.CueSettings.from_string(timing.rest))
    markup = Markup("vtt", text, settings, block.id)
    return RawCue(timing.start_ms, timing.end_ms, tuple(_read_voices(text)), markup, markup.name)


def _read_voices(text: str) -> Iterator[Voice]:
    """Split a cue's text at its voice tags; text before the first has no speaker."""
    speaker, from_at = None, 0
    tags = [tag for tag in VTT_TAG.finditer(text) if _VOICE.fullmatch(tag[0])]
    for tag in [*tags, None]:
        part = text[from_at : tag.start() if tag else None]
        lines = (line.strip() for line in show_vtt(part).split("\n"))
        shown = tuple(line for line in lines if line)
        if shown:
            yield Voice(speaker, shown)
        if tag and (voice := _VOICE.fullmatch(tag[0])):
            speaker = _SPACE.sub(" ", html.unescape(voice[1] or "")).strip(" ") or None
            from_at = tag.end()
