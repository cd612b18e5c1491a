"""The Dockerfile, as far as it can be tried here: parsed, its steps run with stand-ins.

No image is built here.
"""

import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
if [ "$*" = "-m venv --clear .venv" ]; then mkdir -p .venv/bin && cp "$0" .venv/bin/python; fi
"""


def read_steps() -> Iterator[tuple[str, str]]:
    """Instructions and what they say, comments left out, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, spoken = line.strip().partition(" ")
            yield name, " ".join(spoken.split())


STEPS = list(read_steps())


def said_by(instruction: str) -> list[str]:
    return [spoken for name, spoken in STEPS if name == instruction]


def copied() -> list[str]:
    return [source for spoken in said_by("COPY") for source in shlex.split(spoken)[:-1]]


def test_every_step_is_a_known_instruction() -> None:
    known = {"FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"}
    assert {name for name, _ in STEPS} <= known
    assert STEPS[0][0] == "FROM"


def test_the_base_is_slim_official_and_new_enough() -> None:
    (base,) = said_by("FROM")
    image, _, tag = base.partition(":")
    assert image == "python"
    version, _, kind = tag.partition("-")
    assert kind == "slim"
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert tuple(map(int, version.split("."))) >= tuple(map(int, oldest.split(".")))


def test_no_host_is_named() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert not re.search(r"https?:|index-url|\b[\w-]+\.(?:com|org|io|net)\b", text)


def test_what_is_copied_is_there_and_not_ignored() -> None:
    patterns = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    for name in copied():
        assert (ROOT / name).exists(), name
        is_ignored = False
        for pattern in patterns:
            if fnmatch.fnmatch(name, pattern.removeprefix("!")):
                is_ignored = not pattern.startswith("!")
        assert not is_ignored, name


def test_what_the_build_reads_is_copied() -> None:
    needed = {"pyproject.toml", "constraints.txt", "pipeline", PROJECT["readme"]}
    assert needed | set(PROJECT["license-files"]) <= set(copied())


def test_what_is_copied_is_enough_to_run(tmp_path: Path) -> None:
    for name in copied():
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    module, _, function = PROJECT["scripts"]["cuecast"].partition(":")
    (arguments,) = said_by("CMD")
    program = (
        f"import sys; sys.argv[1:] = {arguments}; from {module} import {function}; {function}()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "caption" in done.stdout


def test_the_entry_is_the_projects_script() -> None:
    assert said_by("ENTRYPOINT") == ['["/app/.venv/bin/cuecast"]']
    assert "cuecast" in PROJECT["scripts"]
    assert said_by("WORKDIR")[0] == "/app"


def test_it_runs_as_a_user_that_is_made_and_not_root() -> None:
    (user,) = said_by("USER")
    assert user not in ("root", "0")
    assert any(
        re.search(rf"useradd .*--uid [1-9]\d* {user}\b", spoken) for spoken in said_by("RUN")
    )
    names = [name for name, _ in STEPS]
    assert "RUN" not in names[names.index("USER") :]


@pytest.fixture(params=["no", "yes"])
def commands(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, list[str]]:
    """What the RUN steps call, with stand-ins for python and for what changes users."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("python", "useradd", "chmod"):
        (folder / name).write_text(STAND_IN)
        os.chmod(folder / name, 0o755)  # noqa: PTH101
    log = tmp_path / "log"
    for spoken in said_by("RUN"):
        subprocess.run(
            ["/bin/sh", "-e", "-c", spoken],
            cwd=tmp_path,
            env={"PATH": f"{folder}:/usr/bin:/bin", "LOG": str(log), "CUDA": request.param},
            check=True,
        )
    return request.param, log.read_text().splitlines()


def test_its_steps_are_those_of_make(commands: tuple[str, list[str]]) -> None:
    cuda, called = commands
    recipe = (ROOT / "Makefile").read_text().partition("$(STAMP):")[2].partition("\n\n")[0]
    (venv,) = re.findall(r'"\$\(PYTHON\)" (-m venv .*)', recipe)
    (pip,) = re.findall(r"\$\(BIN\)/python (-m pip .*)", recipe)
    assert called[0] == f"python {venv}"
    extras = "[cuda]" if cuda == "yes" else ""
    wanted = shlex.split(pip.replace("[dev]", extras))
    assert [word for word in shlex.split(called[1]) if word != "--no-cache-dir"] == [
        "python",
        *wanted,
    ]


def test_cuda_is_a_choice_and_its_library_is_found() -> None:
    assert said_by("ARG") == ["CUDA=no"]
    (library,) = PROJECT["optional-dependencies"]["cuda"]
    assert library.startswith("nvidia-cublas-cu12")
    version = said_by("FROM")[0].partition(":")[2].partition("-")[0]
    folder = f"/app/.venv/lib/python{version}/site-packages/nvidia/cublas/lib"
    assert f"LD_LIBRARY_PATH={folder}" in said_by("ENV")
