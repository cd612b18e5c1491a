"""Which decoded words are accepted, and what is decoded once more.

A script stands for the model where what it says has to be known; the sound is real.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.recognizers.whisper.filtering import Findings
from pipeline.recognizers.whisper.model import Decoded, DecodingOptions
from pipeline.recognizers.whisper.passes import PAUSE_MS, Passes, cut_segments
from pipeline.recognizers.whisper.windows import LONGEST_MS, cut_windows
from pipeline.records import RecognizedWord, Stretch
from pipeline.speech.energy import Loudness
from pipeline.speech.voice_activity import find_speech

WORD_MS = 300
SURE = -0.2


class ScriptedTranscriber:
    """Decodes a word every 300 ms of any sound, or what a script has for that window."""

    device = "cpu"
    batch_size = 2

    def __init__(self, *script: Decoded | None) -> None:
        self.lengths_ms: list[int] = []
        self.told: list[str | None] = []
        self._script = list(script)

    def settle_language(self, asked: str | None, sounds: Sequence[Samples]) -> str:
        return asked or "en"

    def decode_windows(
        self, batches: Iterable[Sequence[Samples]], options: DecodingOptions
    ) -> Iterator[tuple[Decoded, ...]]:
        self.told.append(options.hotwords)
        for batch in batches:
            yield tuple(map(self._decode, batch))

    def _decode(self, sound: Samples) -> Decoded:
        length_ms = len(sound) * 1000 // SAMPLE_RATE_HZ
        self.lengths_ms.append(length_ms)
        scripted = self._script.pop(0) if self._script else None
        return scripted or Decoded(say(NAMES, length_ms), SURE)


NAMES = [f"{a}{b}{c}" for a in "bdgk" for b in "aeiou" for c in "lmnrst"]


def say(texts: Sequence[str], until_ms: int, word_ms: int = WORD_MS) -> tuple[RecognizedWord, ...]:
    starts = range(0, max(1, until_ms - word_ms + 1), word_ms)
    return tuple(
        RecognizedWord(text, start, start + word_ms, 0.9)
        for text, start in zip(texts, starts, strict=False)
    )


def listen(sound: Samples, speech: Sequence[Stretch], transcriber: ScriptedTranscriber) -> Findings:
    shares: list[float] = []
    found = Passes(transcriber, sound, DecodingOptions("en")).decode(speech, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return found


@pytest.fixture(scope="module")
def sound(talk: Samples) -> Samples:
    """Twenty seconds of the talk from where its sound begins, and ten of silence."""
    first = int(np.flatnonzero(talk)[0])
    spoken = talk[first : first + 20 * SAMPLE_RATE_HZ]
    return np.concatenate([spoken, np.zeros(10 * SAMPLE_RATE_HZ, np.int16)])


@pytest.fixture(scope="module")
def speech(sound: Samples) -> tuple[Stretch, ...]:
    return find_speech(sound)


def test_where_all_speech_has_words_nothing_is_decoded_twice(
    sound: Samples, speech: tuple[Stretch, ...]
) -> None:
    transcriber = ScriptedTranscriber()
    found = listen(sound, speech, transcriber)
    assert len(transcriber.lengths_ms) == 1
    assert len(found.words) > 40
    assert (found.refused, found.recovered) == ((), ())


def test_undetected_speech_is_decoded_and_reported_as_speech(
    sound: Samples, speech: tuple[Stretch, ...], caplog: pytest.LogCaptureFixture
) -> None:
    noticed = [one for one in speech if one.end_ms <= 7_000 or one.start_ms >= 14_000]
    dropped = [one for one in speech if one not in noticed]
    with caplog.at_level("INFO"):
        found = listen(sound, noticed, ScriptedTranscriber())
    for stretch in dropped:
        inside = [w for w in found.words if stretch.start_ms <= w.start_ms < stretch.end_ms]
        assert sum(w.end_ms - w.start_ms for w in inside) > 0.7 * (
            stretch.end_ms - stretch.start_ms
        )
    assert found.recovered
    edges = [edge for one in (*found.recovered, *noticed) for edge in (one.start_ms, one.end_ms)]
    assert len(set(edges)) == len(edges)
    assert "sound like speech and had no words" in caplog.text


def test_much_undetected_speech_is_cut_in_quiet_moments(talk: Samples) -> None:
    sound = talk[: 60 * SAMPLE_RATE_HZ]
    loudness = Loudness(sound, find_speech(sound))
    transcriber = ScriptedTranscriber()
    found = listen(sound, [], transcriber)
    assert len(transcriber.lengths_ms) > 1
    assert max(transcriber.lengths_ms) <= LONGEST_MS
    start_ms = found.recovered[0].start_ms
    for length_ms in transcriber.lengths_ms[:-1]:
        start_ms += length_ms
        assert loudness.is_silent(Stretch(start_ms - 10, start_ms + 10))


def test_speech_that_a_window_left_out_is_decoded_again(
    sound: Samples, speech: tuple[Stretch, ...]
) -> None:
    words = say(NAMES, 30_000)
    transcriber = ScriptedTranscriber(Decoded((*words[:15], *words[35:55]), SURE))
    found = listen(sound, speech, transcriber)
    assert len(transcriber.lengths_ms) >= 2
    assert len(found.words) > 45
    assert found.recovered == ()
    assert [w.start_ms for w in found.words] == sorted(w.start_ms for w in found.words)


def test_a_loop_is_decoded_in_halves_and_what_still_loops_is_rejected(
    sound: Samples, speech: tuple[Stretch, ...], caplog: pytest.LogCaptureFixture
) -> None:
    loop = Decoded(say(["thank", "you"] * 30, 18_000), SURE)
    half = Decoded(say(["so", *["thank", "you"] * 10], 9_000), SURE)
    transcriber = ScriptedTranscriber(loop, half)
    with caplog.at_level("INFO"):
        found = listen(sound, speech, transcriber)
    assert (
        abs(transcriber.lengths_ms[1] - transcriber.lengths_ms[2]) < transcriber.lengths_ms[0] / 2
    )
    assert transcriber.lengths_ms[1] + transcriber.lengths_ms[2] == transcriber.lengths_ms[0]
    ((reason, n_rounds, n_words),) = [(r.reason, r.figure, len(r.words)) for r in found.refused]
    assert (reason, n_rounds, n_words) == ("loop", 10.0, 16)
    texts = [word.text for word in found.words]
    assert texts[:5] == ["so", "thank", "you", "thank", "you"]
    assert "1 of 2 halves still loop" in caplog.text
    assert "16 words are rejected: loop" in caplog.text


def test_a_loop_that_halves_lead_out_of_leaves_no_mark(
    sound: Samples, speech: tuple[Stretch, ...]
) -> None:
    transcriber = ScriptedTranscriber(Decoded(say(["thank", "you"] * 30, 18_000), SURE))
    found = listen(sound, speech, transcriber)
    assert found.refused == ()
    assert "thank" not in {word.text for word in found.words}


def test_what_is_decoded_again_after_a_loop_is_in_its_place(talk: Samples) -> None:
    """Else what lies between would be taken for unheard, and come twice."""
    sound = talk[: 60 * SAMPLE_RATE_HZ]
    transcriber = ScriptedTranscriber(Decoded(say(["thank", "you"] * 30, 18_000), SURE))
    speech = find_speech(sound)
    found = listen(sound, speech, transcriber)
    windows = cut_windows(speech, len(sound))
    assert len(windows) > 1
    assert len(transcriber.lengths_ms) == len(windows) + 2
    assert sum(word.end_ms - word.start_ms for word in found.words) < sum(
        transcriber.lengths_ms[1:]
    )
    assert found.recovered == ()


def test_an_echo_is_decoded_in_halves_and_rejected_where_it_stays(
    sound: Samples, speech: tuple[Stretch, ...]
) -> None:
    spoken = say(NAMES, 9_000)
    echo = tuple(replace(word, start_ms=9_000, end_ms=9_001) for word in spoken[-5:])
    transcriber = ScriptedTranscriber(
        Decoded((*spoken, *echo), SURE), Decoded((*spoken, *echo), SURE)
    )
    found = listen(sound, speech, transcriber)
    assert len(transcriber.lengths_ms) == 3
    ((reason, n_rounds, words),) = [(r.reason, r.figure, r.words) for r in found.refused]
    assert (reason, n_rounds) == ("loop", 2.0)
    assert [word.text for word in words] == NAMES[25:30]
    assert [word.text for word in found.words][:30] == NAMES[:30]


def test_a_loop_in_one_long_stretch_is_cut_as_well(sound: Samples) -> None:
    transcriber = ScriptedTranscriber(Decoded(say(["thank", "you"] * 30, 18_000), SURE))
    listen(sound, [Stretch(0, 20_000)], transcriber)
    assert transcriber.lengths_ms[1] + transcriber.lengths_ms[2] == transcriber.lengths_ms[0]
    assert min(transcriber.lengths_ms[1:3]) >= 5_000


def test_what_is_decoded_again_has_no_prompt(sound: Samples) -> None:
    """Neither after a loop nor where there were no words."""
    looped = Decoded(say(["thank", "you"] * 20, 12_000), SURE)
    transcriber = ScriptedTranscriber(looped, Decoded(say(NAMES, 3_000), SURE))
    Passes(transcriber, sound, DecodingOptions("en", "Fundy")).decode(
        [Stretch(0, 12_000)], lambda share: None
    )
    assert transcriber.told == ["Fundy", None, None]


def test_words_where_nothing_sounds_are_marked(sound: Samples) -> None:
    transcriber = ScriptedTranscriber(Decoded(say(NAMES, 29_000), SURE))
    found = listen(sound, [Stretch(0, 29_000)], transcriber)
    (refused,) = found.refused
    assert refused.reason == "silence"
    assert 19_500 < refused.words[0].start_ms < 21_500
    assert refused.words[-1].end_ms > 28_000
    assert found.words[-1].end_ms < 21_500


@pytest.mark.parametrize(
    ("log_probability", "no_speech", "is_believed"),
    [(-0.2, 0.9, True), (-1.5, 0.2, True), (-1.5, 0.9, False)],
)
def test_in_speech_only_both_signs_of_none_make_words_doubtful(
    sound: Samples,
    speech: tuple[Stretch, ...],
    log_probability: float,
    no_speech: float,
    is_believed: bool,
) -> None:
    answer = Decoded(say(NAMES, 19_000), log_probability, no_speech)
    found = listen(sound, speech, ScriptedTranscriber(answer, *[Decoded()] * 20))
    assert bool(found.words) == is_believed
    assert bool(found.refused) != is_believed


@pytest.mark.parametrize(
    ("log_probability", "no_speech", "reason"),
    [(-0.2, 0.9, "no speech"), (-1.5, 0.2, "unsure")],
)
def test_where_nobody_expected_speech_one_sign_is_enough(
    sound: Samples, log_probability: float, no_speech: float, reason: str
) -> None:
    answer = Decoded(say(NAMES, 30_000), log_probability, no_speech)
    first = Decoded(say(NAMES, 2_000), SURE)
    found = listen(sound, [Stretch(0, 2_000)], ScriptedTranscriber(first, *[answer] * 9))
    assert all(word.end_ms <= 2_000 for word in found.words)
    assert {refused.reason for refused in found.refused} == {reason}
    assert found.recovered == ()


def test_the_pause_before_a_word_is_no_part_of_it(sound: Samples) -> None:
    after = np.concatenate([np.zeros(SAMPLE_RATE_HZ, np.int16), sound])
    speech = find_speech(after)
    (window,) = cut_windows(speech, len(after))
    answer = Decoded((RecognizedWord("stand", 0, 1_500), *say(NAMES, 15_000)[6:]), SURE)
    found = listen(after, speech, ScriptedTranscriber(answer))
    assert found.words[0].text == "stand"
    assert found.words[0].start_ms > window.stretches[0].start_ms + 100
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found.words))


def test_segments_end_in_pauses_and_have_every_word_once() -> None:
    words = (*say(NAMES, 3_000), RecognizedWord("then", 3_000 + PAUSE_MS, 4_000))
    first, second = cut_segments(words)
    assert (first.start_ms, first.end_ms) == (0, 3_000)
    assert (*first.words, *second.words) == words
    assert cut_segments(()) == ()
