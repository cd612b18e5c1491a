"""`serve`: serves the reports of an output folder over HTTP."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.command import command
from pipeline.cli.options import Display

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A job's output folder.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")]
Host = Annotated[str, typer.Option(help="Who may call: 127.0.0.1 is this machine alone.")]


@command
def serve(display: Display, folder: Folder, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Show the reports below a folder in a browser, until Ctrl-C."""
    from pipeline.server.site import Site

    with Site(folder, host, port) as site:
        if display.is_json:
            print(json.dumps({"event": "serving", "address": site.address}), flush=True)
        elif not display.is_quiet:
            print(f"{site.address} shows {folder}; Ctrl-C ends it", flush=True)
        if not site.is_local:
            print("note: whoever can reach this machine can read the folder", file=sys.stderr)
        try:
            site.serve_forever()
        except KeyboardInterrupt:
            # Ctrl-C is the normal end of this command.
            return
