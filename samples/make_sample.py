"""Make the samples: `python samples/make_sample.py [--out DIR]` speaks, encodes and checks them.

Holds the order of the work and what a sample has to pass; the work itself is in the modules beside.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import delivery
import numpy as np
from scene import paint_frames
from script import format_text, parse_text, read_script
from timeline import RATE_HZ, Timeline, build_timeline, format_truth
from voices import VoiceError

HERE = Path(__file__).resolve().parent
SEED = 20
TALK_AUDIO_START_MS = 400
# What a player hears must lie this close to the truth.
DELAY_TOLERANCE_MS = 1.0
# A word after a pause must be heard this soon after its start, or this little before it. Breathy
# starts such as the `h` of `how` or an `f` come up slowly, hence the two figures.
ONSET_MEDIAN_MS, ONSET_WORST_MS = 20.0, 100.0
ONSET_DB = -42.0
ONSET_PAUSE_MS = 100


class CheckError(Exception):
    """A sample was made, but is not true."""


def main(arguments: list[str] | None = None) -> int:
    """Make both samples. Returns 1, with a line on stderr, where that fails."""
    parser = argparse.ArgumentParser(description="Make the samples: speech with known word times.")
    parser.add_argument(
        "--out", type=Path, default=HERE, help="folder to write to (default: the samples folder)"
    )
    folder = parser.parse_args(arguments).out
    folder.mkdir(parents=True, exist_ok=True)
    try:
        make_episode(folder)
        make_talk(folder)
    except (VoiceError, CheckError, delivery.DeliveryError) as error:
        print(f"make_sample: {error}", file=sys.stderr)
        return 1
    return 0


def make_episode(folder: Path) -> None:
    """Make the podcast: two voices, four topics, sound only."""
    text, timeline = _perform("episode")
    media = folder / "episode.opus"
    delivery.write_opus(media, timeline.samples, RATE_HZ)
    _finish(media, text, timeline, audio_start_ms=0, first_ms=0.0)


def make_talk(folder: Path) -> None:
    """Make the film: one voice over a moving picture, the sound starting later than the picture."""
    text, timeline = _perform("talk")
    media = folder / "talk.mp4"
    duration_s = TALK_AUDIO_START_MS / 1000 + len(timeline.samples) / RATE_HZ
    n_frames = math.ceil(duration_s * delivery.FRAMES_PER_S)
    frames = paint_frames(n_frames, delivery.FRAMES_PER_S, delivery.WIDTH_PX, delivery.HEIGHT_PX)
    first_ms = delivery.write_video(media, frames, timeline.samples, RATE_HZ, TALK_AUDIO_START_MS)
    _finish(media, text, timeline, TALK_AUDIO_START_MS, first_ms)


def _perform(name: str) -> tuple[str, Timeline]:
    """Read a script, speak it, and check that its printed text holds the very words spoken."""
    script = read_script(HERE / f"{name}.script")
    text = format_text(script)
    timeline = build_timeline(script, SEED)
    words, sounds = parse_text(text)
    if words != [word.text for word in timeline.words]:
        raise CheckError(f"{name}.txt: its words are not those that were spoken")
    if sounds != [(sound.text, sound.after_word) for sound in timeline.sounds]:
        raise CheckError(f"{name}.txt: its sounds are not those that were laid down")
    return text, timeline


def _finish(
    media: Path, text: str, timeline: Timeline, audio_start_ms: int, first_ms: float
) -> None:
    """Check the encoded file against the mix, then write its text and truth, and say what was seen.

    Args:
        audio_start_ms: where the audio stream has to start.
        first_ms: where the first sample of the mix has to play.
    """
    delay_ms = delivery.measure_delay_ms(media, timeline.samples, RATE_HZ)
    start_ms, duration_ms = delivery.read_clock_ms(media)
    off_ms = start_ms + delay_ms - first_ms
    if abs(start_ms - audio_start_ms) >= DELAY_TOLERANCE_MS:
        raise CheckError(
            f"{media.name}: its sound starts at {start_ms:.2f} ms, not {audio_start_ms} ms"
        )
    if abs(off_ms) >= DELAY_TOLERANCE_MS:
        raise CheckError(
            f"{media.name}: plays {off_ms:+.2f} ms off the truth; at most {DELAY_TOLERANCE_MS} ms"
        )
    onsets_ms = list(_measure_onsets_ms(timeline))
    median_ms, worst_ms = float(np.median(np.abs(onsets_ms))), max(onsets_ms, key=abs)
    if median_ms > ONSET_MEDIAN_MS or abs(worst_ms) > ONSET_WORST_MS:
        raise CheckError(
            f"{media.name}: words are heard {median_ms:.0f} ms (worst {worst_ms:+.0f} ms)"
            " from their start"
        )
    truth = format_truth(timeline, audio_start_ms, first_ms, duration_ms)
    media.with_suffix(".txt").write_text(text, encoding="utf-8")
    media.with_suffix(".truth.json").write_text(_format_json(truth), encoding="utf-8")
    print(
        f"{media.name}: {duration_ms / 1000:.2f} s, {media.stat().st_size / 1e6:.2f} MB,"
        f" {len(timeline.words)} words, {len(timeline.sounds)} sounds,"
        f" {len(timeline.topics)} topics;"
        f" sound starts at {start_ms:.2f} ms and plays {off_ms:+.2f} ms off the truth;"
        f" {len(onsets_ms)} words after a pause are heard {median_ms:.0f} ms"
        f" (worst {worst_ms:+.0f} ms) from their start"
    )


def _measure_onsets_ms(timeline: Timeline) -> Iterator[float]:
    """For every word after a pause, find how long after its start the sound comes up."""
    n_before, n_after, n_smooth = RATE_HZ * 60 // 1000, RATE_HZ * 200 // 1000, RATE_HZ * 3 // 1000
    heard_until = [0] + [word.end_sample for word in timeline.words]
    for word, end_before in zip(timeline.words, heard_until, strict=False):
        has_sound = any(
            sound.start_sample < word.start_sample < sound.end_sample + n_before * 4
            for sound in timeline.sounds
        )
        if word.start_sample - end_before < ONSET_PAUSE_MS * RATE_HZ // 1000 or has_sound:
            continue
        piece = timeline.samples[word.start_sample - n_before : word.start_sample + n_after]
        power = np.convolve(np.square(piece), np.ones(n_smooth) / n_smooth, mode="same")
        yield (int(np.argmax(power > 10 ** (ONSET_DB / 10))) - n_before) * 1000 / RATE_HZ


def _format_json(truth: dict[str, object]) -> str:
    """Print JSON with a line for each word, sound and topic, so that a diff reads well."""
    lines = []
    for key, value in truth.items():
        if isinstance(value, list):
            rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f' "{key}": [\n{rows}\n ]' if value else f' "{key}": []')
        else:
            lines.append(f' "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main())
