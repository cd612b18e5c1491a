"""Through how many modules a word's start passes: `python benchmarks/trace_start.py [MEDIA TEXT]`.

The stage `align` is run on a short recording, the sample talk if none is given, and every call in
it is looked at. A module counts if it makes or replaces a record that holds where words start
(RECORDS: from the frames of a decoder's best path to the words of words.json), or if it returns
moved starts as an array (FUNCTIONS). Modules that hand such records on can't change a time, and do
not count; neither do words of the first pass, which are an input. Prints a line a module, in the
order in which they are first reached, then one JSON object on a line.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

from pipeline.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
PIPELINE = str(ROOT / "pipeline")
RECORDS = frozenset(
    {"ArcFrames", "PhoneAlignment", "StateTimes", "Boundaries", "ArcTime", "TokenTime", "Word"}
)
FUNCTIONS = frozenset({"realign_boundaries", "find_offsets"})
STAGE = str(ROOT / "pipeline" / "stages" / "align.py"), "run"
MAX_MODULES = 12

JOB = """\
output: out
run: {{executor: serial}}
transcribe: {{engine: pocketsphinx}}
items:
  - {{id: traced, media: {media}, text: {text}, language: en}}
"""


class StartTracer:
    """A profile function that notes which modules make records of RECORDS, while STAGE runs."""

    def __init__(self) -> None:
        self.made: dict[str, set[str]] = {}
        self._is_in_stage = False

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if event not in ("call", "return"):
            return
        code = frame.f_code
        if (code.co_filename, code.co_name) == STAGE:
            self._is_in_stage = event == "call"
        if not self._is_in_stage or event == "return":
            return
        if code.co_name == "__init__" and code.co_filename == "<string>":
            kind = type(frame.f_locals.get("self")).__name__
            if kind in RECORDS:
                self._note(frame, kind)
        elif code.co_name in FUNCTIONS:
            self._note(frame, code.co_name)

    def _note(self, frame: FrameType | None, what: str) -> None:
        """Note the nearest caller in `pipeline/`."""
        while frame and not frame.f_code.co_filename.startswith(PIPELINE):
            frame = frame.f_back
        if frame:
            module = str(Path(frame.f_code.co_filename).relative_to(ROOT))
            self.made.setdefault(module, set()).add(what)


def main() -> None:
    """Run a job in this process, print what was noted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path, nargs="?", default=ROOT / "samples" / "talk.mp4")
    parser.add_argument("text", type=Path, nargs="?", default=ROOT / "samples" / "talk.txt")
    given = parser.parse_args()
    tracer = StartTracer()
    with tempfile.TemporaryDirectory(prefix="cuecast-trace-") as folder:
        job = Path(folder) / "job.yaml"
        paths = {"media": given.media.resolve(), "text": given.text.resolve()}
        job.write_text(JOB.format(**{key: json.dumps(str(path)) for key, path in paths.items()}))
        sys.setprofile(tracer)
        try:
            app(["run", "-q", str(job)], standalone_mode=False)
        finally:
            sys.setprofile(None)
    for module, kinds in tracer.made.items():
        print(f"{module:55} {', '.join(sorted(kinds))}")
    figures = {"n_modules": len(tracer.made), "most": MAX_MODULES, "modules": list(tracer.made)}
    print(json.dumps(figures))
    sys.exit(len(tracer.made) > MAX_MODULES)


if __name__ == "__main__":
    main()
