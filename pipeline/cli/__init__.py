"""The command line. Commands read their options, call other packages and print; native code runs in
child processes, and importing this module stays cheap.

In reading order: `app` (all commands), `command` (what makes a function one), `options`, `exits`
(exit codes, errors). Commands: `job` (run, plan, status), `init`, `single` (caption, clip) with
`clip_selection`, `lint`, `retime`, `hls`, `serve`, `models`, `doctor` with `checks`, `schema`.
What they share: `render` (shows a run) with `live` (bars) and `lines`, `downloads`, `columns`.
"""

import sys


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        from pipeline.cli.app import app, name_command
        from pipeline.cli.exits import run_to_its_end

        code = run_to_its_end(app, name_command(sys.argv[1:]))
    except KeyboardInterrupt:  # before a command has begun, which says what it keeps
        code = 130
    sys.exit(code)
