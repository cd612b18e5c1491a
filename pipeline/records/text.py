"""The text, timed: its words, turns and sounds, and how well it fits the recording."""

from pathlib import Path
from typing import Literal

from pipeline.codec import write_record
from pipeline.errors import MediaError
from pipeline.records.base import Flag, check, check_span, record
from pipeline.records.recording import Stretch

WordStatus = Literal["aligned", "estimated", "unspoken"]
FillerKind = Literal["filler", "restart"]
SpeakerSource = Literal["label", "inferred"]
Span = tuple[int, int]
"""Start and end, in ms."""


def _find_span(start_ms: int | None, end_ms: int | None) -> Span | None:
    return None if start_ms is None or end_ms is None else (start_ms, end_ms)


@record
class Word:
    """One token of the text, verbatim, with its time.

    `is_glued`: no space before it; only set for a recogniser's words. `from_bracket`: it is written
    in a bracket. `is_unsaid`: a mark of the text's layout that nobody says, as a bullet or a page
    number; captions don't show it.

    Invariants: times are null exactly when the word is `unspoken`; confidence in 0..1.
    """

    text: str
    start_ms: int | None
    end_ms: int | None
    status: WordStatus
    confidence: float
    turn: int
    is_glued: Flag = False
    from_bracket: Flag = False
    is_unsaid: Flag = False

    def __post_init__(self) -> None:
        check(0.0 <= self.confidence <= 1.0, f"confidence out of 0..1: {self.confidence}")
        if self.start_ms is None or self.end_ms is None:
            check(self.status == "unspoken", f"{self.status} word {self.text!r} has no times")
            check(self.start_ms is self.end_ms, f"word {self.text!r} has half a time")
        else:
            check(self.status != "unspoken", f"unspoken word {self.text!r} has times")
            check_span(self.start_ms, self.end_ms, f"word {self.text!r}")

    @property
    def span(self) -> Span | None:
        """Its start and end; None if it is unspoken."""
        return _find_span(self.start_ms, self.end_ms)


@record
class SpokenTurn:
    """A turn of a parsed text, without times.

    `label` is the speaker's name in the text; each sound has the number of `words` before it.
    """

    label: str | None
    words: tuple[str, ...]
    sounds: tuple[tuple[str, int], ...] = ()


@record
class Bracket:
    """A bracket of a text, which may describe a sound or hold spoken words: both readings.

    `tokens`: its words, verbatim. `after_word`: the word before it, or -1. `is_sound`: whether it
    was taken as a sound; if not, its tokens are the words that follow, or nothing of a heading
    (`is_heading`). `marks`: punctuation after it, which joined the word before. `opens_turn`: it
    begins a turn. `may_be_spoken`: the sound decides whether it is words (`alignment/brackets.py`).
    """

    tokens: tuple[str, ...]
    after_word: int
    is_sound: bool
    marks: str = ""
    is_heading: Flag = False
    opens_turn: Flag = False
    may_be_spoken: Flag = False


@record
class Turn:
    """Consecutive words of one speaker."""

    speaker: str | None
    speaker_from: SpeakerSource | None
    first_word: int
    n_words: int


@record
class Sound:
    """A `(sound)` tag of the text; times are null when the sound was not found.

    `after_word`: the word before it, or -1. `opens_turn`: it begins the next turn instead of
    ending that word's.
    """

    text: str
    after_word: int
    start_ms: int | None = None
    end_ms: int | None = None
    opens_turn: Flag = False

    @property
    def span(self) -> Span | None:
        """Its start and end; None if it was not found."""
        return _find_span(self.start_ms, self.end_ms)


@record
class Filler:
    """Speech between the words of the text that the text lacks, and that may be cut.

    `kind`: a `filler` such as `um`, or a `restart`: a word, or its beginning, before it is said
    again. `text`: the filler, or the whole word. `after_word`: the word before it, or -1.
    """

    text: str
    kind: FillerKind
    start_ms: int
    end_ms: int
    after_word: int = -1

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, f"{self.kind} {self.text!r}")


@record
class TimedText:
    """words.json: every word of the text with its time, status and confidence.

    `translated_from`: the language spoken, where the words are a translation. `unheard`: speech
    that the text lacks. `fillers`: hesitations and repetitions that it lacks.
    Invariants: starts never decrease; turns cover the words in order.
    """

    language: str
    engine: str
    duration_ms: int
    turns: tuple[Turn, ...]
    words: tuple[Word, ...]
    sounds: tuple[Sound, ...] = ()
    unheard: tuple[Stretch, ...] = ()
    translated_from: str | None = None
    fillers: tuple[Filler, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        latest_ms = 0
        for index, word in enumerate(self.words):
            if word.start_ms is None:
                continue
            check(word.start_ms >= latest_ms, f"word {index} {word.text!r} runs backwards")
            latest_ms = word.start_ms
        n_covered = 0
        for turn in self.turns:
            check(turn.first_word == n_covered, f"turn at word {turn.first_word} leaves a gap")
            n_covered += turn.n_words
        check(n_covered == len(self.words), "turns do not cover the words")

    def save(self, path: str | Path) -> None:
        """Write it as a words.json.

        Raises:
            MediaError: the file can't be written.
        """
        try:
            write_record(Path(path), self)
        except OSError as error:
            problem = error.strerror or "unwritable"
            raise MediaError(str(path), problem, "check the path") from error


@record
class Doubt:
    """A word that a person should check."""

    word: int
    text: str
    start_ms: int | None
    status: WordStatus
    confidence: float


@record
class Guarantee:
    """At least `share` of the timed words start within `within_ms` of their times, at `level`.

    `n_to_check`: so many of the least sure words may be the others; `doubts` begin with them.
    """

    share: float
    n_to_check: int
    within_ms: int
    level: float


@record
class AlignmentSummary:
    """summary.json: how well the text fits the recording.

    `matches`: whether it does at all. `speech_covered`: share of the speech. `n_time_codes`,
    `n_headings` (notes' marks among them): what stands in the text and is neither spoken nor shown.
    `guarantee`: None where nothing is known of the aligner's errors.
    """

    n_words: int
    n_aligned: int
    n_estimated: int
    n_unspoken: int
    matches: bool
    speech_covered: float
    confidence_quantiles: tuple[float, ...]
    n_label_contradictions: int
    doubts: tuple[Doubt, ...]
    review: bool
    reasons: tuple[str, ...]
    n_time_codes: int = 0
    n_headings: int = 0
    guarantee: Guarantee | None = None
    version: int = 1
