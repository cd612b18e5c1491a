"""The contracts (protocols) of engines, met by every engine in the catalogs.

Samples are (n_samples,) int16 at 16 kHz, mono. Times are milliseconds since the first sample;
a stage moves them to the player's clock.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypeVar

from pipeline.records import (
    ArcTime,
    Progress,
    Refused,
    RescoringRequest,
    Segment,
    Stretch,
    WordGraph,
    record,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE_HZ = 16_000

T = TypeVar("T")

Task = Literal["transcribe", "translate"]

Samples: TypeAlias = "npt.NDArray[np.int16]"


@record
class EngineRequest:
    """Which model to load, and how; `vocabulary` pairs words with their pronunciations.

    `language` is for engines that need it to load.
    """

    model: str = ""
    device: str = "auto"
    compute_type: str = "auto"
    cpus: int = 1
    vocabulary: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    language: str | None = None
    batch_size: Literal["auto"] | int = "auto"


@record
class Hotword:
    """A word to expect: as it is written, and its verbalisations in spoken words."""

    text: str
    spoken: tuple[tuple[str, ...], ...]


@record
class Hints:
    """What is known before recognition: the language, the text's verbalised lines, hotwords.

    `prompt` is text as if spoken just before. `task: translate` asks for English words; `language`
    is then still the spoken one.
    """

    language: str | None = None
    lines: tuple[str, ...] = ()
    hotwords: tuple[Hotword, ...] = ()
    prompt: str = ""
    task: Task = "transcribe"


@record
class Recognition:
    """A recogniser's result: its words, the language, and the engine, model and device used.

    `refused` are words rejected as hallucinations, `recovered` stretches of speech that voice
    activity detection had missed.
    """

    language: str
    engine: str
    model: str
    device: str
    segments: tuple[Segment, ...]
    refused: tuple[Refused, ...] = ()
    recovered: tuple[Stretch, ...] = ()


class Recognizer(Protocol):
    """Recognises words with rough times."""

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """Recognise the stretches of speech; segments come back in order of time.

        Raises:
            EngineError: the engine failed on this sound.
        """
        ...


class CheckpointStore(Protocol):
    """Keeps finished parts of a step, so that a run after a kill need not redo them."""

    def save_checkpoint(self, name: str, record: object) -> None:
        """Store a record under a name."""
        ...

    def load_checkpoint(self, name: str, kind: type[T]) -> T | None:
        """The record of that name, or None."""
        ...

    def save_checkpoint_bytes(self, name: str, content: bytes) -> None:
        """Store bytes under a name."""
        ...

    def load_checkpoint_bytes(self, name: str) -> bytes | None:
        """The bytes of that name, or None."""
        ...


class GraphDecoder(Protocol):
    """Finds the best path of a word graph through a window of sound."""

    name: str

    def start_recording(self) -> None:
        """Reset all state of the recording before, so that results don't depend on it.

        Within a recording a decoder may adapt from window to window: to noise, to the channel.
        """
        ...

    def decode(self, samples: Samples, graph: WordGraph) -> tuple[ArcTime, ...]:
        """The word arcs of the best path in order of time; empty if the sound fits no path."""
        ...


class Rescorer(Protocol):
    """Compares doubtful words with what a second model recognises in their place."""

    def compare(
        self, samples: Samples, passages: Sequence[RescoringRequest]
    ) -> tuple[tuple[float, ...], ...]:
        """For each passage's doubtful words, how many nats likelier they are than its own text.

        Raises:
            EngineError: the model failed on this sound.
        """
        ...
