"""`models`, `models list` and `models get`: lists the models on this machine, downloads one."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.columns import format_columns
from pipeline.cli.command import command
from pipeline.cli.downloads import show_download
from pipeline.cli.options import Display

LIST_TIMEOUT_S = 60.0
GET_TIMEOUT_S = 24 * 3600.0
ROOM = "pipeline.models.installed"

models = typer.Typer(invoke_without_command=True)


@models.callback()
@command
def list_by_default(display: Display, context: typer.Context) -> None:
    """Models: which are here, where they lie, and fetching one."""
    if context.invoked_subcommand is None:
        _print_list((), display)


@models.command("list")
@command
def list_models(
    display: Display,
    folders: Annotated[
        list[str] | None, typer.Argument(metavar="FOLDER", help="Say what lies here instead.")
    ] = None,
) -> None:
    """List the models that can be named, how large each is, and where it lies."""
    _print_list(tuple(folders or ()), display)


@models.command("get")
@command
def get_model(
    display: Display,
    name: Annotated[str, typer.Argument(metavar="NAME", help="From models list, or OWNER/NAME.")],
) -> None:
    """Download a model, going on where a download broke off; later runs find it."""
    from pipeline.job.executors.process import call_in_child

    with tempfile.TemporaryDirectory(prefix="cuecast-") as folder:
        progress = Path(folder) / "progress"
        with show_download(name, progress, display) as look:
            arguments = (name, str(progress))
            path = call_in_child(
                f"{ROOM}:get_model", *arguments, timeout_s=GET_TIMEOUT_S, meanwhile=look
            )
    if display.is_json:
        print(json.dumps({"model": name, "path": str(path)}))
    elif not display.is_quiet:
        print(f"{name} is in {path}")


def _print_list(folders: tuple[str, ...], display: Display) -> None:
    from pipeline.job.executors.process import call_in_child

    rows, place = call_in_child(f"{ROOM}:survey_models", folders, timeout_s=LIST_TIMEOUT_S)
    if display.is_json:
        lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    else:
        lines = list(format_columns([_describe(row) for row in rows]))
        if not folders and not display.is_quiet:
            lines.append(f"those with a name lie in {place}; HF_HOME moves them")
    for line in lines:
        print(line)


def _describe(row: Any) -> list[str]:
    if row.is_here:
        return [row.name, row.kind, f"{row.size_bytes / 1e6:.0f} MB", row.folder]
    size = f"{row.partial_bytes / 1e6:.0f} MB so far" if row.partial_bytes else "not here"
    return [row.name, row.kind, size, f"cuecast models get {row.name}"]
