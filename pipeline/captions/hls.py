"""WebVTT in segments with their playlist, for HTTP Live Streaming.

The caller reads the start of the media's clock from the media's own segments.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from pipeline.captions.vtt import format_vtt
from pipeline.records import Cue

CLOCK_HZ = 90_000
"""Rate of MPEG-2 timestamps."""

_CLOCK_TURN = 1 << 33
"""Timestamps have 33 bits: they start again at 0 after 26.5 hours."""

PLAYLIST = "captions.m3u8"

SEGMENT_MS = 6_000
"""Source: Apple, HLS Authoring Specification, "Media Segmentation": segments of 6 s."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The media's timestamp at the captions' 0, in ticks of CLOCK_HZ, and the media's duration.

    Without a duration, segments end with the last cue.
    """

    start_ticks: int
    duration_ms: int = 0


def format_hls(cues: Sequence[Cue], clock: Clock, segment_ms: int) -> Iterator[tuple[str, str]]:
    """Write (name, text) of each segment, then of the playlist.

    A cue stands in every segment in which it is shown, with the same times: players show it once.

    Args:
        cues: in the order of their starts.
    Source: RFC 8216, §3.5 (segments of WebVTT, X-TIMESTAMP-MAP), §4.3 (playlists).
    """
    end_ms = max([1, clock.duration_ms, *(cue.end_ms for cue in cues)])
    n_segments = ceil(end_ms / segment_ms)
    header = f"X-TIMESTAMP-MAP=MPEGTS:{clock.start_ticks % _CLOCK_TURN},LOCAL:00:00:00.000"
    names = [f"captions-{number:05}.vtt" for number in range(n_segments)]
    first = 0
    for number, name in enumerate(names):
        from_ms, to_ms = number * segment_ms, (number + 1) * segment_ms
        while first < len(cues) and cues[first].end_ms <= from_ms:
            first += 1
        shown = []
        for at in range(first, len(cues)):
            cue = cues[at]
            if cue.start_ms >= to_ms:
                break
            shown += [cue] if cue.end_ms > from_ms else []
        body = format_vtt(shown).partition("\n")[2]
        yield name, f"WEBVTT\n{header}\n{body or chr(10)}"
    yield PLAYLIST, "\n".join(_format_playlist(names, end_ms, segment_ms))


def _format_playlist(names: Sequence[str], end_ms: int, segment_ms: int) -> Iterator[str]:
    yield "#EXTM3U"
    yield "#EXT-X-VERSION:3"
    yield f"#EXT-X-TARGETDURATION:{ceil(segment_ms / 1000)}"
    yield "#EXT-X-MEDIA-SEQUENCE:0"
    yield "#EXT-X-PLAYLIST-TYPE:VOD"
    for number, name in enumerate(names):
        length_ms = min(segment_ms, end_ms - number * segment_ms)
        yield f"#EXTINF:{length_ms / 1000:.3f},"
        yield name
    yield "#EXT-X-ENDLIST"
    yield ""
