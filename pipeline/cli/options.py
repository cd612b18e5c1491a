"""The options that several commands share; those that belong together are in one record."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

CaptionFile = Annotated[Path, typer.Argument(metavar="FILE", help="WebVTT or SRT.")]
JobPath = Annotated[Path, typer.Argument(metavar="JOB.yaml", help="The job file.")]
Media = Annotated[Path, typer.Argument(metavar="MEDIA", help="Audio or video.")]

Only = Annotated[
    list[str] | None, typer.Option(metavar="ITEM", help="Only this item, or those like talk-*.")
]
Failed = Annotated[bool, typer.Option("--failed", help="Only what failed in the last run.")]
Force = Annotated[
    list[str] | None,
    typer.Option(metavar="STAGE", help="Redo this stage and what follows, though it is done."),
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Read every sealed file; redo a stage that was altered.")
]

Profile = Annotated[
    str | None,
    typer.Option(
        help="Whose rules hold: netflix-en, netflix-en-children, bbc-online, bbc-9x16 or podcast."
    ),
]

Text = Annotated[Path | None, typer.Option(help="Its text: .txt, .vtt, .srt, words .json.")]
Out = Annotated[
    Path | None, typer.Option(help="The item's folder; out/ and its name if not given.")
]
Language = Annotated[str | None, typer.Option(help="A code such as en.")]
Speakers = Annotated[str, typer.Option(help="The speakers' names, separated by commas.")]
Engine = Annotated[
    str | None, typer.Option(help="Recogniser: auto, faster_whisper, moonshine or pocketsphinx.")
]
Model = Annotated[str | None, typer.Option(help="A model's name or folder.")]

Translate = Annotated[
    str | None, typer.Option(help="Captions in this language as well: en, by Whisper.")
]

Stream = Annotated[
    str | None, typer.Option(help="The audio stream: auto, or its number, counted from 0.")
]
Channel = Annotated[
    str | None, typer.Option(help="Of the stream: mix, speakers or a channel's number, from 0.")
]

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would run and why, as `plan`; run nothing.")
]

Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Show errors only.")]
Json = Annotated[bool, typer.Option("--json", help="Print events or facts as JSON, one a line.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks and what is logged.")]


@dataclass(frozen=True, slots=True)
class Display:
    """What a command prints; every command has these options."""

    is_quiet: Quiet = False
    is_json: Json = False
    is_debug: Debug = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A job file, and which of its items to use."""

    job_file: JobPath
    only: Only = None
    failed: Failed = False


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording without a job file: text, language, speakers, sound, models, profile."""

    media: Media
    text: Text = None
    out: Out = None
    language: Language = None
    speakers: Speakers = ""
    engine: Engine = None
    model: Model = None
    translate: Translate = None
    profile: Profile = None
    stream: Stream = None
    channel: Channel = None
