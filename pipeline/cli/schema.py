"""`schema`: prints the JSON Schema of the job file, for editors."""

import json

from pipeline.cli.command import command
from pipeline.cli.options import Display


@command
def schema(display: Display) -> None:
    """Print the JSON Schema of the job file."""
    from pipeline.job_file import format_schema

    print(json.dumps(format_schema(), indent=None if display.is_json else 2, ensure_ascii=False))
