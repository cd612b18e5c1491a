"""Caption files read to the cues that can be shown, for tests that look at what was written."""

from pipeline.captions.document import parse_document
from pipeline.records import Cue


def parse_srt(text: str) -> tuple[Cue, ...]:
    """The cues of a SubRip file, without those that lack text or duration."""
    return parse_document(text, "srt").list_shown()


def parse_vtt(text: str) -> tuple[Cue, ...]:
    """The cues of a WebVTT file, without those that lack text or duration."""
    return parse_document(text, "vtt").list_shown()
