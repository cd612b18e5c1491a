"""Help and shortcuts of the command line."""

import re
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from pipeline.captions.options import CaptionOptions
from pipeline.cli.app import EXAMPLES, name_command
from pipeline.clips.options import ClipOptions
from pipeline.clips.requests import ClipRequest
from pipeline.recognizers.options import TranscribeOptions
from tests.cli.test_commands import cuecast

VALUES = [
    ("caption", "profile", CaptionOptions, "profile"),
    ("caption", "formats", CaptionOptions, "formats"),
    ("caption", "engine", TranscribeOptions, "engine"),
    ("clip", "frame", ClipOptions, "frames"),
    ("clip", "style", ClipOptions, "style"),
    ("clip", "captions", ClipOptions, "captions"),
    ("clip", "fit", ClipOptions, "fit"),
    ("clip", "audio", ClipOptions, "audio"),
    ("clip", "preview", ClipOptions, "preview"),
    ("clip", "expand", ClipRequest, "expand"),
    ("lint", "profile", CaptionOptions, "profile"),
]
"""Command, option, and the record and field that define its values."""
NOT_SHOWN = {"scripted"}
"""The recogniser of tests; `none` may be left out where leaving out the option says it."""


def find_words(kind: Any) -> set[str]:
    """All literal strings in a type."""
    if get_origin(kind) is Literal:
        return {each for each in get_args(kind) if isinstance(each, str)}
    inner = get_args(kind) if get_origin(kind) or isinstance(kind, UnionType) else ()
    return {word for each in inner for word in find_words(each)}


@pytest.mark.parametrize(("command", "option", "kind", "field"), VALUES)
def test_help_lists_every_value(
    tmp_path: Path, command: str, option: str, kind: type, field: str
) -> None:
    values = find_words(get_type_hints(kind)[field])
    assert len(values) > 1
    shown = cuecast(tmp_path, command, "-h", COLUMNS="200").stdout
    (line,) = re.findall(rf"│ --{option} .*", shown)
    missing = {value for value in values if not re.search(rf"\b{re.escape(value)}\b", line)}
    assert missing <= {"none"} | NOT_SHOWN


@pytest.mark.parametrize("command", [function.__name__ for function in EXAMPLES])
def test_help_has_an_example(tmp_path: Path, command: str) -> None:
    shown = cuecast(tmp_path, command, "-h", COLUMNS="200").stdout
    assert f"Example: cuecast {command}" in shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("talk.mp4 --text talk.txt", "caption talk.mp4 --text talk.txt"),
        ("a/b.job.YAML -q", "run a/b.job.YAML -q"),
        ("job.yml", "run job.yml"),
        ("run talk.mp4", "run talk.mp4"),
        ("runn job.yaml", "runn job.yaml"),
        ("-- -x.mp4", "caption -- -x.mp4"),
        ("-- -x.yaml", "run -- -x.yaml"),
        ("-- run job.yaml", "-- run job.yaml"),
        ("-x.mp4", "-x.mp4"),
        ("--", "--"),
        ("--version", "--version"),
        ("models list", "models list"),
        ("", ""),
    ],
)
def test_a_file_in_a_commands_place_is_run_or_captioned(typed: str, meant: str) -> None:
    assert name_command(typed.split()) == meant.split()


def test_a_file_without_an_ending_is_captioned_and_a_folder_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("talk").touch()
    Path("out").mkdir()
    assert name_command(["talk"]) == ["caption", "talk"]
    assert name_command(["out"]) == ["out"]


def test_a_dry_run_says_what_plan_says_and_runs_nothing(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).touch()
    (tmp_path / "job.yaml").write_text("output: out\nitems: [{media: a.wav}, {media: b.wav}]\n")
    planned, dry = cuecast(tmp_path, "plan", "job.yaml"), cuecast(tmp_path, "job.yaml", "--dry-run")
    assert (dry.returncode, dry.stdout) == (planned.returncode, planned.stdout)
    single = cuecast(tmp_path, "a.wav", "--formats", "srt", "--dry-run")
    stages = [line.split()[1] for line in single.stdout.splitlines()]
    assert stages == ["ingest", "transcribe", "align", "captions", "report"]
    assert not (tmp_path / "out").exists()


def test_a_format_that_is_none_is_one_line_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    done = cuecast(tmp_path, "a.wav", "--formats", "vtt,stl")
    assert (done.returncode, done.stdout) == (2, "")
    line = r"error: captions\.formats\[1\]: 'stl' is not known; use 'vtt', .* or 'hls'\n"
    assert re.fullmatch(line, done.stderr)


def test_no_format_at_all_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    done = cuecast(tmp_path, "a.wav", "--formats", " , ")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: --formats: names no format; give some, as vtt,srt\n"
