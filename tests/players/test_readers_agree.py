"""Four readers agree on the files we write: vtt.js, media-captions, pysubs2 and ffmpeg."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.captions.cues import make_cues
from pipeline.captions.formats import FORMATS
from pipeline.captions.options import CaptionOptions
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.records import Cue
from tests.captions.texts import UNSPACED, say
from tests.players.conftest import CUES, MODULES
from tests.players.test_vtt_js import read as read_with_vtt_js

Found = list[tuple[int, int, str]]
"""Start and end in ms, and the letters and digits that are shown."""

LIBRARY = MODULES / "media-captions" / "dist" / "prod.js"
READER = """
const {parseText} = await import(process.argv[1]);
const text = (await import('node:fs')).readFileSync(0, 'utf-8');
const {cues} = await parseText(text, {type: process.argv[2], strict: true});
console.log(JSON.stringify(cues.map(cue => [cue.startTime, cue.endTime, cue.text])));
"""

SUBRIP_CUE = re.compile(r"\d+\n([\d:,]+) --> ([\d:,]+)\n(.*?)\n(?:\n|\Z)", re.S)
TAG = re.compile(r"</?[A-Za-z0-9][^<>]*>")

TOKENS = (
    *("Hello", "there.", "AT&T", "&amp;", "&lt;b&gt;", "-->", "<b>", "<script>", "1 < 2", "NOTE"),
    *(
        "WEBVTT",
        "STYLE",
        "1984",
        "00:00:01.000",
        "שלום",
        "naïve",
        "e\u0301",
        "…",
        "it's",
        *UNSPACED,
    ),
)


def letters(text: str, is_escaped: bool) -> str:
    """What of a cue no reader's own markup is made of."""
    if is_escaped:
        text = html.unescape(TAG.sub("", text))
    return "".join(char for char in text if char.isalnum())


def read_with_media_captions(text: str, form: str) -> Found:
    if not LIBRARY.exists() or shutil.which("node") is None:
        pytest.skip("needs node and media-captions: npm ci --prefix tests/players")
    command = ["node", "--input-type=module", "-e", READER, LIBRARY.as_uri(), form]
    ran = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [
        (round(1000 * start_s), round(1000 * end_s), letters(shown, form == "vtt"))
        for start_s, end_s, shown in json.loads(ran.stdout)
    ]


def read_with_pysubs2(text: str, form: str) -> Found:
    return [
        (event.start, event.end, letters(event.text.replace("\\N", "\n"), form == "vtt"))
        for event in pysubs2.SSAFile.from_string(text, "vtt" if form == "vtt" else "srt")
    ]


def read_with_ffmpeg(text: str, form: str) -> Found:
    """The cues as ffmpeg decodes them; what it writes of them is its own SubRip, without tags."""
    command = [str(find_ffmpeg()), "-v", "error", "-f", "webvtt" if form == "vtt" else "srt"]
    command += ["-i", "pipe:0", "-f", "srt", "-"]
    ran = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert ran.stderr == b""
    return [
        (parse_ms(start), parse_ms(end), letters(shown, is_escaped=False))
        for start, end, shown in SUBRIP_CUE.findall(ran.stdout.decode())
    ]


def parse_ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.replace(",", ".").split(":")
    return round(1000 * (3600 * int(hours) + 60 * int(minutes) + float(seconds)))


READERS: dict[str, Callable[[str, str], Found]] = {
    "media-captions": read_with_media_captions,
    "pysubs2": read_with_pysubs2,
    "ffmpeg": read_with_ffmpeg,
    "vtt.js": lambda text, _: [
        (start_ms, end_ms, letters(shown, is_escaped=True))
        for start_ms, end_ms, shown in read_with_vtt_js(text)
    ],
}


def check(cues: Sequence[Cue], form: str) -> None:
    """Each reader finds these cues in the file that is written of them."""
    text = FORMATS[form].write(cues, "en")  # type: ignore[index]
    wanted = [(cue.start_ms, cue.end_ms, letters("".join(cue.lines), False)) for cue in cues]
    for name, read in READERS.items():
        if name != "vtt.js" or form == "vtt":  # it reads no SubRip
            assert read(text, form) == wanted, name


@pytest.mark.parametrize("form", ["vtt", "srt"])
def test_cues_of_every_kind_are_the_same_to_all(form: str) -> None:
    # Without the cue whose backslashes pysubs2 takes for commands of ASS.
    check([cue for cue in CUES if not any("\\" in line for line in cue.lines)], form)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=20), min_size=1, max_size=5))
def test_any_talk_is_the_same_to_all(turns: list[list[str]]) -> None:
    cues = make_cues(say(*map(" ".join, turns)), CaptionOptions())
    for form in ("vtt", "srt"):
        check(cues, form)
