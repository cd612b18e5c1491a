"""Moonshine as a recogniser of English without a text: words with punctuation and capitals.

It joins the modules beside it. Times here are rough.
"""

from collections.abc import Sequence

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Recognition, Samples
from pipeline.models.packaged import NAME, require_folder
from pipeline.recognizers.hallucinations import log_rejected
from pipeline.recognizers.moonshine.filtering import filter_piece
from pipeline.recognizers.moonshine.model import load_model
from pipeline.recognizers.moonshine.passes import decode_all
from pipeline.recognizers.moonshine.segments import cut_pieces
from pipeline.recognizers.moonshine.transcription import make_decoder
from pipeline.recognizers.options import check_english
from pipeline.records import Progress, Stretch
from pipeline.speech.energy import Loudness

ENGINE = "moonshine"


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
        check_english(ENGINE, hints)
        loudness = Loudness(samples, speech)
        pieces = cut_pieces(speech, loudness, len(samples) * 1000 // SAMPLE_RATE_HZ)
        if not pieces:
            return Recognition("en", ENGINE, NAME, "cpu", ())
        # Loaded only while there is speech to decode, as it is large.
        decode = make_decoder(load_model(self._cpus), samples)
        decoded = decode_all(decode, pieces, loudness, progress)
        found = [filter_piece(one, loudness) for one in decoded]
        segments = tuple(segment for segment, _ in found if segment)
        refused = tuple(part for _, parts in found for part in parts)
        log_rejected(refused)
        return Recognition("en", ENGINE, NAME, "cpu", segments, refused)


def load(request: EngineRequest) -> MoonshineRecognizer:
    """The recogniser whose model is in the wheel.

    Raises:
        EngineError: the wheel is not installed.
    """
    require_folder()
    return MoonshineRecognizer(request.cpus)
