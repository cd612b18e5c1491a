"""From sound to timed words through both stages, on sentences the small Whisper never heard."""

from pathlib import Path

import pytest

from benchmarks.tiny_whisper.score import percentile
from pipeline.codec import read_record
from pipeline.engines.base import SAMPLE_RATE_HZ
from pipeline.media.wav import write_samples
from pipeline.records import HeardWord, TimedText, Transcript
from tests.stages.steps import Staged, ingest
from tests.tiny_whisper.spoken import VOICES, Spoken, join_spoken, say_sentences, score_words

WER = 0.25
RECOGNISED_MEDIAN_MS, RECOGNISED_P95_MS = 60, 350
ALIGNED_MEDIAN_MS, ALIGNED_P95_MS = 30, 120

pytestmark = pytest.mark.festival


@pytest.fixture(params=VOICES)
def spoken(request: pytest.FixtureRequest) -> Spoken:
    return join_spoken(say_sentences(request.param))


@pytest.fixture
def staged(spoken: Spoken, tiny_whisper: Path, tmp_path: Path) -> Staged:
    """The recording after ingest. No text: its words as a prompt are nothing this model learned."""
    wav = tmp_path / "sound.wav"
    write_samples(wav, spoken.samples, SAMPLE_RATE_HZ)
    folder = tmp_path / "item"
    ingest(wav, folder)
    model = {"model": str(tiny_whisper), "device": "cpu"}
    return Staged(folder).having(transcribe=model)


def test_words_are_near_when_recognised_and_in_place_when_aligned(
    staged: Staged, spoken: Spoken
) -> None:
    staged.run("transcribe")
    heard = read_record(staged.folder / "transcribe" / "transcript.json", Transcript)
    assert heard.engine == "faster_whisper"
    recognised = score_words(spoken, [word for part in heard.segments for word in part.words])
    assert recognised.wer <= WER
    assert percentile(recognised.starts_ms, 50) <= RECOGNISED_MEDIAN_MS
    assert percentile(recognised.starts_ms, 95) <= RECOGNISED_P95_MS
    staged.about(spoken.text).run("align")
    timed = read_record(staged.folder / "align" / "words.json", TimedText)
    assert [word.text for word in timed.words] == spoken.text.split()
    aligned = score_words(
        spoken,
        [
            HeardWord(word.text, word.start_ms, word.end_ms or word.start_ms)
            for word in timed.words
            if word.start_ms is not None
        ],
    )
    assert aligned.wer == 0
    assert percentile(aligned.starts_ms, 50) <= ALIGNED_MEDIAN_MS
    assert percentile(aligned.starts_ms, 95) <= ALIGNED_P95_MS
