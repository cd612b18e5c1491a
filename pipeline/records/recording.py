"""A recording: its streams, what was recognised in it, and what is to be decoded."""

from typing import Literal

from pipeline.records.base import Flag, check, check_span, record

UNTOLD = 2
"""H.273 code point of unspecified colours."""


@record
class VideoStream:
    """The picture as a player shows it: size after rotation, in square pixels.

    `is_hdr`: its transfer function is PQ or HLG, which most screens can't show unconverted.
    `primaries`, `transfer` and `matrix` are the code points of its colours; 2 if unspecified.
    `stream_index`: its number among all streams of the container. `coded_height_px`: the height of
    its frames before rotation, null if unknown. `is_interlaced`: some of its frames are.

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
    stream_index: int = 0
    coded_height_px: int | None = None
    is_interlaced: Flag = False


@record
class Media:
    """media.json: the properties of one recording.

    `name` is its file's name; bytes that are not UTF-8 are escaped.

    Invariants: `audio.wav` holds `n_samples` samples, from the player's 0. The recording's own
    sound begins at `sound_start_ms`; `audio_start_ms`, the time of the first sample, is always 0.
    `channel` is the one that was decoded, null for the mix of all. `loudness_lufs` is that of the
    channel or the mix, null if it is silent.
    """

    name: str
    duration_ms: int
    sample_rate_hz: int
    n_samples: int
    n_audio_streams: int
    n_channels: int
    audio_stream: int = 0
    channel: int | None = None
    loudness_lufs: float | None = None
    video: VideoStream | None = None
    sound_start_ms: int = 0
    audio_start_ms: int = 0
    version: int = 1

    def __post_init__(self) -> None:
        check(self.duration_ms > 0, "duration_ms must be positive")
        check(self.n_samples > 0, "n_samples must be positive")


@record
class Stretch:
    """A stretch of time, such as one of speech."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, "a stretch")

    @property
    def length_ms(self) -> int:
        """How long it lasts."""
        return self.end_ms - self.start_ms


@record
class RecognizedWord:
    """One recognised word; probability in 0..1, null where the recogniser gives none.

    `is_glued`: no space before it, as in scripts without spaces between words.
    """

    text: str
    start_ms: int
    end_ms: int
    probability: float | None = None
    is_glued: Flag = False

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, f"recognised word {self.text!r}")


@record
class Segment:
    """One raw chunk of a recogniser's output; words in spoken order."""

    start_ms: int
    end_ms: int
    words: tuple[RecognizedWord, ...]

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, "a segment")


RefusedReason = Literal["loop", "silence", "no speech", "unsure"]


@record
class Refused:
    """Consecutive words rejected as a hallucination, and why.

    `figure`: for a loop the number of repeats, for no speech its probability, for unsure words
    their mean log-probability.
    """

    words: tuple[RecognizedWord, ...]
    reason: RefusedReason
    figure: float

    def __post_init__(self) -> None:
        check(bool(self.words), "a rejected stretch needs words")


@record
class Transcript:
    """transcript.json: recognised words with rough times, and the stretches of speech.

    `skipped`: speech that was not decoded, as the text was recognised on both sides of it.
    `refused`: rejected words (hallucinations), which are in no segment.
    `translated_from`: the language spoken, where the words are a translation.
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
"""The word of a garbage model's arc: speech that the text lacks."""


@record
class Arc:
    """One step of a word graph; `word` null takes no time; probability in 0..1.

    `written`: its token as the text has it, with capitals and punctuation, for aligners trained on
    written text; others ignore it. Of a token of several words (`1984`), the first word has all of
    it and the others ''. Null where there is no written form.
    """

    from_state: int
    to_state: int
    probability: float
    word: str | None = None
    written: str | None = None


@record
class WordGraph:
    """What may be spoken in a window: every path from state 0 to `final_state`.

    Words are lower-case spoken words. Silence is allowed between any two. A word that leads back
    to its own state is a filler. `restarted`: the probability that a word is said again, after it
    or part of it; a decoder may ignore it.
    """

    n_states: int
    final_state: int
    arcs: tuple[Arc, ...]
    restarted: float = 0.0


@record
class DecodeRequest:
    """A word graph to be decoded between two times."""

    start_ms: int
    end_ms: int
    graph: WordGraph


@record
class RescoringRequest:
    """A passage to be rescored: its words as written, and which of them are doubtful.

    `tokens`: the index of each word in its text.

    Invariants: `doubtful` are indices into `words`, in order.
    """

    start_ms: int
    end_ms: int
    words: tuple[str, ...]
    doubtful: tuple[int, ...]
    tokens: tuple[int, ...] = ()


@record
class ArcTime:
    """A word arc on the best path: index, times, and mean acoustic score (a logarithm) per frame.

    `fit`: its goodness of pronunciation, null where there are no models of the recording.
    """

    arc: int
    start_ms: int
    end_ms: int
    score: float
    fit: float | None = None


@record
class DecodedSegment:
    """The best path of each window in one segment of the recording."""

    paths: tuple[tuple[ArcTime, ...], ...]
