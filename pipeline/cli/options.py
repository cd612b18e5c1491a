"""The options that several commands share, once each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class Display:
    """How a command shows what it does."""

    is_quiet: bool = False
    is_json: bool = False
    is_debug: bool = False


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

Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Show errors only.")]
Json = Annotated[bool, typer.Option("--json", help="Print events or facts as JSON, one a line.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks and what is logged.")]

Text = Annotated[Path | None, typer.Option(help="What was said: .txt, .vtt, .srt, words .json.")]
Out = Annotated[
    Path | None, typer.Option(help="The item's folder; out/ and its name if not given.")
]
Language = Annotated[str | None, typer.Option(help="A code such as en.")]
Speakers = Annotated[str, typer.Option(help="Who takes turns, with commas between.")]
Engine = Annotated[str | None, typer.Option(help="auto, faster_whisper or pocketsphinx.")]
Model = Annotated[str | None, typer.Option(help="A model's name or folder.")]
Profile = Annotated[str | None, typer.Option(help="Whose rules the captions obey.")]
