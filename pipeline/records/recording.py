"""What is known of a recording: its streams, and what an engine heard or is to hear in it."""

from dataclasses import replace
from typing import Literal, Self

from pipeline.records.base import Flag, check, check_span, record

UNTOLD = 2
"""The code point of colours that nobody told."""


@record
class VideoStream:
    """The picture as a player shows it: size after rotation, in square pixels.

    `is_hdr`: its brightness is PQ's or HLG's, which most screens can't show as it is. `primaries`,
    `transfer` and `matrix` are the code points of its colours; 2 where nobody told.

    Source: ITU-T H.273, tables 2 to 4.
    """

    width_px: int
    height_px: int
    fps: float
    is_variable_rate: bool = False
    is_hdr: bool = False
    primaries: int = UNTOLD
    transfer: int = UNTOLD
    matrix: int = UNTOLD


@record
class Media:
    """What ingest found out about one recording.

    `name` is its file's, what no text can hold escaped.

    Invariants: `audio.wav` holds `n_samples` samples; its first lies at `audio_start_ms`.
    `channel` is the one that the sound was taken from, null where it is the mix of all.
    `loudness_lufs` is that of the channel, or else of the whole stream, null if it is silent.
    """

    name: str
    duration_ms: int
    audio_start_ms: int
    sample_rate_hz: int
    n_samples: int
    n_audio_streams: int
    n_channels: int
    audio_stream: int = 0
    channel: int | None = None
    loudness_lufs: float | None = None
    video: VideoStream | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check(self.duration_ms > 0, "duration_ms must be positive")
        check(self.n_samples > 0, "n_samples must be positive")


@record
class Stretch:
    """A stretch of time with nothing more to say about it."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, "a stretch")


@record
class RecognizedWord:
    """One word as an engine heard it; probability in 0..1, null where the engine gives none.

    `is_glued`: the engine wrote no space before it, as in scripts that have none between words.
    """

    text: str
    start_ms: int
    end_ms: int
    probability: float | None = None
    is_glued: Flag = False

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, f"heard word {self.text!r}")

    def shift(self, by_ms: int) -> Self:
        """The same word so much later."""
        return replace(self, start_ms=self.start_ms + by_ms, end_ms=self.end_ms + by_ms)


@record
class Segment:
    """One raw chunk of an engine, in the order it was spoken."""

    start_ms: int
    end_ms: int
    words: tuple[RecognizedWord, ...]

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, "a segment")


RefusedReason = Literal["loop", "silence", "no speech", "unsure"]


@record
class Refused:
    """Words in a row that an engine gave out and nobody believes, and why.

    `figure`: of a loop the number of rounds, of no speech its probability, of unsure words their
    mean log-probability.
    """

    words: tuple[RecognizedWord, ...]
    reason: RefusedReason
    figure: float

    def __post_init__(self) -> None:
        check(bool(self.words), "what is refused has words")


@record
class Transcript:
    """transcript.json: what an engine heard, with rough times, and where there is speech.

    `skipped`: speech that was not listened to, as the text holds on both sides of it.
    `refused`: what the engine said that is not believed; no segment has it.
    `translated_from`: the language that is spoken, where the words are a translation.
    """

    language: str
    engine: str
    model: str
    segments: tuple[Segment, ...]
    speech: tuple[Stretch, ...]
    skipped: tuple[Stretch, ...] = ()
    refused: tuple[Refused, ...] = ()
    translated_from: str | None = None
    version: int = 1


GARBAGE = "*"
"""The word of an arc that any sound fits: speech that the text lacks."""


@record
class Arc:
    """One step of a word graph; `word` null takes no time; probability in 0..1.

    `written`: its token as the text writes it, capitals and marks included, for engines that
    learned from written text; others leave it alone. Of the words that a token is said in
    (`1984`), the first has all of it and the rest ''. Null where nobody wrote it.
    """

    from_state: int
    to_state: int
    probability: float
    word: str | None = None
    written: str | None = None


@record
class WordGraph:
    """What may be said in a window: every path from state 0 to `final_state`.

    Words are lower-case spoken words. Silence is allowed between any two.
    """

    n_states: int
    final_state: int
    arcs: tuple[Arc, ...]


@record
class DecodeRequest:
    """A graph to be decoded between two times."""

    start_ms: int
    end_ms: int
    graph: WordGraph


@record
class Passage:
    """Words that should lie between two times, as they are written, and those that may not.

    Invariants: `doubtful` are places in `words`, in order.
    """

    start_ms: int
    end_ms: int
    words: tuple[str, ...]
    doubtful: tuple[int, ...]


@record
class ArcTime:
    """A word arc on the best path: which one, when, and its acoustic log-probability a frame.

    `fit`: how well it fits the recording's own models, a mean log-posterior; null without these.
    """

    arc: int
    start_ms: int
    end_ms: int
    score: float
    fit: float | None = None


@record
class DecodedPiece:
    """The best path of each window of a piece of the recording."""

    paths: tuple[tuple[ArcTime, ...], ...]
