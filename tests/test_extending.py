"""A stage, a caption format, a recogniser, an aligner and an executor of one's own: a file and a
row each, of a format also its import. They are added to a copy of the package, and jobs run with
them.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.media.ffmpeg import find_ffmpeg
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parent.parent
TALK = ROOT / "samples" / "talk.mp4"
TEXT = "Stand on a beach for six hours"
SECONDS = 3


@dataclass(frozen=True, slots=True)
class Addition:
    """A new module with its code, and its row, which is put before another row of its table."""

    module: str
    code: str
    table: str
    row: str
    before: str


STAGE = Addition(
    "stages/letters.py",
    """
from pipeline.job.context import StepContext
from pipeline.records import TimedText


def run(context: StepContext) -> None:
    timed = context.load("align", "words.json", TimedText)
    context.path("letters.txt").write_text(str(sum(len(word.text) for word in timed.words)))
""",
    "stages/__init__.py",
    '    Stage("letters", ("align",), options=(), run="pipeline.stages.letters:run", version=1),\n',
    '    Stage("topics"',
)

FORMAT = Addition(
    "captions/semicolons.py",
    """
import re

from pipeline.captions.parsed_cue import RawCue, Voice


def write(cues, language):
    return "".join(f"{cue.start_ms};{cue.end_ms};{'|'.join(cue.lines)}\\n" for cue in cues)


def read(text):
    rows = (line.split(";", 2) for line in text.splitlines())
    return tuple(
        RawCue(int(start), int(end), (Voice(None, tuple(shown.split("|"))),))
        for start, end, shown in rows
    )


FORMAT = (write, read, re.compile(r"\\d+;\\d+;").match)
""",
    "captions/formats.py",
    '        "semicolons": Format("captions.semicolons", *semicolons.FORMAT),\n',
    '        "podcast":',
)

RECOGNIZER = Addition(
    "recognizers/evenly.py",
    f"""
from pipeline.contracts import Recognition
from pipeline.records import RecognizedWord, Segment


class Evenly:
    def transcribe(self, samples, speech, hints, progress):
        start_ms, end_ms = speech[0].start_ms, speech[-1].end_ms
        texts = {TEXT.lower().split()!r}
        length_ms = (end_ms - start_ms) // len(texts)
        words = tuple(
            RecognizedWord(text, start_ms + n * length_ms, start_ms + (n + 1) * length_ms)
            for n, text in enumerate(texts)
        )
        return Recognition("en", "evenly", "none", "cpu", (Segment(start_ms, end_ms, words),))


def load(request):
    return Evenly()
""",
    "recognizers/table.py",
    '    "evenly": RecognizerTraits("pipeline.recognizers.evenly:load"),\n',
    "    TRANSCRIPT: RecognizerTraits(",
)

ALIGNER = Addition(
    "aligners/longest.py",
    '''
from pipeline.records import GARBAGE, ArcTime


class Longest:
    """Takes the path with the most words, each of the same length."""

    name = "longest"

    def start_recording(self):
        pass

    def decode(self, samples, graph):
        best = {0: ()}
        for state in range(graph.n_states):
            for number, arc in enumerate(graph.arcs):
                if arc.from_state == state and state in best:
                    own = () if arc.word in (None, "", GARBAGE) else (number,)
                    path = best[state] + own
                    if len(path) >= len(best.get(arc.to_state, ())):
                        best[arc.to_state] = path
        path = best.get(graph.final_state, ())
        length_ms = len(samples) // 16 // max(1, len(path))
        return tuple(
            ArcTime(arc, n * length_ms, (n + 1) * length_ms, -1.0) for n, arc in enumerate(path)
        )


def load(request):
    return Longest()
''',
    "aligners/table.py",
    '    "longest": AlignerTraits("pipeline.aligners.longest:load", frozenset({"en"})),\n',
    "    CTC: AlignerTraits(",
)

EXECUTOR = Addition(
    "job/executors/threads.py",
    """
from concurrent.futures import ThreadPoolExecutor

from pipeline.job.step import run_step


class ThreadExecutor:
    def __init__(self, n_workers):
        self._threads = ThreadPoolExecutor(1)

    def submit(self, request):
        return self._threads.submit(run_step, request)

    def close(self):
        self._threads.shutdown()
""",
    "job/options.py",
    '    "threads": "pipeline.job.executors.threads:ThreadExecutor",\n',
    '    "local":',
)

ADDITIONS = (STAGE, FORMAT, RECOGNIZER, ALIGNER, EXECUTOR)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the extended package and a recording."""
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(ROOT / "pipeline", folder / "pipeline", ignore=shutil.ignore_patterns("*.pyc"))
    for added in ADDITIONS:
        (folder / "pipeline" / added.module).write_text(added.code)
        table = folder / "pipeline" / added.table
        text = table.read_text()
        assert text.count(added.before) == 1
        table.write_text(text.replace(added.before, added.row + added.before))
    formats = folder / "pipeline" / FORMAT.table
    line = "from pipeline.captions.plain import"
    formats.write_text(
        formats.read_text().replace(line, f"from pipeline.captions import semicolons\n{line}")
    )
    command = [find_ffmpeg(), "-v", "error", "-t", str(SECONDS), "-i", str(TALK), "-vn"]
    subprocess.run([*command, str(folder / "talk.wav")], check=True)
    (folder / "talk.txt").write_text(TEXT)
    return folder


def run_job(folder: Path, name: str, text: str) -> subprocess.CompletedProcess[str]:
    (folder / f"{name}.yaml").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "run", f"{name}.yaml"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, timeout=PATIENCE_S,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


JOB = """
output: {name}
items: [{{media: talk.wav, text: {text}}}]
transcribe: {{engine: evenly}}
align: {{engine: longest}}
captions: {{formats: [vtt, semicolons], breaks: keep}}
run: {{executor: threads}}
"""


@pytest.fixture(scope="module")
def done(extended: Path) -> Path:
    """The item's folder of a job that uses all that was added."""
    done = run_job(extended, "first", JOB.format(name="first", text="talk.txt"))
    assert done.returncode == 0, done.stderr
    return extended / "first" / "talk"


def test_a_new_recogniser_and_aligner_time_the_words(done: Path) -> None:
    assert json.loads((done / "transcribe" / "transcript.json").read_text())["engine"] == "evenly"
    timed = json.loads((done / "align" / "words.json").read_text())
    assert timed["engine"] == "longest"
    assert [word["status"] for word in timed["words"]] == ["aligned"] * len(TEXT.split())


def test_a_new_stage_runs_and_is_sealed(done: Path) -> None:
    assert (done / "letters" / "letters.txt").read_text() == str(len(TEXT.replace(" ", "")))
    assert (done / "letters" / "_done.json").exists()


def test_a_new_caption_format_is_written_and_read(extended: Path, done: Path) -> None:
    written = done / "captions" / "captions.semicolons"
    assert written.read_text().endswith(f";{TEXT}\n")
    shutil.copy(written, extended / "talk.semicolons")
    again = run_job(extended, "second", JOB.format(name="second", text="talk.semicolons"))
    assert again.returncode == 0, again.stderr
    copied = extended / "second" / "talk" / "captions" / "captions.semicolons"
    assert copied.read_text() == written.read_text()
