"""words.vtt: WebVTT karaoke, in which each word lights up when it is spoken.

Players that ignore inline times show it as plain cues.
"""

from collections.abc import Iterable

from pipeline.captions.markup import escape_vtt
from pipeline.captions.text import clean_line
from pipeline.captions.vtt import join_captions, join_voices
from pipeline.records import Cue
from pipeline.text.times import format_timestamp


def format_words(cues: Iterable[Cue], language: str | None = None) -> str:
    """Write cues with a time before every word but the first, each word in a `<c>` of its own.

    A line without word marks is written plain.
    """
    return join_captions(((cue, _cue_text(cue)) for cue in cues), language)


def _cue_text(cue: Cue) -> str:
    """Cue text with times strictly inside the cue and increasing, as WebVTT requires."""
    latest_ms = cue.start_ms
    lines = []
    for number, line in enumerate(cue.lines):
        marks = [mark for mark in cue.marks if mark.line == number]
        ends = [*(mark.column for mark in marks[1:]), len(line)]
        text = escape_vtt(line[: marks[0].column]) if marks else escape_vtt(clean_line(line))
        for mark, end in zip(marks, ends, strict=False):
            is_stamped = latest_ms < mark.start_ms < cue.end_ms
            if is_stamped:
                latest_ms = mark.start_ms
            word = line[mark.column : end]
            tail = word[len(word.rstrip()) :]
            stamp = f"<{format_timestamp(mark.start_ms)}>" if is_stamped else ""
            text += f"{stamp}<c>{escape_vtt(word.rstrip())}</c>{tail}"
        lines.append(text)
    return join_voices(cue, lines)
