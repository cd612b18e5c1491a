"""Any recording becomes `audio.wav`, and a click in it lies where a player plays it."""

import json
import logging
import os
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pipeline.codec import format_record, from_plain
from pipeline.errors import MediaError
from pipeline.media.decode import SAMPLE_RATE_HZ
from pipeline.records import Media
from tests.media.studio import Ingest, Studio

CLICK_TOLERANCE_MS = 2
CLICKS_S = (1.0, 2.2, 3.2)
LATE_S = 0.4
N_NAMES = 20
NAME_BYTES = b"-i %:'\"[],;=.#?\n\t\x01\x7f\x80\xfe\xff"
"""What file names are seldom made of; the last three are in no UTF-8."""

MP4 = ["-c:v", "libx264", "-c:a", "aac"]


def find_clicks_ms(samples: np.ndarray) -> list[float]:
    """When each click begins."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 0.2 * np.abs(samples).max())
    firsts = loud[np.flatnonzero(np.diff(loud, prepend=-SAMPLE_RATE_HZ) > SAMPLE_RATE_HZ // 10)]
    return [first * 1000 / SAMPLE_RATE_HZ for first in firsts]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.wav", []),
        ("a.flac", []),
        ("a.mp3", ["-c:a", "libmp3lame"]),
        ("a.opus", ["-c:a", "libopus"]),
        ("a.ogg", ["-c:a", "libvorbis"]),
        ("a.m4a", ["-c:a", "aac"]),
        ("a.webm", ["-c:a", "libopus"]),
        ("a.mka", ["-c:a", "aac"]),
    ],
)
def test_clicks_of_a_sound_file_lie_where_they_were_put(
    studio: Studio, ingest: Ingest, name: str, codec: list[str]
) -> None:
    path = studio.make(name, *studio.clicks(CLICKS_S), *codec)
    media, samples = ingest(path)
    wanted_ms = [at * 1000 for at in CLICKS_S]
    assert find_clicks_ms(samples) == pytest.approx(wanted_ms, abs=CLICK_TOLERANCE_MS)
    assert media.duration_ms == pytest.approx(4000, abs=25)
    assert media.video is None


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("v.mp4", MP4),
        ("v.mov", MP4),
        ("v.mkv", MP4),
        ("v.ts", MP4),
        ("opus.mp4", ["-c:v", "libx264", "-c:a", "libopus"]),
        ("opus.mkv", ["-c:v", "libx264", "-c:a", "libopus"]),
        ("mp3.mp4", ["-c:v", "libx264", "-c:a", "libmp3lame"]),
        ("mp2.ts", ["-c:v", "libx264", "-c:a", "mp2"]),
    ],
)
def test_clicks_lie_on_the_flashes_when_the_sound_starts_late(
    studio: Studio, ingest: Ingest, name: str, codec: list[str]
) -> None:
    flashes_s = [at + LATE_S for at in CLICKS_S]
    sound = ["-itsoffset", str(LATE_S), *studio.clicks(CLICKS_S, 3.6)]
    maps = ["-map", "0:v", "-map", "1:a"]
    path = studio.make(name, *studio.flashes(flashes_s), *sound, *maps, *codec)
    media, samples = ingest(path)
    assert 300 < media.sound_start_ms < 500
    wanted_ms = [at * 1000 for at in flashes_s]
    assert find_clicks_ms(samples) == pytest.approx(wanted_ms, abs=CLICK_TOLERANCE_MS)
    assert [at * 1000 for at in studio.see_flashes(path)] == pytest.approx(wanted_ms, abs=1)


def test_the_players_zero_is_the_containers_when_the_picture_starts_late(
    studio: Studio, ingest: Ingest
) -> None:
    picture = ["-itsoffset", "0.4", *studio.flashes([0.6])]
    path = studio.make(
        "v.mp4", *picture, *studio.clicks(CLICKS_S), "-map", "0:v", "-map", "1:a", *MP4
    )
    _, samples = ingest(path)
    wanted_ms = [at * 1000 for at in CLICKS_S]
    assert find_clicks_ms(samples) == pytest.approx(wanted_ms, abs=CLICK_TOLERANCE_MS)
    assert studio.see_flashes(path) == pytest.approx([1.0], abs=0.001)


def test_a_hole_in_the_sound_is_filled(studio: Studio, ingest: Ingest) -> None:
    hole = "aselect='not(between(t,1.4,1.9))'"
    path = studio.make("a.mkv", *studio.clicks(CLICKS_S), "-af", hole, "-c:a", "pcm_s16le")
    _, samples = ingest(path)
    wanted_ms = [at * 1000 for at in CLICKS_S]
    assert find_clicks_ms(samples) == pytest.approx(wanted_ms, abs=CLICK_TOLERANCE_MS)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mka", "aac"), ("a.mp4", "aac"), ("a.webm", "libopus"), ("a.ts", "mp2"), ("a.mkv", "flac")],
)
@pytest.mark.parametrize("seed", range(2))
def test_lost_packets_leave_silence_as_long_as_they_were(
    studio: Studio, ingest: Ingest, name: str, codec: str, seed: int
) -> None:
    draw = Random(f"{name} {seed}")
    whole = studio.make(f"whole.{name}", *studio.clicks(CLICKS_S), "-c:a", codec)
    first_ms = find_clicks_ms(ingest(whole)[1])
    holes = [(draw.randint(60, 75), draw.randint(1, 4)), (draw.randint(80, 85), draw.randint(1, 3))]
    lost = "+".join(f"between(n,{at},{at + n - 1})" for at, n in holes)
    path = studio.make(name, "-i", str(whole), "-c", "copy", "-bsf:a", f"noise=drop='{lost}'")
    found_ms = find_clicks_ms(ingest(path)[1])
    assert found_ms == pytest.approx(first_ms, abs=CLICK_TOLERANCE_MS), holes


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "frag_keyframe+delay_moov", "dash"])
def test_sound_of_a_fragmented_movie_lies_on_its_picture(
    studio: Studio, ingest: Ingest, flags: str
) -> None:
    inputs = [*studio.flashes(CLICKS_S), *studio.clicks(CLICKS_S)]
    path = studio.make("v.mp4", *inputs, *MP4, "-movflags", flags)
    wanted_ms = [at * 1000 for at in studio.see_flashes(path)]
    assert find_clicks_ms(ingest(path)[1]) == pytest.approx(wanted_ms, abs=CLICK_TOLERANCE_MS)


@pytest.mark.parametrize("seed", range(3))
def test_two_channels_that_cancel_out_are_not_mixed(
    studio: Studio, ingest: Ingest, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    draw = Random(seed)
    gain = draw.uniform(0.92, 1.08)
    name, codec = draw.choice([("a.wav", "pcm_s16le"), ("a.m4a", "aac"), ("a.opus", "libopus")])
    turned = ["-af", f"pan=stereo|c0=c0|c1={-gain:.3f}*c0", "-c:a", codec]
    noisy = ["-f", "lavfi", "-i", "anoisesrc=d=3:a=0.3:c=pink:seed=2:r=48000"]
    with caplog.at_level(logging.WARNING):
        media, samples = ingest(studio.make(name, *noisy, *turned))
    assert media.channel == (1 if gain > 1 else 0)
    assert np.abs(samples.astype(int)).max() > 3000
    assert "cancel out when they are mixed" in caplog.text


@pytest.mark.parametrize(
    "pan", ["c0=c0|c1=c0", "c0=c0|c1=0*c0", "c0=c0|c1=-0.3*c0", "c0=0*c0|c1=0*c0"]
)
def test_two_channels_that_do_not_cancel_out_are_mixed(
    studio: Studio, ingest: Ingest, pan: str
) -> None:
    noisy = ["-f", "lavfi", "-i", "anoisesrc=d=2:a=0.3:seed=2:r=48000"]
    media, _ = ingest(studio.make("a.wav", *noisy, "-af", f"pan=stereo|{pan}"))
    assert media.channel is None


def test_duration_is_counted_where_the_container_lies(studio: Studio, ingest: Ingest) -> None:
    quiet_then_loud = "anoisesrc=d=6:a=0.5:seed=1,volume='if(lt(t,3),0,1)':eval=frame"
    path = studio.make(
        "a.mp3", "-f", "lavfi", "-i", quiet_then_loud, "-c:a", "libmp3lame", "-q:a", "4",
        "-write_xing", "0", "-id3v2_version", "0",
    )  # fmt: skip
    media, samples = ingest(path)
    assert media.duration_ms == pytest.approx(6000, abs=60)
    assert media.n_samples == len(samples)


def test_the_same_recording_gives_the_same_bytes(
    studio: Studio, ingest: Ingest, tmp_path: Path
) -> None:
    path = studio.make("a.m4a", *studio.clicks(CLICKS_S), "-c:a", "aac")
    ingest(path)
    first = (tmp_path / "audio.wav").read_bytes()
    ingest(path)
    assert (tmp_path / "audio.wav").read_bytes() == first


def test_one_stream_of_several_is_taken(studio: Studio, ingest: Ingest) -> None:
    inputs = [*studio.clicks([1.0]), *studio.clicks([2.0])]
    path = studio.make("a.mka", *inputs, "-map", "0", "-map", "1", "-c:a", "flac")
    media, samples = ingest(path, stream=1)
    assert find_clicks_ms(samples) == pytest.approx([2000], abs=CLICK_TOLERANCE_MS)
    assert (media.n_audio_streams, media.audio_stream) == (2, 1)


def test_one_channel_of_two_is_taken(studio: Studio, ingest: Ingest) -> None:
    inputs = [*studio.clicks([1.0]), *studio.clicks([2.0])]
    path = studio.make("a.wav", *inputs, "-filter_complex", "[0][1]amerge=inputs=2")
    left, right = ingest(path, channel=0), ingest(path, channel=1)
    assert find_clicks_ms(left[1]) == pytest.approx([1000], abs=CLICK_TOLERANCE_MS)
    assert find_clicks_ms(right[1]) == pytest.approx([2000], abs=CLICK_TOLERANCE_MS)
    assert find_clicks_ms(ingest(path)[1]) == pytest.approx([1000, 2000], abs=CLICK_TOLERANCE_MS)


def test_loudness_is_that_of_the_whole_stream(studio: Studio, ingest: Ingest) -> None:
    sine = ["-f", "lavfi", "-i", "sine=f=1000:d=3,volume=-23dB,volume=8"]
    loud, _ = ingest(studio.make("a.wav", *sine))
    soft, _ = ingest(studio.make("b.wav", *sine, "-af", "volume=-10dB"))
    assert loud.loudness_lufs is not None and soft.loudness_lufs is not None
    assert loud.loudness_lufs - soft.loudness_lufs == pytest.approx(10, abs=0.2)


def test_silence_has_no_loudness(studio: Studio, ingest: Ingest) -> None:
    media, _ = ingest(studio.make("a.wav", "-f", "lavfi", "-i", "anullsrc=d=1"))
    assert media.loudness_lufs is None


@pytest.mark.parametrize(
    "name",
    [
        "two words.wav",
        'it\'s "quoted".wav',
        "12:30 [take, 2]; 100%.wav",
        "%d %03d.wav",
        "back\\slash.wav",
        "-i.wav",
        "Größe 東京 é.wav",
        "http:__x?y=z#f.wav",
    ],
)
def test_hostile_names_are_just_names(studio: Studio, ingest: Ingest, name: str) -> None:
    plain = studio.make("plain.wav", *studio.clicks([1.0], 1.5))
    media, _ = ingest(plain.rename(studio.folder / name))
    assert media.name == name


def test_a_name_of_any_bytes_is_read_and_written_so_that_people_can_read_it(
    studio: Studio, ingest: Ingest
) -> None:
    made = studio.make("plain.wav", *studio.clicks([0.5], 1))
    random = Random(7)
    for _ in range(N_NAMES):
        name = bytes(random.choice(NAME_BYTES) for _ in range(random.randint(1, 12))) + b".wav"
        path = made.rename(made.parent / os.fsdecode(name))
        media, _ = ingest(path)
        assert from_plain(json.loads(format_record(media)), Media, "media.json") == media
        assert len(media.name.splitlines()) == 1
        assert media.name.encode("utf-8").decode("unicode_escape").encode("latin-1") == name
        made = path


def test_an_error_about_a_name_of_any_bytes_is_one_line(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"a\\xff\\nb.mp4: no such file") as caught:
        ingest(tmp_path / os.fsdecode(b"a\xff\nb.mp4"))
    str(caught.value).encode("utf-8")


def test_no_such_file(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.mp3: no such file"):
        ingest(tmp_path / "gone.mp3")


def test_empty_file(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    with pytest.raises(MediaError, match="the file is empty"):
        ingest(path)


def test_a_folder_is_no_recording(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="not a file"):
        ingest(tmp_path)


@pytest.mark.parametrize(
    "text", ["What was said.\n" * 50, "#EXTM3U\n#EXTINF:1,\na.wav\n", "ffconcat version 1.0\n"]
)
def test_text_under_a_media_name(ingest: Ingest, tmp_path: Path, text: str) -> None:
    path = tmp_path / "talk.mp3"
    path.write_text(text)
    with pytest.raises(MediaError, match="not a recording that can be read"):
        ingest(path)


def test_video_without_sound(studio: Studio, ingest: Ingest) -> None:
    path = studio.make("v.mp4", *studio.flashes([1.0], 1.5))
    with pytest.raises(MediaError, match="no sound in it"):
        ingest(path)


def test_sound_without_length(studio: Studio, ingest: Ingest) -> None:
    path = studio.make("a.wav", "-f", "lavfi", "-i", "anullsrc=d=0.1", "-t", "0")
    with pytest.raises(MediaError, match="no length"):
        ingest(path)


@pytest.mark.parametrize(
    ("options", "problem"),
    [({"stream": 1}, "no audio stream 1: it has 1"), ({"channel": 1}, "no channel 1: stream 0")],
)
def test_stream_or_channel_that_is_not_there(
    studio: Studio, ingest: Ingest, options: dict[str, int], problem: str
) -> None:
    path = studio.make("a.wav", *studio.clicks([0.1], 0.5))
    with pytest.raises(MediaError, match=problem):
        ingest(path, **options)
