"""Synthetic episodes: their text and truth keep in step, and the room doesn't move a word."""

import ctypes.util
import json
import subprocess
import sys
import wave
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from episodes import espeak, flite
from episodes.edits import (
    Draft,
    drop_sound,
    drop_text,
    find_passage,
    format_text,
    make_draft,
    make_truth,
    replace_words,
)
from episodes.rooms import StreamFilter, make_pink, make_room
from episodes.script import MAX_UTTERANCE_WORDS, Token, cut_utterances, read_tokens
from episodes.speakers import Cast, split_voice
from voices import Speech, VoiceError, VoiceOptions

from pipeline.alignment.transcript import parse_transcript

ROOT = Path(__file__).parent.parent.parent
RATE_HZ = 16000
TEXT = """\
- [nora] so (laughing) i paid
$40 for the well-known book, you see. - [emil] yes
(laughing). that is a lot of
money -- 40, fifty? do.()sighing
- i don't think so; no, no. it was (which nobody had asked for, mind you) fine. - yes
and nineteen of them came to see us in the long winter of 1984 and stayed
- [nora] for good.
"""
VOICES = ("kal", "slt")
needs_flite = pytest.mark.skipif(
    not ctypes.util.find_library("flite"), reason=f"needs flite: {flite.INSTALL_HINT}"
)
LIBRARY_VOICES = [
    *((espeak, voice) for voice in espeak.ESPEAK_VOICES),
    *(pytest.param(flite, voice, marks=needs_flite) for voice in flite.FLITE_VOICES),
]


@pytest.fixture(scope="module")
def tokens() -> list[Token]:
    return read_tokens(TEXT, VOICES)


def spans_for(draft: Draft) -> dict[int, tuple[int, int]]:
    return {
        index: (index * 100, index * 100 + 90)
        for index, is_spoken in enumerate(draft.is_spoken)
        if is_spoken
    }


def test_a_text_left_alone_is_the_same_text(tokens: list[Token]) -> None:
    draft = make_draft(TEXT, tokens)
    assert format_text(TEXT, tokens, draft, range(len(tokens))) == TEXT


def test_tokens_are_the_parsers_own(tokens: list[Token]) -> None:
    assert tuple(token.text for token in tokens) == parse_transcript(TEXT).words
    by_text = {token.text: token for token in tokens}
    assert by_text["$40"].words == ("forty", "dollars")
    assert by_text["well-known"].words == ("well", "known")
    assert by_text["yes."].words == ("yes.",)
    assert by_text["--"].words == ()


def test_speakers_keep_their_voice_and_unlabelled_turns_alternate(tokens: list[Token]) -> None:
    firsts = [token.voice for token in tokens if token.is_first_of_turn]
    assert firsts == ["kal", "slt", "kal", "slt", "kal"]


def test_utterances_hold_every_token_once_and_are_short(tokens: list[Token]) -> None:
    many = read_tokens(TEXT.replace("of", "of " + "very " * 90), VOICES)
    for each in (tokens, many):
        utterances = cut_utterances(each)
        assert [index for part in utterances for index in part.tokens] == list(range(len(each)))
        for part in utterances:
            assert len({each[index].voice for index in part.tokens}) == 1
            n_words = sum(len(each[index].words) for index in part.tokens)
            assert n_words <= MAX_UTTERANCE_WORDS


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_changed_truth_and_text_keep_in_step(tokens: list[Token], seed: int) -> None:
    rng = np.random.default_rng(seed)
    draft = make_draft(TEXT, tokens)
    passages = [range(*sorted(rng.integers(0, len(tokens), 2))) for _ in range(2)]
    drop_sound(draft, passages[0])
    drop_text(draft, passages[1])
    replace_words(draft, tokens, 0.3, rng)
    written = format_text(TEXT, tokens, draft, range(len(tokens)))
    truth = make_truth(written, draft, range(len(tokens)), spans_for(draft))["words"]
    assert tuple(word["text"] for word in truth) == parse_transcript(written).words
    retained = [index for index in range(len(tokens)) if index not in passages[1]]
    for index, word in zip(retained, truth, strict=True):
        is_timed = word["start_ms"] is not None
        is_wrong = not word["text"].startswith(tokens[index].text[:-1])
        assert word.get("note") != "wrong" or index not in passages[0]
        assert is_timed == (index not in draft.notes and bool(tokens[index].words))
        assert not (is_timed and is_wrong)
        assert not is_timed or word["start_ms"] == index * 100


def test_a_wrong_word_is_still_spoken_and_keeps_its_punctuation(tokens: list[Token]) -> None:
    draft = make_draft(TEXT, tokens)
    replace_words(draft, tokens, 1.0, np.random.default_rng(1))
    wrong = [index for index, note in draft.notes.items() if note == "wrong"]
    assert len(wrong) > len(tokens) // 2
    for index in wrong:
        assert draft.is_spoken[index]
        assert str(draft.written[index])[-1].isalpha() == tokens[index].text[-1].isalpha()


def test_a_passage_is_whole_utterances_from_where_it_should_be(tokens: list[Token]) -> None:
    utterances = cut_utterances(tokens)
    passage = find_passage(tokens, utterances, 4000, 4000)
    edges = {part.tokens.start for part in utterances} | {len(tokens)}
    assert passage.start in edges
    assert passage.stop in edges
    assert 0 < passage.start < passage.stop < len(tokens)


def test_a_filter_over_blocks_is_the_filter_over_the_whole() -> None:
    rng = np.random.default_rng(1)
    sound, kernel = rng.standard_normal(5000), rng.standard_normal(700)
    stream = StreamFilter(kernel)
    blocks = [stream.apply(block) for block in np.split(sound, [10, 600, 601, 4000])]
    assert np.allclose(np.concatenate(blocks), np.convolve(sound, kernel)[:5000], atol=1e-3)


def test_a_room_rings_on_and_delays_nothing() -> None:
    room = make_room(RATE_HZ, np.random.default_rng(1))
    assert np.argmax(np.abs(room)) == 0
    assert np.sum(room[1:] ** 2) == pytest.approx(10**-0.3)


def test_noise_keeps_its_level_and_falls_with_pitch() -> None:
    noise = StreamFilter(make_pink(RATE_HZ)).apply(
        np.random.default_rng(1).standard_normal(40 * RATE_HZ)
    )
    assert np.std(noise) == pytest.approx(1, rel=0.05)
    power = np.abs(np.fft.rfft(noise)) ** 2
    bands = [power[low * 40 : 2 * low * 40].mean() for low in (250, 500, 1000, 2000)]
    octaves_db = [10 * np.log10(a / b) for a, b in pairwise(bands)]
    assert octaves_db == pytest.approx([3, 3, 3], abs=0.5)


@pytest.mark.festival
def test_an_episode_is_heard_where_its_truth_says(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TEXT * 3)
    command = [sys.executable, str(ROOT / "benchmarks" / "episode.py"), str(tmp_path / "text.txt")]
    options = "--voices kal,ked --music 3 --missing-text 4 --missing-sound 4 --wrong 0.1".split()
    done = subprocess.run(
        [*command, str(tmp_path / "out"), *options], capture_output=True, text=True, check=True
    )
    figures = json.loads(done.stdout.splitlines()[-1])
    words = json.loads((tmp_path / "out" / "truth.json").read_text())["words"]
    text = (tmp_path / "out" / "episode.txt").read_text()
    assert tuple(word["text"] for word in words) == parse_transcript(text).words
    assert figures["n_null"] > 0
    assert figures["n_spoken_only"] > 0
    with wave.open(str(tmp_path / "out" / "episode.wav")) as source:
        sound = np.frombuffer(source.readframes(source.getnframes()), "<i2").astype(float)
    spans = [(word["start_ms"], word["end_ms"]) for word in words if word["start_ms"] is not None]
    assert spans == sorted(spans)
    assert spans[0][0] > 3000
    levels = [np.std(sound[start * 16 : end * 16]) for start, end in spans]
    assert min(levels) > 100
    pauses = [
        sound[end * 16 : start * 16].std()
        for (_, end), (start, _) in pairwise(spans)
        if 150 < start - end < 600
    ]
    assert np.median(pauses) < np.median(levels) / 10


@pytest.mark.parametrize(("library", "voice"), LIBRARY_VOICES)
def test_words_of_a_librarys_voices_lie_where_they_sound(library: ModuleType, voice: str) -> None:
    words = "one of the things, and he knew that it was so.".split()
    (speech,) = library.speak_each([words], voice, VoiceOptions(rate_hz=RATE_HZ))
    assert isinstance(speech, Speech)
    assert [word.text for word in speech.words] == words
    assert all(a.end_sample <= b.start_sample for a, b in pairwise(speech.words))
    assert all(word.start_sample < word.end_sample for word in speech.words)
    sounds = dict(zip(words, speech.words, strict=True))
    assert len(sounds["of"].phones) == len(sounds["the"].phones) == 2
    pause = speech.samples[sounds["things,"].end_sample : sounds["and"].start_sample]
    assert len(pause) > RATE_HZ / 10
    assert np.abs(pause).max() < np.abs(speech.samples).max() / 20


def test_a_tape_played_slower_is_longer_and_words_lie_where_they_sound() -> None:
    text = "- one of the things, and he knew that it was so."
    lengths = {}
    for voice in ("us", "us@0.8"):
        tokens = read_tokens(text, [voice])
        cast = Cast(tokens, 1.0, np.random.default_rng(0))
        ((_, (part,)),) = cast.perform(cut_utterances(tokens), [True] * len(tokens))
        lengths[voice] = part.spans[-1][1] - part.spans[0][0]
        things, after = part.spans[3:5]
        pause = part.samples[things[1] : after[0]]
        assert np.abs(pause).max() < np.abs(part.samples).max() / 20
    assert lengths["us@0.8"] == pytest.approx(lengths["us"] / 0.8, rel=0.01)


@pytest.mark.parametrize("voice", ["kal@", "kal@fast", "kal@0.1", "kal@3", "kal@nan"])
def test_a_tape_that_nobody_plays_is_an_error(voice: str) -> None:
    with pytest.raises(VoiceError, match=r"write it like kal@0\.9"):
        split_voice(voice)


def test_espeak_is_given_words_as_they_are_spoken() -> None:
    with pytest.raises(VoiceError, match="'42': not a spoken form"):
        espeak.speak_each([["so."], ["42"]], "us", VoiceOptions(rate_hz=RATE_HZ))
