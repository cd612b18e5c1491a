"""`models list` and `models get`: which recogniser models are here, and fetching one."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from pipeline.cli.child import call_in_child
from pipeline.cli.columns import format_columns
from pipeline.cli.command import command
from pipeline.cli.options import Display

LIST_TIMEOUT_S = 60.0
GET_TIMEOUT_S = 6 * 3600.0

models = typer.Typer(help="Recogniser models: which are here, and fetching one.")


@models.command("list")
@command
def list_models(display: Display) -> None:
    """List the models by name, and whether each is here."""
    rows = call_in_child("pipeline.engines.models:list_models", timeout_s=LIST_TIMEOUT_S)
    if display.is_json:
        lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    else:
        lines = list(format_columns([_describe(row) for row in rows]))
    for line in lines:
        print(line)


@models.command("get")
@command
def get_model(
    display: Display,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name from models list.")],
) -> None:
    """Download a model, once; later runs find it."""
    path = call_in_child("pipeline.engines.models:get_model", name, timeout_s=GET_TIMEOUT_S)
    if display.is_json:
        print(json.dumps({"model": name, "path": str(path)}))
    elif not display.is_quiet:
        print(f"{name} is in {path}")


def _describe(row: Any) -> list[str]:
    if not row.is_here:
        return [row.name, "not here", f"cuecast models get {row.name}"]
    return [row.name, f"{row.size_bytes / 1e6:.0f} MB", row.folder]
