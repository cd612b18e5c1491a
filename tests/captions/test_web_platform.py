"""The web platform's own tests of WebVTT parsing: what they find in a file, our reader finds."""

import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import webvtt.models

from pipeline.captions.document import CaptionDocument, parse_document
from pipeline.captions.formats import read_document
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.vtt import read_head

FOLDER = Path(__file__).parent.parent / "data" / "webvtt"
FILES = sorted((FOLDER / "file-parsing").glob("*.vtt"))
CUES = [
    (path.stem, number, cue["text"], cue["expectedTree"])
    for path in sorted((FOLDER / "cue-parsing").glob("*.json"))
    for number, cue in enumerate(json.loads(path.read_text("utf-8")))
]

_LINE = re.compile(
    r"(?<!\S)line:((?:-?\d+(?:\.\d+)?|(?:\d{1,2}(?:\.\d+)?|100(?:\.0+)?)%)(?:,(?:start|center|end))?)(?!\S)"
)
"""webvtt-py knows no line between two, as 1.5."""

RUNNER = """
const same = (a, b) => { if (!Object.is(a, b)) throw new Error(`${a} is not ${b}`); };
const differs = (a, b) => { if (Object.is(a, b)) throw new Error(`both are ${a}`); };
const holds = a => same(!!a, true), fails = a => same(!!a, false);
const {cues, script} = JSON.parse(require('fs').readFileSync(0, 'utf-8'));
const regions = {};
for (const cue of cues) {
  for (const key of ['line', 'position', 'size']) cue[key] = isNaN(cue[key]) ? cue[key] : +cue[key];
  if (cue.region) cue.region = regions[cue.region] ??= cue.regions[cue.region];
}
const names = 'cues assert_equals assert_not_equals assert_true assert_false'.split(' ');
new Function(...names, script)(cues, same, differs, holds, fails);
"""


def view(cue: RawCue, regions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A cue as a browser shows it to scripts; numbers are still text."""
    found = webvtt.models.CueSettings.from_string(cue.settings)
    line, _, line_align = (_LINE.findall(cue.settings) or ["auto"])[-1].partition(",")
    position, _, position_align = (found.position or "auto").partition(",")
    is_line = line != "auto" and not line.endswith("%") and math.isfinite(float(line))
    return {
        "id": cue.id,
        "text": cue.markup.text if cue.markup else "",
        "startTime": cue.start_ms / 1000,
        "endTime": cue.end_ms / 1000,
        "align": found.align or "center",
        "line": str(float(line) + 0) if is_line else line.rstrip("%") if "%" in line else "auto",
        "lineAlign": line_align or "start",
        "snapToLines": "%" not in line,
        "position": position.rstrip("%"),
        "positionAlign": position_align or "auto",
        "size": (found.size or "100%").rstrip("%"),
        "vertical": found.vertical or "",
        "region": found.region if found.region in regions else None,
        "regions": regions,
    }


def find_regions(document: CaptionDocument) -> dict[str, dict[str, Any]]:
    """The regions that a file defines, by name; of two, the last."""
    regions = {}
    for block in read_head(document.format()).split("\n\n"):
        if block.startswith("REGION"):
            found = webvtt.models.Region.from_string(" ".join(block.split("\n")[1:]))
            anchors = [found.regionanchor or "0%,100%", found.viewportanchor or "0%,100%"]
            regions[found.id] = {
                "width": float((found.width or "100%").rstrip("%")),
                "lines": int(found.lines or 3),
                "scroll": found.scroll or "",
            }
            for name, anchor in zip(("regionAnchor", "viewportAnchor"), anchors, strict=True):
                for axis, share in zip("XY", anchor.split(","), strict=True):
                    regions[found.id][name + axis] = float(share.rstrip("%"))
    return regions


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_file_holds_the_cues_that_the_web_platforms_tests_find(path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs node")
    document = read_document(path)
    regions = find_regions(document)
    facts = {
        "cues": [view(cue, regions) for cue in document.cues],
        "script": path.with_suffix(".js").read_text("utf-8"),
    }
    ran = subprocess.run(
        ["node", "-e", RUNNER], input=json.dumps(facts), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(("name", "number", "text", "tree"), CUES)
def test_a_cue_shows_the_text_that_the_web_platforms_tests_find(
    name: str, number: int, text: str, tree: str
) -> None:
    shown = "".join(re.findall(r'^\| *"(.*?)"$', tree, re.MULTILINE | re.DOTALL))
    (alone,) = parse_document(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{text}", "vtt").cues
    assert alone.text == shown
    document = read_document(FOLDER / "cue-parsing" / f"{name}.vtt")
    assert document.cues[number].text == shown
    assert document.cues[number].start_ms == number * 1000
