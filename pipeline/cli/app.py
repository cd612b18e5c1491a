"""The table of commands; each is defined in the module it is imported from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli.doctor import doctor
from pipeline.cli.hls import hls
from pipeline.cli.init import init
from pipeline.cli.job import plan, run, status
from pipeline.cli.lint import lint
from pipeline.cli.models import models
from pipeline.cli.retime import retime
from pipeline.cli.schema import schema
from pipeline.cli.serve import serve
from pipeline.cli.single import caption, clip

app = typer.Typer(
    name="cuecast",
    help="Word-timed captions and captioned clips from recordings and their text.",
    epilog="Without a command: cuecast talk.mp4 captions it, cuecast job.yaml runs it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

EXAMPLES = {
    run: "job.yaml --only talk",
    plan: "job.yaml",
    status: "job.yaml --failed",
    init: "recordings",
    caption: "talk.mp4 --text talk.txt --formats vtt,srt",
    clip: "talk.mp4 --text talk.txt --query 'wooden wheel' --frame 9:16 --captions burned",
    lint: "captions.vtt --profile bbc-online --fix",
    retime: "captions.vtt --scale 25/23.976 --offset -1.5 --out moved.vtt",
    hls: "captions.vtt --media segment0.ts --out hls",
    serve: "out",
    doctor: "",
    schema: "> job.schema.json",
}
"""The commands, in the order in which help lists them, each with the arguments of its example."""

for _function, _arguments in EXAMPLES.items():
    app.command(epilog=f"Example: cuecast {_function.__name__} {_arguments}".rstrip())(_function)
app.add_typer(models, name="models")


def name_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with their command; if a file stands there, run for a job, else caption."""
    is_marked = list(arguments[:1]) == ["--"]  # what follows is a file, even if it begins with -
    first = next(iter(arguments[is_marked:]), "")
    known = {*(function.__name__ for function in EXAMPLES), "models"}
    is_file = (
        (is_marked or not first.startswith("-"))
        and first not in known
        and (bool(Path(first).suffix) or Path(first).is_file())
    )
    if not is_file:
        return list(arguments)
    is_job = Path(first).suffix.lower() in (".yaml", ".yml")
    return ["run" if is_job else "caption", *arguments]


def _show_version(is_asked: bool) -> None:
    if is_asked:
        print(f"cuecast {__version__}")
        raise typer.Exit


@app.callback()
def _cuecast(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    del version
