"""What people are shown: captions, and clips with their files."""

from typing import Literal

from pipeline.records.base import check, check_span, record

ClipFileKind = Literal["clean", "burned", "captions", "poster", "audio"]


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
    """One file of a clip; `frame` is the picture's shape (source, 16:9, …), null without one."""

    path: str
    kind: ClipFileKind
    frame: str | None = None


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

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, f"clip {self.id!r}")


@record
class ClipList:
    """clips.json."""

    clips: tuple[Clip, ...]
    version: int = 1
