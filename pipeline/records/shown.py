"""What people are shown: captions, and clips with their files."""

from typing import Literal

from pipeline.records.base import check, check_span, record

ClipFileKind = Literal["clean", "burned", "soft", "captions", "poster", "audio", "preview"]


@record
class WordMark:
    """Where a word begins in a cue's text (line, then characters into it), and when it is said.

    `is_glued`: no space belongs before it, be it on the line or where a line or cue ends.
    """

    line: int
    column: int
    start_ms: int
    is_glued: bool = False


@record
class Markup:
    """A cue's text as the file it comes from has it, and what that file says of its place."""

    form: Literal["vtt", "srt"]
    text: str
    settings: str = ""
    name: str = ""


@record
class Cue:
    """One caption on screen: one or two lines of plain text, and who says it.

    `marks` are there where the words are known (never in a cue read from a file); `markup` where
    the cue is that of a file, to be written as it stood there. Where two share a cue, a line each,
    `line_speakers` says who says which, and `speaker` is the first.
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
class ClipFile:
    """One file of a clip; `frame` is the picture's shape (source, 16:9, …), null without one.

    `language` is that of captions in a second one, null otherwise.
    """

    path: str
    kind: ClipFileKind
    frame: str | None = None
    language: str | None = None


@record
class WordCheck:
    """A word looked for in the clip's own sound: where it should begin and where it does.

    `word` counts in the clip; times are the clip's, `found_ms` null where it was not found.
    """

    word: int
    text: str
    expected_ms: int
    found_ms: int | None


@record
class ClipCheck:
    """What a finished clip proved to be when it was opened again.

    `error_ms` is the 95th percentile over its words (the largest, of so few), null where none
    were looked for; `problems` is empty for a clip that is as it should be.
    """

    duration_ms: int
    loudness_lufs: float | None
    peak_dbtp: float | None
    words: tuple[WordCheck, ...]
    error_ms: int | None
    problems: tuple[str, ...]


@record
class Clip:
    """A stretch of the recording cut out, and why; `first_word` counts in words.json."""

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
    """clips.json."""

    clips: tuple[Clip, ...]
    version: int = 1
