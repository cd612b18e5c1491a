"""What an engine can do: the contracts, met by every engine in the catalog.

Samples are (n_samples,) int16 at 16 kHz, mono. Times are milliseconds since the first sample;
a stage moves them to the player's clock.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.records import (
    ArcTime,
    Passage,
    Progress,
    Refused,
    Segment,
    Stretch,
    WordGraph,
    record,
)

SAMPLE_RATE_HZ = 16_000

T = TypeVar("T")

Task = Literal["transcribe", "translate"]

Samples = npt.NDArray[np.int16]


@record
class EngineRequest:
    """Which engine to load, and how; `vocabulary` pairs words with how they are said.

    `language` is for engines that must know it beforehand.
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
    """A word to listen for: as it is written, and the ways it is said in spoken words."""

    text: str
    spoken: tuple[tuple[str, ...], ...]


@record
class Hints:
    """What is known before listening: the language, lines of the text as they are spoken, names.

    `prompt` is text as it might stand before what is heard. `task: translate` asks for English
    words whatever is spoken; `language` is then still the one that is spoken.
    """

    language: str | None = None
    lines: tuple[str, ...] = ()
    hotwords: tuple[Hotword, ...] = ()
    prompt: str = ""
    task: Task = "transcribe"


@record
class Recognition:
    """What a recogniser heard, in which language, and which of its models heard it.

    `refused` is what it said that is not believed, `recovered` speech it heard outside of what it
    was told to be speech.
    """

    language: str
    engine: str
    model: str
    device: str
    segments: tuple[Segment, ...]
    refused: tuple[Refused, ...] = ()
    recovered: tuple[Stretch, ...] = ()


class Recognizer(Protocol):
    """Turns sound into words with rough times."""

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """Recognise the stretches of speech; segments come back in order of time.

        Raises:
            EngineError: the engine failed on this sound.
        """
        ...


class CheckpointStore(Protocol):
    """Where finished pieces of work outlast a process that is killed."""

    def save_checkpoint(self, name: str, record: object) -> None:
        """Put a record there."""
        ...

    def load_checkpoint(self, name: str, kind: type[T]) -> T | None:
        """The record of that name, or None."""
        ...

    def save_checkpoint_bytes(self, name: str, content: bytes) -> None:
        """Put there what is no record."""
        ...

    def load_checkpoint_bytes(self, name: str) -> bytes | None:
        """What was put there so, or None."""
        ...


class GraphDecoder(Protocol):
    """Finds the best path of a word graph through a window of sound."""

    name: str

    def start_recording(self) -> None:
        """Forget whatever was learnt of the recording before, so that results don't depend on it.

        Within a recording a decoder may go on learning: its noise, its channel.
        """
        ...

    def decode(self, samples: Samples, graph: WordGraph) -> tuple[ArcTime, ...]:
        """The word arcs of the best path in order of time; empty if the sound fits no path."""
        ...


class Rescorer(Protocol):
    """Compares words with whatever else may have been said in their place."""

    def compare(
        self, samples: Samples, passages: Sequence[Passage]
    ) -> tuple[tuple[float, ...], ...]:
        """For each passage's doubtful words, how many nats likelier they are than what it heard.

        Raises:
            EngineError: the model failed on this sound.
        """
        ...
