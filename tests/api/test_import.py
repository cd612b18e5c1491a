"""`import cuecast` costs nothing, and what it names is there and typed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cuecast
from tests.api.conftest import RunScript
from tests.excerpt import ROOT

HEAVY = {"numpy", "av", "onnxruntime", "pocketsphinx", "webvtt"}

SCRIPT = """
import cuecast

words: cuecast.TimedText = cuecast.align(
    "a.mp3", text="a.txt", engine="ctc", audio={"stream": 1}, on_progress=print
)
start_ms: int | None = words.words[0].start_ms
captions: cuecast.Captions = cuecast.make_captions(words, profile="netflix-en")
captions.save("a.vtt")
shown: str = cuecast.read_captions("a.vtt").cues[0].text
titles: list[str] = [topic.title for topic in cuecast.find_topics(words, count=3, levels=1)]
paths: list[str] = [
    file.path for clip in cuecast.cut_clips("a.mp3", words, out="b") for file in clip.files
]
states: list[str] = [item.state for item in cuecast.run_job("job.yaml", on_event=print)]
"""


def test_importing_loads_nothing_heavy(run_script: RunScript) -> None:
    light = f"import sys, cuecast; print(*{HEAVY | {'pydantic'}!r} & set(sys.modules))"
    assert run_script(light) == "\n"
    loaded = f"import sys; from cuecast import align, run_job; print(*{HEAVY!r} & set(sys.modules))"
    assert run_script(loaded) == "\n"


@pytest.mark.parametrize("name", cuecast.__all__)
def test_a_name_is_there_and_told(name: str) -> None:
    assert getattr(cuecast, name) is not None
    assert name in dir(cuecast)


def test_types_are_those_of_what_is_imported() -> None:
    """A type checker and Python find each name in the same module."""
    tree = ast.parse((ROOT / "cuecast" / "__init__.py").read_text())
    (typed,) = (node for node in tree.body if isinstance(node, ast.If) and not node.orelse
                and isinstance(node.test, ast.Name))  # fmt: skip
    checked = {
        (node.module, alias.name)
        for node in typed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert checked == {
        (module, name) for module, names in cuecast._NAMES_BY_MODULE.items() for name in names
    }
    assert {name for _, name in checked} == set(cuecast.__all__)


def test_another_name_is_none() -> None:
    with pytest.raises(AttributeError, match="no attribute 'aline'"):
        _ = cuecast.aline  # type: ignore[attr-defined]


def check_types(folder: Path, script: str) -> str:
    (folder / "script.py").write_text(script)
    options = ["--strict", "--config-file=", "--follow-imports=silent"]
    command = [sys.executable, "-m", "mypy", *options, "script.py"]
    environment = {"MYPYPATH": str(ROOT), "PATH": "", "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return done.stdout


def test_a_users_script_is_checked_strictly(tmp_path: Path) -> None:
    assert "Success" in check_types(tmp_path, SCRIPT)
    wrong = check_types(tmp_path, SCRIPT.replace('engine="ctc"', 'engin="ctc"'))
    assert 'Unexpected keyword argument "engin"' in wrong
    wrong = check_types(tmp_path, SCRIPT.replace('engine="ctc"', 'engine="cct"'))
    assert 'Argument "engine"' in wrong
