"""`lint`: checks a caption file against its format and a profile; `--fix` repairs it."""

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from pipeline import __version__
from pipeline.cli.columns import format_columns
from pipeline.cli.command import command
from pipeline.cli.exits import FAILED, opening
from pipeline.cli.options import CaptionFile, Display, Profile
from pipeline.errors import ConfigError, MediaError

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from pipeline.captions.lint import LintReport
    from pipeline.captions.problems import Problem

Words = Annotated[
    Path | None, typer.Option(help="An item's words.json: are the cues in time with it?")
]
Sarif = Annotated[bool, typer.Option("--sarif", help="Print the breaks as SARIF 2.1.0.")]
Fix = Annotated[
    bool,
    typer.Option(
        "--fix", help="Repair what can be, in the file itself; all that is right in it stays."
    ),
]


@command
def lint(
    display: Display,
    file: CaptionFile,
    profile: Profile = None,
    words: Words = None,
    fix: Fix = False,
    sarif: Sarif = False,
) -> None:
    """Say which rules a caption file breaks: cue, time, rule, what was measured, the limit."""
    if fix:
        _fix(file, profile, display)
    report = _lint(file, profile, words)
    if sarif:
        _print_sarif(file, report)
    else:
        _print_report(file, report, display)
    if report.breaks:
        raise typer.Exit(FAILED)


def _lint(path: Path, profile: str | None, words: Path | None) -> "LintReport":
    """Read a caption file and check it.

    Raises:
        ConfigError: there is no such profile.
        MediaError: a file can't be read, or is neither WebVTT nor SubRip.
    """
    from pipeline.captions.check import check_document
    from pipeline.captions.formats import read_document
    from pipeline.codec import from_plain
    from pipeline.records import TimedText
    from pipeline.text_file import read_text_file

    name = _find_profile_name(profile)
    with opening():
        document = read_document(path)
        text = None if words is None else read_text_file(words)
    timed = None
    if text is not None:
        try:
            timed = from_plain(json.loads(text), TimedText, "words")
        except (ValueError, RecursionError, ConfigError) as error:
            raise MediaError(str(words), "not a words.json", "give that of an item") from error
    return check_document(document, name, timed)


def _find_profile_name(profile: str | None) -> Any:
    """The name of the profile given, or of the default one.

    Raises:
        ConfigError: there is no such profile.
    """
    from pipeline.captions.options import CaptionOptions
    from pipeline.captions.profile import PROFILES

    name = profile or CaptionOptions().profile
    if name not in PROFILES:
        raise ConfigError("--profile", f"{name!r} is not known", f"use {', '.join(PROFILES)}")
    return name


def _fix(path: Path, profile: str | None, display: Display) -> None:
    """Repair a file that breaks any rule; it is written in UTF-8, whatever it was in.

    Raises:
        ConfigError, MediaError: as `_lint`.
    """
    from pipeline.captions.check import check_document
    from pipeline.captions.formats import read_document
    from pipeline.captions.rewrite import repair_document
    from pipeline.text_file import UTF_8, write_text_file

    name = _find_profile_name(profile)
    with opening():
        document = read_document(path)
    n_breaks = len(check_document(document, name).breaks)
    is_utf_8 = document.encoding == UTF_8
    if not n_breaks and is_utf_8:
        return
    repaired = repair_document(document, name) if n_breaks else document
    write_text_file(path, repaired.format())
    if not is_utf_8:
        log.warning("%s: written as %s", path.name, UTF_8)
    n_left = len(_lint(path, profile, None).breaks)
    if display.is_json:
        print(json.dumps({"event": "fixed", "n_before": n_breaks, "n_after": n_left}))
    elif not display.is_quiet:
        print(f"{path}: repaired; {n_breaks} breaks before, {n_left} now")


def _print_report(path: Path, report: "LintReport", display: Display) -> None:
    """Print a line for each break, then their number."""
    if display.is_json:
        for found in report.breaks:
            facts = {key: fact for key, fact in asdict(found).items() if fact not in (None, "")}
            print(json.dumps({"event": "break", **facts}, ensure_ascii=False))
        ended = {
            "event": "lint_ended",
            "file": str(path),
            "profile": report.profile,
            "n_cues": report.n_cues,
            "n_breaks": len(report.breaks),
        }
        print(json.dumps(ended, ensure_ascii=False))
        return
    for line in format_columns([_format_break(found) for found in report.breaks]):
        print(line)
    if not display.is_quiet:
        n_breaks = len(report.breaks)
        print(f"{path}: cues: {report.n_cues}, breaks of {report.profile}: {n_breaks}")


def _format_break(found: "Problem") -> list[str]:
    from pipeline.text.times import format_timestamp

    return [f"cue {found.cue}", format_timestamp(found.start_ms), found.rule, found.what]


def _print_sarif(path: Path, report: "LintReport") -> None:
    from pipeline.captions.sarif import format_sarif

    print(format_sarif(report, quote(path.as_posix()), __version__), end="")
