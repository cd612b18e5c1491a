"""The shape of the code itself: what no single review would keep an eye on.

Imports between rooms are held by import-linter; see `pyproject.toml`.
"""

import ast
import importlib
import pickle
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import typer.main

import pipeline.errors
from pipeline.cli.app import app
from pipeline.config import read_job
from pipeline.errors import ConfigError, CuecastError, EngineError, join_errors
from pipeline.job.executors import EXECUTORS
from pipeline.job.step import resolve
from pipeline.stages import STAGES

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "cuecast").rglob("*.py")])
PACKAGES = [path for path in MODULES if path.name == "__init__.py"]
DOCUMENTS = [path for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md") if path.exists()]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))

YAML_BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
FOLDERS = ("pipeline", "cuecast", "configs", "samples", "tests", "benchmarks", "docs")

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 60
BANNED_NAMES = {
    "utils", "util", "helpers", "helper", "common", "manager", "handler", "data", "info", "result",
}  # fmt: skip
PRIVATE_WORDS = {
    "stray", "strays", "drawn", "taught", "teach", "lesson", "lessons", "learnt", "tailored",
    "heard", "hearer", "said", "kept", "behind", "company", "doubts", "judgement", "verdict",
    "claims", "corrector", "crew", "shelf", "probes",
}  # fmt: skip
"""Words that say nothing to a person who knows the field; docs/GLOSSARY.md has the field's own."""
SEALED_KEYS = {"doubts"}
"""Fields that carry the name of a key in a sealed artifact, which stays."""
HEAVY = {
    "av", "ctranslate2", "faster_whisper", "ffmpeg", "jinja2", "numpy", "onnx", "onnxruntime",
    "pocketsphinx", "pydantic", "pydub", "ruamel", "webvtt",
}  # fmt: skip


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_says_what_is_in_it_and_has_short_functions(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MAX_FILE_LINES
    tree = ast.parse(text)
    if text.strip():
        assert ast.get_docstring(tree), "the first line says what is in a module"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            n_lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert n_lines <= MAX_FUNCTION_LINES, f"{node.name} has {n_lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_called_by_a_name_that_says_nothing(path: Path) -> None:
    public = {path.stem, path.parent.name}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            public.add(node.name)
    for name in public:
        words = re.findall(r"[A-Z]?[a-z]+", name)
        assert name.lower() not in BANNED_NAMES
        assert not (words and words[-1].lower() in {"utils", "helpers", "manager", "handler"}), name


def identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for field in ("name", "id", "attr", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_names_are_the_fields(path: Path) -> None:
    for name in {path.stem, *identifiers(ast.parse(path.read_text()))} - SEALED_KEYS:
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
        assert not words & PRIVATE_WORDS, name


@pytest.mark.parametrize("path", PACKAGES, ids=name_of)
def test_a_package_names_all_of_its_modules_in_reading_order(path: Path) -> None:
    inner = {one.stem for one in path.parent.glob("*.py")} - {"__init__", "__main__"}
    inner |= {one.parent.name for one in path.parent.glob("*/__init__.py")}
    named = set(
        re.findall(r"`(\w+)(?:\.py)?`", ast.get_docstring(ast.parse(path.read_text())) or "")
    )
    assert not inner - named, f"{name_of(path)} lacks {sorted(inner - named)}"


def errors() -> Iterator[type[CuecastError]]:
    for kind in vars(pipeline.errors).values():
        if isinstance(kind, type) and issubclass(kind, CuecastError):
            yield kind


@pytest.mark.parametrize("kind", list(errors()))
def test_every_error_survives_pickling(kind: type[CuecastError]) -> None:
    error = kind("here", "it is wrong", "mend it")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error) == "here: it is wrong; mend it"


def test_errors_told_together_survive_pickling_and_are_a_line_each() -> None:
    first, second = ConfigError("a", "is wrong", "mend it"), EngineError("b", "is gone", "get it")
    joined = pickle.loads(pickle.dumps(join_errors([join_errors([first]), second])))
    assert [str(error) for error in joined.each] == str(joined).splitlines()
    assert str(joined).splitlines() == ["a: is wrong; mend it", "b: is gone; get it"]
    assert [type(error) for error in joined.each] == [ConfigError, EngineError]


def test_no_other_module_defines_an_error() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and path.name != "errors.py":
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                assert not any(base.endswith(("Error", "Exception")) for base in bases), name_of(
                    path
                )


@pytest.mark.parametrize("module", ["pipeline.cli", "pipeline.cli.app", "cuecast"])
def test_the_command_line_and_the_library_are_light_to_import(module: str) -> None:
    program = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert HEAVY & set(done.stdout.split()) == set()


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_names_a_function_and_stages_before_it(stage: object) -> None:
    row = next(known for known in STAGES if known is stage)
    before = [known.name for known in STAGES[: STAGES.index(row)]]
    assert set(row.after) <= set(before)
    assert {path.partition("/")[0] for path in row.large_inputs} <= set(row.after)
    assert callable(resolve(row.run))


def test_one_stage_alone_reads_the_items_text() -> None:
    assert [stage.name for stage in STAGES if "text" in stage.sources] == ["text"]


def test_every_executor_is_in_its_table() -> None:
    for target in EXECUTORS.values():
        module, _, kind = target.partition(":")
        assert isinstance(getattr(importlib.import_module(module), kind), type)


@pytest.mark.parametrize("path", sorted((ROOT / "configs").glob("*.yaml")), ids=name_of)
def test_every_job_in_configs_loads_and_its_sources_are_there(path: Path) -> None:
    job = read_job(path)
    assert job.items
    for item in job.items:
        assert all(source.is_file() for source in item.sources.values())


def find_jobs() -> list[tuple[str, str]]:
    """The YAML of the documents by its place; a part of a job gets an item to be a whole one."""
    jobs = []
    for path in DOCUMENTS:
        for number, block in enumerate(YAML_BLOCK.findall(path.read_text()), 1):
            whole = block if "items:" in block else f"output: out\nitems: [{{media: a}}]\n{block}"
            jobs.append((f"{name_of(path)}:{number}", whole))
    return jobs


@pytest.mark.parametrize("job", [pytest.param(job, id=place) for place, job in find_jobs()])
def test_every_job_in_the_docs_loads(tmp_path: Path, job: str) -> None:
    for folder, ending in re.findall(r"media: '?([\w/]*)\*(\.\w+)", job):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"talk{ending}").touch()
    (tmp_path / "job.yaml").write_text(job)
    assert read_job(tmp_path / "job.yaml").items


def test_every_package_that_is_asked_for_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    named = set(re.findall(r"`([\w.-]+)`", (ROOT / "THIRD_PARTY.md").read_text()))
    assert {re.split(r"[<>=;\s]", package)[0] for package in asked} <= named


def test_every_path_and_command_the_docs_name_exists() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path in DOCUMENTS:
        text = path.read_text()
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
            assert (path.parent / link).exists(), f"{name_of(path)}: {link}"
        for file in re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`", text):
            assert (ROOT / file).exists(), f"{name_of(path)}: {file}"
        for command in re.findall(r"^\s*(?:\$ )?cuecast ([a-z]+)\b(?!\.)", text, re.MULTILINE):
            assert command in commands, f"{name_of(path)}: cuecast {command}"
        for target in re.findall(r"^\s*(?:\$ )?make ([a-z]+)", text, re.MULTILINE):
            assert target in targets, f"{name_of(path)}: make {target}"
