"""The align stage: every word of the text with its time, status and confidence."""

import logging
import statistics
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import ctranslate2
import pytest

from pipeline.codec import read_record, write_record
from pipeline.errors import AlignmentError, EngineError
from pipeline.models.packaged import find_folder
from pipeline.records import (
    AlignmentSummary,
    RecognizedWord,
    Segment,
    Stretch,
    TimedText,
    Transcript,
)
from tests.stages.steps import SAMPLES, Staged, read_truth

WORD_MS = 200
MISPRONOUNCED = {"metres."}
"""The voice says this in two syllables that rhyme with nothing: `met-rez`."""
CLOSE_MS = 100
CTC_FRAME_MS = 20
N_LEARNT = 50
"""Words at the talk's beginning that the small CTC model has learnt."""
FOUND_OUT = 0.5
"""Of short words in the place of others."""
EDGE_MS = 1_500
"""Words near a passage that is not in the text may be drawn into it."""


def heard_talk(
    staged: Staged,
    *,
    language: str = "en",
    n_words: int | None = None,
    engine: str = "scripted",
    missed: range = range(0),
    wrong: Mapping[int, str] | None = None,
) -> Staged:
    """The talk after transcribe: an engine that heard it right, 30 ms late, but for some words."""
    wrong = wrong or {}
    words = tuple(
        RecognizedWord(
            wrong.get(number, word["text"].strip(".,")),
            word["start_ms"] + 30,
            word["start_ms"] + WORD_MS,
        )
        for number, word in enumerate(read_truth("talk")[:n_words])
        if number not in missed
    )
    segments = tuple(Segment(word.start_ms, word.end_ms, (word,)) for word in words)
    speech = tuple(Stretch(at_ms, at_ms + 5_100) for at_ms in range(900, 60_000, 5_100))
    folder = staged.folder / "transcribe"
    folder.mkdir()
    write_record(folder / "transcript.json", Transcript(language, engine, "", segments, speech))
    return staged.having(language=language)


def align(staged: Staged) -> tuple[TimedText, AlignmentSummary]:
    staged.run("align")
    folder = staged.folder / "align"
    return (
        read_record(folder / "words.json", TimedText),
        read_record(folder / "summary.json", AlignmentSummary),
    )


@pytest.fixture
def talk(spoken_talk: Staged) -> Staged:
    return heard_talk(spoken_talk)


def median_error_ms(timed: TimedText) -> float:
    return statistics.median(
        abs(word.start_ms - true["start_ms"])
        for word, true in zip(timed.words, read_truth("talk"), strict=True)
        if word.start_ms is not None
    )


def test_the_texts_words_are_found_in_the_players_time(talk: Staged) -> None:
    timed, summary = align(talk)
    assert [word.text for word in timed.words] == (SAMPLES / "talk.txt").read_text().split()
    assert median_error_ms(timed) < 20
    assert timed.engine == "pocketsphinx"
    assert (summary.matches, summary.review) == (True, False)
    assert {word.text for word in timed.words if word.status == "unspoken"} <= MISPRONOUNCED


def test_without_a_text_the_engines_words_are_the_text(talk: Staged) -> None:
    timed, summary = align(replace(talk, text=None))
    assert [word.text for word in timed.words] == [
        word["text"].strip(".,") for word in read_truth("talk")
    ]
    assert summary.n_aligned > 0.95 * summary.n_words
    assert [turn.speaker for turn in timed.turns] == [None]


def test_without_a_text_words_that_the_aligner_does_not_find_keep_their_place(
    spoken_talk: Staged,
) -> None:
    said = [word["text"] for word in read_truth("talk")]
    wrong = dict.fromkeys(range(3, len(said), 7), "Quartzite")
    timed, summary = align(replace(heard_talk(spoken_talk, wrong=wrong), text=None))
    starts = [word.start_ms for word in timed.words if word.start_ms is not None]
    assert len(starts) == len(said)
    assert starts == sorted(starts)
    assert summary.n_unspoken == 0
    truth = read_truth("talk")
    near = [abs((timed.words[at].start_ms or 0) - truth[at]["start_ms"]) < 500 for at in wrong]
    assert sum(near) >= 0.9 * len(near)
    doubtful = {doubt.word for doubt in summary.doubts}
    assert len(doubtful & set(wrong)) > 0.5 * len(wrong), "they are still to be reviewed"


@pytest.mark.parametrize("word", ["Quartzite", "Zzyzx"])
def test_without_a_text_and_a_word_that_is_found_the_times_are_the_recognisers(
    spoken_talk: Staged, word: str
) -> None:
    said = replace(heard_talk(spoken_talk, n_words=1, wrong={0: word}), text=None)
    timed, summary = align(said)
    (only,) = timed.words
    assert only.start_ms is not None
    assert abs(only.start_ms - read_truth("talk")[0]["start_ms"]) <= 500
    assert not summary.reasons or "does not belong" not in summary.reasons[0]


def test_without_a_text_the_one_speaker_named_says_it_all(talk: Staged) -> None:
    timed, _ = align(replace(talk, text=None).having(speakers=["otto"]))
    assert [(turn.speaker, turn.speaker_from) for turn in timed.turns] == [("otto", "inferred")]


def test_the_text_says_who_speaks(talk: Staged) -> None:
    text = "- [otto] " + (SAMPLES / "talk.txt").read_text().replace("Nobody", "- Nobody")
    timed, _ = align(talk.about(text).having(speakers=["otto", "ines"]))
    assert [turn.speaker for turn in timed.turns] == ["otto", "ines"]


def test_the_recognisers_own_times_are_kept_when_asked_for(talk: Staged) -> None:
    timed, _ = align(talk.having(align={"engine": "recognizer"}))
    assert timed.engine == "scripted"
    assert median_error_ms(timed) == 30


def test_a_language_without_a_decoder_keeps_the_recognisers_times(spoken_talk: Staged) -> None:
    timed, summary = align(heard_talk(spoken_talk, language="de"))
    assert timed.engine == "scripted"
    assert summary.n_unspoken == 0
    assert summary.n_aligned > 0.9 * summary.n_words


@pytest.mark.parametrize("engine", ["auto", "ctc"])
def test_any_language_is_timed_by_a_ctc_model_that_is_named(
    spoken_talk: Staged, tiny_ctc: Path, engine: str
) -> None:
    tokens = (SAMPLES / "talk.txt").read_text().split()[:N_LEARNT]
    german = heard_talk(spoken_talk, language="de").about(" ".join(tokens))
    options = {"engine": engine, "model": str(tiny_ctc), "device": "cpu"}
    timed, summary = align(german.having(align=options))
    assert (timed.language, timed.engine) == ("de", "ctc")
    assert [word.text for word in timed.words] == tokens
    assert summary.n_aligned > 0.9 * summary.n_words
    starts = zip(timed.words, read_truth("talk"), strict=False)
    errors = [abs(word.start_ms - true["start_ms"]) for word, true in starts if word.start_ms]
    assert statistics.median(errors) < CTC_FRAME_MS


def test_a_ctc_model_may_be_asked_for_in_english_too(spoken_talk: Staged, tiny_ctc: Path) -> None:
    english = heard_talk(spoken_talk).about("Stand on a beach for six hours, and you will see.")
    timed, _ = align(english.having(align={"engine": "ctc", "model": str(tiny_ctc)}))
    assert timed.engine == "ctc"
    assert [word.status for word in timed.words] == ["aligned"] * len(timed.words)


def test_a_ctc_model_that_is_named_and_not_here_is_not_done_without(spoken_talk: Staged) -> None:
    german = heard_talk(spoken_talk, language="de").having(align={"model": "nobody/nothing"})
    with pytest.raises(EngineError, match="ctc: model 'nobody/nothing' is not on this machine"):
        align(german)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"model": "nobody/nothing"}, "ctc: model 'nobody/nothing' is not on this machine; set"),
        ({"compute_type": "float7"}, r"can't be loaded on cpu .*float7"),
        ({"device": "cuda"}, "can't be loaded on cuda"),
    ],
)
def test_a_ctc_model_that_cannot_be_used_is_one_line(
    spoken_talk: Staged, tiny_ctc: Path, options: dict[str, str], problem: str
) -> None:
    if options.get("device") == "cuda" and ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a GPU")
    asked = {"engine": "ctc", "model": str(tiny_ctc), "device": "cpu", **options}
    with pytest.raises(EngineError, match=problem) as caught:
        align(heard_talk(spoken_talk, language="de").having(align=asked))
    assert "\n" not in str(caught.value)


def test_words_that_whisper_looks_for_and_does_not_know_are_not_aligned(
    spoken_talk: Staged, tiny_whisper: Path
) -> None:
    missed = range(20, 30)
    german = heard_talk(spoken_talk, language="de", engine="faster_whisper", missed=missed)
    timed, _ = align(german.having(transcribe={"model": str(tiny_whisper), "device": "cpu"}))
    assert [word.text for word in timed.words] == (SAMPLES / "talk.txt").read_text().split()
    # The small model knows none of these words: it takes none for said.
    sure = {index for index, word in enumerate(timed.words) if word.status == "aligned"}
    assert not sure & set(missed)
    assert len(sure) > len(timed.words) / 2


def test_whisper_that_recognised_all_is_not_asked_again(spoken_talk: Staged) -> None:
    german = heard_talk(spoken_talk, language="de", engine="faster_whisper")
    text = "Stand on a beach for six hours"
    assert align(german.about(text).having(transcribe={"model": "tiny"}))[0].engine == (
        "faster_whisper"
    )
    assert align(replace(german, text=None))[0].engine == "faster_whisper"


def test_a_decoder_that_does_not_know_the_language_is_one_line(spoken_talk: Staged) -> None:
    german = heard_talk(spoken_talk, language="de")
    with pytest.raises(EngineError, match="pocketsphinx: does not know the language 'de'; use"):
        align(german.having(align={"engine": "pocketsphinx"}))


def test_a_vocabulary_makes_the_decoder_hear_other_sounds(talk: Staged) -> None:
    wrong = {"moon": ["B IH K AH Z IH T S"]}
    passage = "The moon does most of the pulling."
    right, elsewhere = (
        next(word.start_ms for word in align(staged)[0].words if word.text == "moon")
        for staged in (
            talk.about(passage),
            talk.about(passage).having(align={"vocabulary": wrong}),
        )
    )
    true = next(word for word in read_truth("talk") if word["text"] == "moon")
    assert right is not None and abs(right - true["start_ms"]) <= CLOSE_MS
    assert elsewhere is None or abs(elsewhere - true["start_ms"]) > CLOSE_MS


def test_a_text_of_another_recording_does_not_match(talk: Staged) -> None:
    other = (SAMPLES / "episode.txt").read_text().partition("postcard number 2")[2]
    with pytest.raises(AlignmentError, match=r"does not belong .+: it agrees by 0% with the words"):
        align(talk.about(other))
    timed, summary = align(talk.about(other).having(align={"mismatch": "keep"}))
    assert not summary.matches
    assert summary.review
    assert "the text does not belong to this recording" in summary.reasons
    assert summary.n_unspoken > 0.7 * summary.n_words
    assert [word.text for word in timed.words if word.start_ms is None][:1] != []


def test_a_passage_that_was_not_said_is_unspoken(talk: Staged) -> None:
    passage = "This never happened and so nobody could possibly hear any of these twelve words."
    text = (SAMPLES / "talk.txt").read_text()
    timed, summary = align(talk.about(text.replace("Nobody hears", f"{passage} Nobody hears")))
    first = [word.text for word in timed.words].index("This")
    unspoken = [i for i, word in enumerate(timed.words) if word.status == "unspoken"]
    n_words = len(passage.split())
    assert len(set(unspoken) & set(range(first, first + n_words))) >= n_words - 2
    assert summary.n_unspoken <= n_words + 2


def test_speech_that_is_not_in_the_text_is_unheard(talk: Staged) -> None:
    text = (SAMPLES / "talk.txt").read_text()
    before, _, after = text.partition("But the shape")
    timed, summary = align(talk.about(before + after.partition("At Skarnholt,")[2]))
    missing = read_truth("talk")
    first = next(word for word in missing if word["text"] == "But")
    last = next(word for word in missing if word["text"] == "Skarnholt,")
    assert abs(timed.unheard[0].start_ms - first["start_ms"]) < EDGE_MS
    assert abs(timed.unheard[-1].end_ms - last["start_ms"]) < EDGE_MS
    assert summary.speech_covered < 0.9


def test_one_word_is_found(talk: Staged) -> None:
    timed, _ = align(talk.about("Skarnholt"))
    (word,) = timed.words
    true = next(word for word in read_truth("talk") if word["text"] == "Skarnholt,")
    assert word.start_ms is not None
    assert abs(word.start_ms - true["start_ms"]) <= CLOSE_MS


def test_nothing_heard_and_no_text_is_one_line(spoken_talk: Staged) -> None:
    silent = replace(heard_talk(spoken_talk, n_words=0), text=None)
    with pytest.raises(AlignmentError, match="talk: no words were heard; give the item a text"):
        align(silent)


def test_the_same_request_writes_the_same_bytes(talk: Staged) -> None:
    def read() -> list[bytes]:
        align(talk)
        return [path.read_bytes() for path in sorted((talk.folder / "align").iterdir())]

    cut = "Stand on a beach for six hours, and you will see the biggest machine on Earth at work."
    talk = talk.about(cut)
    assert read() == read()


def test_folders_with_blanks_do_no_harm(spoken_talk: Staged, tmp_path: Path) -> None:
    folder = tmp_path / "it's a folder"
    spoken_talk.folder.rename(folder)
    staged = heard_talk(replace(spoken_talk, folder=folder))
    assert align(staged.about("Stand on a beach"))[0].words[0].status == "aligned"


@pytest.mark.parametrize("way", ["skarn holt", "S K AA1 R N HH OW2 L T"])
def test_a_token_no_rule_can_say_is_found_by_the_vocabulary(spoken_talk: Staged, way: str) -> None:
    text = (SAMPLES / "talk.txt").read_text().replace("Skarnholt", "9/x_9")
    staged = spoken_talk.about(text).having(
        transcribe={"engine": "pocketsphinx"}, align={"vocabulary": {"9/X_9": way}}
    )
    staged.run("transcribe")
    timed, _ = align(staged)
    true = next(word for word in read_truth("talk") if word["text"] == "Skarnholt,")
    (word,) = (word for word in timed.words if word.text == "9/x_9,")
    assert word.status == "aligned" and word.confidence > 0.9
    assert word.start_ms is not None and abs(word.start_ms - true["start_ms"]) <= CLOSE_MS


@pytest.mark.skipif(find_folder() is None, reason="no wheel of the second recogniser")
def test_words_in_doubt_are_heard_again(talk: Staged, caplog: pytest.LogCaptureFixture) -> None:
    words = (SAMPLES / "talk.txt").read_text("utf-8").split()
    swapped = {
        number: word
        for number in range(5, len(words), 11)
        if (word := "the" if number % 2 else "of") != words[number].lower()
    }
    text = " ".join(swapped.get(number, word) for number, word in enumerate(words))
    with caplog.at_level(logging.INFO):
        timed, _ = align(talk.about(text))
    assert "passages with doubtful words are rescored" in caplog.text
    unspoken = {number for number, word in enumerate(timed.words) if word.status == "unspoken"}
    assert len(unspoken & set(swapped)) >= FOUND_OUT * len(swapped)
