"""What viewers get: captions, and clips with their files and checks."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from pipeline.records.base import check, check_span, record

ClipFileKind = Literal["clean", "burned", "soft", "captions", "poster", "audio", "preview"]


@record
class WordMark:
    """Where a word begins in a cue's text (line, column in characters), and when it is spoken.

    `is_glued`: no space belongs before it, also where it begins a line or cue.
    """

    line: int
    column: int
    start_ms: int
    is_glued: bool = False


@record
class Markup:
    """A cue's text and settings as in the caption file that it was read from.

    `head`: the STYLE blocks of that file, in no artifact (see `CueList.styled`).
    """

    form: Literal["vtt", "srt"]
    text: str
    settings: str = ""
    name: str = ""
    head: Annotated[str, Field(exclude=True)] = ""


@record
class Cue:
    """One caption on screen: one or two lines of plain text, and their speaker.

    `marks`: the words' times, where they are known (never in a cue read from a file). `markup`: the
    original text of a cue from a file, which is written unchanged. `line_speakers`: the speaker of
    each line, where two share a cue; `speaker` is then the first.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str | None = None
    marks: tuple[WordMark, ...] = ()
    markup: Markup | None = None
    line_speakers: tuple[str | None, ...] = ()

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, "a cue")
        check(bool(self.lines) and all(self.lines), "a cue needs text on every line")
        n_named = len(self.line_speakers)
        check(n_named in (0, len(self.lines)), "a cue names the speakers of some lines only")


@record
class CueList:
    """cues.json: the captions in one language, in order.

    `is_retimed`: they are those of the item's own caption file, at new times. `head`: that file's
    STYLE and REGION blocks, which stand before the cues in WebVTT.
    """

    language: str
    cues: tuple[Cue, ...]
    is_retimed: bool = False
    head: str = ""
    version: int = 1

    @property
    def styled(self) -> tuple[Cue, ...]:
        """The cues, each with the STYLE blocks that it is drawn with."""
        return tuple(
            replace(cue, markup=replace(cue.markup, head=self.head)) if cue.markup else cue
            for cue in self.cues
        )


@record
class ClipFile:
    """One file of a clip; `frame` is the picture's shape (source, 16:9, …), null without a picture.

    `language` is that of captions in a second language, null otherwise.
    """

    path: str
    kind: ClipFileKind
    frame: str | None = None
    language: str | None = None


@record
class WordCheck:
    """A spot check: the expected start of a word, and the one found in the clip's own sound.

    `word` is an index into the clip's words; times are the clip's; `found_ms` null if not found.
    """

    word: int
    text: str
    expected_ms: int
    found_ms: int | None


@record
class ClipCheck:
    """The properties of a finished clip, measured on its files.

    `error_ms` is the 95th percentile over the spot checks (of so few, the largest), null without
    any; `problems` is empty for a clip without faults.
    """

    duration_ms: int
    loudness_lufs: float | None
    peak_dbtp: float | None
    words: tuple[WordCheck, ...]
    error_ms: int | None
    problems: tuple[str, ...]


@record
class Clip:
    """A stretch of the recording cut out, and why; `first_word` is an index into words.json."""

    id: str
    title: str
    start_ms: int
    end_ms: int
    first_word: int
    n_words: int
    reason: str
    files: tuple[ClipFile, ...] = ()
    check: ClipCheck | None = None

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, f"clip {self.id!r}")


@record
class ClipList:
    """clips.json: the clips in order."""

    clips: tuple[Clip, ...]
    version: int = 1
