"""A clip's sound is brought to its loudness, whatever the recording's, and keeps its peaks low."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MediaError
from pipeline.media.beds import make_bed
from pipeline.media.cut import Cut, Rendition, SoundPlan
from pipeline.media.decode import ingest_media
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.frames import Picture
from pipeline.media.mastering import choose_gain_db, master_sound, measure_file
from pipeline.media.options import AudioOptions
from pipeline.media.probe import read_streams
from pipeline.media.sound import Loudness, parse_loudness
from tests.media.damaging import damage, make_whole
from tests.media.studio import Studio

LOUDNESS_TOLERANCE_LU = 0.5
MAX_PEAK_DBTP = -1.0
LENGTH_TOLERANCE_MS = 30
N_DAMAGED = 200
SPEECH = Path(__file__).parents[2] / "samples" / "episode.opus"
QUIET_THEN_LOUD = "anoisesrc=d=12:c=pink:a=0.3:seed=3:r=48000,volume='if(lt(t,6),0.2,1)':eval=frame"

Master = Callable[..., Path]


@pytest.fixture
def master(tmp_path: Path) -> Master:
    def run(source: Path, span_ms: tuple[int, int], plan: SoundPlan) -> Path:
        wav = tmp_path / "audio.wav"
        media = ingest_media(source, AudioOptions(), wav, lambda share: None)
        if plan.gain_db is not None:
            assert media.loudness_lufs is not None
            plan = replace(plan, gain_db=plan.target_lufs - media.loudness_lufs)
        picture = Rendition(tmp_path / "unused.mp4", Picture(64, 64, 25))
        return master_sound(
            Cut(source, media, *span_ms, (picture,), tmp_path, sound=plan), tmp_path
        )

    return run


def measure(path: Path) -> Loudness:
    return measure_file(path, path.with_suffix(".heard.wav"))[0]


@pytest.mark.parametrize("span_ms", [(0, 5_000), (7_000, 12_000), (4_000, 9_000)])
@pytest.mark.parametrize("target_lufs", [-16.0, -23.0])
def test_each_clip_is_brought_to_its_loudness(
    studio: Studio, master: Master, span_ms: tuple[int, int], target_lufs: float
) -> None:
    source = studio.make("a.flac", "-f", "lavfi", "-i", QUIET_THEN_LOUD)
    loudness = measure(master(source, span_ms, SoundPlan(target_lufs)))
    assert loudness.lufs == pytest.approx(target_lufs, abs=LOUDNESS_TOLERANCE_LU)
    assert loudness.peak_dbtp is not None and loudness.peak_dbtp <= MAX_PEAK_DBTP


@pytest.mark.parametrize("start_ms", [0, 20_000, 51_300, 120_000])
def test_speech_with_high_peaks_reaches_its_loudness_too(master: Master, start_ms: int) -> None:
    loudness = measure(master(SPEECH, (start_ms, start_ms + 8_000), SoundPlan(-14.0)))
    assert loudness.lufs == pytest.approx(-14, abs=LOUDNESS_TOLERANCE_LU)
    assert loudness.peak_dbtp is not None and loudness.peak_dbtp <= MAX_PEAK_DBTP


def test_the_recordings_one_gain_leaves_quiet_clips_quieter(studio: Studio, master: Master) -> None:
    source = studio.make("a.flac", "-f", "lavfi", "-i", QUIET_THEN_LOUD)
    plan = SoundPlan(gain_db=0.0)
    quiet = measure(master(source, (0, 5_000), plan)).lufs
    loud = measure(master(source, (7_000, 12_000), plan)).lufs
    assert quiet is not None and loud is not None
    assert loud - quiet > 12


@pytest.mark.parametrize("target_lufs", [-16.0, -13.0])
def test_the_recordings_one_gain_reaches_the_loudness_though_peaks_are_limited(
    tmp_path: Path, master: Master, target_lufs: float
) -> None:
    span_ms = (20_000, 40_000)
    plain = ingest_media(SPEECH, AudioOptions(), tmp_path / "whole.wav", lambda share: None)
    assert plain.loudness_lufs is not None
    cut = ["-ss", "20", "-t", "20", "-i", file_url(SPEECH), file_url(tmp_path / "cut.wav")]
    run_ffmpeg(Run(cut, where="cut"))
    before = measure(tmp_path / "cut.wav").lufs
    after = measure(master(SPEECH, span_ms, SoundPlan(target_lufs, gain_db=0.0))).lufs
    assert before is not None and after is not None
    assert after - before == pytest.approx(target_lufs - plain.loudness_lufs, abs=0.5)


def test_loudness_that_one_gain_does_not_reach_is_logged_with_the_number(
    master: Master, caplog: pytest.LogCaptureFixture
) -> None:
    made = measure(master(SPEECH, (20_000, 30_000), SoundPlan(-8.0, gain_db=0.0)))
    assert f"has {made.lufs:.1f} LUFS, not -" in caplog.text
    assert "episode.opus: the clip at 20.0 s" in caplog.text


@pytest.mark.parametrize("channel", [0, 1])
def test_one_channel_is_all_that_is_in_a_clip_at_the_loudness_asked_for(
    studio: Studio, tmp_path: Path, channel: int
) -> None:
    tones = ["-f", "lavfi", "-i", "aevalsrc=0.1*sin(2*PI*400*t)|0.3*sin(2*PI*900*t):s=48000:d=6"]
    source = studio.make("two.flac", *tones)
    options = AudioOptions(channel=channel)
    media = ingest_media(source, options, tmp_path / "audio.wav", lambda share: None)
    assert media.loudness_lufs is not None and media.channel == channel
    for gain_db in (None, -20 - media.loudness_lufs):
        plan = SoundPlan(-20.0, gain_db)
        made = master_sound(Cut(source, media, 0, 5_000, (), tmp_path, sound=plan), tmp_path)
        assert measure(made).lufs == pytest.approx(-20, abs=LOUDNESS_TOLERANCE_LU)
        recognized = studio.listen(made)
        own, other = (400, 900) if channel == 0 else (900, 400)
        assert tone_level(recognized, own, 2.0) > 1_000 * tone_level(recognized, other, 2.0)


def test_silence_stays_silent(studio: Studio, master: Master) -> None:
    source = studio.make("a.flac", *studio.clicks([3.5], 5))
    assert measure(master(source, (0, 3_300), SoundPlan())).lufs is None


def test_noise_is_not_brought_up_without_end() -> None:
    assert choose_gain_db(60) == 24
    assert choose_gain_db(-60) == -24


@pytest.mark.parametrize(("name", "codec"), [("a.m4a", "aac"), ("a.mp3", "mp3float")])
def test_sound_alone_is_a_file_of_its_own(
    studio: Studio, tmp_path: Path, master: Master, name: str, codec: str
) -> None:
    tone = ["-f", "lavfi", "-i", "sine=f=300:d=6:r=44100", "-metadata", "title=Secret"]
    source = studio.make("a.flac", *tone)
    alone = tmp_path / "alone" / name
    alone.parent.mkdir()
    master(source, (1_000, 5_000), SoundPlan(files=((name[2:], alone),)))
    streams = read_streams(alone)
    assert (streams.codecs, streams.video_ms) == ((codec,), None)
    assert streams.audio_ms == pytest.approx(4_000, abs=2 * LENGTH_TOLERANCE_MS)
    assert measure(alone).lufs == pytest.approx(-16, abs=LOUDNESS_TOLERANCE_LU)
    assert b"Secret" not in alone.read_bytes()


def test_surround_sound_becomes_stereo(studio: Studio, master: Master) -> None:
    tone = ["-f", "lavfi", "-i", "sine=f=300:d=5:r=48000", "-af", "pan=5.1|FC=c0|LFE=c0|BL=0.2*c0"]
    made = master(studio.make("a.flac", *tone), (0, 4_000), SoundPlan())
    assert measure(made).lufs == pytest.approx(-16, abs=LOUDNESS_TOLERANCE_LU)
    import av

    with av.open(str(made)) as container:
        assert container.streams.audio[0].channels == 2


def test_a_bed_lies_under_the_beginning_and_one_under_the_end(
    studio: Studio, master: Master
) -> None:
    speech = "anoisesrc=d=12:c=pink:a=0.2:seed=3:r=48000,lowpass=400"
    source = studio.make("a.flac", "-f", "lavfi", "-i", speech)
    intro = studio.make("in.wav", "-f", "lavfi", "-i", "sine=f=5000:d=3:r=22050")
    outro = studio.make("out.wav", "-f", "lavfi", "-i", "sine=f=7000:d=30:r=48000")
    plan = SoundPlan(intro=intro, outro=outro)
    made = master(source, (0, 10_000), plan)
    recognized = studio.listen(made)
    assert tone_level(recognized, 5_000, 0.5) > 20 * tone_level(recognized, 5_000, 4.0)
    assert tone_level(recognized, 7_000, 8.0) > 20 * tone_level(recognized, 7_000, 4.0)
    assert tone_level(recognized, 5_000, 0.5) > 3 * tone_level(recognized, 5_000, 2.8), (
        "it fades out"
    )
    assert measure(made).lufs == pytest.approx(-16, abs=LOUDNESS_TOLERANCE_LU)


def tone_level(samples: np.ndarray, frequency_hz: int, at_s: float) -> float:
    piece = samples[int(at_s * 48_000) :][:4_800]
    wave = np.exp(-2j * np.pi * frequency_hz * np.arange(len(piece)) / 48_000)
    return float(abs(piece @ wave)) / len(piece)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda studio: studio.folder / "none.wav", "No such file"),
        (lambda studio: studio.make("a.mp3", *studio.clicks([0.1], 1)), "not a WAV file"),
        (lambda studio: studio.make("b.wav", "-f", "lavfi", "-i", "anullsrc=d=1"), "silent"),
    ],
)
def test_a_bed_that_cannot_be_used_is_one_line(
    studio: Studio, master: Master, make: Callable[[Studio], Path], problem: str
) -> None:
    source = studio.make("a.flac", *studio.clicks([0.5], 4))
    with pytest.raises(MediaError, match=problem):
        master(source, (0, 3_000), SoundPlan(intro=make(studio)))


def test_a_jingle_before_silence_lies_as_low_as_one_without(studio: Studio) -> None:
    levels = []
    for name, more in (("short.wav", "anull"), ("long.wav", "apad=pad_dur=9")):
        tone = ["-f", "lavfi", "-i", f"sine=f=700:d=2:r=48000,{more}"]
        made = studio.folder / f"made-{name}"
        make_bed(studio.make(name, *tone), 30, -16.0, False, made)
        levels.append(np.abs(studio.listen(made)).max())
    assert levels[1] == pytest.approx(levels[0], rel=0.15)


def test_a_damaged_bed_is_taken_or_refused_in_one_line(studio: Studio) -> None:
    whole = make_whole("a.wav", studio.folder)
    n_refused = 0
    for seed in range(N_DAMAGED):
        path = studio.folder / "bed.wav"
        path.write_bytes(damage(whole, f"bed {seed}"))
        try:
            make_bed(path, 5, -16.0, True, studio.folder / "made.wav")
        except MediaError as error:
            assert len(str(error).splitlines()) == 1
            n_refused += 1
    assert 0 < n_refused < N_DAMAGED


def test_the_last_summary_counts() -> None:
    told = [
        "I: -70.0 LUFS",
        "Peak: -9.0 dBFS",
        "    I:         -16.1 LUFS",
        "    Peak:   -1.9 dBFS",
    ]
    assert parse_loudness(told) == Loudness(-16.1, -1.9)
    assert parse_loudness(["    I:         -70.0 LUFS"]) == Loudness(None, None)
