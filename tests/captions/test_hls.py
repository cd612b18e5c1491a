"""Segments hold every cue that is shown in them, on the media's clock; a playlist lists them."""

import re
from math import ceil

from hypothesis import given

from pipeline.captions.hls import PLAYLIST, Clock, format_hls
from pipeline.records import Cue
from tests.captions.reading import parse_vtt
from tests.captions.texts import cue_lists, numbered_cues

CUES = (Cue(500, 2_000, ("one",)), Cue(5_000, 7_500, ("two",)), Cue(17_000, 18_000, ("three",)))


def segments(cues: tuple[Cue, ...], ticks: int = 0, ms: int = 6_000) -> dict[str, str]:
    return dict(format_hls(cues, Clock(ticks), ms))


def test_a_cue_stands_in_each_segment_in_which_it_is_shown() -> None:
    written = segments(CUES)
    texts = [
        [cue.lines[0] for cue in parse_vtt(text)]
        for name, text in written.items()
        if name != PLAYLIST
    ]
    assert texts == [["one", "two"], ["two"], ["three"]]
    assert parse_vtt(written["captions-00001.vtt"]) == CUES[1:2]


def test_every_segment_says_what_the_medias_clock_shows_at_0() -> None:
    for name, text in segments(CUES, 132_000).items():
        if name != PLAYLIST:
            assert text.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:132000,LOCAL:00:00:00.000\n\n")
    (first, *_) = segments(CUES, (1 << 33) + 7).values()
    assert "MPEGTS:7," in first


def test_the_playlist_lists_the_segments_and_their_lengths() -> None:
    assert segments(CUES)[PLAYLIST] == (
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:6.000,\ncaptions-00000.vtt\n#EXTINF:6.000,\n"
        "captions-00001.vtt\n#EXTINF:6.000,\ncaptions-00002.vtt\n#EXT-X-ENDLIST\n"
    )


def test_the_playlist_is_as_long_as_the_media() -> None:
    written = dict(format_hls(CUES, Clock(0, duration_ms=25_500), 6_000))
    lengths = re.findall(r"#EXTINF:([\d.]+)", written[PLAYLIST])
    assert lengths == ["6.000", "6.000", "6.000", "6.000", "1.500"]
    assert parse_vtt(written["captions-00004.vtt"]) == ()


def test_no_cues_are_one_empty_segment() -> None:
    assert len(segments(())) == 2


@given(numbered_cues(most_ms=9_000))
def test_together_the_segments_hold_every_cue(cues: tuple[Cue, ...]) -> None:
    now_ms = cues[-1].end_ms if cues else 0
    written = segments(cues)
    found = {cue for name, text in written.items() if name != PLAYLIST for cue in parse_vtt(text)}
    assert found == set(cues)
    lengths = [float(length) for length in re.findall(r"#EXTINF:([\d.]+)", written[PLAYLIST])]
    assert len(lengths) == max(1, ceil(now_ms / 6_000))
    assert sum(lengths) * 1000 == max(1, now_ms) or abs(sum(lengths) * 1000 - now_ms) < 0.5


@given(cue_lists())
def test_any_text_stays_text(cues: tuple[Cue, ...]) -> None:
    rebased = tuple(Cue(n * 1_000, n * 1_000 + 900, cue.lines) for n, cue in enumerate(cues))
    for text in segments(rebased).values():
        assert text.count("-->") <= len(cues)
