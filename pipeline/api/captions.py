"""`make_captions` and `read_captions`: cues to look at and to save, and the rules they break."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Unpack

from pipeline.api import files
from pipeline.api.keywords import CaptionKeywords
from pipeline.captions.options import CaptionOptions
from pipeline.errors import ConfigError, MediaError
from pipeline.records import Cue, TimedText
from pipeline.single_item import read_section

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
    _language: str = field(repr=False)
    _shown: tuple[Cue, ...] = field(repr=False)
    _source: tuple[str, str] = field(default=("", ""), repr=False)
    """The format and the text of the file that they were read from."""

    def save(self, path: str | Path) -> None:
        """Write them as WebVTT or SubRip, by the file's suffix.

        Raises:
            ConfigError: another suffix.
            MediaError: the file can't be written.
        """
        from pipeline.captions.formats import FORMATS, READERS

        form = Path(path).suffix.lower().removeprefix(".")
        if form not in READERS:
            raise ConfigError(str(path), "neither .vtt nor .srt", "use one of them as suffix")
        source_form, text = self._source
        if form != source_form:
            text = FORMATS["vtt" if form == "vtt" else "srt"].write(self._shown, self._language)
        files.replace_text(Path(path), text)


def make_captions(words: TimedText, **options: Unpack[CaptionKeywords]) -> Captions:
    """Make captions of timed words; their `problems` are rules that the speech itself breaks.

    Args:
        options: the keys of a job file's `captions:` section but `formats` and `breaks`.
    Raises:
        ConfigError: an option is wrong.
    """
    from pipeline.captions.check import describe
    from pipeline.captions.cues import make_cues
    from pipeline.captions.lint import lint
    from pipeline.captions.profile import find_profile

    for key in NOT_TAKEN:
        if key in options:
            raise ConfigError(f"captions.{key}", "means nothing here", "leave it out")
    chosen = read_section("captions", CaptionOptions, options)
    cues = make_cues(words, chosen)
    report = lint(cues, find_profile(chosen.profile, words.language))
    problems = (
        CaptionProblem(None, f"cue {found.cue}: {found.rule}: {describe(found)}")
        for found in report.breaks
    )
    return Captions(
        tuple(CaptionCue(cue.start_ms, cue.end_ms, _join(cue.lines), cue.speaker) for cue in cues),
        tuple(problems),
        words.language,
        cues,
    )


def read_captions(path: str | Path) -> Captions:
    """Read a WebVTT or SubRip file; its `problems` are those of the default profile, too.

    Raises:
        MediaError: the file can't be read, or is neither.
    """
    from pipeline.captions.check import check_file, describe, find_language
    from pipeline.captions.formats import READERS

    text, form = files.read_captions(Path(path))
    try:
        raw_cues = READERS[form](text)
        report = check_file(text, form, CaptionOptions().profile, None)
    except MediaError as error:
        raise MediaError(str(path), error.problem, error.remedy) from error
    cues = [
        CaptionCue(
            raw.start_ms,
            raw.end_ms,
            _join(raw.lines),
            next((voice.speaker for voice in raw.voices if voice.speaker), None),
            raw.markup.name if raw.markup else "",
            raw.markup.settings if raw.markup else "",
        )
        for raw in raw_cues
    ]
    problems = (
        CaptionProblem(found.line, f"cue {found.cue}: {found.rule}: {describe(found)}")
        for found in report.breaks
    )
    shown = (replace(raw.to_cue(), markup=raw.markup) for raw in raw_cues if raw.is_whole)
    language = find_language(text, raw_cues)
    return Captions(tuple(cues), tuple(problems), language, tuple(shown), (form, text))


def _join(lines: Sequence[str]) -> str:
    return "\n".join(lines)
