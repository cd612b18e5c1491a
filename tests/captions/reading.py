"""Caption files read to the cues that can be shown, for tests that look at what was written."""

from pipeline.captions.parsed_cue import keep_whole
from pipeline.captions.srt import read_srt
from pipeline.captions.vtt import read_vtt
from pipeline.records import Cue


def parse_srt(text: str) -> tuple[Cue, ...]:
    """The cues of a SubRip file, without those that lack text or duration."""
    return keep_whole(read_srt(text))


def parse_vtt(text: str) -> tuple[Cue, ...]:
    """The cues of a WebVTT file, without those that lack text or duration."""
    return keep_whole(read_vtt(text))
