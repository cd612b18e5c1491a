"""`caption` and `clip`: one recording without a job file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.command import command
from pipeline.cli.options import Display, Recording
from pipeline.errors import ConfigError


@command
def caption(display: Display, recording: Recording) -> None:
    """Make captions for one recording, with its text or without."""
    _run_single(recording, _make_sections(recording), ("captions",), display)


@command
def clip(
    display: Display,
    recording: Recording,
    first_quote: Annotated[
        str | None, typer.Option("--from", help="A quote from the clip's first words.")
    ] = None,
    last_quote: Annotated[
        str | None, typer.Option("--to", help="A quote from the clip's last words.")
    ] = None,
    start: Annotated[str | None, typer.Option(help="Where the clip starts: 1:02:03.5.")] = None,
    end: Annotated[str | None, typer.Option(help="Where the clip ends.")] = None,
    title: Annotated[str | None, typer.Option(help="What the clip is called.")] = None,
) -> None:
    """Cut one clip out of a recording, by quotes or by times, with captions."""
    wanted = {"from": first_quote, "to": last_quote, "start": start, "end": end}
    given = {key: value for key, value in wanted.items() if value is not None}
    if set(given) not in ({"from", "to"}, {"start", "end"}):
        problem = "which stretch is not clear"
        raise ConfigError("clip", problem, "give --from and --to, or --start and --end")
    named = {"title": title or _make_title(given, recording.media), **given}
    sections = {**_make_sections(recording), "clips": {"select": [named]}}
    _run_single(recording, sections, ("captions", "clips"), display)


def _make_sections(recording: Recording) -> dict[str, Any]:
    """Sections as a job file would have them, less what was not asked for."""
    asked = {
        "transcribe": {"engine": recording.engine, "model": recording.model},
        "captions": {"profile": recording.profile},
    }
    return {
        name: {key: value for key, value in section.items() if value is not None}
        for name, section in asked.items()
    }


def _make_title(given: dict[str, str], media: Path) -> str:
    return given["from"] if "from" in given else f"{media.stem} {given['start']}"


def _run_single(
    recording: Recording, sections: dict[str, Any], stages: tuple[str, ...], display: Display
) -> None:
    from pipeline.cli.render import run_and_render
    from pipeline.config import SingleRequest, make_single_job
    from pipeline.job.select import select_stages
    from pipeline.stages import STAGES

    speakers = tuple(name.strip() for name in recording.speakers.split(",") if name.strip())
    where = (recording.media, recording.out, recording.text)
    job = make_single_job(SingleRequest(*where, recording.language, speakers, sections))
    run_and_render(job, select_stages(STAGES, stages), display)
