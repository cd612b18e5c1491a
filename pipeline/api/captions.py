"""`make_captions` and `read_captions`: cues to look at and to save, and the rules they break."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, get_args

from pipeline.api.arguments import check_words, take_path
from pipeline.api.keywords import CaptionKeywords
from pipeline.captions.blocks import CaptionForm
from pipeline.captions.options import CaptionOptions
from pipeline.errors import ConfigError
from pipeline.records import TimedText
from pipeline.single_item import read_section
from pipeline.text_file import write_text_file

if TYPE_CHECKING:
    from pipeline.captions.lint import LintReport

NOT_TAKEN = ("formats", "breaks")
"""Keys of the `captions:` section without a meaning here: `save` chooses the format, and new cues
have breaks of their own."""


@dataclass(frozen=True, slots=True)
class CaptionCue:
    """A cue as it is shown: no tags, lines parted by `\\n`; `id` and `settings` as in the file."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str | None = None
    id: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class CaptionProblem:
    """A broken rule of the format or the profile, as `cuecast lint` prints it.

    `line` counts the file's lines from 1; None for cues that come from no file, or if unknown.
    """

    line: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Captions:
    """The cues of a recording or of a caption file, and what is wrong with them."""

    cues: tuple[CaptionCue, ...]
    problems: tuple[CaptionProblem, ...]
    _format: Callable[[CaptionForm], str] = field(repr=False)

    def save(self, path: str | Path) -> None:
        """Write them as WebVTT or SubRip, by the file's suffix.

        Raises:
            ConfigError: another suffix.
            MediaError: the file can't be written.
        """
        path = take_path("path", path)
        ending = path.suffix.lower().removeprefix(".")
        form = next((form for form in get_args(CaptionForm) if form == ending), None)
        if form is None:
            raise ConfigError(str(path), "neither .vtt nor .srt", "use one of them as suffix")
        write_text_file(path, self._format(form))


def make_captions(words: TimedText, **options: Unpack[CaptionKeywords]) -> Captions:
    """Make captions of timed words; their `problems` are rules that the speech itself breaks.

    Args:
        options: the keys of a job file's `captions:` section but `formats` and `breaks`.
    Raises:
        ConfigError: an option is wrong.
    """
    from pipeline.captions.cues import make_cues
    from pipeline.captions.document import make_document
    from pipeline.captions.lint import lint
    from pipeline.captions.profile import find_profile

    check_words(words)
    for key in NOT_TAKEN:
        if key in options:
            raise ConfigError(f"captions.{key}", "means nothing here", "leave it out")
    chosen = read_section("captions", CaptionOptions, options)
    cues = make_cues(words, chosen)
    report = lint(cues, find_profile(chosen.profile, words.language))

    def format_cues(form: CaptionForm) -> str:
        return make_document(cues, form, words.language).format()

    shown = (
        CaptionCue(cue.start_ms, cue.end_ms, "\n".join(cue.lines), cue.speaker) for cue in cues
    )
    return Captions(tuple(shown), _list_problems(report), format_cues)


def read_captions(path: str | Path) -> Captions:
    """Read a WebVTT or SubRip file; its `problems` are those of the default profile, too.

    Raises:
        MediaError: the file can't be read, or is neither.
    """
    from pipeline.captions.check import check_document
    from pipeline.captions.formats import read_document

    document = read_document(take_path("path", path))
    report = check_document(document, CaptionOptions().profile)
    shown = (
        CaptionCue(cue.start_ms, cue.end_ms, cue.text, cue.speaker, cue.id, cue.settings)
        for cue in document.cues
    )
    return Captions(tuple(shown), _list_problems(report), document.format)


def _list_problems(report: "LintReport") -> tuple[CaptionProblem, ...]:
    return tuple(
        CaptionProblem(found.line, f"cue {found.cue}: {found.rule}: {found.what}")
        for found in report.breaks
    )
