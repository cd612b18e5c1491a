"""`cuecast lint`: breaks with their figures, exit codes, files made elsewhere."""

import json
from pathlib import Path

import pytest

from pipeline.codec import write_record
from tests.captions.texts import say
from tests.cli.test_commands import cuecast

GOOD = "WEBVTT\n\n00:01.000 --> 00:03.000\nfine\n"
BAD = (
    "1\n00:00:01,000 --> 00:00:01,400\nfine, but for a moment only\n\n"
    f"2\n00:01:02,345 --> 00:01:06,000\n{'x' * 43}\n"
)


def test_a_file_without_breaks_is_exit_code_0(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text(GOOD)
    done = cuecast(tmp_path, "lint", "a.vtt")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "a.vtt: cues: 1, breaks of netflix-en: 0\n"
    assert cuecast(tmp_path, "lint", "-q", "a.vtt").stdout == ""


def test_each_break_has_cue_time_rule_figure_and_limit(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(BAD)
    done = cuecast(tmp_path, "lint", "a.srt", "--profile", "netflix-en")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "cue 1  00:00:01.000  reading-speed  67.5 characters/s, limit 20",
        "cue 1  00:00:01.000  min-duration   400 ms, limit 833",
        "cue 2  00:01:02.345  line-length    43 characters, limit 42",
        "a.srt: cues: 2, breaks of netflix-en: 3",
    ]


def test_json_is_an_object_a_break_and_one_for_the_end(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(BAD)
    done = cuecast(tmp_path, "lint", "a.srt", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [row["event"] for row in rows] == ["break", "break", "break", "lint_ended"]
    assert rows[2] == {
        "event": "break",
        "rule": "line-length",
        "cue": 2,
        "start_ms": 62_345,
        "measured": 43,
        "limit": 42,
        "line": 6,
    }
    assert (rows[3]["n_cues"], rows[3]["n_breaks"]) == (2, 3)


@pytest.mark.parametrize("content", [b"", b"hello", bytes(range(256)), b"1\n0:1 -> soon"])
def test_what_is_no_caption_file_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.srt").write_bytes(content)
    done = cuecast(tmp_path, "lint", "a.srt")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: a.srt: ")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    for command in (
        ["lint"],
        ["lint", "--fix"],
        ["retime", "--offset", "1"],
        ["hls", "--media", "a", "--out", "b"],
    ):
        done = cuecast(tmp_path, *command, "gone.vtt")
        assert done.returncode == 2
        assert done.stderr == "error: gone.vtt: no such file; check the path\n"


def test_a_profile_that_is_not_known_is_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text(GOOD)
    done = cuecast(tmp_path, "lint", "a.vtt", "--profile", "none")
    assert done.returncode == 2
    assert done.stderr.startswith("error: --profile: 'none' is not known; use netflix-en")
    assert cuecast(tmp_path, "lint").returncode == 2


def test_sarif_has_a_result_a_break_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a b.srt").write_text(BAD)
    done = cuecast(tmp_path, "lint", "a b.srt", "--sarif")
    assert done.returncode == 1
    log = json.loads(done.stdout)
    (run,) = log["runs"]
    assert (log["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "cuecast")
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [names[found["ruleIndex"]] for found in run["results"]] == [
        "reading-speed", "min-duration", "line-length",
    ]  # fmt: skip
    last = run["results"][-1]
    assert last["message"]["text"] == "cue 2: line-length: 43 characters, limit 42"
    assert last["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.srt"},
        "region": {"startLine": 6},
    }


def test_what_departs_from_the_format_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:03.000\nR&D\n")
    done = cuecast(tmp_path, "lint", "a.vtt")
    assert done.returncode == 1
    assert "cue 1  00:00:01.000  vtt-ampersand  a bare &; write &amp;" in done.stdout


def test_fix_repairs_the_file_itself_and_says_what_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(BAD.replace("01,400", "01,900"))
    done = cuecast(tmp_path, "lint", "a.srt", "--fix")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "a.srt: repaired; 2 breaks before, 1 now",
        "cue 2  00:01:02.345  line-length  43 characters, limit 42",
        "a.srt: cues: 2, breaks of netflix-en: 1",
    ]
    assert "00:00:01,000 --> 00:00:02,350" in (tmp_path / "a.srt").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["a.srt"]


def test_fix_leaves_a_file_alone_that_breaks_nothing(tmp_path: Path) -> None:
    text = GOOD.replace("fine", "fine\n\nNOTE by hand")
    (tmp_path / "a.vtt").write_text(text)
    assert cuecast(tmp_path, "lint", "a.vtt", "--fix").returncode == 0
    assert (tmp_path / "a.vtt").read_text() == text


def test_words_say_whether_cues_are_in_time(tmp_path: Path) -> None:
    write_record(tmp_path / "words.json", say("fine", ms_per_char=300))
    (tmp_path / "a.vtt").write_text(GOOD.replace("00:01", "00:00"))
    done = cuecast(tmp_path, "lint", "a.vtt", "--words", "words.json")
    assert done.stdout.splitlines()[0] == "cue 1  00:00:00.000  early  1000 ms, limit 125"
    for content in ("{", "[1]", "{}"):
        (tmp_path / "words.json").write_text(content)
        done = cuecast(tmp_path, "lint", "a.vtt", "--words", "words.json")
        assert done.stderr == "error: words.json: not a words.json; give that of an item\n"
