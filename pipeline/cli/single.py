"""`caption` and `clip`: one recording without a job file."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from pipeline.cli.clip_selection import ClipSelection, make_selection_sections
from pipeline.cli.command import command
from pipeline.cli.job import print_plan
from pipeline.cli.options import Display, DryRun, Recording
from pipeline.errors import ConfigError

Formats = Annotated[
    str | None,
    typer.Option(
        help="Caption files, separated by commas: vtt, srt, words, ass, txt, json, podcast, hls."
    ),
]


@command
def caption(
    display: Display, recording: Recording, formats: Formats = None, dry_run: DryRun = False
) -> None:
    """Make captions for one recording, with its text or without."""
    sections = _make_sections(recording)
    if formats is not None:
        if not (names := _split_names(formats)):
            raise ConfigError("--formats", "names no format", "give some, as vtt,srt")
        sections["captions"]["formats"] = names
    _run_single(_SingleRun(recording, sections, ("captions",), is_dry=dry_run), display)


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
def clip(
    display: Display,
    recording: Recording,
    wanted: ClipSelection,
    looks: ClipLook,
    dry_run: DryRun = False,
) -> None:
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
    stages = ("captions", "clips")
    _run_single(_SingleRun(recording, sections, stages, title, dry_run), display)


def _make_sections(recording: Recording) -> dict[str, Any]:
    """The job file sections of the options that were given."""
    asked: dict[str, dict[str, Any]] = {
        "transcribe": {"engine": recording.engine, "model": recording.model},
        "translate": {"to": recording.translate},
        "captions": {"profile": recording.profile},
        "audio": {
            "stream": _read_number(recording.stream),
            "channel": _read_number(recording.channel),
        },
    }
    return {
        name: {key: value for key, value in section.items() if value is not None}
        for name, section in asked.items()
    }


def _read_number(value: str | None) -> int | str | None:
    """A whole number as one, any other value as it is."""
    return int(value) if value is not None and value.isdecimal() else value


def _split_names(names: str) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(name.strip() for name in names.split(",") if name.strip())


@dataclass(frozen=True, slots=True)
class _SingleRun:
    """One recording, the job file sections of its options, and the stages that are wanted of it,
    besides its page of what they find."""

    recording: Recording
    sections: dict[str, Any]
    stages: tuple[str, ...]
    title: str | None = None
    is_dry: bool = False


def _run_single(asked: _SingleRun, display: Display) -> None:
    """Run the job of one recording up to its last wanted stage and its page, or print its plan."""
    from pipeline.cli.render import run_and_render
    from pipeline.job.select import select_stages
    from pipeline.single_item import make_single_job
    from pipeline.stages import STAGES

    given = asked.recording
    stages = select_stages(STAGES, asked.stages, last="report")
    options = {
        "title": asked.title,
        "language": _find_language(given.language),
        "speakers": _split_names(given.speakers),
        **asked.sections,
    }
    job = make_single_job(given.media, given.text, given.out, options)
    (print_plan if asked.is_dry else run_and_render)(job, stages, display)


def _find_language(name: str | None) -> str | None:
    from pipeline.codec import split_remedy
    from pipeline.text.languages import find_language

    try:
        return None if name is None else find_language(name)
    except ValueError as error:
        raise ConfigError("--language", *split_remedy(str(error))) from error
