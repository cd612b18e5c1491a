"""`caption` and `clip`: one recording without a job file."""

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from pipeline.cli.exits import ending_well
from pipeline.cli.options import (
    Debug,
    Display,
    Engine,
    Json,
    Language,
    Media,
    Model,
    Out,
    Profile,
    Quiet,
    Speakers,
    Text,
)
from pipeline.errors import ConfigError


class Asked(NamedTuple):
    """What both commands are asked, before any of it is looked at."""

    media: Path
    out: Path | None
    text: Path | None
    language: str | None
    speakers: str
    sections: dict[str, Any]


def caption(
    media: Media,
    text: Text = None,
    out: Out = None,
    language: Language = None,
    speakers: Speakers = "",
    engine: Engine = None,
    model: Model = None,
    profile: Profile = None,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Make captions for one recording, with its text or without."""
    display = Display(quiet, as_json, debug)
    with ending_well(display):
        sections = _make_sections(engine, model, profile)
        asked = Asked(media, out, text, language, speakers, sections)
        _run_single(asked, ("captions",), display)


def clip(
    media: Media,
    first_quote: Annotated[
        str | None, typer.Option("--from", help="A quote from the clip's first words.")
    ] = None,
    last_quote: Annotated[
        str | None, typer.Option("--to", help="A quote from the clip's last words.")
    ] = None,
    start: Annotated[str | None, typer.Option(help="Where the clip starts: 1:02:03.5.")] = None,
    end: Annotated[str | None, typer.Option(help="Where the clip ends.")] = None,
    title: Annotated[str | None, typer.Option(help="What the clip is called.")] = None,
    text: Text = None,
    out: Out = None,
    language: Language = None,
    speakers: Speakers = "",
    engine: Engine = None,
    model: Model = None,
    profile: Profile = None,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Cut one clip out of a recording, by quotes or by times, with captions."""
    display = Display(quiet, as_json, debug)
    with ending_well(display):
        wanted = {"from": first_quote, "to": last_quote, "start": start, "end": end}
        given = {key: value for key, value in wanted.items() if value is not None}
        if set(given) not in ({"from", "to"}, {"start", "end"}):
            problem = "which stretch is not clear"
            raise ConfigError("clip", problem, "give --from and --to, or --start and --end")
        named = {"title": title or _make_title(given, media), **given}
        sections = {**_make_sections(engine, model, profile), "clips": {"select": [named]}}
        asked = Asked(media, out, text, language, speakers, sections)
        _run_single(asked, ("captions", "clips"), display)


def _make_sections(engine: str | None, model: str | None, profile: str | None) -> dict[str, Any]:
    """Sections as a job file would have them, less what was not asked for."""
    asked = {"transcribe": {"engine": engine, "model": model}, "captions": {"profile": profile}}
    return {
        name: {key: value for key, value in section.items() if value is not None}
        for name, section in asked.items()
    }


def _make_title(given: dict[str, str], media: Path) -> str:
    return given["from"] if "from" in given else f"{media.stem} {given['start']}"


def _run_single(asked: Asked, stages: tuple[str, ...], display: Display) -> None:
    from pipeline.cli.render import run_and_render
    from pipeline.config import SingleRequest, make_single_job
    from pipeline.job.select import select_stages
    from pipeline.stages import STAGES

    speakers = tuple(name.strip() for name in asked.speakers.split(",") if name.strip())
    where = (asked.media, asked.out, asked.text)
    job = make_single_job(SingleRequest(*where, asked.language, speakers, asked.sections))
    run_and_render(job, select_stages(STAGES, stages), display)
