"""The command line as a person meets it: lines, exit codes, JSON."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parent.parent.parent
NOT_THERE = "no such file; check the path (relative to the job file)"


def cuecast(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run cuecast in a folder, as a person would."""
    command = [sys.executable, "-m", "pipeline", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=PATIENCE_S,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "COLUMNS": "100", **variables},
    )


def write_job(folder: Path, text: str) -> str:
    (folder / "job.yaml").write_text(text)
    return "job.yaml"


def gone(folder: Path) -> str:
    return write_job(folder, "output: out\nitems: [{media: gone.mp3}]\n")


def test_no_command_shows_the_commands(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "--help")
    assert done.returncode == 0
    for command in ("run", "plan", "status", "caption", "clip", "doctor", "models", "schema"):
        assert command in done.stdout


def test_the_version_is_told(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "--version")
    assert done.stdout == f"cuecast {pipeline.__version__}\n"


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("runn job.yaml", r"cuecast: no such command 'runn'.*'run'.*; see `cuecast -h`"),
        ("run --forse job.yaml", r"cuecast run: no such option: --forse.*--force.*"),
        ("run", r"cuecast run: missing argument 'JOB\.yaml'; see `cuecast run -h`"),
        ("models gett small", r"cuecast models: no such command 'gett'.*"),
        ("lint --profile", r"cuecast: option '--profile' requires an argument; .*"),
    ],
)
def test_a_command_that_is_none_is_one_line_and_exit_code_2(
    tmp_path: Path, typed: str, spoken: str
) -> None:
    done = cuecast(tmp_path, *typed.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(f"error: {spoken}\n", done.stderr)


def test_nothing_typed_shows_the_commands(tmp_path: Path) -> None:
    done = cuecast(tmp_path)
    assert done.returncode == 2
    assert "caption" in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["run", "plan", "status"])
def test_a_wrong_job_file_is_one_line_and_exit_code_2(tmp_path: Path, command: str) -> None:
    job = write_job(tmp_path, "output: out\nitems: [{media: a}]\nclip: {}\n")
    done = cuecast(tmp_path, command, job)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "error: job.yaml:3: clip: unknown key; did you mean clips?\n"
    assert not (tmp_path / "out").exists()


def test_a_missing_job_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "run", "gone.yaml")
    assert done.returncode == 2
    assert done.stderr == "error: gone.yaml: no such file; check the path\n"


def test_missing_media_fail_their_item_with_one_line_and_exit_code_1(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "run", gone(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line == f"gone  ingest  failed: {tmp_path}/gone.mp3: {NOT_THERE}"
    assert done.stdout.startswith("0 of 1 done, 1 failed, in ")


def test_quiet_shows_errors_alone(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "run", "-q", gone(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_quiet_plan_shows_what_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "here.mp3").write_text("not really")
    items = "[{media: here.mp3}, {media: gone.mp3}]"
    done = cuecast(tmp_path, "plan", "-q", write_job(tmp_path, f"output: out\nitems: {items}\n"))
    (line,) = {" ".join(line.split()[2:]) for line in done.stdout.splitlines()}
    assert (done.returncode, line) == (1, f"fail {tmp_path}/gone.mp3: {NOT_THERE}")


def test_debug_shows_where_an_error_came_from(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "run", "--debug", gone(tmp_path))
    assert "Traceback" in done.stderr


def test_json_prints_an_event_a_line(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "run", "--json", gone(tmp_path))
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events[:2]] == ["run_started", "step_failed"]
    assert events[1]["error"].endswith(f"{NOT_THERE}")
    assert (events[-1]["event"], events[-1]["state"]) == ("run_ended", "failed")


def test_plan_says_what_would_run_and_why_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "here.mp3").write_text("not really")
    job = write_job(tmp_path, "output: out\nitems: [{media: here.mp3}]\n")
    done = cuecast(tmp_path, "plan", job)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].split() == ["here", "ingest", "run", "not", "done", "yet"]
    assert not (tmp_path / "out").exists()
    facts = [
        json.loads(line) for line in cuecast(tmp_path, "plan", "--json", job).stdout.splitlines()
    ]
    assert facts[0] == {
        "item": "here",
        "stage": "ingest",
        "decision": "run",
        "reason": "not done yet",
    }


def test_status_says_how_far_each_item_is(tmp_path: Path) -> None:
    job = gone(tmp_path)
    cuecast(tmp_path, "run", "-q", job)
    done = cuecast(tmp_path, "status", job)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].split()[:3] == ["gone", "ingest", "failed"]
    assert done.stdout.splitlines()[1].split()[:3] == ["gone", "transcribe", "skipped"]


def two_gone(folder: Path) -> str:
    return write_job(folder, "output: out\nitems: [{media: one.mp3}, {media: two.mp3}]\n")


@pytest.mark.parametrize("command", ["run", "plan", "status"])
def test_only_takes_the_items_named(tmp_path: Path, command: str) -> None:
    done = cuecast(tmp_path, command, "--only", "tw*", two_gone(tmp_path))
    told = done.stdout + done.stderr
    assert "two  ingest" in told
    assert "one  ingest" not in told


def test_failed_takes_what_failed_in_the_last_run(tmp_path: Path) -> None:
    job = two_gone(tmp_path)
    assert cuecast(tmp_path, "run", "--failed", job).stdout.startswith("0 of 0 done")
    cuecast(tmp_path, "run", "--only", "two", job)
    done = cuecast(tmp_path, "run", "--failed", job)
    assert (done.returncode, done.stdout.partition(" in ")[0]) == (1, "0 of 1 done, 1 failed,")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--only", "tow"], "error: --only: there is no item 'tow'; did you mean two?\n"),
        (["--force", "ailgn"], "error: --force: there is no stage 'ailgn'; did you mean align?\n"),
    ],
)
def test_a_wrong_item_or_stage_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], line: str
) -> None:
    done = cuecast(tmp_path, "run", *arguments, two_gone(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
    assert not (tmp_path / "out").exists()


def test_a_run_leaves_a_row_an_item_in_summary_csv(tmp_path: Path) -> None:
    cuecast(tmp_path, "run", "--only", "one", two_gone(tmp_path))
    header, one, two = (tmp_path / "out" / "summary.csv").read_text().splitlines()
    assert header.startswith("id,state,duration_ms,")
    assert one.startswith("one,failed,,")
    assert one.endswith(f"{tmp_path}/one.mp3: {NOT_THERE}")
    assert two == f"two,waiting{',' * 10}"


def test_one_recording_needs_no_job_file(tmp_path: Path) -> None:
    (tmp_path / "empty.mp3").touch()
    done = cuecast(tmp_path, "caption", "empty.mp3")
    assert done.returncode == 1
    assert done.stderr.endswith("empty.mp3: the file is empty; name a recording\n")
    assert (tmp_path / "out" / "empty" / "run.json").exists()


def test_one_recording_that_is_not_there_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "talk.mp3").touch()
    os.mkfifo(tmp_path / "pipe")
    https = "an address is not fetched; download it first, and name the file"
    for typed, spoken in {
        "gone.mp3": "gone.mp3: no such file; check the path",
        "https://example.com/talk.mp3": f"https:/example.com/talk.mp3: {https}",
        "talk.mp3 --text gone.txt": "gone.txt: no such file; check the path",
        "pipe": "pipe: a pipe or a device; name a file",
        ".": ".: is a folder; name a file",
        "talk.mp3 --language gemran": "--language: 'gemran' is no language; did you mean German?",
        "talk.mp3 --translate gemran": "translate.to: 'gemran' is no language; did you mean Ger",
    }.items():
        done = cuecast(tmp_path, "caption", *typed.split())
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"error: {spoken}")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe", "talk.mp3"]


@pytest.mark.parametrize(
    ("option", "value"), [("--frame", "4:3"), ("--style", "neon"), ("--captions", "no")]
)
def test_a_look_that_is_not_known_is_one_line(tmp_path: Path, option: str, value: str) -> None:
    done = cuecast(tmp_path, "clip", "a.mp4", "--whole", option, value)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert option[2:] in line
    assert not (tmp_path / "out").exists()


def test_an_option_that_is_not_known_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "caption", "a.mp4", "--profile", "bbc")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "profile" in done.stderr


def test_the_schema_is_json(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "schema")
    assert json.loads(done.stdout)["title"] == "JobFile"


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m pipeline schema | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_doctor_says_what_is_found_and_how_to_get_the_rest(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "doctor")
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    names = ("python", "ffmpeg", "ffmpeg filters", "fonts", "pocketsphinx", "GPU", "Whisper models")
    for name in (*names, "Wav2Vec2 models"):
        (line,) = [line for line in lines if line[2:].startswith(f"{name}:")]
        assert line.startswith("✓") or "; " in line


def test_doctor_fails_where_ffmpeg_is_not_one(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "doctor", "--json", CUECAST_FFMPEG="/bin/true")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [row["name"] for row in rows if not row["is_found"] and not row["is_optional"]] == [
        "ffmpeg"
    ]


def test_models_lists_names_and_a_wrong_name_is_one_line(tmp_path: Path) -> None:
    names = [line.split()[0] for line in cuecast(tmp_path, "models", "list").stdout.splitlines()]
    assert {"tiny", "small"} <= set(names)
    done = cuecast(tmp_path, "models", "get", "smal")
    assert done.stderr == "error: model smal: is not known; did you mean small?\n"
    done = cuecast(tmp_path, "models", "get", "enormous")
    assert done.returncode == 1
    assert done.stderr == "error: model enormous: is not known; see `cuecast models list`\n"
