"""Checks of finished clips: durations, picture, loudness, captions, and spot checks of words.

Which words are looked for, and how, is in `pipeline/alignment/spot_checks.py`.
"""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from pipeline.aligners.catalog import choose_graph_decoder
from pipeline.aligners.options import AlignOptions
from pipeline.aligners.recording.acoustic_model import RecordingModel
from pipeline.aligners.spoken_words import speak_words
from pipeline.aligners.table import ALIGNERS, RECOGNIZER
from pipeline.aligners.window_decoding import open_short_windows
from pipeline.alignment.spot_checks import SpotChecked, choose_spot_checks, find_spot_checks
from pipeline.clipmaking.files import PLAYED, is_copied
from pipeline.clipmaking.source import ClipSource, ClipView, PlannedClip
from pipeline.clips.options import ClipOptions
from pipeline.clips.window import find_cut_words
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.media.frames import choose_picture
from pipeline.media.mastering import measure_file
from pipeline.media.probe import read_streams
from pipeline.media.sound import Loudness
from pipeline.media.wav import read_samples
from pipeline.records import Clip, ClipCheck, TimedText, WordCheck

log = logging.getLogger(__name__)

N_SPOT_CHECKS = 8
"""Spot checks in each clip."""

LENGTH_TOLERANCE_MS = 60
"""A frame at 25 fps, and the padding of AAC's last frame."""

LOUDNESS_TOLERANCE_LU = 0.5
MAX_PEAK_DBTP = -1.0
SHORT_MS = 3_000
"""In shorter clips the loudness is not checked."""

MAX_ERROR_MS = 120
"""Larger errors of captions are visible. Source: ITU-R BT.1359-1."""

GAP_S = 0.5
"""Silence between the sounds of clips, which are concatenated for the spot checks."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What finished clips are checked against, and with what.

    Args:
        item: the item's id, which begins messages.
        folder: where the clips are.
        source: what they were cut from.
        recording_model: the acoustic model of the recording, if there is one.
    """

    item: str
    folder: Path
    source: ClipSource
    clips: ClipOptions
    align: AlignOptions
    cpus: int
    recording_model: RecordingModel | None = None


@dataclass(frozen=True, slots=True)
class _ClipSound:
    """A clip's decoded sound, its loudness, and the decoder's complaints."""

    samples: Samples
    loudness: Loudness
    complaints: tuple[str, ...]


def check_clips(finished: Sequence[PlannedClip], options: CheckOptions) -> list[ClipCheck]:
    """Check each clip; problems are in its check, and in the log."""
    if not finished:
        return []
    with TemporaryDirectory(prefix=".sound-", dir=options.folder) as folder:
        sounds = [
            _listen(options.folder / each.clip.files[0].path, Path(folder) / f"{number}.wav")
            for number, each in enumerate(finished)
        ]
    windows = [each.view.window for each in finished]
    words = _find_words(windows, [each.samples for each in sounds], options)
    checks = [
        _check_clip(each, sound, found, options)
        for each, sound, found in zip(finished, sounds, words, strict=True)
    ]
    for each, check in zip(finished, checks, strict=True):
        for problem in check.problems:
            log.warning("%s: %s: %s", options.item, each.clip.id, problem)
    errors = [error for check in checks for error in _errors(check.words)]
    if errors:
        log.info("%s spot checks of words in clips, 95 %% within %s ms", len(errors), _p95(errors))
    return checks


def _listen(path: Path, wav: Path) -> _ClipSound:
    loudness, complaints = measure_file(path, wav)
    return _ClipSound(np.array(read_samples(wav)), loudness, tuple(complaints))


def _find_words(
    windows: Sequence[TimedText], sounds: Sequence[Samples], options: CheckOptions
) -> list[tuple[WordCheck, ...]]:
    """Spot checks of each clip; none where no decoder knows the language.

    The clips' sounds are concatenated and decoded as one recording.
    """
    align, language = options.align, windows[0].language
    name = choose_graph_decoder(language, align.model, recognizer="")
    if windows[0].translated_from:
        log.info("no spot checks in the clips: their words are a translation")
        return [() for _ in windows]
    if name == RECOGNIZER:
        log.info("no spot checks in the clips: no decoder knows %r", language)
        return [() for _ in windows]
    has_music = (options.source.intro is not None, options.source.outro is not None)
    gap = np.zeros(round(GAP_S * SAMPLE_RATE_HZ), np.int16)
    parts: list[SpotChecked] = []
    row: list[Samples] = []
    for window, sound in zip(windows, sounds, strict=True):
        start_ms = sum(map(len, row)) * 1000 // SAMPLE_RATE_HZ
        chosen = choose_spot_checks(window, N_SPOT_CHECKS, has_music)
        parts.append(SpotChecked(window, chosen, start_ms))
        row += [sound, gap]
    spoken = [word.text for window in windows for word in window.words]
    text = speak_words(spoken, language, align.vocabulary)
    vocabulary = tuple(align.vocabulary.items())
    engine = EngineRequest(cpus=options.cpus, vocabulary=vocabulary)
    if ALIGNERS[name].takes_model:
        engine = EngineRequest(align.model, align.device, align.compute_type, options.cpus)
    with open_short_windows(name, engine, np.concatenate(row), options.recording_model) as decoder:
        found = find_spot_checks(parts, text, decoder)
    return [_compare(part, times) for part, times in zip(parts, found, strict=True)]


def _compare(part: SpotChecked, times: Sequence[int | None]) -> tuple[WordCheck, ...]:
    words = part.timed.words
    return tuple(
        WordCheck(number, words[number].text, words[number].start_ms or 0, found_ms)
        for number, found_ms in zip(part.spot_checks, times, strict=True)
    )


def _check_clip(
    finished: PlannedClip, sound: _ClipSound, words: tuple[WordCheck, ...], options: CheckOptions
) -> ClipCheck:
    errors = _errors(words)
    problems = [
        *_check_streams(finished.clip, options),
        *(f"its sound does not decode: {complaint}" for complaint in sound.complaints[:1]),
        *_check_captions(finished.view),
        *_check_cuts(find_cut_words(options.source.timed, finished.clip)),
        *_check_words(words),
    ]
    if not is_copied(options.clips):
        problems += _check_loudness(finished.view.window.duration_ms, sound.loudness, options.clips)
    return ClipCheck(
        duration_ms=read_streams(options.folder / finished.clip.files[0].path).duration_ms,
        loudness_lufs=sound.loudness.lufs,
        peak_dbtp=sound.loudness.peak_dbtp,
        words=words,
        error_ms=_p95(errors) if errors else None,
        problems=tuple(problems),
    )


def _check_streams(clip: Clip, options: CheckOptions) -> Iterator[str]:
    """Wrong durations and picture sizes of the files that play."""
    wanted_ms = clip.end_ms - clip.start_ms
    for file in clip.files:
        if file.kind not in PLAYED:
            continue
        streams = read_streams(options.folder / file.path)
        for what, is_ms in (("sound", streams.audio_ms), ("picture", streams.video_ms)):
            if is_ms is not None and abs(is_ms - wanted_ms) > LENGTH_TOLERANCE_MS:
                yield f"{file.path}: its {what} lasts {is_ms} ms, not {wanted_ms}"
        if "h264" not in streams.codecs or file.frame is None:
            continue
        picture = choose_picture(file.frame, options.source.media.video)
        size = (picture.width_px, picture.height_px)
        is_its_own = file.kind == "soft" and file.frame == "source"
        if streams.size != size and not is_its_own:
            yield f"{file.path}: its picture is {streams.size}, not {size}"


def _check_captions(view: ClipView) -> Iterator[str]:
    length_ms = view.window.duration_ms
    outside = [cue for cue in view.cues if cue.end_ms > length_ms + LENGTH_TOLERANCE_MS]
    if outside:
        yield f"{len(outside)} captions end after it does"


def _check_cuts(cut_words: Sequence[str]) -> Iterator[str]:
    if cut_words:
        yield f"its start or end cuts through {', '.join(map(repr, cut_words))}"


def _check_words(words: tuple[WordCheck, ...]) -> Iterator[str]:
    """Words not found, or found too far from where they should be."""
    missing = [word for word in words if word.found_ms is None]
    if len(missing) > len(words) / 2:
        yield f"of {len(words)} words looked for, {len(missing)} are not in its sound"
    errors = _errors(words)
    if errors and _p95(errors) > MAX_ERROR_MS:
        yield f"words lie up to {max(errors)} ms from where they should be"


def _check_loudness(length_ms: int, loudness: Loudness, options: ClipOptions) -> Iterator[str]:
    if loudness.peak_dbtp is not None and loudness.peak_dbtp > MAX_PEAK_DBTP:
        yield f"its peaks reach {loudness.peak_dbtp:g} dBTP"
    if options.gain == "recording" or loudness.lufs is None or length_ms <= SHORT_MS:
        return
    if abs(loudness.lufs - options.loudness_lufs) > LOUDNESS_TOLERANCE_LU:
        yield f"its loudness is {loudness.lufs:g} LUFS, not {options.loudness_lufs:g}"


def _errors(words: Sequence[WordCheck]) -> list[int]:
    found = ((word.found_ms, word.expected_ms) for word in words)
    return [abs(found_ms - expected_ms) for found_ms, expected_ms in found if found_ms is not None]


def _p95(errors: Sequence[int]) -> int:
    """Their 95th percentile."""
    return sorted(errors)[max(0, math.ceil(0.95 * len(errors)) - 1)]
