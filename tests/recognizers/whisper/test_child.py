"""A model in a process of its own: it decodes the same, and its end ends nothing else.

The process is the same on a GPU; here it computes on the CPU.
"""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Samples
from pipeline.errors import EngineError
from pipeline.recognizers.whisper.child import N_AHEAD, ChildTranscriber
from pipeline.recognizers.whisper.model import DecodingOptions, LocalTranscriber
from pipeline.recognizers.whisper.recognizer import Place, WhisperRecognizer
from pipeline.records import Stretch

OPTIONS = DecodingOptions("en")
HERE, APART = Place("cpu", is_apart=False), Place("cpu", is_apart=True)
N_WINDOWS = 2 * N_AHEAD
SPEECH = tuple(Stretch(number * 3_000, number * 3_000 + 2_900) for number in range(20))
WINDOW_MS = 2_900


def ignore(share: float) -> None:
    pass


@pytest.fixture
def request_(tiny_whisper: Path) -> EngineRequest:
    return EngineRequest(model=str(tiny_whisper), device="cpu")


@pytest.fixture
def batches(talk: Samples) -> list[list[Samples]]:
    """Windows of some seconds, two at a time."""
    size = WINDOW_MS * SAMPLE_RATE_HZ // 1000
    sounds = [talk[number * size : (number + 1) * size] for number in range(2 * N_WINDOWS)]
    return [sounds[number : number + 2] for number in range(0, len(sounds), 2)]


def kill_children(share: float) -> None:
    """Progress of a run that is hit by a crash as soon as it has made some."""
    del share
    for child in multiprocessing.active_children():
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)


def test_a_child_process_decodes_what_this_one_does(
    request_: EngineRequest, batches: list[list[Samples]]
) -> None:
    here = LocalTranscriber(request_, 2)
    with ChildTranscriber(request_, 2) as there:
        assert there.batch_size == 2
        for asked in (None, "de"):
            assert there.settle_language(asked, batches[0]) == here.settle_language(
                asked, batches[0]
            )
        assert list(there.decode_windows(batches, OPTIONS)) == list(
            here.decode_windows(batches, OPTIONS)
        )
        assert list(there.decode_windows(batches[:1], OPTIONS)) == list(
            here.decode_windows(batches[:1], OPTIONS)
        )
        assert list(there.decode_windows([], OPTIONS)) == []


def test_a_process_that_is_killed_is_one_line(
    request_: EngineRequest, batches: list[list[Samples]]
) -> None:
    with ChildTranscriber(request_, 2) as transcriber:
        answers = transcriber.decode_windows(batches, OPTIONS)
        next(answers)
        assert transcriber.pid
        os.kill(transcriber.pid, signal.SIGKILL)
        with pytest.raises(EngineError, match="process on cpu was ended by SIGKILL") as caught:
            list(answers)
    assert "\n" not in str(caught.value)
    assert "set transcribe.device: cpu" in str(caught.value)


def test_a_model_that_can_not_be_loaded_there_is_one_line(tmp_path: Path) -> None:
    transcriber = ChildTranscriber(EngineRequest(model=str(tmp_path / "none"), device="cpu"), 1)
    with pytest.raises(EngineError, match="no such folder"), transcriber:
        pass
    assert not multiprocessing.active_children()


def test_a_process_is_gone_when_it_has_done_its_work(request_: EngineRequest) -> None:
    with ChildTranscriber(request_, None) as transcriber:
        assert [child.pid for child in multiprocessing.active_children()] == [transcriber.pid]
    assert not multiprocessing.active_children()


def test_where_a_gpus_process_is_killed_the_cpu_does_the_work(
    request_: EngineRequest, talk: Samples, caplog: pytest.LogCaptureFixture
) -> None:
    calm = WhisperRecognizer(request_, [HERE]).transcribe(talk, SPEECH, Hints("en"), ignore)
    recognizer = WhisperRecognizer(request_, [APART, HERE])
    hit = recognizer.transcribe(talk, SPEECH, Hints("en"), kill_children)
    assert hit == calm
    (warning,) = [record for record in caplog.records if record.levelname == "WARNING"]
    expected = "cpu can't be used (its process on cpu was ended by SIGKILL): the CPU does the work"
    assert warning.getMessage() == expected


def test_where_there_is_no_other_place_a_killed_process_is_one_line(
    request_: EngineRequest, talk: Samples
) -> None:
    recognizer = WhisperRecognizer(request_, [APART])
    with pytest.raises(EngineError, match="was ended by SIGKILL; see `cuecast doctor`"):
        recognizer.transcribe(talk, SPEECH, Hints("en"), kill_children)
