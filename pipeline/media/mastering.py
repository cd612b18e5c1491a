"""Brings a clip's sound to its target loudness: measures, applies a gain, limits, measures again.

All files of the clip copy the sound made here. The filter graphs are in `sound.py`.
"""

import logging
from pathlib import Path
from typing import Any

from pipeline.media import decode
from pipeline.media.beds import make_bed
from pipeline.media.cut import Cut, open_sound
from pipeline.media.ffmpeg import Run, file_url, find_complaints, run_ffmpeg
from pipeline.media.sound import (
    FILL_GAPS,
    SAMPLE_RATE_HZ,
    Loudness,
    cut_sound,
    lay_under,
    limit_peaks,
    parse_loudness,
    take_channel,
)

log = logging.getLogger(__name__)

MAX_GAIN_DB = 24.0
"""The largest gain, up or down: more would make background noise audible."""

TOLERANCE_LU = 0.2
"""The gain is corrected while the loudness is further from the target than this."""

WARNED_LU = 0.5
"""A clip further from its target than this is warned of, if the recording has one gain; if all
clips have one target, the clip's check reports it."""

MAX_CORRECTIONS = 3
LEAST_YIELD = 0.3
"""Least effect of gain that a correction counts on, LU/dB: below it peaks are only flattened."""

CODINGS = {
    "m4a": {
        "c:a": "aac", "b:a": "160k", "aac_coder": "fast", "f": "ipod", "movflags": "+faststart",
    },
    "mp3": {"c:a": "libmp3lame", "q:a": "2", "f": "mp3"},
}  # fmt: skip
"""At this bit rate AAC's fast search costs a quarter of the default one, and is more exact."""

_NOTHING_MORE = {
    "ar": SAMPLE_RATE_HZ, "map_metadata": -1, "map_chapters": -1, "bitexact": None, "threads": 1,
}  # fmt: skip


def master_sound(cut: Cut, folder: Path) -> Path:
    """Write the clip's sound to a folder as AAC, and the audio-only files that it asks for.

    Raises:
        MediaError: ffmpeg failed, or a bed can't be read.
    """
    import ffmpeg

    made = folder / "sound.m4a"
    beds = _make_beds(cut, folder)
    step_lu = cut.sound.gain_db
    audio, passed = _cut(cut)
    measured_lufs = _run(cut, [ffmpeg.output(_meter(audio), "-", f="null"), *passed]).lufs
    if measured_lufs is None:  # silence, or too short to tell
        _write(cut, beds, choose_gain_db(step_lu or 0.0), made)
        return made
    # With one gain for the recording, each clip's loudness rises by that gain, even where limiting
    # takes part of it away.
    target_lufs = cut.sound.target_lufs if step_lu is None else measured_lufs + step_lu
    gain_db, miss_lu, yields = 0.0, target_lufs - measured_lufs, 1.0
    # Where peaks are limited, 1 dB brings less than 1 LU: a secant step from the last two points.
    for _ in range(1 + MAX_CORRECTIONS):
        aim_db = choose_gain_db(gain_db + miss_lu / yields)
        reached = _write(cut, beds, aim_db, made)
        latest_lu = 0.0 if reached.lufs is None else target_lufs - reached.lufs
        step_db, brought_lu = aim_db - gain_db, miss_lu - latest_lu
        gain_db, miss_lu = aim_db, latest_lu
        if abs(miss_lu) <= TOLERANCE_LU or not step_db:
            break
        yields = min(1.0, max(LEAST_YIELD, brought_lu / step_db))
    log.info("clip at %s ms: %.2f dB, %.2f LU below its target", cut.start_ms, gain_db, miss_lu)
    if step_lu is not None and abs(miss_lu) > WARNED_LU:
        log.warning(
            "%s: the clip at %.1f s has %.1f LUFS, not %.1f: its peaks allow no more gain",
            cut.media.name, cut.start_ms / 1000, target_lufs - miss_lu, target_lufs,
        )  # fmt: skip
    return made


def choose_gain_db(wanted_db: float) -> float:
    """A gain limited to ±`MAX_GAIN_DB`."""
    return round(max(-MAX_GAIN_DB, min(MAX_GAIN_DB, wanted_db)), 2)


def measure_file(path: Path, wav: Path) -> tuple[Loudness, list[str]]:
    """Decode a clip's sound to a 16 kHz mono WAV; its loudness and the decoder's errors."""
    graph = "[0:a:0]ebur128=peak=true:framelog=quiet"
    # The first sample is at the player's time 0, wherever the audio stream starts.
    graph += f",{FILL_GAPS}:first_pts=0:osr={decode.SAMPLE_RATE_HZ}"
    graph += ",aformat=channel_layouts=mono[wav]"
    arguments = ["-i", file_url(path), "-filter_complex", graph, "-map", "[wav]"]
    arguments += ["-c:a", "pcm_s16le", "-f", "wav", file_url(wav)]
    told = run_ffmpeg(Run(arguments, where=path.name))
    return parse_loudness(told), find_complaints(told)


def _make_beds(cut: Cut, folder: Path) -> list[tuple[Path, float]]:
    """The beds, and the time in the clip at which each begins, in seconds."""
    made = []
    for name, path in (("intro", cut.sound.intro), ("outro", cut.sound.outro)):
        if path is not None:
            bed = folder / f"{name}.wav"
            is_intro = name == "intro"
            length_s = make_bed(path, cut.duration_s / 2, cut.sound.target_lufs, is_intro, bed)
            made.append((bed, 0.0 if is_intro else cut.duration_s - length_s))
    return made


def _write(cut: Cut, beds: list[tuple[Path, float]], gain_db: float, made: Path) -> Loudness:
    """Write the sound with this gain; returns its loudness."""
    import ffmpeg

    placed = [(ffmpeg.input(file_url(bed)).audio, at_s) for bed, at_s in beds]
    audio, passed = _cut(cut)
    louder = lay_under(audio.filter("volume", f"{gain_db}dB"), placed)
    files: list[tuple[str, Path]] = [("m4a", made), *cut.sound.files]
    copies = _meter(limit_peaks(louder)).filter_multi_output("asplit", len(files))
    return _run(
        cut,
        [
            ffmpeg.output(copies[number], file_url(path), **CODINGS[form], **_NOTHING_MORE)
            for number, (form, path) in enumerate(files)
        ]
        + passed,
    )


def _cut(cut: Cut) -> tuple[Any, list[Any]]:
    """The clip's sound, and the outputs that its run needs beside."""
    audio, passed = open_sound(cut)
    is_mono = cut.media.n_channels == 1 or cut.media.channel is not None
    return cut_sound(take_channel(audio, cut.media.channel), is_mono, cut.duration_s), passed


def _meter(sound: Any) -> Any:
    return sound.filter("ebur128", framelog="quiet")


def _run(cut: Cut, outputs: list[Any]) -> Loudness:
    """Run the outputs' graph; returns the loudness that its meter measured."""
    import ffmpeg

    arguments = ffmpeg.merge_outputs(*outputs).compile(cmd="ffmpeg")[1:]
    told = run_ffmpeg(Run(arguments, where=str(cut.source)))
    return parse_loudness(told)
