"""What can be told of an alignment without true times, by recognisers that don't see the text.

Words that both recognisers have, in order, are spoken: how many are not aligned? And a crop of
three such words, cut at their times: which of its first and last words does Whisper miss?
"""

import json
import os
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from transcribe import as_floats, plain, read_sound

from people_parts.measures import Row, share, wilson
from people_parts.recordings import Recording, Token, join_recordings
from people_parts.runs import Judged, align_recordings, align_with_pocketsphinx
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Samples
from pipeline.recognizers.catalog import load_recognizer
from pipeline.recognizers.table import LISTENER
from pipeline.speech.voice_activity import find_speech

CROP_WORDS = 3
CROP_EDGE_S = 0.3
"""Silence around a crop: Whisper mishears what begins with the file."""

Span = tuple[float, float]
Timing = Mapping[int, Span]
"""Start and end in ms by the word's index."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """Words as a recogniser writes them, in small letters, and their times if it has any."""

    words: Sequence[str]
    spans: Sequence[Span]


def read_untimed(media: Path, text: Path) -> Recording:
    """A recording whose words have no true times.

    Or a folder of one person's utterances, which are joined, and a JSON of their texts by name.
    """
    written = text.read_text(encoding="utf-8")
    if media.is_dir():
        texts: Mapping[str, str] = json.loads(written)
        parts = [_make_recording(media.name, media / name, line) for name, line in texts.items()]
        return join_recordings(media.name, parts)
    return _make_recording(f"{media.resolve().parent.name}/{media.stem}", media, written)


def _make_recording(name: str, media: Path, text: str) -> Recording:
    tokens = tuple(Token(word, None, None, name) for word in text.split())
    return Recording(name, read_sound(media), tokens, text)


def measure_untimed(
    recordings: Sequence[Recording], whisper: Path | None, n_crops: int, workers: int
) -> tuple[dict[str, Row], dict[str, Row]]:
    """Rows of statuses and of crops, a row a recording and one of all; crops need Whisper.

    Args:
        whisper: a model folder of faster-whisper.
        n_crops: at most so many of a recording, for each way of timing.
    """
    transcribe = load_whisper(whisper) if whisper else None
    found = align_recordings({one.name: one for one in recordings}, workers)
    statuses: dict[str, Row] = {}
    everything: list[Judged] = []
    ends: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for recording in recordings:
        recognized = [recognize(recording.samples)]
        if transcribe:
            recognized.append(transcribe(recording.samples))
        spoken = set.intersection(*(set(match(recording, one)) for one in recognized))
        own = [word for word in found[recording.name] if word.index in spoken]
        statuses[recording.name] = _count_statuses(own)
        everything += own
        if not transcribe:
            continue
        whisper_spans = {
            index: recognized[1].spans[place]
            for index, place in match(recording, recognized[1]).items()
        }
        ways = {
            "cuecast": _spans_of(found[recording.name]),
            "pocketsphinx": _spans_of(align_with_pocketsphinx(recording)),
            "whisper": whisper_spans,
        }
        crops = choose_crops(sorted(spoken), list(ways.values()), n_crops)
        for way, spans in ways.items():
            for indices in crops:
                ends[way].append(check_crop(recording, indices, spans, transcribe))
    if len(statuses) > 1:
        statuses["all"] = _count_statuses(everything)
    return statuses, {way: _count_ends(rows) for way, rows in ends.items() if rows}


def recognize(samples: Samples) -> Recognized:
    """What the embedded recogniser hears."""
    n_threads = len(os.sched_getaffinity(0))
    recognizer = load_recognizer(LISTENER, EngineRequest(cpus=n_threads))
    speech = find_speech(samples, n_threads)
    heard = recognizer.transcribe(samples, speech, Hints("en"), lambda share: None)
    words = [word.text for segment in heard.segments for word in segment.words]
    return Recognized(plain(words), ())


def load_whisper(folder: Path) -> Callable[..., Recognized]:
    """A function from samples to what Whisper hears."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8")
    return partial(_transcribe, model)


def match(recording: Recording, recognized: Recognized) -> dict[int, int]:
    """The words of the text that are recognised: index in the text, place among the recognised."""
    own = [
        (index, word)
        for index, token in enumerate(recording.tokens)
        for word in plain([token.text])
    ]
    blocks = Levenshtein.opcodes([word for _, word in own], recognized.words)
    return {
        own[block.src_start + step][0]: block.dest_start + step
        for block in blocks
        if block.tag == "equal"
        for step in range(block.src_end - block.src_start)
    }


def choose_crops(
    spoken: Sequence[int], ways: Sequence[Timing], n_crops: int
) -> list[tuple[int, ...]]:
    """Runs of neighbouring words that are spoken and timed by all, evenly over the text."""
    timed = [index for index in spoken if all(index in way for way in ways)]
    runs: list[tuple[int, ...]] = []
    for first in range(len(timed) - CROP_WORDS + 1):
        run = tuple(timed[first : first + CROP_WORDS])
        is_run = run[-1] - run[0] == CROP_WORDS - 1
        if is_run and (not runs or run[0] > runs[-1][-1]):
            runs.append(run)
    step = max(1, -(-len(runs) // n_crops))
    return runs[::step]


def check_crop(
    recording: Recording,
    indices: Sequence[int],
    spans: Timing,
    transcribe: Callable[..., Recognized],
) -> tuple[int, int, float]:
    """Whether the first and the last word of a crop are missed, and how long the crop is in s."""
    first, last = (
        round(time / 1000 * SAMPLE_RATE_HZ)
        for time in (spans[indices[0]][0], spans[indices[-1]][1])
    )
    edge = np.zeros(round(CROP_EDGE_S * SAMPLE_RATE_HZ), np.int16)
    sound = np.concatenate([edge, recording.samples[first:last], edge])
    words = transcribe(sound, is_crop=True).words
    wanted = plain([recording.tokens[index].text for index in indices])
    begins = words[:1] == wanted[:1]
    closes = words[-1:] == wanted[-1:]
    return int(not begins), int(not closes), (last - first) / SAMPLE_RATE_HZ


def _transcribe(model: Any, samples: Samples, is_crop: bool = False) -> Recognized:
    segments, _ = model.transcribe(
        as_floats(samples), language="en", beam_size=1 if is_crop else 5, temperature=0.0,
        word_timestamps=not is_crop, condition_on_previous_text=False, vad_filter=not is_crop,
    )  # fmt: skip
    if is_crop:
        return Recognized(plain(" ".join(segment.text for segment in segments).split()), ())
    words = [word for segment in segments for word in segment.words or ()]
    pairs = [(plain([word.word]), (word.start * 1000, word.end * 1000)) for word in words]
    kept = [(text[0], span) for text, span in pairs if text]
    return Recognized([text for text, _ in kept], [span for _, span in kept])


def _spans_of(words: Sequence[Judged]) -> dict[int, Span]:
    return {
        word.index: (word.start_ms, word.end_ms)
        for word in words
        if word.start_ms is not None and word.end_ms is not None
    }


def _count_statuses(words: Sequence[Judged]) -> Row:
    row: Row = {"n": len(words)}
    for status in ("unspoken", "estimated"):
        n_such = sum(word.status == status for word in words)
        row |= {
            status: n_such,
            f"{status}_share": share(n_such, len(words)),
            f"{status}_95": wilson(n_such, len(words)),
        }
    return row


def _count_ends(rows: Sequence[tuple[int, int, float]]) -> Row:
    n_first, n_last = sum(row[0] for row in rows), sum(row[1] for row in rows)
    return {
        "n": len(rows),
        "first_wrong": share(n_first, len(rows)),
        "last_wrong": share(n_last, len(rows)),
        "ends_wrong": share(n_first + n_last, 2 * len(rows)),
        "ends_wrong_95": wilson(n_first + n_last, 2 * len(rows)),
        "median_s": round(statistics.median(row[2] for row in rows), 3),
    }
