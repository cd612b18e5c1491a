"""`caption` and `clip`: one recording without a job file."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Looks:
    """How a clip is to look; what is not asked for is the job file's default."""

    frame: Annotated[
        list[str] | None, typer.Option(help="source, 16:9, 9:16 or 1:1; again for several.")
    ] = None
    style: Annotated[
        str | None, typer.Option(help="Of burned captions: plain, box, karaoke or word.")
    ] = None
    captions: Annotated[str | None, typer.Option(help="burned, sidecar, soft, both or none.")] = (
        None
    )
    fit: Annotated[
        str | None, typer.Option(help="How a picture fills another frame: crop or blur.")
    ] = None


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a recording a clip is."""

    first_quote: Annotated[
        str | None, typer.Option("--from", help="A quote from the clip's first words.")
    ] = None
    last_quote: Annotated[
        str | None, typer.Option("--to", help="A quote from the clip's last words.")
    ] = None
    start: Annotated[str | None, typer.Option(help="Where the clip starts: 1:02:03.5.")] = None
    end: Annotated[str | None, typer.Option(help="Where the clip ends.")] = None
    whole: Annotated[bool, typer.Option("--whole", help="All of the recording.")] = False
    title: Annotated[str | None, typer.Option(help="What the clip is called.")] = None


@command
def clip(display: Display, recording: Recording, span: Span, looks: Looks) -> None:
    """Cut one clip out of a recording, by quotes or by times, or take all of it, with captions."""
    asked = {
        "frames": looks.frame, "style": looks.style, "captions": looks.captions, "fit": looks.fit,
    }  # fmt: skip
    clips: dict[str, Any] = {key: value for key, value in asked.items() if value}
    clips["select"] = _select(recording.media, span)
    sections = {**_make_sections(recording), "clips": clips}
    _run_single(recording, sections, ("captions", "clips"), display)


def _select(media: Path, span: Span) -> str | list[dict[str, str]]:
    """What is to be cut, as a job file would say it."""
    wanted = {
        "from": span.first_quote, "to": span.last_quote, "start": span.start, "end": span.end,
    }  # fmt: skip
    given = {key: value for key, value in wanted.items() if value is not None}
    if span.whole and not given:
        return "whole"
    if span.whole or set(given) not in ({"from", "to"}, {"start", "end"}):
        remedy = "give --from and --to, or --start and --end, or --whole"
        raise ConfigError("clip", "which stretch is not clear", remedy)
    return [{"title": span.title or _make_title(given, media), **given}]


def _make_sections(recording: Recording) -> dict[str, Any]:
    """Sections as a job file would have them, less what was not asked for."""
    asked = {
        "transcribe": {"engine": recording.engine, "model": recording.model},
        "translate": {"to": recording.translate},
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
