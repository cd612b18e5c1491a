"""Moonshine as a recogniser of English without a text: words with punctuation and capitals.

It joins the modules beside it. Times here are rough.
"""

import logging
from collections.abc import Sequence

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Recognition, Samples
from pipeline.models.packaged import NAME, require_folder
from pipeline.recognizers.english import check_language
from pipeline.recognizers.hallucinations import count_refused
from pipeline.recognizers.moonshine.filtering import judge
from pipeline.recognizers.moonshine.model import load_model
from pipeline.recognizers.moonshine.passes import listen
from pipeline.recognizers.moonshine.segments import cut_pieces
from pipeline.recognizers.moonshine.transcription import Ear
from pipeline.records import Progress, Stretch
from pipeline.speech.energy import Loudness

ENGINE = "moonshine"

logger = logging.getLogger(__name__)


class MoonshineRecognizer:
    """Runs in this process, in several threads; the result does not depend on their number."""

    def __init__(self, cpus: int) -> None:
        self._cpus = cpus

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """Recognise all of the speech; of the hints, only the language is used.

        Raises:
            EngineError: the language isn't English, or the model can't be read.
        """
        check_language(ENGINE, hints)
        loudness = Loudness(samples, speech)
        pieces = cut_pieces(speech, loudness, len(samples) * 1000 // SAMPLE_RATE_HZ)
        if not pieces:
            return Recognition("en", ENGINE, NAME, "cpu", ())
        # Loaded only while there is speech to decode, as it is large.
        recognized = listen(Ear(load_model(self._cpus), samples), pieces, loudness, progress)
        found = [judge(one, loudness) for one in recognized]
        segments = tuple(one.segment for one in found if one.segment)
        refused = tuple(part for one in found for part in one.refused)
        for reason, n_words in count_refused(refused).items():
            logger.info("%d words are rejected: %s", n_words, reason)
        return Recognition("en", ENGINE, NAME, "cpu", segments, refused)


def load(request: EngineRequest) -> MoonshineRecognizer:
    """The recogniser whose model is in the wheel.

    Raises:
        EngineError: the wheel is not installed.
    """
    require_folder()
    return MoonshineRecognizer(request.cpus)
