"""`caption` and `clip`: one recording without a job file."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from pipeline.cli.clip_selection import ClipSelection, make_selection_sections
from pipeline.cli.command import command
from pipeline.cli.options import Display, Recording


@command
def caption(display: Display, recording: Recording) -> None:
    """Make captions for one recording, with its text or without."""
    _run_single(recording, _make_sections(recording), ("captions",), display)


@dataclass(frozen=True, slots=True)
class ClipLook:
    """How clips look and which files are made of them; for options not given, the defaults of a job
    file hold."""

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
    audio: Annotated[str | None, typer.Option(help="The sound alone as well: m4a or mp3.")] = None
    preview: Annotated[
        str | None, typer.Option(help="The first seconds as well, small: gif or webp.")
    ] = None


@command
def clip(display: Display, recording: Recording, wanted: ClipSelection, looks: ClipLook) -> None:
    """Cut captioned clips out of a recording: by quotes, times, what they are about, or the best.

    Or a clip a topic, or all of it.
    """
    asked = {
        "frames": looks.frame, "style": looks.style, "captions": looks.captions, "fit": looks.fit,
        "audio": looks.audio, "preview": looks.preview,
    }  # fmt: skip
    sections = {**_make_sections(recording), **make_selection_sections(wanted, recording.media)}
    sections["clips"] |= {key: value for key, value in asked.items() if value}
    title = wanted.title if wanted.whole else None
    _run_single(recording, sections, ("captions", "clips"), display, title)


def _make_sections(recording: Recording) -> dict[str, Any]:
    """The job file sections of the options that were given."""
    asked = {
        "transcribe": {"engine": recording.engine, "model": recording.model},
        "translate": {"to": recording.translate},
        "captions": {"profile": recording.profile},
    }
    return {
        name: {key: value for key, value in section.items() if value is not None}
        for name, section in asked.items()
    }


def _run_single(
    recording: Recording,
    sections: dict[str, Any],
    stages: tuple[str, ...],
    display: Display,
    title: str | None = None,
) -> None:
    from pipeline.cli.render import run_and_render
    from pipeline.config import SingleRequest, make_single_job
    from pipeline.job.select import select_stages
    from pipeline.stages import STAGES

    speakers = tuple(name.strip() for name in recording.speakers.split(",") if name.strip())
    where = (recording.media, recording.out, recording.text)
    job = make_single_job(SingleRequest(*where, recording.language, speakers, sections, title))
    run_and_render(job, select_stages(STAGES, stages), display)
