"""Decodes a recording to `audio.wav` on the player's clock and measures its loudness, in one pass.

The clock is set here alone: `audio.wav` begins at the player's 0, the start of the container. Sound
that begins later has silence before it; what lies before 0 is cut off.
Not here: reading the streams (see `probe.py`), cutting clips (see `render.py`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from pipeline.errors import MediaError, to_printable
from pipeline.levels import Levels
from pipeline.media.ffmpeg import Run, file_url, find_complaints, input_limits, run_ffmpeg
from pipeline.media.options import AudioOptions
from pipeline.media.probe import AudioTrack, Probe, probe_audio, probe_media
from pipeline.media.sound import FILL_GAPS, parse_loudness, parse_rms_db
from pipeline.media.wav import read_samples
from pipeline.records import Media, Progress

log = logging.getLogger(__name__)

SAMPLE_RATE_HZ = 16_000
"""Sample rate of `audio.wav`, the input of every engine."""

MAX_DURATION_S = 24 * 3600
"""Longer recordings are refused: `audio.wav` would pass 2.8 GB, and some small files never end."""

CHANNEL_LEVELS_NAME = "channels.s16"
CHANNEL_LEVELS_PER_S = 100
"""The file of channel levels: int16 amplitudes, channels interleaved, no header."""

LEVEL_BAND_HZ = 8_000
"""Sample rate at which channel levels are measured: speech above 4 kHz doesn't matter for them."""


CANCELLED_DB = 12.0
"""Two channels cancel out if their mix is this much quieter than the louder one. Two independent
sounds lose 3 dB in it, and a channel beside a silent one 6 dB; lossy codecs leave noise at -15."""

AUDIBLE_DB = -70.0
"""A channel of a lower mean level (dBFS) is silent."""


def ingest_media(
    path: Path,
    options: AudioOptions,
    wav: Path,
    progress: Progress,
    max_duration_s: int = MAX_DURATION_S,
) -> Media:
    """Decode the chosen audio to `wav` (16 kHz mono s16) and return what the recording is.

    The duration runs to the last decoded sample; the container's own duration is used only for a
    picture that lasts longer than the sound.

    Raises:
        MediaError: missing, empty, not media, no sound, too long, or no such stream or channel.
    """
    probe = probe_media(path)
    track = probe_audio(path, options.stream)
    check_channel(path, track, options)
    if options.stream == "auto" and len(probe.sounds) > 1:
        _log_choice(path, probe, track)
    sound_start_ms = round(track.start_s * 1000)
    decoding = _Decoding(path, track, options.channel, wav, sound_start_ms, max_duration_s)
    told = _decode(decoding, _share_of(probe, progress))
    if (alone := _find_channel_alone(told)) is not None:
        log.warning(
            "%s: its two channels cancel out when they are mixed: channel %s is taken alone",
            to_printable(path.name), alone,
        )  # fmt: skip
        decoding = replace(decoding, alone=alone)
        told = _decode(decoding, _share_of(probe, progress))
    n_samples = len(read_samples(wav))
    if n_samples == 0:
        raise MediaError(str(path), "its sound has no length", "name a recording with sound")
    if n_samples > max_duration_s * SAMPLE_RATE_HZ:
        problem = f"longer than {max_duration_s / 3600:.3g} hours"
        raise MediaError(str(path), problem, "cut it into shorter recordings")
    _log_damage(path, told)
    sound_end_ms = n_samples * 1000 // SAMPLE_RATE_HZ
    picture_end_ms = _read_picture_end_ms(path, probe, max_duration_s)
    return Media(
        name=to_printable(path.name),
        duration_ms=max(sound_end_ms, picture_end_ms, 1),
        sample_rate_hz=SAMPLE_RATE_HZ,
        n_samples=n_samples,
        n_audio_streams=len(probe.sounds),
        n_channels=track.n_channels,
        audio_stream=track.number,
        channel=decoding.only,
        loudness_lufs=parse_loudness(told).lufs,
        video=probe.video,
        sound_start_ms=sound_start_ms,
    )


def read_channel_levels(path: Path, n_channels: int) -> Levels:
    """The level of each channel's mean amplitude over 10 ms: (n_frames, n_channels)."""
    amplitudes = np.fromfile(path, "<i2")
    amplitudes = amplitudes[: len(amplitudes) // n_channels * n_channels].reshape(-1, n_channels)
    return Levels(20 * np.log10(np.maximum(amplitudes, np.float32(1))), CHANNEL_LEVELS_PER_S)


def _read_picture_end_ms(path: Path, probe: Probe, max_duration_s: int) -> int:
    """The end of the picture by the container's duration; 0 without one or if it is absurd."""
    claimed_s = probe.duration_s or 0.0
    if probe.video is None:
        return 0
    if claimed_s > max_duration_s:
        log.warning(
            "%s: damaged: its header claims %.0f hours, which is ignored",
            to_printable(path.name), claimed_s / 3600,
        )  # fmt: skip
        return 0
    return round(claimed_s * 1000)


def check_channel(path: Path, track: AudioTrack, options: AudioOptions) -> None:
    """Refuse a channel that the stream doesn't have.

    Raises:
        MediaError: the stream has no such channel.
    """
    if isinstance(options.channel, int) and options.channel >= track.n_channels:
        raise MediaError(
            str(path),
            f"no channel {options.channel}: stream {track.number} has {track.n_channels}, "
            "counted from 0",
            "mend audio.channel",
        )


def _share_of(probe: Probe, progress: Progress) -> Progress:
    total_s = probe.duration_s or 0.0
    return lambda out_s: progress(min(1.0, out_s / total_s) if total_s > 0 else 0.0)


@dataclass(frozen=True, slots=True)
class _Decoding:
    """A decoding to do; `sound_start_ms` is the time of the first sample on the player's clock.

    `alone`: the channel to take where a mix is asked for, and the channels cancel out in it.
    """

    path: Path
    track: AudioTrack
    channel: Literal["mix", "speakers"] | int
    wav: Path
    sound_start_ms: int
    max_duration_s: int
    alone: int | None = None

    @property
    def only(self) -> int | None:
        """The channel that is decoded; None is the mix of all."""
        return self.channel if isinstance(self.channel, int) else self.alone


def _decode(decoding: _Decoding, on_time: Progress) -> list[str]:
    """Write the WAV file, at most a second over the limit; return what ffmpeg logged.

    That includes the loudness that a clip of the stream would have; of a mix of two channels the
    levels that `_find_channel_alone` compares. For `channel: speakers` the level of each channel
    goes into a file beside the WAV.
    """
    path = decoding.path
    if decoding.only is not None:
        alone = f"pan=mono|c0=c{decoding.only}"
        voice, clip = f"{alone},aresample={SAMPLE_RATE_HZ}", alone
    else:
        voice = f"aresample={SAMPLE_RATE_HZ}:rematrix_maxval=1,aformat=channel_layouts=mono"
        clip = "aresample,aformat=channel_layouts=mono|stereo"
    # Filters after asplit must take any layout, or all branches get the narrowest one.
    voice += _set_clock(decoding, SAMPLE_RATE_HZ)
    branches = {"voice": f"{voice}[wav]", "clip": f"{clip},ebur128=framelog=quiet[loud]"}
    limit = ["-t", str(decoding.max_duration_s + 1), "-map_metadata", "-1", "-bitexact"]
    outputs = [
        "-map", "[wav]", "-c:a", "pcm_s16le", "-fflags", "+bitexact", *limit,
        "-f", "wav", file_url(decoding.wav), "-map", "[loud]", *limit, "-f", "null", "-",
    ]  # fmt: skip
    if decoding.only is None and decoding.track.n_channels == 2:
        beside = "pan=3.0|c0=c0|c1=c1|c2=0.5*c0+0.5*c1"
        branches["mix"] = f"{beside},astats=measure_overall=none,anullsink"
    if decoding.channel == "speakers":
        rates = f"aresample={LEVEL_BAND_HZ},aeval=abs(val(ch)):c=same"
        clock = _set_clock(decoding, CHANNEL_LEVELS_PER_S)
        branches["each"] = f"{rates},aresample={CHANNEL_LEVELS_PER_S}{clock}[levels]"
        levels = file_url(decoding.wav.with_name(CHANNEL_LEVELS_NAME))
        outputs += ["-map", "[levels]", "-c:a", "pcm_s16le", *limit, "-f", "s16le", levels]
    names = "".join(f"[{name}]" for name in branches)
    split = f"[0:a:{decoding.track.number}]{FILL_GAPS},asplit={len(branches)}{names}"
    graph = ";".join([split, *(f"[{name}]{chain}" for name, chain in branches.items())])
    limits = [word for name, value in input_limits(path).items() for word in (f"-{name}", value)]
    source = ["-vn", "-sn", "-dn", "-i", file_url(path), "-filter_complex", graph]
    return run_ffmpeg(Run([*limits, *source, *outputs], where=str(path), on_time=on_time))


def _find_channel_alone(told: Sequence[str]) -> int | None:
    """The louder of two channels that cancel out in a mix (opposed phases), None if they don't."""
    levels_db = parse_rms_db(told)
    if len(levels_db) != 3:
        return None
    *each_db, mix_db = levels_db
    loud_db = max(each_db)
    if loud_db < AUDIBLE_DB or loud_db - mix_db < CANCELLED_DB:
        return None
    return each_db.index(loud_db)


def _set_clock(decoding: _Decoding, per_s: int) -> str:
    """The filter that lets a stream of `per_s` samples a second begin at the player's 0."""
    n_samples = round(decoding.sound_start_ms * per_s / 1000)
    if n_samples < 0:
        return f",atrim=start_sample={-n_samples},asetpts=PTS-STARTPTS"
    return f",adelay={n_samples}S:all=1" if n_samples else ""


def _log_choice(path: Path, probe: Probe, track: AudioTrack) -> None:
    """Name the audio streams of a file with several, and the one that is taken."""
    each = "; ".join(f"{number}: {sound}" for number, sound in enumerate(probe.sounds))
    log.warning(
        "%s: audio stream %s of %s is taken (%s); audio.stream or --stream names another",
        to_printable(path.name), track.number, len(probe.sounds), to_printable(each),
    )  # fmt: skip


def _log_damage(path: Path, told: Sequence[str]) -> None:
    """Warn that the file is truncated or damaged, so that some speech may be missing."""
    complaints = find_complaints(told)
    if complaints:
        log.warning(
            "%s: damaged: the decoder complained %s times, first: %s",
            to_printable(path.name), len(complaints), complaints[0],
        )  # fmt: skip
