"""The examples of docs/python.md and of the README do what they say, as plain scripts."""

import re
from pathlib import Path

import pytest

from tests.api.conftest import RunScript
from tests.excerpt import ROOT, read_text

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = BLOCK.findall((ROOT / "docs" / "python.md").read_text())
N_WORDS = len(read_text().split())


PRINTED = {
    "engin=": "align.engin: unknown key; did you mean engine?\n",
    "ThreadPoolExecutor": f"[{N_WORDS}, {N_WORDS}]\n",
    "os.fork": f"{N_WORDS}\n" * 2,
}
"""What examples print, by something that stands in each."""


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_runs_as_a_script(talk: Path, run_script: RunScript, number: int) -> None:
    example = EXAMPLES[number]
    printed = run_script(example)
    for sign, line in PRINTED.items():
        assert sign not in example or printed == line
    assert "print(error)  #" not in example or PRINTED["engin="].strip() in example


def test_an_example_runs_from_standard_input_as_in_a_notebook(
    talk: Path, run_script: RunScript
) -> None:
    run_script(EXAMPLES[0], from_stdin=True)
    assert (talk / "talk.vtt").read_text().startswith("WEBVTT")


def test_an_example_runs_in_a_thread(talk: Path, run_script: RunScript) -> None:
    lines = EXAMPLES[0].splitlines(keepends=True)
    body = "".join(f"    {line}" for line in lines)
    run_script(f"import threading\ndef work():\n{body}\nthreading.Thread(target=work).start()\n")
    assert (talk / "talk.vtt").exists()


def test_the_readmes_lines_run(talk: Path, run_script: RunScript) -> None:
    (example,) = BLOCK.findall((ROOT / "README.md").read_text())
    run_script(example)
    assert (talk / "talk.vtt").exists()
