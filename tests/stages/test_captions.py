"""The captions stage writes the files asked for, and a lint report always."""

import json
import logging
import subprocess
from pathlib import Path

import pytest

from pipeline.captions.formats import READERS
from pipeline.captions.hls import CLOCK_HZ
from pipeline.captions.lint import LintReport, lint
from pipeline.captions.profile import NETFLIX_EN
from pipeline.captions.vtt import format_vtt, insert_head
from pipeline.codec import format_record, read_record, write_record
from pipeline.job.context import StepContext
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.media.probe import probe_start
from pipeline.records import CueList, Plain
from pipeline.stages import captions
from tests.captions.reading import parse_srt, parse_vtt
from tests.captions.texts import say
from tests.stages.steps import make_request, write_script

TURNS = ("Hello there, my friend.", "Good morning, naïve £5.")
STYLE = "STYLE\n::cue(.red) { color: red }"
OWN_VTT = f"""WEBVTT - made elsewhere

{STYLE}

NOTE by hand

greeting
01:00:00.000 --> 01:00:02.000 align:start line:0
<v host>Hello <c.red>there</c>,
my <i>friend</i>.

01:00:04.000 --> 01:00:06.000
<v guest>Good morning, na&iuml;ve &pound;5.
"""
OWN_SRT = """1
01:00:00,000 --> 01:00:02,000
{\\an8}Hello <i>there</i>,
my friend.

2
01:00:04,000 --> 01:00:06,000
Good morning, naïve £5.
"""


def run_stage(
    folder: Path, options: Plain, text: tuple[str, str] | None = None, media: Path | None = None
) -> Path:
    """Run the stage on a short talk and its text (name, content); returns where it wrote."""
    align, scratch = folder / "align", folder / "scratch"
    align.mkdir()
    scratch.mkdir()
    write_record(align / "words.json", say(*TURNS))
    if text is not None:
        write_script(folder, *text)
    sources = {} if media is None else {"media": media}
    asked = {"captions": options, "translate": {}}
    captions.run(StepContext(make_request("captions", folder, sources, asked, scratch)))
    return scratch


def test_the_default_is_webvtt_and_subrip(tmp_path: Path) -> None:
    written = run_stage(tmp_path, {})
    names = sorted(path.name for path in written.iterdir())
    assert names == ["captions.srt", "captions.vtt", "cues.json", "lint.json"]
    cues = parse_vtt((written / "captions.vtt").read_text("utf-8"))
    assert [(cue.speaker, cue.lines) for cue in cues] == [
        ("host", ("Hello there, my friend.",)),
        ("guest", ("Good morning, naïve £5.",)),
    ]


def test_only_the_formats_asked_for_are_written(tmp_path: Path) -> None:
    written = run_stage(tmp_path, {"formats": ["podcast", "words"]})
    names = sorted(path.name for path in written.iterdir())
    assert names == ["cues.json", "lint.json", "podcast.json", "words.vtt"]


def test_the_report_names_its_profile_and_counts_cues(tmp_path: Path) -> None:
    written = run_stage(tmp_path, {"profile": "netflix-en", "formats": []})
    report = read_record(written / "lint.json", LintReport)
    assert (report.profile, report.n_cues) == ("netflix-en", 2)


@pytest.mark.parametrize("ending", ["ts", "mp4"])
def test_segments_are_on_the_clock_of_the_media(tmp_path: Path, ending: str) -> None:
    media = tmp_path / f"talk.{ending}"
    tone = ["-f", "lavfi", "-i", "sine=d=9", "-c:a", "aac", str(media)]
    subprocess.run([str(find_ffmpeg()), "-v", "error", *tone], check=True)
    written = run_stage(tmp_path, {"formats": ["hls"]}, media=media)
    names = sorted(str(path.relative_to(written)) for path in written.rglob("*.*"))
    assert names == ["cues.json", "hls/captions-00000.vtt", "hls/captions-00001.vtt",
                     "hls/captions.m3u8", "lint.json"]  # fmt: skip
    ticks = round(probe_start(media) * CLOCK_HZ)
    assert (ticks > CLOCK_HZ) == (ending == "ts")
    first = (written / "hls" / "captions-00000.vtt").read_text("utf-8")
    assert first.startswith(f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{ticks},LOCAL:00:00:00.000\n\n")
    assert parse_vtt(first)[0].lines == ("Hello there, my friend.",)
    playlist = (written / "hls" / "captions.m3u8").read_text("utf-8")
    assert "#EXTINF:6.000,\ncaptions-00000.vtt" in playlist


# --- a file's own cues ---------------------------------------------------------------------------

KEEP: Plain = {"breaks": "keep", "formats": ["vtt", "srt", "words", "podcast"]}


def test_a_webvtt_files_own_cues_are_kept_and_timed_anew(tmp_path: Path) -> None:
    written = run_stage(tmp_path, KEEP, ("own.vtt", OWN_VTT))
    assert (written / "captions.vtt").read_text("utf-8") == (
        f"WEBVTT Language: en\n\n{STYLE}\n\n"
        "greeting\n00:00:01.000 --> 00:00:02.117 align:start line:0\n"
        "<v host>Hello <c.red>there</c>,\nmy <i>friend</i>.\n\n"
        "00:00:02.200 --> 00:00:03.400\n<v guest>Good morning, na&iuml;ve &pound;5.\n"
    )
    assert (written / "captions.srt").read_text("utf-8") == (
        "1\n00:00:01,000 --> 00:00:02,117\n{\\an7}Hello there,\nmy <i>friend</i>.\n\n"
        "2\n00:00:02,200 --> 00:00:03,400\nGood morning, naïve £5.\n"
    )


def test_a_subrip_files_own_cues_are_kept_and_timed_anew(tmp_path: Path) -> None:
    written = run_stage(tmp_path, KEEP, ("own.srt", OWN_SRT))
    assert (written / "captions.srt").read_text("utf-8") == OWN_SRT.replace(
        "01:00:00,000 --> 01:00:02,000", "00:00:01,000 --> 00:00:02,117"
    ).replace("01:00:04,000 --> 01:00:06,000", "00:00:02,200 --> 00:00:03,400")
    cues = READERS["vtt"]((written / "captions.vtt").read_text("utf-8"))
    assert [cue.markup and (cue.markup.text, cue.markup.settings) for cue in cues] == [
        ("<v host>Hello <i>there</i>,\nmy friend.", "line:0"),
        ("<v guest>Good morning, naïve £5.", ""),
    ]


@pytest.mark.parametrize("own", [("own.vtt", OWN_VTT), ("own.srt", OWN_SRT)])
def test_every_format_has_the_same_cues_and_lint_knows_them(
    tmp_path: Path, own: tuple[str, str]
) -> None:
    written = run_stage(tmp_path, KEEP, own)
    cues = parse_vtt((written / "captions.vtt").read_text("utf-8"))
    spans = [(cue.start_ms, cue.end_ms, cue.lines) for cue in cues]
    for read, name in ((parse_srt, "captions.srt"), (parse_vtt, "words.vtt")):
        again = read((written / name).read_text("utf-8"))
        assert [(cue.start_ms, cue.end_ms, cue.lines) for cue in again] == spans
    segments = json.loads((written / "podcast.json").read_text("utf-8"))["segments"]
    assert [(segment["speaker"], segment["body"]) for segment in segments] == [
        ("host", TURNS[0]), ("guest", TURNS[1]),
    ]  # fmt: skip
    report = read_record(written / "lint.json", LintReport)
    assert report == lint(cues, NETFLIX_EN)


def test_breaks_are_made_anew_unless_asked_otherwise(tmp_path: Path) -> None:
    written = run_stage(tmp_path, {"formats": ["vtt"]}, ("own.vtt", OWN_VTT))
    cues = parse_vtt((written / "captions.vtt").read_text("utf-8"))
    assert [cue.lines for cue in cues] == [(turn,) for turn in TURNS]
    assert "STYLE" not in (written / "captions.vtt").read_text("utf-8")


@pytest.mark.parametrize("own", [None, ("own.txt", "- Hello there, my friend.")])
def test_a_text_without_cues_has_none_to_keep_and_that_is_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, own: tuple[str, str] | None
) -> None:
    written = run_stage(tmp_path, KEEP, own)
    (warning,) = (row.getMessage() for row in caplog.records if row.levelno == logging.WARNING)
    assert warning.startswith("talk: no cues to keep")
    cues = parse_vtt((written / "captions.vtt").read_text("utf-8"))
    assert [cue.lines for cue in cues] == [(turn,) for turn in TURNS]


def test_cues_that_are_left_out_are_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run_stage(tmp_path, KEEP, ("own.vtt", f"{OWN_VTT}\n01:00:08.000 --> 01:00:09.000\n<b></b>\n"))
    (warning,) = (row.getMessage() for row in caplog.records if row.levelno == logging.WARNING)
    assert warning.startswith("talk: 1 cues left out, as they have no words of their own")
    assert warning.endswith(": 3")


def test_cues_are_sealed_as_they_are_written_and_read_back_equal(tmp_path: Path) -> None:
    written = run_stage(tmp_path, KEEP, ("own.vtt", OWN_VTT))
    found = read_record(written / "cues.json", CueList)
    assert (found.language, found.is_retimed, found.head) == ("en", True, STYLE)
    assert insert_head(format_vtt(found.cues, "en"), found.head) == (
        written / "captions.vtt"
    ).read_text("utf-8")
    assert format_record(found) == (written / "cues.json").read_bytes()


def test_cues_made_from_words_say_when_each_word_is_spoken(tmp_path: Path) -> None:
    found = read_record(run_stage(tmp_path, {}) / "cues.json", CueList)
    assert (found.is_retimed, found.head) == (False, "")
    assert all(cue.marks for cue in found.cues)
