"""The command line. `app.py` lists the commands; this module stays light to import.

Commands only read what was asked, call the rooms below and print; native code runs in workers.
"""

import sys


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    from pipeline.cli.app import app
    from pipeline.cli.exits import run_to_its_end

    sys.exit(run_to_its_end(app))
