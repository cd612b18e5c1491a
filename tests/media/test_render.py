"""A clip is cut exactly, in step, at one loudness, in our font, and the same every time."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MediaError
from pipeline.media.cut import Cut, Rendition
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.fonts import check_fonts
from pipeline.media.frames import Picture
from pipeline.records import Media
from tests.media.rendering import FONTS, Render, make_clip
from tests.media.studio import Studio

CLICK_TOLERANCE_S = 0.002
FRAME_S = 0.04
LENGTH_TOLERANCE_S = 0.03
"""An AAC frame and a bit: the last one is padded."""

LOUDNESS_TOLERANCE_LU = 0.5
MP4 = ["-c:v", "libx264", "-c:a", "aac", "-map", "0:v", "-map", "1:a"]

ASS = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, MarginL, MarginR, MarginV
Style: Caption,{font},{size},&H00FFFFFF,2,4,4,4

[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.30,0:00:00.80,Caption,{text}
"""

SPEECH = Path(__file__).parents[2] / "samples" / "episode.opus"


def caption(picture: Picture, text: str = "HELLO", font: str = "Roboto") -> str:
    return ASS.format(
        width=picture.width_px, height=picture.height_px, size=picture.height_px // 4,
        text=text, font=font,
    )  # fmt: skip


def length_s(path: Path) -> tuple[float, float]:
    """How long picture and sound are."""
    import av

    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        return (
            float(video.duration * video.time_base), float(audio.duration * audio.time_base)
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("late.mp4", ["-c:v", "libx264", "-c:a", "aac"]),
        ("late.mkv", ["-c:v", "libx264", "-c:a", "libopus"]),
        ("late.ts", ["-c:v", "libx264", "-c:a", "mp2"]),
        ("late.avi.mov", ["-c:v", "mpeg4", "-c:a", "pcm_s16le"]),
    ],
)
@pytest.mark.parametrize("start_ms", [0, 1313])
def test_sound_stays_on_the_picture_when_it_starts_late(
    studio: Studio, render: Render, name: str, codec: list[str], start_ms: int
) -> None:
    sound = ["-itsoffset", "0.4", *studio.clicks([1.0, 2.0], 3.6)]
    maps = ["-map", "0:v", "-map", "1:a"]
    source = studio.make(name, *studio.flashes([1.4, 2.4]), *sound, *maps, "-g", "40", *codec)
    (clip,) = render(source, (start_ms, 3000))
    wanted_s = [1.4 - start_ms / 1000, 2.4 - start_ms / 1000]
    assert studio.hear_clicks(clip) == pytest.approx(wanted_s, abs=CLICK_TOLERANCE_S)
    assert studio.see_flashes(clip) == pytest.approx(wanted_s, abs=FRAME_S / 2 + 0.001)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp3", ["-c:a", "libmp3lame", "-q:a", "6"]),
        ("a.opus", ["-c:a", "libopus"]),
        ("a.flac", []),
        ("a.m4a", ["-c:a", "aac"]),
    ],
)
def test_a_cut_deep_in_a_sound_file_is_exact(
    studio: Studio, render: Render, name: str, codec: list[str]
) -> None:
    uneven = "anoisesrc=d=80:a=0.02:seed=1:r=48000,volume='if(lt(mod(t,20),10),0,1)':eval=frame"
    clicks = ["-f", "lavfi", "-i", uneven, *studio.clicks([62.5], 80)]
    mix = ["-filter_complex", "[0][1]amix=2:normalize=0"]
    source = studio.make(name, *clicks, *mix, *codec)
    (clip,) = render(source, (62_123, 63_123))
    assert studio.hear_clicks(clip) == pytest.approx([0.377], abs=CLICK_TOLERANCE_S)


def test_a_clip_is_as_long_as_asked(studio: Studio, render: Render) -> None:
    source = studio.make("v.mp4", *studio.flashes([1]), *studio.clicks([1]), *MP4)
    (clip,) = render(source, (500, 1780))
    assert length_s(clip) == pytest.approx((1.28, 1.28), abs=LENGTH_TOLERANCE_S)


def test_a_clip_past_the_end_of_the_picture_is_still_whole(studio: Studio, render: Render) -> None:
    source = studio.make("v.mkv", *studio.flashes([1], 2), *studio.clicks([1, 3]), *MP4)
    (clip,) = render(source, (2500, 3500))
    assert length_s(clip) == pytest.approx((1.0, 1.0), abs=LENGTH_TOLERANCE_S)
    assert studio.hear_clicks(clip) == pytest.approx([0.5], abs=CLICK_TOLERANCE_S)


def test_a_variable_rate_becomes_constant_and_stays_in_step(studio: Studio, render: Render) -> None:
    import av

    drop = ["-vf", "select='not(mod(n,3))+lt(n,20)+eq(n,35)'", "-fps_mode", "vfr"]
    source = studio.make("v.mp4", *studio.flashes([1.4]), *studio.clicks([1.4]), *drop, *MP4)
    (clip,) = render(source, (200, 2200))
    assert studio.see_flashes(clip) == pytest.approx([1.2], abs=FRAME_S)
    with av.open(str(clip)) as container:
        times = [float(frame.time) for frame in container.decode(video=0)]
    assert np.diff(times) == pytest.approx(FRAME_S, abs=1e-6)
    assert len(times) == 50


def test_a_slide_that_changes_rarely_shows_from_the_first_frame(
    studio: Studio, render: Render
) -> None:
    slides = "color=black:s=96x64:r=1/5:d=20,drawbox=t=fill:c=white:enable='between(t,4,6)'"
    source = studio.make("v.mp4", "-f", "lavfi", "-i", slides, *studio.clicks([1], 20), *MP4)
    (clip,) = render(source, (9000, 11_000))
    seen = studio.see_flashes(clip)
    assert (seen[0], seen[-1]) == pytest.approx((0, 1), abs=FRAME_S + 0.001)


@pytest.mark.parametrize(
    ("frame", "size"),
    [("source", (96, 64)), ("16:9", (1280, 720)), ("9:16", (720, 1280)), ("1:1", (720, 720))],
)
def test_frames_are_cut_from_the_middle(
    studio: Studio, render: Render, frame: str, size: tuple[int, int]
) -> None:
    middle = "color=black:s=96x64:d=1,drawbox=x=40:w=16:y=24:h=16:c=white:t=fill"
    source = studio.make("v.mp4", "-f", "lavfi", "-i", middle, *studio.clicks([0.5], 1), *MP4)
    (clip,) = render(source, (0, 600), (frame,))
    seen = studio.see(clip, 0.3)
    assert (seen.shape[1], seen.shape[0]) == size
    row, column = (float(np.flatnonzero(seen.max(axis=axis) > 128).mean()) for axis in (1, 0))
    assert row / seen.shape[0] == pytest.approx(0.5, abs=0.02)
    assert column / seen.shape[1] == pytest.approx(0.5, abs=0.02)


def test_a_rotated_picture_with_odd_sides_is_cut_upright(studio: Studio, render: Render) -> None:
    flat = studio.make(
        "flat.mp4", "-f", "lavfi", "-i", "testsrc=s=97x65:d=1", *studio.clicks([0.5], 1), *MP4,
        "-pix_fmt", "yuv444p",
    )  # fmt: skip
    turned = studio.make("t.mp4", "-display_rotation", "90", "-i", str(flat), "-c", "copy")
    (clip,) = render(turned, (0, 600))
    assert studio.see(clip, 0.3).shape == (96, 64)


def test_a_recording_without_picture_gets_one_that_moves(studio: Studio, render: Render) -> None:
    tone = ["-f", "lavfi", "-i", "sine=f=300:d=2,volume='0.2+0.8*mod(floor(t*5),2)':eval=frame"]
    clips = render(studio.make("a.flac", *tone), (200, 1800), ("source", "9:16", "1:1"))
    for clip, shape in zip(clips, [(720, 1280), (1280, 720), (720, 720)], strict=True):
        early, late = studio.see(clip, 0.4), studio.see(clip, 1.4)
        assert early.shape == shape
        assert np.abs(early.astype(int) - late).max() > 60


def test_captions_are_drawn_in_time_and_in_our_font(studio: Studio, render: Render) -> None:
    source = studio.make("v.mp4", *studio.flashes([], 2), *studio.clicks([1], 2), *MP4)
    (clip,) = render(source, (500, 1500), ass=caption(Picture(96, 64, 25)))
    before, during, after = (studio.see(clip, at).max() for at in (0.2, 0.5, 0.9))
    assert before < 40
    assert during > 150
    assert after < 40


def test_another_font_than_ours_is_an_error() -> None:
    line = "[Parsed_ass_0 @ 0x1] [info] fontselect: (Roboto, 700, 0) -> DejaVuSans, 0, DejaVuSans"
    with pytest.raises(MediaError, match="drawn in DejaVuSans"):
        check_fonts(FONTS, [line], "talk.mp4")


def test_every_clip_has_the_recordings_one_gain(
    studio: Studio, render: Render, read_media: Callable[[Path], Media]
) -> None:
    parts = "anoisesrc=d=8:c=pink:a=0.2:seed=3:r=48000"
    source = studio.make("a.flac", "-f", "lavfi", "-i", parts)
    clips = [render(source, span)[0].rename(studio.folder / f"{span[0]}.mp4")
             for span in ((0, 4000), (4000, 8000))]  # fmt: skip
    for clip in clips:
        loudness = read_media(clip).loudness_lufs
        assert loudness == pytest.approx(-16, abs=LOUDNESS_TOLERANCE_LU)


def test_peaks_of_speech_stay_below_one_decibel_under_full_scale(
    tmp_path: Path, read_media: Callable[[Path], Media]
) -> None:
    clip = tmp_path / "clip.mp4"
    rendition = Rendition(clip, Picture(64, 64, 25))
    media = read_media(SPEECH)
    assert media.loudness_lufs is not None and media.loudness_lufs < -18
    make_clip(Cut(SPEECH, media, 20_000, 35_000, (rendition,), tmp_path))
    log = run_ffmpeg(
        Run(["-i", file_url(clip), "-map", "0:a", "-af", "ebur128=peak=true:framelog=quiet",
             "-f", "null", "-"], where="clip")
    )  # fmt: skip
    peak_db = next(float(line.split()[-2]) for line in reversed(log) if "Peak:" in line)
    assert -4 < peak_db <= -1


def test_the_cut_edges_do_not_click(studio: Studio, render: Render) -> None:
    source = studio.make("a.flac", "-f", "lavfi", "-i", "sine=f=200:d=3:r=48000,volume=4")
    (clip,) = render(source, (1001, 2000))
    recognized = np.abs(studio.listen(clip))
    assert recognized[:48].max() < 0.1 * recognized.max()
    assert recognized[int(0.9985 * 48_000) : int(0.9995 * 48_000)].max() < 0.1 * recognized.max()


def test_nothing_of_the_sources_metadata_or_chapters_is_left(
    studio: Studio, render: Render
) -> None:
    import av

    chapters = studio.folder / "chapters.txt"
    chapters.write_text(
        ";FFMETADATA1\ntitle=Secret\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=One\n"
    )
    source = studio.make(
        "v.mp4", *studio.flashes([1], 2), *studio.clicks([1], 2), "-i", str(chapters),
        "-map_metadata", "2", *MP4,
    )  # fmt: skip
    (clip,) = render(source, (0, 1000))
    with av.open(str(clip)) as container:
        assert not container.chapters()
        assert "title" not in container.metadata
        assert "encoder" not in container.metadata
    assert clip.read_bytes().find(b"moov") < clip.read_bytes().find(b"mdat")


def test_the_same_request_gives_the_same_bytes(studio: Studio, render: Render) -> None:
    source = studio.make("a.flac", *studio.clicks([0.5, 1], 2))
    ass = caption(Picture(1280, 720, 25))
    digests = [
        hashlib.sha256(b"".join(p.read_bytes() for p in render(source, (0, 900), ass=ass))).digest()
        for _ in range(2)
    ]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    "name", ['it\'s [a] "talk": 100%, 2; x.mp4', "back\\slash %d.mp4", "-y.mp4", "Größe 東京.mp4"]
)
def test_hostile_names_are_rendered(studio: Studio, tmp_path: Path, name: str,
                                    read_media: Callable[[Path], Media]) -> None:  # fmt: skip
    source = studio.make("v.mp4", *studio.flashes([1], 2), *studio.clicks([1], 2), *MP4)
    source = source.rename(studio.folder / name)
    clip = tmp_path / f"clip of {name}"
    picture = Picture(96, 64, 25)
    rendition = Rendition(clip, picture, caption(picture))
    make_clip(Cut(source, read_media(source), 0, 900, (rendition,), tmp_path))
    assert clip.stat().st_size > 0


def test_progress_reaches_one(
    studio: Studio, tmp_path: Path, read_media: Callable[[Path], Media]
) -> None:
    source = studio.make("a.flac", *studio.clicks([0.5], 2))
    told: list[float] = []
    rendition = Rendition(tmp_path / "clip.mp4", Picture(64, 64, 25))
    make_clip(Cut(source, read_media(source), 0, 1500, (rendition,), tmp_path), told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.05)


def test_a_drawn_picture_says_what_its_colours_mean(studio: Studio, render: Render) -> None:
    (clip,) = render(studio.make("a.flac", *studio.clicks([0.2], 0.6)), (0, 400))
    log = run_ffmpeg(Run(["-i", file_url(clip), "-f", "null", "-"], where="clip"))
    assert any("yuv420p(tv, bt709" in line for line in log)


def test_importing_media_imports_nothing_heavy() -> None:
    script = (
        "import sys, pipeline.media.render, pipeline.media.decode, pipeline.media.fonts\n"
        "print({'av', 'ffmpeg', 'pydub', 'imageio_ffmpeg', 'font_roboto'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "set()"
