"""Windows of one recording by a decoder that works on several at a time."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.aligners.table import ALIGNERS
from pipeline.aligners.window_decoding import open_windows
from pipeline.alignment.word_graph import build_graph
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.process_pool import SEGMENT_MS
from pipeline.records import ArcTime, DecodeRequest
from pipeline.verbalization.spoken_text import speak_text
from tests.tiny_whisper.spoken import Spoken, join_spoken, say_german


@pytest.fixture(scope="module")
def spoken() -> Spoken:
    """More than a piece of German."""
    said = join_spoken([part for variant in ("", "+m3", "+f2", "") for part in say_german(variant)])
    assert len(said.samples) * 1000 > SEGMENT_MS * SAMPLE_RATE_HZ
    return said


def ask(spoken: Spoken, n_words: int = 3) -> list[DecodeRequest]:
    """A window every nine words, each with the three that are its own."""
    tokens = spoken.text.split()
    requests = []
    for first in range(0, len(tokens) - n_words, 3 * n_words):
        own = tokens[first : first + n_words]
        graph = build_graph(speak_text(own, "de").forms, 0, False, written=own).graph
        start_s, end_s = spoken.words[first][1], spoken.words[first + n_words - 1][2]
        requests.append(DecodeRequest(round(1000 * start_s), round(1000 * end_s), graph))
    return requests


def decode(
    model: Path, samples: Samples, requests: list[DecodeRequest], cpus: int
) -> list[tuple[ArcTime, ...]]:
    engine = EngineRequest(str(model), "cpu", "int8", cpus, language="de")
    with open_windows("whisper", engine, samples) as windows:
        return list(windows.decode(requests))


def test_windows_side_by_side_are_what_they_are_one_by_one(
    tiny_whisper: Path, spoken: Spoken
) -> None:
    requests = ask(spoken)
    alone, together = (decode(tiny_whisper, spoken.samples, requests, cpus) for cpus in (1, 3))
    assert alone == together
    assert len(alone) == len(requests)
    for path, request in zip(alone, requests, strict=True):
        assert all(request.start_ms <= step.start_ms < request.end_ms for step in path)
    assert sum(map(len, alone)) > 0.9 * 3 * len(requests)


def test_times_outside_the_recording_are_cut_off(tiny_whisper: Path, spoken: Spoken) -> None:
    end_ms = len(spoken.samples) * 1000 // SAMPLE_RATE_HZ
    graph = ask(spoken)[0].graph
    requests = [DecodeRequest(-500, 1_500, graph), DecodeRequest(end_ms - 20, end_ms + 900, graph)]
    first, last = decode(tiny_whisper, np.array(spoken.samples), requests, 2)
    assert first and last == ()


def test_only_decoders_of_one_process_work_side_by_side() -> None:
    for row in ALIGNERS.values():
        assert row.is_shared or not row.decodes_windows_in_threads
