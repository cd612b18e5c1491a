"""`cuecast retime` and `cuecast hls`: files written, one line, errors with exit codes."""

import json
import subprocess
from pathlib import Path

import pytest

from pipeline.media.ffmpeg import find_ffmpeg
from tests.captions.reading import parse_vtt
from tests.cli.test_commands import cuecast

FILE = "WEBVTT\n\n00:01.000 --> 00:03.000\none\n\n00:05.000 --> 00:06.000\ntwo\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.vtt").write_text(FILE)
    return tmp_path


def spans(path: Path) -> list[tuple[int, int]]:
    return [(cue.start_ms, cue.end_ms) for cue in parse_vtt(path.read_text())]


@pytest.mark.parametrize(
    ("options", "expected", "left_out"),
    [
        (["--offset", "1.5"], [(2_500, 4_500), (6_500, 7_500)], "none"),
        (["--offset", "-0:01"], [(0, 2_000), (4_000, 5_000)], "none"),
        (["--scale", "2"], [(2_000, 6_000), (10_000, 12_000)], "none"),
        (["--scale", "1/2"], [(500, 1_500), (2_500, 3_000)], "none"),
        (["--cuts", "0:00-0:00.5,3-4"], [(500, 2_500), (3_500, 4_500)], "none"),
        (["--cuts", "0-4", "--offset", "1"], [(2_000, 3_000)], "1"),
    ],
)
def test_times_are_written_anew(
    folder: Path, options: list[str], expected: list[tuple[int, int]], left_out: str
) -> None:
    done = cuecast(folder, "retime", "a.vtt", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert spans(folder / "a.vtt") == expected
    assert done.stdout == f"a.vtt: retimed; cues left out: {left_out}\n"


def test_cues_before_the_beginning_are_not_lost_from_the_file_itself(folder: Path) -> None:
    done = cuecast(folder, "retime", "a.vtt", "--offset", "-3.5")
    assert done.returncode == 2
    assert "a.vtt: cues would lie before the beginning and be lost: 1; write" in done.stderr
    assert (folder / "a.vtt").read_text() == FILE
    done = cuecast(folder, "retime", "a.vtt", "--offset", "-3.5", "--out", "b.vtt")
    assert done.stdout == "b.vtt: retimed; cues left out: 1\n"
    assert spans(folder / "b.vtt") == [(1_500, 2_500)]


def test_out_leaves_the_file_as_it_is(folder: Path) -> None:
    done = cuecast(folder, "retime", "a.vtt", "--cuts", "0-4", "-o", "b.vtt", "--json")
    assert json.loads(done.stdout) == {"event": "retimed", "file": "b.vtt", "left_out": [1]}
    assert (folder / "a.vtt").read_text() == FILE
    assert spans(folder / "b.vtt") == [(1_000, 2_000)]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ([], "retime: nothing to do; give --offset, --scale or --cuts"),
        (["--offset", "soon"], "--offset: 'soon' is no time; write it as 1:02:03.5"),
        (["--scale", "0"], "--scale: '0' is no ratio from 0.1 to 10; give 25/23.976"),
        (["--scale", "1/0"], "--scale: '1/0' is no ratio from 0.1 to 10; give 25/23.976"),
        (["--cuts", "5-4"], "--cuts: '5-4' is not after what is before it; mend the times"),
        (["--cuts", "1-2,1-3"], "--cuts: '1-3' is not after what is before it; mend the times"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(
    folder: Path, options: list[str], line: str
) -> None:
    done = cuecast(folder, "retime", "a.vtt", *options)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {line}\n")


def test_hls_takes_the_clock_of_the_stream(folder: Path) -> None:
    make = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono", "-t", "2", "-c:a", "aac"]
    end = ["-muxdelay", "0", "-output_ts_offset", "10", str(folder / "a.ts")]
    subprocess.run([find_ffmpeg(), "-v", "error", *make, *end], check=True)
    done = cuecast(folder, "hls", "a.vtt", "--media", "a.ts", "--out", "hls", "--segment", "4")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (folder / "hls").iterdir()) == [
        "captions-00000.vtt", "captions-00001.vtt", "captions.m3u8",
    ]  # fmt: skip
    header = (folder / "hls" / "captions-00000.vtt").read_text().splitlines()[1]
    ticks = int(header.removeprefix("X-TIMESTAMP-MAP=MPEGTS:").partition(",")[0])
    assert abs(ticks - 900_000) <= 2_000  # 10 s, less what the encoder needs to start
    assert f"clock at 0: {ticks}" in done.stdout
    assert spans(folder / "hls" / "captions-00001.vtt") == [(5_000, 6_000)]


def test_hls_needs_a_stream_and_a_length(folder: Path) -> None:
    arguments = ("hls", "a.vtt", "--out", "hls", "--media")
    assert cuecast(folder, *arguments, "gone.ts").returncode == 1
    assert cuecast(folder, *arguments, "gone.ts", "--segment", "0").returncode == 2


def test_the_suffix_of_out_says_which_format(folder: Path) -> None:
    done = cuecast(folder, "retime", "a.vtt", "--offset", "1", "--out", "late.srt")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "late.srt").read_text().startswith("1\n00:00:")
