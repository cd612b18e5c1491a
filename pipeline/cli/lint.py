"""`lint`: what a caption file breaks of a profile's rules, whoever made it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.columns import format_columns
from pipeline.cli.exits import FAILED, ending_well
from pipeline.cli.options import Debug, Display, Json, Profile, Quiet
from pipeline.errors import ConfigError, MediaError

if TYPE_CHECKING:
    from pipeline.captions.lint import Break, LintReport

CaptionFile = Annotated[Path, typer.Argument(metavar="FILE", help="WebVTT or SRT.")]


def lint(
    file: CaptionFile,
    profile: Profile = None,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Say which rules a caption file breaks: cue, time, rule, what was measured, the limit."""
    display = Display(quiet, as_json, debug)
    with ending_well(display):
        report = _lint(file, profile)
        _print_report(file, report, display)
        if report.breaks:
            raise typer.Exit(FAILED)


def _lint(path: Path, profile: str | None) -> "LintReport":
    """Read a caption file and check it.

    Raises:
        ConfigError: there is no such profile.
        MediaError: the file can't be read, or is neither WebVTT nor SubRip.
    """
    from pipeline.captions.formats import READERS, find_format
    from pipeline.captions.lint import lint_file
    from pipeline.captions.options import CaptionOptions
    from pipeline.captions.profile import PROFILES
    from pipeline.media.text_file import read_text_file

    name = profile or CaptionOptions().profile
    if name not in PROFILES:
        raise ConfigError("--profile", f"{name!r} is not known", f"use {', '.join(PROFILES)}")
    text = read_text_file(path)
    if not text.strip():
        raise MediaError(str(path), "the file is empty", "name a caption file")
    form = find_format(text, path.name)
    if form is None:
        raise MediaError(str(path), "neither WebVTT nor SubRip", "name a caption file")
    try:
        return lint_file(READERS[form](text), PROFILES[name])
    except MediaError as error:
        raise MediaError(str(path), error.problem, error.remedy) from error


def _print_report(path: Path, report: "LintReport", display: Display) -> None:
    """A line for each break, then how many there are."""
    if display.is_json:
        for found in report.breaks:
            print(json.dumps({"event": "break", **asdict(found)}))
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


def _format_break(found: "Break") -> list[str]:
    from pipeline.captions.lint import UNITS
    from pipeline.captions.vtt import format_timestamp

    figures = f"{found.measured:g} {UNITS[found.rule]}, limit {found.limit:g}"
    return [f"cue {found.cue}", format_timestamp(found.start_ms), found.rule, figures]
