"""vtt.js, which players build on, reads what `--fix` makes of found files as our reader does."""

import json
import shutil
import subprocess

import pytest
from hypothesis import given, settings

from pipeline.captions.document import parse_document
from pipeline.captions.rewrite import repair_document
from tests.captions.found_files import FoundCue, found_srt_files, found_vtt_files
from tests.players.conftest import MODULES

LIBRARY = MODULES / "videojs-vtt.js" / "lib"
READER = """
const VTTCue = require(process.argv[1] + '/vttcue.js');
const VTTRegion = require(process.argv[1] + '/vttregion.js');
const {WebVTT} = (m => m.WebVTT ? m : {WebVTT: m})(require(process.argv[1] + '/vtt.js'));
const cues = [];
const parser = new WebVTT.Parser({VTTCue, VTTRegion}, {}, WebVTT.StringDecoder());
parser.oncue = cue => cues.push([cue.startTime, cue.endTime, cue.text]);
parser.onparsingerror = error => { throw error; };
parser.parse(require('fs').readFileSync(0, 'utf-8'));
parser.flush();
console.log(JSON.stringify(cues));
"""


def read(text: str) -> list[tuple[int, int, str]]:
    """The cues that vtt.js finds, with their tags."""
    if not LIBRARY.exists() or shutil.which("node") is None:
        pytest.skip("needs node and videojs-vtt.js: npm ci --prefix tests/players")
    command = ["node", "-e", READER, str(LIBRARY)]
    ran = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [(round(1000 * a), round(1000 * b), shown) for a, b, shown in json.loads(ran.stdout)]


@settings(max_examples=20, deadline=None)
@given(found_vtt_files())
def test_vtt_js_reads_a_repaired_file_as_our_reader_does(file: tuple[str, list[FoundCue]]) -> None:
    fixed = repair_document(parse_document(file[0], "vtt"), "netflix-en")
    assert read(fixed.format()) == [
        (cue.start_ms, cue.end_ms, cue.markup.text if cue.markup else "") for cue in fixed.cues
    ]


@settings(max_examples=20, deadline=None)
@given(found_srt_files())
def test_vtt_js_reads_found_subrip_that_was_saved_as_webvtt(
    file: tuple[str, list[FoundCue]],
) -> None:
    document = parse_document(file[0], "srt")
    assert [cue[:2] for cue in read(document.format("vtt"))] == [
        (cue.start_ms, cue.end_ms) for cue in document.cues
    ]
