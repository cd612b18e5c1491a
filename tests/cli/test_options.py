"""Options that go together are written once, and stand after the name of every command."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
import typer
import typer.main
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.command import command
from pipeline.cli.options import Display
from pipeline.errors import MediaError
from tests.media.studio import Studio


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    queue = [("", typer.main.get_command(app))]
    for name, found in queue:
        for own, inner in getattr(found, "commands", {}).items():
            queue.append((f"{name} {own}".strip(), inner))
        if not hasattr(found, "commands"):
            yield name, found


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_takes_quiet_json_and_debug(name: str) -> None:
    found = dict(commands())[name]
    options = {option for parameter in found.params for option in parameter.opts}
    assert {"-q", "--quiet", "--json", "--debug"} <= options


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    country: str = "nowhere"


@command
def _greet(display: Display, place: Place, times: int = 1) -> None:
    """Say hello to a place."""
    if not place.city:
        raise MediaError("here", "no city", "name one")
    typer.echo(f"{place} {times} {display}")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command sets what is logged, for the whole process."""
    loggers = [logging.getLogger(), logging.getLogger("pipeline")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


GREETER = typer.Typer()
GREETER.command()(_greet)


def test_the_fields_of_a_record_are_options_and_come_back_as_the_record() -> None:
    done = CliRunner().invoke(GREETER, ["Rome", "--country", "Italy", "--times", "2", "-q"])
    expected = f"{Place('Rome', 'Italy')} 2 {Display(is_quiet=True)}\n"
    assert (done.exit_code, done.stdout) == (0, expected)


def test_what_a_command_raises_is_one_line_and_an_exit_code() -> None:
    done = CliRunner().invoke(GREETER, [""])
    assert (done.exit_code, done.stderr) == (1, "error: here: no city; name one\n")


@pytest.mark.parametrize("name", ["caption", "clip"])
@pytest.mark.parametrize(
    ("stream", "channel", "known"),
    [("auto", "mix", True), ("3", "1", True), ("0", "mix", True), ("first", "mix", False),
     ("auto", "left", False), ("-1", "mix", False)],
)  # fmt: skip
def test_the_sound_of_a_single_recording_is_chosen_as_in_a_job_file(
    tmp_path: Path, name: str, stream: str, channel: str, known: bool
) -> None:
    studio = Studio(tmp_path)
    inputs = [argument for at in range(4) for argument in studio.clicks([0.2 + at / 10], 1)]
    maps = [argument for at in range(4) for argument in ("-map", f"{at}:a")]
    media = studio.make("talk.mka", *inputs, *maps, "-ac", "2", "-c:a", "flac")
    options = [f"--stream={stream}", f"--channel={channel}", "--dry-run"]
    options += ["--out", str(tmp_path / "o"), *(["--whole"] if name == "clip" else [])]
    done = CliRunner().invoke(app, [name, str(media), *options])
    assert (done.exit_code == 0) == known, done.output
    if not known:
        assert "audio.stream" in done.output or "audio.channel" in done.output
