"""Job files of every sort of brokenness: an answer soon, in lines, and never a crash."""

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import read_job
from pipeline.errors import ConfigError, to_printable
from tests.cli.test_commands import cuecast

SEED = 16
N_COMMANDS = 5
LINES_PER_VALUE = 3
SOON_S = 10
"""A job file of any shape is refused within this, on a busy machine too."""
PATIENCE_S = 30
"""A file that hangs takes longer, whatever the machine."""

GOOD = """\
output: out
items:
  - media: talk.mp3
    text: "{stem}.txt"
    title: A talk
    language: en-GB
    speakers: [Nora, Sam]
    audio: {stream: 0, channel: mix}
  - {media: "*.wav", clips: &clips {captions: none, frames: [1:1]}}
transcribe: {engine: auto, batch_size: 4, hotwords: [Kardashev]}
align: {vocabulary: {GIF: [jif, g i f]}}
captions:
  profile: {base: bbc-online, chars_per_line: 30, chars_per_second: 17.5}
topics: {every_minutes: 5, levels: 2}
clips:
  <<: *clips
  select:
    - {title: One, start: 0:01, end: 2.5}
    - {query: the sea, min_s: 5, max_s: 60}
  style: {kind: box, color: "#ffffff", size: 1.2}
run: {workers: 2, timeout_s: 60, keep: outputs}
"""

NASTY = [
    "null", "~", ".nan", ".inf", "-.inf", "-1", "0", "1e308", "1e999", "-0.0", "10" * 40,
    "9" * 5000, "0x" + "f" * 5000, "[]", "{}", "[[]]", "true", "x" * 300, "y/" * 2500, '"\\0"',
    '"\\ud800"', '"\\uffff"', "&a", "*a", "*clips", "!x", "!!binary aGk=", "<<",
    "{<<: *clips}", "&a {<<: *a}", "&a [*a]", "|", ">", "'", '"', "[", "{", "@", "#", "?",
    "- - - -", ": : :", "a: b: c", "🦜", "\u2028", "2001-01-01", "1:2:3",
    "https://example.com/x.mp3", "s3://bucket", "~/x", "~nobody/x", "**", "[!", "/dev/zero",
    "/proc/self/mem", "..", "/", "con", "no", "é" * 200, "[" * 200, "{a: " * 200, "- " * 200,
]  # fmt: skip
BYTES = [b"\0", b"\xff", b"\xc3", b"\x07", b"\t", b"\r", b"\xef\xbb\xbf", b"\x85", b"\n---\n", b"%"]


def change_line(kind: str, line: bytes, nasty: bytes) -> bytes:
    """A line with one thing wrong in it."""
    key, colon, _ = line.partition(b": ")
    return {
        "value": key + b": " + nasty,
        "line": nasty,
        "drop": b"",
        "twice": line + b"\n" + line,
        "deeper": b"   " + line,
        "tab": b"\t" + line,
        "flatter": line.lstrip(),
        "nest": line.replace(colon, b": {x: ", 1) if colon else line,
    }[kind]


KINDS = ("value", "value", "line", "drop", "twice", "deeper", "tab", "flatter", "nest")


@st.composite
def jobs(draw: st.DrawFn) -> bytes:
    """A good job file with some things changed in it."""
    text = GOOD.encode()
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split(b"\n")
        at = draw(st.integers(0, len(lines) - 1))
        inside = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from([*KINDS, "bytes", "cut", "ends"]))
        if kind == "bytes":
            text = text[:inside] + draw(st.sampled_from(BYTES)) + text[inside:]
        elif kind == "cut":
            text = text[:inside]
        elif kind == "ends":
            text = text.replace(b"\n", draw(st.sampled_from([b"\r\n", b"\r"])))
        else:
            nasty = draw(st.sampled_from(NASTY)).encode("utf-8", "surrogatepass")
            lines[at] = change_line(kind, lines[at], nasty)
            text = b"\n".join(lines)
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jobs")
    for name in ("talk.mp3", "talk.txt", "sea.wav"):
        (folder / name).touch()
    return folder


def test_the_job_that_is_changed_is_right(folder: Path) -> None:
    (folder / "good.yaml").write_text(GOOD)
    assert [item.id for item in read_job(folder / "good.yaml").items] == ["talk", "sea"]


@settings(max_examples=100, deadline=PATIENCE_S * 1000)
@given(jobs())
def test_whatever_a_job_file_holds_it_is_read_or_refused_in_lines(folder: Path, job: bytes) -> None:
    read_or_refuse(folder / "job.yaml", job)


def read_or_refuse(path: Path, job: bytes) -> None:
    """Read a job file; if it is refused, then in lines that say where, what and what to do."""
    path.write_bytes(job)
    try:
        read_job(path)
    except ConfigError as error:
        for one in error.each:
            assert "\n" not in str(one)
            assert str(one).startswith(str(path))
            assert one.problem
            assert one.remedy


def test_every_odd_value_is_taken_or_refused_wherever_it_stands(folder: Path) -> None:
    chance = random.Random(SEED)
    lines = GOOD.splitlines()
    for nasty in NASTY:
        for at in chance.sample(range(len(lines)), LINES_PER_VALUE):
            line = change_line("value", lines[at].encode(), nasty.encode("utf-8", "surrogatepass"))
            job = b"\n".join(
                [*map(str.encode, lines[:at]), line, *map(str.encode, lines[at + 1 :])]
            )
            read_or_refuse(folder / "job.yaml", job)


def test_plan_ends_with_0_or_2_and_a_line_for_each_error(folder: Path) -> None:
    chance = random.Random(SEED)
    for number in range(N_COMMANDS):
        lines = GOOD.splitlines()
        for _ in range(number % 3 + 1):
            at = chance.randrange(len(lines))
            lines[at] = f"{lines[at].partition(': ')[0]}: {chance.choice(NASTY)}"
        (folder / "job.yaml").write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
        done = cuecast(folder, "plan", "job.yaml")
        assert done.returncode in (0, 1, 2)
        assert (done.returncode == 2) == done.stderr.startswith("error: job.yaml")
        assert all(line.startswith("error: job.yaml") for line in done.stderr.splitlines())


SHAPES = {
    "deep": "a: " + "[" * 3000 + "]" * 3000,
    "deeper": "a: " + "{a: " * 3000,
    "dashes": "- " * 100_000,
    "bomb": "a0: &a0 [x, x]\n"
    + "\n".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]" for n in range(20)),
    "merges": "a0: &a0 {k: v}\n"
    + "\n".join(f"a{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}, *a{n}]}}" for n in range(12)),
    "large": "#" * 1_000_001,
    "empty": "",
    "comment": "# nothing\n",
    "list": "- media: a.mp3\n",
    "text": "a talk\n",
    "keys": "1: 2\nnull: 3\n? {a: b}\n: c\n1.5: x\n",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_of_any_shape_is_refused_soon(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "job.yaml"
    path.write_text(SHAPES[shape])
    started_s = time.monotonic()
    with pytest.raises(ConfigError):
        read_job(path)
    assert time.monotonic() - started_s < SOON_S


def test_what_is_no_file_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "gone").symlink_to("nowhere")
    for path, problem in {
        tmp_path / "pipe": "a pipe or a device; save it as a file first",
        Path("/dev/zero"): "a pipe or a device; save it as a file first",
        tmp_path: "is a folder; name the job file in it",
        tmp_path / "circle": "Too many levels of symbolic links; check the path",
        tmp_path / "gone": "no such file; check the path",
        tmp_path / ("x" * 256): "File name too long; check the path",
        tmp_path / "a\0b": "not a path; check the path",
    }.items():
        with pytest.raises(ConfigError) as caught:
            read_job(path)
        assert str(caught.value) == f"{to_printable(str(path))}: {problem}"
