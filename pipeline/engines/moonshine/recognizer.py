"""Moonshine as a recogniser of English that nobody has written down: words with marks and capitals.

Which pieces it hears, and what is believed, the modules beside it say. Times here are rough.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.engines.base import SAMPLE_RATE_HZ, EngineRequest, Hints, Recognition, Samples
from pipeline.engines.english import check_language
from pipeline.engines.loudness import Loudness
from pipeline.engines.moonshine.hearing import Ear, Heard
from pipeline.engines.moonshine.judgement import is_looped, judge
from pipeline.engines.moonshine.marks import has_marks, take_marks
from pipeline.engines.moonshine.model import NAME, find_folder, load_model
from pipeline.engines.moonshine.sounds import cut_pieces, halve
from pipeline.errors import EngineError
from pipeline.records import Progress, Refused, Stretch

ENGINE = "moonshine"
FIRST_SHARE, LOOPS_SHARE = 0.6, 0.05
"""What the first hearing and that of loops are of the work, as progress has it."""
LEAST_HALF_MS = 1_000
"""What loops is not heard in halves shorter than this."""
LEAST_UNMARKED = 8
"""So many words and more have punctuation somewhere."""
SILENCE_MS = 200
"""Put before a piece whose text had no punctuation: four of five then have some, of 100 ms half."""

logger = logging.getLogger(__name__)


class MoonshineRecognizer:
    """One process, in as many threads as it may use; what is heard does not depend on them."""

    def __init__(self, cpus: int) -> None:
        self._cpus = cpus

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """Recognise all of the speech, whatever is known beforehand but its language.

        Raises:
            EngineError: the language isn't English, or the model can't be read.
        """
        check_language(ENGINE, hints)
        loudness = Loudness(samples, speech)
        pieces = cut_pieces(speech, loudness, len(samples) * 1000 // SAMPLE_RATE_HZ)
        found = [judge(one, loudness) for one in self._listen(samples, pieces, loudness, progress)]
        refused = tuple(part for one in found for part in one.refused)
        _log_refused(refused)
        segments = tuple(one.segment for one in found if one.segment)
        return Recognition("en", ENGINE, NAME, "cpu", segments, refused)

    def _listen(
        self,
        samples: Samples,
        pieces: Sequence[Stretch],
        loudness: Loudness,
        progress: Progress,
    ) -> list[Heard]:
        """What is heard in each piece, or in its halves, in order of time."""
        if not pieces:
            return []
        # Loaded only while there is something to hear, as it is large.
        ear = Ear(load_model(self._cpus), samples)
        heard = list(ear.hear(pieces, lambda share: progress(FIRST_SHARE * share)))
        heard = _hear_loops_again(ear, heard, loudness)
        done = FIRST_SHARE + LOOPS_SHARE
        progress(done)
        heard = _find_marks(ear, heard, lambda share: progress(done + (1 - done) * share))
        progress(1.0)
        return heard


def load(request: EngineRequest) -> MoonshineRecognizer:
    """The recogniser whose model lies in the wheel.

    Raises:
        EngineError: the wheel is not installed.
    """
    if find_folder() is None:
        remedy = "pip install moonshine-cpp, or `transcribe: {engine: pocketsphinx}`"
        raise EngineError(ENGINE, "its model is not installed", remedy)
    return MoonshineRecognizer(request.cpus)


def _hear_loops_again(ear: Ear, heard: Sequence[Heard], loudness: Loudness) -> list[Heard]:
    """What looped, in halves: another beginning leads a network out of most loops."""
    looped = [
        one.piece
        for one in heard
        if is_looped(one) and one.piece.end_ms - one.piece.start_ms >= 2 * LEAST_HALF_MS
    ]
    if not looped:
        return list(heard)
    halves = [half for piece in looped for half in halve(piece, loudness)]
    again = ear.hear(halves, _ignore)
    logger.info(
        "%d of %d pieces looped and were heard again in halves: %d of %d halves still loop",
        len(looped), len(heard), sum(map(is_looped, again)), len(halves),
    )  # fmt: skip
    kept = [one for one in heard if one.piece not in looped]
    return sorted([*kept, *again], key=lambda one: one.piece.start_ms)


def _find_marks(ear: Ear, heard: Sequence[Heard], progress: Progress) -> list[Heard]:
    """Texts without any punctuation, with that of a second hearing; the words stay."""
    numbers = [
        number
        for number, one in enumerate(heard)
        if len(one.words) >= LEAST_UNMARKED and not has_marks(one.words)
    ]
    if not numbers:
        return list(heard)
    again = ear.hear([heard[number].piece for number in numbers], progress, SILENCE_MS)
    marked = list(heard)
    for number, other in zip(numbers, again, strict=True):
        marked[number] = replace(heard[number], words=take_marks(heard[number].words, other.words))
    logger.info(
        "%d of %d pieces had no punctuation and were heard again: %d still have none",
        len(numbers), len(heard), sum(not has_marks(marked[number].words) for number in numbers),
    )  # fmt: skip
    return marked


def _log_refused(refused: Sequence[Refused]) -> None:
    n_words: Counter[str] = Counter()
    for one in refused:
        n_words[one.reason] += len(one.words)
    for reason, count in n_words.items():
        logger.info("%d words are not believed: %s", count, reason)


def _ignore(share: float) -> None:
    del share
