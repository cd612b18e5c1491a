"""Caption files read to the cues that can be shown, for tests that look at what was written."""

from collections.abc import Sequence

from pipeline.captions.caption_text import read_caption_text
from pipeline.captions.document import parse_document
from pipeline.captions.parsed_cue import RawCue
from pipeline.records import Cue, SpokenTurn


def parse_srt(text: str) -> tuple[Cue, ...]:
    """The cues of a SubRip file, without those that lack text or duration."""
    return parse_document(text, "srt").list_shown()


def parse_vtt(text: str) -> tuple[Cue, ...]:
    """The cues of a WebVTT file, without those that lack text or duration."""
    return parse_document(text, "vtt").list_shown()


def find_turns(cues: Sequence[RawCue], speakers: Sequence[str] = ()) -> tuple[SpokenTurn, ...]:
    """The turns of a caption file's cues."""
    return read_caption_text(cues, speakers).turns
