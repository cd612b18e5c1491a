"""Windows decoded by a model adapted to the recording."""

import statistics
from typing import TypeVar

import numpy as np
import pytest

from pipeline.aligners.hmm.decoder import load
from pipeline.aligners.recording.adapted_windows import AdaptedWindows
from pipeline.alignment.word_graph import build_graph
from pipeline.contracts import EngineRequest, Samples
from pipeline.process_pool import SEGMENT_MS
from pipeline.records import Arc, ArcTime, DecodeRequest, WordGraph
from pipeline.verbalization.spoken_text import speak_text
from tests.speech.test_dereverberation import add_room

T = TypeVar("T")
N_TOGETHER = 12
PAD_MS = 150
DRY_MS, ECHOING_MS = 10, 20
"""Starts are no further off in the median."""


def make_windows(
    words: list[tuple[str, int]], duration_ms: int, repeats: int = 1
) -> tuple[list[DecodeRequest], list[dict[int, int]]]:
    """Requests of a dozen words each over a talk that is played again and again.

    Also where each window's words truly start, by the arc that says the first of each.
    """
    requests: list[DecodeRequest] = []
    starts: list[dict[int, int]] = []
    for turn in range(repeats):
        for first in range(0, len(words) - N_TOGETHER, N_TOGETHER):
            own = words[first : first + N_TOGETHER]
            made = build_graph(speak_text([word for word, _ in own], "en").forms, 0, False)
            start_ms = turn * duration_ms + own[0][1] - PAD_MS
            end_ms = turn * duration_ms + words[first + N_TOGETHER][1]
            requests.append(DecodeRequest(max(0, start_ms), end_ms, made.graph))
            starts.append(
                {
                    arc: turn * duration_ms + own[token][1]
                    for arc, token in enumerate(made.tokens)
                    if token >= 0 and made.graph.arcs[arc].from_state == token
                }
            )
    return requests, starts


@pytest.fixture(scope="module")
def windows(
    talk: Samples, talk_words: list[tuple[str, int]]
) -> tuple[list[DecodeRequest], list[dict[int, int]]]:
    return make_windows(talk_words, len(talk) // 16)


def errors_ms(paths: list[tuple[ArcTime, ...]], starts: list[dict[int, int]]) -> list[int]:
    """How far words start from the truth."""
    return [
        abs(step.start_ms - start_of[step.arc])
        for path, start_of in zip(paths, starts, strict=True)
        for step in path
        if step.arc in start_of
    ]


def test_adaptation_sharpens_the_boundaries_and_rates_the_words(
    talk: Samples, windows: tuple[list[DecodeRequest], list[dict[int, int]]]
) -> None:
    requests, starts = windows
    with AdaptedWindows(EngineRequest(), talk) as adapted:
        paths = list(adapted.decode(requests))
    plain = load(EngineRequest())
    before = [
        tuple(
            ArcTime(step.arc, step.start_ms + one.start_ms, step.end_ms + one.start_ms, step.score)
            for step in plain.decode(talk[one.start_ms * 16 : one.end_ms * 16], one.graph)
        )
        for one in requests
    ]
    assert len(errors_ms(paths, starts)) > 0.95 * N_TOGETHER * len(requests)
    assert statistics.fmean(errors_ms(paths, starts)) < statistics.fmean(errors_ms(before, starts))
    fits = [step.fit for path in paths for step in path if step.fit is not None]
    assert len(fits) > 100
    assert all(-10 < fit <= 0 for fit in fits)


def test_too_little_speech_trains_no_models_and_is_decoded_all_the_same(
    talk: Samples, windows: tuple[list[DecodeRequest], list[dict[int, int]]]
) -> None:
    with AdaptedWindows(EngineRequest(), talk) as adapted:
        (path,) = adapted.decode(windows[0][:1])
    assert len(path) >= N_TOGETHER
    assert all(step.fit is None for step in path)


def test_no_windows_are_no_error(talk: Samples) -> None:
    with AdaptedWindows(EngineRequest(), talk) as adapted:
        assert list(adapted.decode([])) == []


class CheckpointsInMemory:
    """Checkpoints that outlast what is put there in one test."""

    def __init__(self) -> None:
        self.records: dict[str, object] = {}

    def save_checkpoint(self, name: str, record: object) -> None:
        self.records[name] = record

    def load_checkpoint(self, name: str, kind: type[T]) -> T | None:
        record = self.records.get(name)
        return record if isinstance(record, kind) else None

    def save_checkpoint_bytes(self, name: str, content: bytes) -> None:
        self.records[name] = content

    def load_checkpoint_bytes(self, name: str) -> bytes | None:
        return self.load_checkpoint(name, bytes)


def test_what_was_finished_before_the_end_came_is_not_decoded_again(
    talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    repeats = 3
    requests, _ = make_windows(talk_words, len(talk) // 16, repeats)
    samples, checkpoints = np.tile(talk, repeats), CheckpointsInMemory()
    with AdaptedWindows(EngineRequest(), samples, checkpoints) as adapted:
        whole = [*adapted.decode(requests), *adapted.decode(requests[3:5])]
    names = sorted(checkpoints.records)
    assert len(names) > 2
    del checkpoints.records[names[1]]
    with AdaptedWindows(EngineRequest(), samples, checkpoints) as adapted:
        assert [*adapted.decode(requests), *adapted.decode(requests[3:5])] == whole
    silence = np.zeros_like(samples)
    with AdaptedWindows(EngineRequest(), silence, checkpoints) as adapted:
        assert [*adapted.decode(requests), *adapted.decode(requests[3:5])] == whole


@pytest.mark.parametrize("is_echoing", [False, True], ids=["dereverberated", "echoing"])
def test_the_number_of_processes_changes_nothing(
    talk: Samples,
    talk_words: list[tuple[str, int]],
    is_echoing: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    repeats = 3
    requests, starts = make_windows(talk_words, len(talk) // 16, repeats)
    assert requests[-1].start_ms > SEGMENT_MS
    samples = add_room(np.tile(talk, repeats)) if is_echoing else np.tile(talk, repeats)
    outcomes = []
    caplog.set_level("INFO")
    for cpus in (1, 2):
        with AdaptedWindows(EngineRequest(cpus=cpus), samples) as adapted:
            outcomes.append([*adapted.decode(requests), *adapted.decode(requests[3:5])])
    assert outcomes[0] == outcomes[1]
    assert (", dereverberated" in caplog.text) == is_echoing
    errors = errors_ms(outcomes[0][: len(requests)], starts)
    assert statistics.median(errors) <= (ECHOING_MS if is_echoing else DRY_MS)


def test_windows_searched_side_by_side_have_the_paths_that_each_has_alone(
    talk: Samples, windows: tuple[list[DecodeRequest], list[dict[int, int]]]
) -> None:
    decoder = load(EngineRequest())
    long, other, third = windows[0][:3]
    chain = WordGraph(2, 1, (Arc(0, 1, 1.0, "unbelievable"),))
    too_short = DecodeRequest(long.start_ms, long.start_ms + 120, chain)
    nothing = DecodeRequest(long.start_ms, long.start_ms + 50, chain)
    asked = [third, too_short, long, nothing, other]
    together = decoder.find_paths(talk, asked)
    assert [len(path.arcs) > 0 for path in together] == [True, False, True, False, True]
    for request, path in zip(asked, together, strict=True):
        (alone,) = decoder.find_paths(talk, [request])
        assert path.first_frame == alone.first_frame
        for one, same in (
            (path.arcs, alone.arcs),
            (path.phones, alone.phones),
            (path.n_frames, alone.n_frames),
            (path.scores, alone.scores),
        ):
            np.testing.assert_array_equal(one, same)


@pytest.mark.parametrize(("phones", "garbage", "is_found"), [(0, -2, True), (-4, 0, False)])
def test_a_word_that_the_triphones_do_not_know_so_is_for_the_ratings_to_judge(
    talk: Samples,
    talk_words: list[tuple[str, int]],
    phones: float,
    garbage: float,
    is_found: bool,
) -> None:
    decoder = load(EngineRequest())
    told = [word for word, _ in talk_words[:9]]
    said_in_its_place = max(range(2, 7), key=lambda index: len(told[index]))
    told[said_in_its_place] = "chocolate"
    made = build_graph(speak_text(told, "en").forms, 0, False)
    window = DecodeRequest(0, talk_words[9][1], made.graph)
    ratings = np.full((len(talk) // 160, decoder.n_phones + 1), phones, np.float32)
    ratings[:, -1] = garbage
    (plain,), (rated,) = (decoder.find_paths(talk, [window], each) for each in (None, ratings))
    found = [
        {made.tokens[arc] for arc, _, _ in path.words()} >= {said_in_its_place}
        for path in (plain, rated)
    ]
    assert found == [False, is_found]
