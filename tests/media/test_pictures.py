"""Frames padded or cropped, HDR made fit for every screen, covers, encoders, previews."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MediaError
from pipeline.media.encoder import choose_encoder, encoder_options
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.frames import SHAPES, Picture, choose_picture
from pipeline.media.layout import Box, lay_out
from pipeline.media.picture import can_tone_map
from pipeline.media.probe import probe_media
from pipeline.media.stills import render_poster, render_preview, save_cover
from pipeline.records import VideoStream
from tests.media.rendering import Render
from tests.media.studio import Studio

MP4 = ["-c:v", "libx264", "-c:a", "aac", "-map", "0:v", "-map", "1:a"]
MARKED = "color=gray:s=160x90:d=1,drawbox=w=16:c=white:t=fill,drawbox=x=144:w=16:c=white:t=fill"
"""Marks at both sides, which a crop to another shape cuts off."""


@pytest.mark.parametrize("frame", ["9:16", "1:1"])
def test_a_padded_picture_is_whole_and_sharp_in_its_own_blur(
    studio: Studio, render: Render, frame: str
) -> None:
    source = studio.make("v.mp4", "-f", "lavfi", "-i", MARKED, *studio.clicks([0.5], 1), *MP4)
    (cropped,) = render(source, (0, 600), (frame,))
    assert studio.see(cropped, 0.3).max() < 160
    (padded,) = render(source, (0, 600), (frame,), fit="blur")
    seen = studio.see(padded, 0.3)
    high, wide = seen.shape
    whole = round(wide * 9 / 16)
    middle = seen[(high - whole) // 2 + 4 : (high + whole) // 2 - 4]
    assert middle[:, 2 : wide // 12].min() > 200
    assert middle[:, -wide // 12 : -2].min() > 200
    above = seen[: (high - whole) // 2 - 4]
    assert above.max() < 110, "the ground is dimmer than the picture"


def test_a_picture_of_the_frames_own_shape_is_not_padded(studio: Studio, render: Render) -> None:
    source = studio.make("v.mp4", "-f", "lavfi", "-i", MARKED, *studio.clicks([0.5], 1), *MP4)
    crop, blur = (
        studio.see(render(source, (0, 600), ("16:9",), fit=fit)[0], 0.3) for fit in ("crop", "blur")
    )
    assert (crop == blur).all()


@pytest.mark.parametrize(("transfer", "name"), [("smpte2084", "PQ"), ("arib-std-b67", "HLG")])
def test_a_picture_in_hdr_comes_out_for_every_screen(
    studio: Studio, render: Render, transfer: str, name: str
) -> None:
    tags = f"setparams=color_trc={transfer}:color_primaries=bt2020:colorspace=bt2020nc:range=tv"
    gray = f"color=gray:s=160x90:d=1,format=yuv420p10,{tags}"
    coded = ["-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1", "-c:a", "aac"]
    maps = ["-map", "0:v", "-map", "1:a"]
    source = studio.make(
        "v.mp4", "-f", "lavfi", "-i", gray, *studio.clicks([0.5], 1), *coded, *maps
    )
    video = probe_media(source).video
    assert video is not None and video.is_hdr
    assert can_tone_map()
    (clip,) = render(source, (0, 600))
    log = run_ffmpeg(Run(["-i", file_url(clip), "-f", "null", "-"], where=name))
    assert any("h264" in line and "yuv420p(tv, bt709" in line for line in log)
    before, after = studio.see(source, 0.3).mean(), studio.see(clip, 0.3).mean()
    assert abs(before - after) > 8, "it is mapped, not relabelled"


def test_a_plain_picture_is_not_taken_for_hdr(studio: Studio) -> None:
    source = studio.make("v.mp4", *studio.flashes([1]), *studio.clicks([1]), *MP4)
    video = probe_media(source).video
    assert video is not None and not video.is_hdr


def test_frames_are_as_large_as_the_picture_allows() -> None:
    def sizes(width_px: int, height_px: int) -> list[tuple[int, int]]:
        video = VideoStream(width_px, height_px, 25)
        pictures = (choose_picture(frame, video) for frame in SHAPES)
        return [(picture.width_px, picture.height_px) for picture in pictures]

    assert sizes(1920, 1080) == [(1920, 1080), (1080, 1920), (1080, 1080)]
    assert sizes(3840, 2160) == sizes(1920, 1080)
    assert sizes(640, 360) == [(1280, 720), (720, 1280), (720, 720)]


@pytest.mark.parametrize("has_cover", [True, False])
@pytest.mark.parametrize("frame", sorted(SHAPES))
def test_what_is_drawn_stands_apart_and_clear_of_captions(frame: str, has_cover: bool) -> None:
    picture = choose_picture(frame, None)
    layout = lay_out(picture, has_cover)
    boxes = [box for box in (layout.title, layout.name, layout.wave, layout.cover) if box]
    for number, box in enumerate(boxes):
        assert box.left_px >= picture.safe_side_px
        assert box.left_px + box.width_px <= picture.width_px - picture.safe_side_px
        assert box.top_px >= picture.safe_top_px - 1
        assert not any(overlap(box, other) for other in boxes[number + 1 :])
    chars, lines = (28, 3) if picture.is_tall else (42, 2)
    inner = picture.width_px - 2 * picture.safe_side_px
    letter = min(picture.height_px / 16, inner / (chars * 0.36))
    captions_top = picture.height_px - picture.safe_bottom_px - lines * letter
    assert layout.wave.bottom_px <= captions_top


def overlap(one: Box, other: Box) -> bool:
    return (
        one.left_px < other.left_px + other.width_px
        and other.left_px < one.left_px + one.width_px
        and one.top_px < other.bottom_px
        and other.top_px < one.bottom_px
    )


def test_a_cover_is_found_and_saved_and_no_other_picture(studio: Studio) -> None:
    red = studio.make("red.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    tone = studio.make("a.m4a", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")
    attached = ["-map", "0:a", "-map", "1:v", "-c", "copy", "-disposition:v", "attached_pic"]
    covered = studio.make("b.m4a", "-i", str(tone), "-i", str(red), *attached)
    saved = studio.folder / "cover.png"
    assert save_cover(covered, saved)
    assert studio.see(saved, 1).shape == (64, 64)
    assert not save_cover(tone, studio.folder / "none.png")
    assert probe_media(covered).video is None


def test_nvenc_is_used_only_where_a_small_encode_works() -> None:
    works = choose_encoder("auto") == "nvenc"
    assert choose_encoder("x264") == "x264"
    if works:
        assert choose_encoder("nvenc") == "nvenc"
        return
    with pytest.raises(MediaError, match=r"nvenc: ffmpeg failed: .*; say `encoder: x264`"):
        choose_encoder("nvenc")


def test_nvencs_options_are_ones_it_has(studio: Studio) -> None:
    del studio
    options = [word for pair in encoder_options("nvenc").items() for word in pair]
    with pytest.raises(MediaError) as caught:
        words = [f"-{word}" if index % 2 == 0 else str(word) for index, word in enumerate(options)]
        source = ["-f", "lavfi", "-i", "color=s=320x320:d=0.1"]
        run_ffmpeg(Run([*source, *words, "-f", "null", "-"], where="nvenc"))
        raise MediaError("nvenc", "works", "")
    assert "option" not in caught.value.problem.lower()


def test_a_preview_is_small_and_moves(studio: Studio, render: Render) -> None:
    import av

    source = studio.make("v.mp4", "-f", "lavfi", "-i", "testsrc=s=640x360:d=2:r=25",
                         *studio.clicks([0.5], 2), *MP4)  # fmt: skip
    (clip,) = render(source, (0, 2_000))
    preview, other = studio.folder / "small.gif", studio.folder / "small.webp"
    render_preview(clip, preview)
    render_preview(clip, other)
    assert other.read_bytes().count(b"ANMF") == pytest.approx(20, abs=2)
    with av.open(str(preview)) as container:
        frames = list(container.decode(video=0))
    assert (frames[0].width, frames[0].height) == (320, 180)
    assert len(frames) == pytest.approx(20, abs=2)
    first, last = (frame.to_ndarray(format="gray").astype(int) for frame in (frames[0], frames[-1]))
    assert np.abs(first - last).max() > 60


def test_a_poster_is_a_picture_of_the_clip(studio: Studio, render: Render) -> None:
    source = studio.make("v.mp4", *studio.flashes([1], 2), *studio.clicks([1], 2), *MP4)
    (clip,) = render(source, (500, 1500))
    poster = studio.folder / "poster.jpg"
    render_poster(clip, 530, poster)
    assert studio.see(poster, 1).mean() > 128


def test_pictures_are_even() -> None:
    odd = VideoStream(width_px=321, height_px=181, fps=30)
    assert choose_picture("source", odd) == Picture(320, 180, 30)
    with pytest.raises(ValueError, match="not an even size"):
        Picture(321, 180, 30)


RED = (0xC0, 0x30, 0x20)
COLOR_TOLERANCE = 6
"""Of 255: three conversions and x264 round."""


def make_red(studio: Studio, height_px: int, matrix: str, told: str, form: str) -> Path:
    """A red picture in these colours, told or not."""
    size = f"160x{height_px}"
    chain = f"format=gbrp,scale=out_color_matrix={matrix}:out_range=tv,format={form}"
    source = f"color=0x{bytes(RED).hex()}:s={size}:d=0.4,{chain}"
    told = f",setparams={told}" if told else ""
    coded = ["-c:v", "libx264rgb" if form == "rgb24" else "libx264", "-c:a", "aac"]
    maps = ["-map", "0:v", "-map", "1:a"]
    return studio.make(
        "v.mp4", "-f", "lavfi", "-i", source + told, *studio.clicks([0.2], 0.4), *coded, *maps
    )


def read_colors(path: Path) -> tuple[int, int, int, int]:
    """Primaries, transfer, matrix and range, as a player reads them."""
    import av

    with av.open(str(path)) as container:
        video = container.streams.video[0].codec_context
        tags = (video.color_primaries, video.color_trc, video.colorspace, video.color_range)
        return tuple(map(int, tags))  # type: ignore[return-value]


def see_color(studio: Studio, path: Path, matrix: str) -> list[int]:
    """A pixel of the first picture as RGB, by a matrix."""
    out = ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    raw = studio.make("seen.rgb", "-i", str(path), "-vf", f"scale=in_color_matrix={matrix}", *out)
    return list(raw.read_bytes()[3000:3003])


HD_PX, SD_PX = 578, 90
"""Heights that players take for BT.709's and BT.601's where nobody tells."""

NOBODY = "colorspace=unknown"  # the scaler tells the matrix of what it made


def tell(name: str, trc: str | None = None, space: str | None = None) -> str:
    return f"color_primaries={name}:color_trc={trc or name}:colorspace={space or name}"


@pytest.mark.parametrize(
    ("height_px", "matrix", "told", "form", "expected"),
    [
        (HD_PX, "bt709", tell("bt709"), "yuv420p", (1, 1, 1, 1)),
        (HD_PX, "bt709", NOBODY, "yuv420p", (1, 1, 1, 1)),
        (HD_PX, "bt709", "", "rgb24", (1, 1, 1, 1)),
        (HD_PX, "smpte170m", tell("smpte170m"), "yuv420p", (6, 6, 6, 1)),
        (SD_PX, "bt709", tell("bt709"), "yuv420p", (1, 1, 1, 1)),
        (SD_PX, "bt709", tell("bt709"), "yuvj420p", (1, 1, 1, 1)),
        (SD_PX, "smpte170m", NOBODY, "yuv420p", (6, 6, 6, 1)),
        (SD_PX, "bt2020", tell("bt2020", "bt2020-10", "bt2020nc"), "yuv420p10", (9, 14, 9, 1)),
    ],
)
def test_a_picture_keeps_its_colours_and_is_tagged_with_them(
    studio: Studio, render: Render, height_px: int, matrix: str, told: str, form: str,
    expected: tuple[int, ...],
) -> None:  # fmt: skip
    source = make_red(studio, height_px, matrix, told, form)
    (clip,) = render(source, (0, 200))
    assert read_colors(clip) == expected
    seen = see_color(studio, clip, matrix)
    assert np.abs(np.subtract(seen, RED)).max() <= COLOR_TOLERANCE, seen


def test_a_padded_picture_keeps_its_colours(studio: Studio, render: Render) -> None:
    source = make_red(studio, SD_PX, "bt709", tell("bt709"), "yuv420p")
    (clip,) = render(source, (0, 200), ("1:1",), fit="blur")
    assert read_colors(clip) == (1, 1, 1, 1)
    seen = studio.see(clip, 0.1)
    middle, edge = seen[len(seen) // 2].mean(), seen[len(seen) // 10].mean()
    assert middle > edge + COLOR_TOLERANCE


def test_a_poster_and_a_preview_show_the_colours_of_the_clip(studio: Studio) -> None:
    clip = make_red(studio, HD_PX, "bt709", tell("bt709"), "yuv420p")
    poster, preview = studio.folder / "poster.jpg", studio.folder / "preview.gif"
    render_poster(clip, 0, poster)
    render_preview(clip, preview)
    for picture, matrix in ((poster, "bt601"), (preview, "auto")):
        seen = see_color(studio, picture, matrix)
        assert np.abs(np.subtract(seen, RED)).max() <= COLOR_TOLERANCE, (picture.name, seen)


@pytest.mark.parametrize(
    ("height_px", "matrix", "told", "form"),
    [
        (HD_PX, "bt709", tell("bt709"), "yuv420p"),
        (HD_PX, "bt709", NOBODY, "yuv420p"),
        (SD_PX, "bt709", tell("bt709"), "yuvj420p"),
        (SD_PX, "smpte170m", NOBODY, "yuv420p"),
    ],
)
def test_the_poster_made_with_a_clip_has_the_colours_of_its_picture(
    studio: Studio, render: Render, height_px: int, matrix: str, told: str, form: str
) -> None:
    source = make_red(studio, height_px, matrix, told, form)
    poster = studio.folder / "poster.jpg"
    render(source, (0, 200), poster=(poster, 80))
    seen = see_color(studio, poster, "bt601")
    assert np.abs(np.subtract(seen, RED)).max() <= COLOR_TOLERANCE, seen


@pytest.mark.parametrize("degrees", ["90", "-90", "180"])
def test_an_untagged_picture_that_is_turned_has_the_colours_of_its_coded_height(
    studio: Studio, render: Render, degrees: str
) -> None:
    source = ["-f", "lavfi", "-i", f"color=0x{bytes(RED).hex()}:s=640x480:d=0.4,format=gbrp"]
    sd = ["-vf", "scale=out_color_matrix=smpte170m:out_range=tv,format=yuv420p,setparams=" + NOBODY]
    flat = studio.make("flat.mp4", *source, *studio.clicks([0.2], 0.4), *sd, *MP4)
    turned = studio.make("t.mp4", "-display_rotation", degrees, "-i", str(flat), "-c", "copy")
    (clip,) = render(turned, (0, 200))
    assert read_colors(clip) == (6, 6, 6, 1)
    seen = see_color(studio, clip, "smpte170m")
    assert np.abs(np.subtract(seen, RED)).max() <= COLOR_TOLERANCE, seen
