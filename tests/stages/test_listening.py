"""A recogniser's turns at a recording whose text is known."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, Hints, Recognition, Samples
from pipeline.records import Progress, RecognizedWord, Segment, Stretch
from pipeline.stages.listening import Work, listen_in_turns
from pipeline.verbalization.spoken_text import speak_text
from tests.alignment.playback import SpokenWord, say
from tests.alignment.test_aligner import make_text

N_WORDS = 1_500
WORDS_EACH = 24
"""Words of a stretch of speech: about eight seconds."""
MOST_LISTENED = 0.65


class Ear:
    """Hears each word that lies in what it listens to; remembers what that was."""

    def __init__(self, spoken: Sequence[SpokenWord]) -> None:
        self.spoken = spoken
        self.listened: list[Stretch] = []

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        self.listened += speech
        progress(1.0)
        return Recognition("en", "ear", "", "cpu", tuple(map(self._decode, speech)))

    def _decode(self, stretch: Stretch) -> Segment:
        words = tuple(
            RecognizedWord(one.word, one.start_ms, one.end_ms)
            for one in self.spoken
            if stretch.start_ms <= one.start_ms and one.end_ms <= stretch.end_ms
        )
        return Segment(stretch.start_ms, stretch.end_ms, words)


def listen(
    tokens: Sequence[str], spoken: Sequence[SpokenWord]
) -> tuple[Ear, Recognition, tuple[Stretch, ...], list[float]]:
    """Take turns at what was said, of which the text says so much."""
    groups = [spoken[i : i + WORDS_EACH] for i in range(0, len(spoken), WORDS_EACH)]
    speech = tuple(Stretch(group[0].start_ms, group[-1].end_ms) for group in groups)
    ear, shares = Ear(spoken), list[float]()
    samples = np.zeros(spoken[-1].end_ms * SAMPLE_RATE_HZ // 1000, np.int16)
    work = Work(ear, samples, speech, Hints("en"), shares.append)
    return ear, *listen_in_turns(work, speak_text(tokens, "en")), shares


def length_ms(parts: Sequence[Stretch]) -> int:
    return sum(part.end_ms - part.start_ms for part in parts)


def test_half_of_a_clear_recording_is_listened_to() -> None:
    tokens = make_text(N_WORDS)
    spoken = say(tokens)
    ear, recognition, skipped, shares = listen(tokens, spoken)
    assert length_ms(ear.listened) <= MOST_LISTENED * (length_ms(ear.listened) + length_ms(skipped))
    both = sorted([*ear.listened, *skipped], key=lambda part: part.start_ms)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(both))
    assert sum(both[i].end_ms == both[i + 1].start_ms for i in range(len(both) - 1)) > 0
    starts = [segment.start_ms for segment in recognition.segments]
    assert starts == sorted(part.start_ms for part in ear.listened)
    assert shares == sorted(shares) and shares[-1] == 1.0


def test_all_of_a_recording_with_a_poor_text_is_listened_to() -> None:
    tokens = make_text(N_WORDS)
    spoken = say(tokens)
    wrong = ["wrong" if i % 4 == 0 else token for i, token in enumerate(tokens)]
    ear, recognition, skipped, _ = listen(wrong, spoken)
    assert skipped == ()
    recognized = [word.text for segment in recognition.segments for word in segment.words]
    assert recognized == tokens
    assert length_ms(ear.listened) == sum(
        spoken[min(i + WORDS_EACH, N_WORDS) - 1].end_ms - spoken[i].start_ms
        for i in range(0, N_WORDS, WORDS_EACH)
    )


def test_what_the_text_lacks_is_listened_to() -> None:
    words = make_text(N_WORDS)
    spoken = say(words)
    first, after = 700, 760
    ear, _, _, _ = listen(words[:first] + words[after:], spoken)
    between = Stretch(spoken[first].start_ms, spoken[after].start_ms)
    inside = [
        part
        for part in ear.listened
        if part.start_ms < between.end_ms and part.end_ms > between.start_ms
    ]
    covered = sum(
        min(part.end_ms, between.end_ms) - max(part.start_ms, between.start_ms) for part in inside
    )
    assert covered >= 0.9 * (between.end_ms - between.start_ms)
