"""The table of commands; each is defined in the module it is imported from."""

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli.doctor import doctor
from pipeline.cli.hls import hls
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
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(run)
app.command()(plan)
app.command()(status)
app.command()(caption)
app.command()(clip)
app.command()(lint)
app.command()(retime)
app.command()(hls)
app.command()(serve)
app.command()(doctor)
app.command()(schema)
app.add_typer(models, name="models")


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
