"""Recordings as they come: odd layouts, lying headers, cut off, damaged, absurd."""

import logging
import struct
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MediaError
from pipeline.media.decode import (
    CHANNEL_LEVELS_NAME,
    CHANNEL_LEVELS_PER_S,
    ingest_media,
    read_channel_levels,
)
from pipeline.media.ffmpeg import UNTOLD_BYTES
from pipeline.media.options import AudioOptions
from pipeline.media.probe import probe_media
from tests.media.studio import Ingest, Studio

LOUDNESS_TOLERANCE_LU = 0.3
LEVEL_TOLERANCE_DB = 1
NOISE_MS = 400
"""What 2000 bytes of noise may cost of an MP3 file: frames lean on those before them."""
TONE = ["-f", "lavfi", "-i", "sine=f=440:d=2:r=48000,volume=4"]


def level_db(samples: np.ndarray) -> float:
    """Root mean square in decibels of full scale."""
    power = np.mean(np.square(samples.astype(float) / 32768))
    return float(10 * np.log10(max(power, 1e-12)))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("phone.wav", ["-ar", "8000", "-c:a", "pcm_mulaw"]),
        ("studio.flac", ["-ar", "96000", "-sample_fmt", "s32"]),
        ("double.wav", ["-c:a", "pcm_f64le"]),
        ("eight.wav", ["-c:a", "pcm_u8"]),
        ("bare.mp3", ["-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0"]),
        ("bare.aac", ["-c:a", "aac"]),
    ],
)
def test_any_rate_depth_and_container_sounds_as_loud(
    studio: Studio, ingest: Ingest, name: str, arguments: list[str]
) -> None:
    media, samples = ingest(studio.make(name, *TONE, *arguments))
    assert len(samples) / 16_000 == pytest.approx(2, abs=0.06)
    assert level_db(samples) == pytest.approx(-9, abs=LEVEL_TOLERANCE_DB)
    assert media.loudness_lufs is not None


def test_each_channel_of_surround_sound_can_be_taken(studio: Studio, ingest: Ingest) -> None:
    path = studio.make("a.flac", *TONE, "-af", "pan=5.1|FC=c0")
    assert level_db(ingest(path, channel=2)[1]) == pytest.approx(-9, abs=LEVEL_TOLERANCE_DB)
    assert level_db(ingest(path, channel=3)[1]) < -60
    media, mixed = ingest(path)
    assert (media.n_channels, level_db(mixed) > -22) == (6, True)


def test_how_loud_each_channel_is_goes_into_a_file(
    studio: Studio, ingest: Ingest, tmp_path: Path
) -> None:
    clicks = [*studio.clicks([1.0], 2), "-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=2"]
    path = studio.make("a.wav", *clicks, "-filter_complex", "[0]volume=2[l];[1][l]amerge")
    media, mixed = ingest(path, channel="speakers")
    levels = read_channel_levels(tmp_path / CHANNEL_LEVELS_NAME, media.n_channels).db
    assert levels.shape == (2 * CHANNEL_LEVELS_PER_S, 2)
    assert levels[:, 0].max() < 20 < 60 < levels[:, 1].max()
    assert abs(int(levels[:, 1].argmax()) - CHANNEL_LEVELS_PER_S) <= 2
    np.testing.assert_array_equal(mixed, ingest(path)[1])


def test_channel_levels_begin_at_the_players_zero_when_the_sound_starts_late(
    studio: Studio, ingest: Ingest, tmp_path: Path
) -> None:
    sound = ["-itsoffset", "0.4", *studio.clicks([1.0], 2)]
    maps = ["-map", "0:v", "-map", "1:a"]
    path = studio.make("v.mkv", *studio.flashes([1.4]), *sound, *maps, "-c:a", "pcm_s16le")
    media, _ = ingest(path, channel="speakers")
    levels = read_channel_levels(tmp_path / CHANNEL_LEVELS_NAME, media.n_channels).db
    assert media.sound_start_ms == 400
    assert abs(int(levels[:, 0].argmax()) - CHANNEL_LEVELS_PER_S * 1.4) <= 2


@pytest.mark.parametrize("gain", ["c1=c0", "c1=0*c0", "c1=-0.3*c0"], ids=["both", "left", "apart"])
def test_loudness_is_that_of_both_channels_not_of_their_mix(
    studio: Studio, ingest: Ingest, gain: str
) -> None:
    alone, _ = ingest(studio.make("mono.wav", *TONE))
    media, _ = ingest(studio.make("stereo.wav", *TONE, "-af", f"pan=stereo|c0=c0|{gain}"))
    assert alone.loudness_lufs is not None and media.loudness_lufs is not None
    expected = alone.loudness_lufs + {"c1=c0": 3, "c1=0*c0": 0, "c1=-0.3*c0": 0.4}[gain]
    assert media.loudness_lufs == pytest.approx(expected, abs=LOUDNESS_TOLERANCE_LU)


def test_a_mix_of_two_full_channels_is_not_clipped(studio: Studio, ingest: Ingest) -> None:
    both = ["-af", "volume=0.99/0.5,pan=stereo|c0=c0|c1=c0", "-c:a", "pcm_f32le"]
    _, samples = ingest(studio.make("a.wav", *TONE, *both))
    n_at_full_scale = int((np.abs(samples.astype(int)) > 32_700).sum())
    assert n_at_full_scale < 0.01 * len(samples)


@pytest.mark.parametrize("n_told", [0, 0xFFFFFFFF, 0x7FFFFFFF, 1000])
def test_a_wav_header_with_a_wrong_length_is_not_relied_on(
    studio: Studio, ingest: Ingest, n_told: int
) -> None:
    n_seconds = UNTOLD_BYTES // 96_000 + 2
    path = studio.make("a.wav", "-f", "lavfi", "-i", f"sine=d={n_seconds}:r=48000")
    whole = bytearray(path.read_bytes())
    at = whole.index(b"data")
    whole[4:8] = struct.pack("<I", min(n_told + at, 0xFFFFFFFF) if n_told else 0)
    whole[at + 4 : at + 8] = struct.pack("<I", n_told)
    path.write_bytes(whole)
    media, _ = ingest(path)
    assert media.duration_ms == n_seconds * 1000


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mkv", []), ("a.mp4", ["-c:a", "aac", "-movflags", "+faststart"]), ("a.flac", [])],
)
def test_a_recording_that_is_cut_off_is_read_as_far_as_it_goes_with_a_warning(
    studio: Studio, ingest: Ingest, caplog: pytest.LogCaptureFixture, name: str, codec: list[str]
) -> None:
    noise = ["-f", "lavfi", "-i", "anoisesrc=d=6:seed=1"]
    path = studio.make(name, *noise, *codec)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with caplog.at_level(logging.WARNING):
        media, _ = ingest(path)
    assert 2_500 < media.duration_ms < 4_500
    assert f"{name}: damaged: the decoder complained" in caplog.text


def test_a_movie_cut_off_before_its_index_is_an_error(studio: Studio, ingest: Ingest) -> None:
    path = studio.make("a.mp4", *TONE, "-c:a", "aac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaError, match="not a recording that can be read"):
        ingest(path)


def test_noise_between_frames_is_stepped_over(studio: Studio, ingest: Ingest) -> None:
    path = studio.make("a.mp3", *TONE, "-c:a", "libmp3lame")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = np.random.default_rng(1).bytes(2000)
    path.write_bytes(content)
    media, _ = ingest(path)
    assert media.duration_ms == pytest.approx(2000, abs=NOISE_MS)


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.mov"])
def test_a_picture_with_an_audio_stream_of_no_packets(
    studio: Studio, ingest: Ingest, name: str
) -> None:
    dropped = [*studio.clicks([0.5], 1), "-af", "aselect=0"]
    path = studio.make(name, *studio.flashes([], 1), *dropped)
    with pytest.raises(MediaError, match=r"no sound in it|its sound has no length"):
        ingest(path)


def test_an_absurd_number_of_channels_is_one_line(ingest: Ingest, tmp_path: Path) -> None:
    n_channels, n_bytes = 65_535, 65_535 * 2 * 20
    path = tmp_path / "a.wav"
    path.write_bytes(
        struct.pack("<4sI8sIHHIIHH", b"RIFF", 36 + n_bytes, b"WAVEfmt ", 16, 1, n_channels, 8000,
                    8000, 0xFFFE, 16)
        + struct.pack("<4sI", b"data", n_bytes) + bytes(n_bytes)
    )  # fmt: skip
    with pytest.raises(MediaError, match=r"a\.wav"):
        ingest(path)


def test_hundreds_of_streams_are_refused(studio: Studio) -> None:
    many = ["-map", "0"] * 101
    path = studio.make("a.mov", "-f", "lavfi", "-i", "anullsrc=d=0.03", *many, "-c:a", "pcm_s16le")
    with pytest.raises(MediaError, match="not a recording that can be read"):
        probe_media(path)


def test_a_picture_too_large_to_decode_is_refused(studio: Studio) -> None:
    source = ["-f", "lavfi", "-i", "color=s=320x322:d=0.1"]
    path = studio.make("a.mkv", *source, *studio.clicks([0.05], 0.1), "-c:v", "rawvideo")
    small = b"\xb0\x82\x01\x40\xba\x82\x01\x42"
    huge = path.read_bytes().replace(small, b"\xb0\x82\x40\0\xba\x82\x20\0")
    assert huge != path.read_bytes()
    path.write_bytes(huge)
    with pytest.raises(MediaError, match="16384 × 8192"):
        probe_media(path)


def test_a_recording_that_goes_on_and_on_is_given_up(studio: Studio, tmp_path: Path) -> None:
    gap = "asetpts='PTS+gt(T,1)*3600/TB'"
    path = studio.make("a.mka", *TONE, "-af", gap, "-c:a", "pcm_s16le")
    wav = tmp_path / "audio.wav"
    with pytest.raises(MediaError, match=r"longer than 0\.0167 hours"):
        ingest_media(path, AudioOptions(), wav, lambda share: None, max_duration_s=60)
    assert wav.stat().st_size < 62 * 32_000
