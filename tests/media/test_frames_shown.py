"""A clip shows at every time the frame that a player shows there, in every container."""

from bisect import bisect
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pipeline.media.probe import find_lead_s, probe_media
from pipeline.media.stills import render_poster
from pipeline.media.streams import open_media
from tests.media.rendering import Render
from tests.media.studio import Studio, read_number

TIME_STAMP_S = 0.002
"""What containers in milliseconds round off."""

LENGTH_S = 60
H264, MPEG2 = ["-c:v", "libx264", "-preset", "ultrafast"], ["-c:v", "mpeg2video", "-q:v", "3"]


def make_numbered(
    studio: Studio, name: str, codec: list[str], fps: int, more: tuple[str, ...] = ()
) -> Path:
    """A recording whose frames have numbers, with silence beside them."""
    silence = ["-f", "lavfi", "-i", f"anullsrc=r=48000:cl=mono:d={LENGTH_S}"]
    return studio.make(name, *studio.numbered(fps, LENGTH_S), *silence, *more, *codec)


def check_frames(studio: Studio, source: Path, start_ms: int, clip: Path) -> None:
    """Each frame of a clip is the one that a player shows of the source, or half a tick later.

    The first is not a later one.
    """
    numbers, times_s = read_times(studio, source)
    seen = studio.read_numbers(clip)
    half_s = seen[1][0] / 2
    for at_s, number in seen:
        now_s = start_ms / 1000 + at_s + (half_s if at_s else 0.0)
        shifted_s = (now_s - TIME_STAMP_S, now_s + TIME_STAMP_S)
        shown = {numbers[max(0, bisect(times_s, shift_s) - 1)] for shift_s in shifted_s}
        assert number in shown, (start_ms, at_s)


def read_times(studio: Studio, path: Path) -> tuple[list[int], list[float]]:
    """The numbers of all frames, and when a player shows each, in seconds."""
    with open_media(path) as container:
        begin_s = (container.start_time or 0) / 1e6
    frames = studio.read_numbers(path)
    return [number for _, number in frames], [at_s - begin_s for at_s, _ in frames]


@pytest.mark.parametrize(
    ("name", "longest_s"), [("v.mp4", 10), ("v.mkv", 10), ("v.mov", 5), ("v.ts", 2)]
)
@pytest.mark.parametrize("seed", range(2))
def test_a_held_picture_is_shown_until_the_next_one_comes(
    studio: Studio, render: Render, name: str, longest_s: int, seed: int
) -> None:
    draw = Random(f"{name} {seed}")
    fps = draw.choice([10, 24, 30])
    changes = [
        at_s * fps + draw.randrange(1, fps * longest_s // 2)
        for at_s in range(0, LENGTH_S, longest_s // 2)
    ]
    chosen = "+".join(f"eq(n,{n})" for n in (0, *changes))
    vary = ("-vf", f"select='{chosen}'", "-fps_mode", "vfr")
    source = make_numbered(studio, name, [*H264, "-g", str(draw.randint(2, 20))], fps, vary)
    begin_ms = [draw.randrange(LENGTH_S * 1000 - 2500) for _ in range(2)]
    # Just before a change, where the nearest frame is the next one.
    begin_ms += [n * 1000 // fps - draw.randint(3, 15) for n in draw.sample(changes[1:-1], 2)]
    for start_ms in begin_ms:
        (clip,) = render(source, (start_ms, start_ms + 1500))
        check_frames(studio, source, start_ms, clip)


@pytest.mark.parametrize(
    ("name", "codec", "sound"),
    [
        ("v.ts", H264, "mp2"),
        ("v.ts", MPEG2, "mp2"),
        ("v.mpg", MPEG2, "mp2"),
        ("v.mp4", H264, "aac"),
        ("v.mkv", H264, "libopus"),
        ("v.flv", [*H264, "-ar", "44100"], "libmp3lame"),
        ("v.avi", ["-c:v", "mpeg4", "-q:v", "3"], "libmp3lame"),
    ],
)
def test_key_frames_may_be_far_apart(
    studio: Studio, render: Render, name: str, codec: list[str], sound: str
) -> None:
    draw = Random(f"{name} {codec}")
    fps = 25 if codec == MPEG2 else draw.choice([15, 20])
    apart = ["-g", str(fps * draw.randint(15, 25)), "-sc_threshold", "0"]
    apart += ["-keyint_min", "600"] if codec[1] == "libx264" else []
    source = make_numbered(studio, name, [*codec, *apart, "-c:a", sound], fps)
    for start_ms in (draw.randrange(1000, 58_000) for _ in range(3)):
        (clip,) = render(source, (start_ms, start_ms + 1000))
        check_frames(studio, source, start_ms, clip)


def test_the_last_picture_is_held_after_the_end_of_its_stream(
    studio: Studio, render: Render
) -> None:
    picture = studio.numbered(10, 3)
    source = studio.make("v.mkv", *picture, *studio.clicks([1], 20), *H264, "-c:a", "libopus")
    (clip,) = render(source, (17_000, 18_000))
    assert {number for _, number in studio.read_numbers(clip)} == {29}


def test_a_picture_that_starts_late_in_a_transport_stream_stays_on_the_clock(
    studio: Studio, render: Render
) -> None:
    late = ["-itsoffset", "1.2", *studio.flashes([0.4], 3)]
    maps = ["-map", "0:v", "-map", "1:a"]
    source = studio.make("v.ts", *late, *studio.clicks([1.6]), *maps, *H264, "-c:a", "mp2")
    (clip,) = render(source, (200, 2500))
    (heard_s,) = studio.hear_clicks(clip)
    assert studio.see_flashes(clip) == pytest.approx([heard_s], abs=0.021 + TIME_STAMP_S)


def test_a_poster_of_a_held_picture_is_not_the_next_one(studio: Studio) -> None:
    vary = ("-vf", "select='not(mod(n,70))'", "-fps_mode", "vfr")
    source = make_numbered(studio, "v.mkv", H264, 25, vary)
    for at_ms in (2_795, 8_300, 16_700):
        poster = studio.folder / f"{at_ms}.jpg"
        render_poster(source, at_ms, poster)
        wanted = at_ms * 25 // 1000 // 70 * 70
        assert read_number(studio.see(poster, 0)) == wanted


@pytest.mark.parametrize(("name", "is_indexed"), [("v.ts", False), ("v.mkv", True)])
def test_an_earlier_place_is_looked_for_only_without_an_index(
    studio: Studio, name: str, is_indexed: bool
) -> None:
    apart = ["-g", "300", "-keyint_min", "300", "-sc_threshold", "0"]
    source = make_numbered(studio, name, [*H264, *apart], 15)
    video = probe_media(source).video
    assert video is not None
    lead_s = find_lead_s(source, video.stream_index, 35.0)
    assert lead_s == 0 if is_indexed else 15 <= lead_s <= 35


# --- fields --------------------------------------------------------------------------------------


def comb(frame: np.ndarray) -> float:
    """How much neighbouring lines differ more than lines of one field do."""
    lines = frame.astype(int)
    return float(np.abs(np.diff(lines, axis=0)).mean() - np.abs(lines[2:] - lines[:-2]).mean())


def see_frame(path: Path, number: int) -> np.ndarray:
    """A frame by its number, in grey."""
    import av

    with av.open(str(path)) as container:
        frame = next(islice(container.decode(video=0), number, None))
    return np.asarray(frame.to_ndarray(format="gray"))


MOVING = "color=black:s=192x96:r=50:d=2,drawbox=w=24:h=80:x=0:y=8:c=white:t=fill"
SLIDE = "scroll=h=0.02"


@pytest.mark.parametrize(
    ("name", "codec"),
    [("v.ts", [*MPEG2, "-flags", "+ildct+ilme"]), ("v.mkv", [*H264, "-x264-params", "tff=1"])],
)
def test_interlaced_frames_are_deinterlaced(
    studio: Studio, render: Render, name: str, codec: list[str]
) -> None:
    laced = f"{MOVING},{SLIDE},interlace=scan=tff:lowpass=0"
    source = studio.make(
        name, "-f", "lavfi", "-i", laced, *studio.clicks([1], 2), *codec, "-c:a", "mp2"
    )
    video = probe_media(source).video
    assert video is not None and video.is_interlaced
    (clip,) = render(source, (300, 1300))
    assert comb(see_frame(source, 20)) > 2
    assert comb(see_frame(clip, 12)) < 0.5


def test_a_progressive_picture_is_left_as_it_is(studio: Studio) -> None:
    source = studio.make(
        "v.mkv", "-f", "lavfi", "-i", f"{MOVING},{SLIDE}", *studio.clicks([1], 2), *H264
    )
    video = probe_media(source).video
    assert video is not None and not video.is_interlaced
