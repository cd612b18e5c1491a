"""One picture and one sound are chosen, by the flags that players follow, and used everywhere."""

import logging
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pipeline.media.probe import probe_media, read_streams
from pipeline.media.tracks import Tracks, choose_container, copy_recording
from pipeline.records import Media
from tests.media.rendering import Render
from tests.media.studio import Ingest, Studio

GRAYS = (60, 120, 200)
GRAY_TOLERANCE = 8
LANGUAGES = ("eng", "deu", "spa", "fra")


def make_tracks(
    studio: Studio, name: str, sizes: list[tuple[int, int]], flags: list[str], n_frames: list[int]
) -> Path:
    """A film of several video tracks, each of one grey, and silence."""
    inputs: list[str] = []
    maps: list[str] = []
    for number, ((width_px, height_px), n) in enumerate(zip(sizes, n_frames, strict=True)):
        color = f"color=0x{GRAYS[number]:02x}{GRAYS[number]:02x}{GRAYS[number]:02x}"
        inputs += ["-f", "lavfi", "-i", f"{color}:s={width_px}x{height_px}:r=10:d={n / 10}"]
        maps += ["-map", f"{number}:v", f"-disposition:v:{number}", flags[number]]
    sound = [*studio.clicks([1.0], 3), "-map", f"{len(sizes)}:a"]
    inputs += sound[:-2]
    return studio.make(name, *inputs, *maps, *sound[-2:], "-c:v", "libx264", "-c:a", "aac")


@pytest.mark.parametrize(("name", "seed"), list(product(["v.mp4", "v.mkv", "v.ts"], range(3))))
def test_the_picture_that_players_show_is_in_the_clip_and_the_copy(
    studio: Studio, render: Render, read_media: object, name: str, seed: int
) -> None:
    assert callable(read_media)
    draw = Random(f"{name} {seed}")
    sizes = draw.sample([(64, 48), (96, 64), (160, 96), (128, 80)], 3)
    n_frames = [30, 30, 30]
    flags = ["0", "0", "0"]
    if name == "v.mkv":
        flags[draw.randrange(3)] = "default"
    if seed and name != "v.ts":
        still = draw.randrange(3) if seed > 1 else 0
        n_frames[still] = 1
    # MP4 marks what it enables, and ffmpeg enables the first track if none is marked.
    moving = [number for number in range(3) if n_frames[number] > 1]
    if name == "v.mp4":
        flags[moving[0]] = flags[moving[1]] = "default"
    source = make_tracks(studio, name, sizes, flags, n_frames)
    marked = [number for number in moving if flags[number] == "default"] or moving
    wanted = max(marked, key=lambda number: sizes[number][0] * sizes[number][1])
    media: Media = read_media(source)
    assert media.video is not None
    assert (media.video.width_px, media.video.height_px) == sizes[wanted]
    (clip,) = render(source, (500, 1500))
    seen = studio.see(clip, 0.5).mean()
    assert abs(seen - GRAYS[wanted]) <= GRAY_TOLERANCE
    copy = studio.folder / f"copy.{choose_container(source, media)}"
    copy_recording(source, media, copy, Tracks())
    assert read_streams(copy).size == sizes[wanted]


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv"])
@pytest.mark.parametrize("first", ["cover", "film"])
def test_a_cover_is_not_taken_wherever_it_stands(
    studio: Studio, render: Render, name: str, first: str
) -> None:
    cover = studio.make(
        "c.png", "-f", "lavfi", "-i", "color=white:s=640x480", "-frames:v", "1", "-update", "1"
    )
    film = ["-f", "lavfi", "-i", "color=gray:s=96x64:r=10:d=2"]
    inputs = ["-i", str(cover), *film] if first == "cover" else [*film, "-i", str(cover)]
    at = 0 if first == "cover" else 1
    source = studio.make(
        name, *inputs, *studio.clicks([0.5], 2), "-map", "0", "-map", "1", "-map", "2",
        f"-c:v:{at}", "copy", f"-c:v:{1 - at}", "libx264", "-c:a", "aac",
        f"-disposition:v:{at}", "attached_pic",
    )  # fmt: skip
    (clip,) = render(source, (200, 1200))
    assert studio.see(clip, 0.5).shape == (64, 96)


@pytest.mark.parametrize("seed", range(4))
def test_the_sound_with_the_default_flag_is_taken_and_all_are_named(
    studio: Studio, ingest: Ingest, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    draw = Random(seed)
    n_streams = draw.randint(2, 4)
    default = draw.randrange(n_streams)
    languages = draw.sample(LANGUAGES, n_streams)
    inputs: list[str] = []
    maps: list[str] = []
    for number, language in enumerate(languages):
        inputs += studio.clicks([0.4 + 0.5 * number], 3)
        maps += ["-map", f"{number}:a", f"-disposition:a:{number}"]
        maps += ["default" if number == default else "0"]
        maps += [f"-metadata:s:a:{number}", f"language={language}"]
        maps += [f"-metadata:s:a:{number}", f"title=Take {number + 5}"]
    name = draw.choice(["a.mka", "a.mp4"])
    source = studio.make(name, *inputs, *maps, "-c:a", "aac")
    with caplog.at_level(logging.WARNING):
        media, samples = ingest(source)
    assert (media.n_audio_streams, media.audio_stream) == (n_streams, default)
    assert abs(first_click_s(samples) - (0.4 + 0.5 * default)) < 0.01
    (line,) = caplog.messages
    assert f"audio stream {default} of {n_streams} is taken" in line
    for number, language in enumerate(languages):
        assert f"{number}: {language}" in line
    other = (default + 1) % n_streams
    caplog.clear()
    media, samples = ingest(source, stream=other)
    assert media.audio_stream == other
    assert abs(first_click_s(samples) - (0.4 + 0.5 * other)) < 0.01
    assert not caplog.messages


def first_click_s(samples: np.ndarray) -> float:
    """When the first click begins."""
    loud = np.abs(samples.astype(int)) > 0.2 * np.abs(samples.astype(int)).max()
    return float(np.argmax(loud)) / 16_000


def test_without_a_default_flag_the_first_sound_is_taken(studio: Studio, ingest: Ingest) -> None:
    inputs = [*studio.clicks([0.5]), *studio.clicks([1.5])]
    maps = ["-map", "0", "-map", "1", "-disposition:a", "0"]
    source = studio.make("a.mka", *inputs, *maps, "-c:a", "flac")
    assert ingest(source)[0].audio_stream == 0


def test_sounds_without_language_or_title_are_told_by_their_channels(studio: Studio) -> None:
    inputs = [*studio.clicks([0.5]), "-f", "lavfi", "-i", "anullsrc=cl=5.1:d=1"]
    source = studio.make("a.mka", *inputs, "-map", "0", "-map", "1", "-c:a", "flac")
    assert probe_media(source).sounds == ("mono", "6 channels")


@pytest.mark.parametrize("name", ["v.mkv", "v.mp4", "v.ts"])
def test_hevc_in_mp4_has_the_tag_that_every_player_takes(
    studio: Studio, read_media: object, name: str
) -> None:
    assert callable(read_media)
    coded = ["-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "aac"]
    source = studio.make(name, *studio.flashes([1.0], 2), *studio.clicks([1.0], 2), *coded)
    media: Media = read_media(source)
    copy = studio.folder / f"copy.{choose_container(source, media)}"
    copy_recording(source, media, copy, Tracks())
    assert copy.suffix == ".mp4"
    assert b"hvc1" in copy.read_bytes() and b"hev1" not in copy.read_bytes()
    assert studio.see_flashes(copy)
