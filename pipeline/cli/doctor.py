"""`doctor`: checks what is installed on this machine, and says how to get the rest."""

import json
from dataclasses import asdict

import typer

from pipeline.cli.checks import Check
from pipeline.cli.command import command
from pipeline.cli.exits import FAILED
from pipeline.cli.options import Display
from pipeline.errors import CuecastError

CHECK_TIMEOUT_S = 60.0


@command
def doctor(display: Display) -> None:
    """Look for ffmpeg and its filters, fonts, GPU, engines and models."""
    is_well = True
    for group in ("check_media", "check_engines", "check_models"):
        for check in _look(group):
            _print_check(check, display)
            is_well &= check.is_found or check.is_optional
    if not is_well:
        raise typer.Exit(FAILED)


def _look(group: str) -> tuple[Check, ...]:
    """Run a group of checks; if it crashes, that is its finding."""
    from pipeline.job.executors.process import call_in_child

    try:
        return tuple(call_in_child(f"pipeline.cli.checks:{group}", timeout_s=CHECK_TIMEOUT_S))
    except CuecastError as error:
        return (Check(error.where, False, error.problem, error.remedy),)


def _print_check(check: Check, display: Display) -> None:
    """Print a check: ✓ found, ✗ missing, · missing but optional."""
    if display.is_json:
        print(json.dumps(asdict(check), ensure_ascii=False))
    elif not check.is_found:
        mark = "·" if check.is_optional else "✗"
        print(f"{mark} {check.name}: {check.detail}; {check.remedy}")
    elif not display.is_quiet:
        print(f"✓ {check.name}: {check.detail}")
