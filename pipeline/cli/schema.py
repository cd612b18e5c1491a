"""`schema`: the JSON Schema of the job file, for editors."""

import json

from pipeline.cli.exits import ending_well
from pipeline.cli.options import Debug, Display, Json, Quiet


def schema(quiet: Quiet = False, as_json: Json = False, debug: Debug = False) -> None:
    """Print the JSON Schema of the job file."""
    del quiet
    with ending_well(Display(is_json=as_json, is_debug=debug)):
        from pipeline.config import format_schema

        print(json.dumps(format_schema(), indent=None if as_json else 2, ensure_ascii=False))
