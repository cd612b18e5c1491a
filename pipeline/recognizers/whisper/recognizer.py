"""faster-whisper as a recogniser: on a GPU when there is one that works, else on the CPU.

Finding models is `models/installed.py`'s matter. Word times come from cross-attention, for anchors.
"""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from pipeline.contracts import EngineRequest, Hints, Recognition, Samples
from pipeline.errors import EngineError
from pipeline.models.devices import find_devices
from pipeline.models.installed import find_model, get_model
from pipeline.recognizers.whisper.child import ChildTranscriber
from pipeline.recognizers.whisper.geometry import check_alignment_heads, read_geometry
from pipeline.recognizers.whisper.model import DecodingOptions, LocalTranscriber, Transcriber
from pipeline.recognizers.whisper.passes import Passes, cut_segments
from pipeline.recognizers.whisper.windows import cut_windows, spread
from pipeline.records import Progress, Stretch, record

NAME = "faster_whisper"
N_LANGUAGE_WINDOWS = 5
"""Most windows used to detect the language, from all over the recording."""
MOST_HOTWORDS = 30
"""Whisper takes hotwords for words spoken before: the more there are, the more often it repeats
them, or writes nothing. It reads some 220 tokens, and can write that many fewer in a window."""
CPU_BATCH = 1
"""Windows in a batch on a CPU: larger ones save no CPU time, and cost memory."""

logger = logging.getLogger(__name__)


@record
class Place:
    """A device, and whether the model runs in a child process there, whose crash is survived."""

    device: str
    is_apart: bool


class WhisperRecognizer:
    """Whisper in the first of several places that works."""

    def __init__(self, request: EngineRequest, places: Sequence[Place]) -> None:
        """Load the model, if it is to be in this process.

        Raises:
            EngineError: the model is broken, or the device can't be used.
        """
        self._request = request
        self._places = places
        if not places[0].is_apart:
            self._open(places[0])

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """Recognise all of the speech, and what else turns out to be speech.

        If a place fails, all is decoded anew in the next one.

        Raises:
            EngineError: CTranslate2 failed on this sound, everywhere.
        """
        for place in self._places[:-1]:
            try:
                return self._transcribe(place, samples, speech, hints, progress)
            except EngineError as error:
                logger.warning(
                    "%s can't be used (%s): the CPU does the work", place.device, error.problem
                )
        return self._transcribe(self._places[-1], samples, speech, hints, progress)

    def _transcribe(
        self,
        place: Place,
        samples: Samples,
        speech: Sequence[Stretch],
        hints: Hints,
        progress: Progress,
    ) -> Recognition:
        windows = cut_windows(speech, len(samples))
        with self._open(place) as transcriber:
            sounds = [window.sound(samples) for window in spread(windows, N_LANGUAGE_WINDOWS)]
            language = transcriber.settle_language(hints.language, sounds)
            made = Recognition(language, NAME, self._request.model, transcriber.device, ())
            if not windows:
                return made
            options = make_options(language, hints)
            found = Passes(transcriber, samples, options).decode(speech, progress)
        return replace(
            made,
            segments=cut_segments(found.words),
            refused=found.refused,
            recovered=found.recovered,
        )

    def _open(self, place: Place) -> AbstractContextManager[Transcriber]:
        request = replace(self._request, device=place.device)
        asked = None if request.batch_size == "auto" else request.batch_size
        if place.is_apart:
            return ChildTranscriber(request, asked)
        return nullcontext(LocalTranscriber(request, asked or CPU_BATCH))


def load(request: EngineRequest) -> WhisperRecognizer:
    """The recogniser of a model, which is downloaded if it is not on this machine.

    Raises:
        EngineError: the model is broken, unknown, or can't be downloaded.
    """
    folder = find_model(request.model) or get_model(request.model)
    geometry = read_geometry(folder)
    if geometry:
        check_alignment_heads(folder, geometry)
    places = [Place(device, is_apart=device == "cuda") for device in find_devices(request)]
    return WhisperRecognizer(request, places)


def make_options(language: str, hints: Hints) -> DecodingOptions:
    """The decoding options of every window from the hints, with the first MOST_HOTWORDS words."""
    words = [hotword.text for hotword in hints.hotwords]
    if len(words) > MOST_HOTWORDS:
        logger.warning(
            "Whisper is given %d hotwords, and not %s: long lists do harm",
            MOST_HOTWORDS, ", ".join(words[MOST_HOTWORDS:]),
        )  # fmt: skip
    told = (hints.prompt.strip(), *words[:MOST_HOTWORDS])
    return DecodingOptions(language, " ".join(filter(None, told)) or None, hints.task)
