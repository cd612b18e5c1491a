"""The demo made by two checkouts, compared: `python benchmarks/same_output.py OTHER`.

For a change that should change no behaviour: words, times, cues, chapters, lint and clips have to
be the same byte for byte. Sentences for people that are sealed (reasons, problems, the page) may
differ and are listed; seals differ with the versions of stages and are not compared. `--job` names
another job of the checkouts. The last line is one JSON object; exit code 1 where outputs differ.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FREE_TEXT = frozenset({"reason", "reasons", "problems", "evidence", "notes"})
"""Keys of JSON artifacts whose values are sentences for people."""
PAGES = frozenset({".html"})
LEFT_OUT = frozenset({"_done.json", "_files.json"})
"""Seals: they hold the versions of stages."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="a checkout to compare with")
    parser.add_argument("--this", type=Path, default=ROOT, help="the other one: this, if not given")
    parser.add_argument("--job", default="configs/demo.yaml")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cuecast-same-") as folder:
        trees = []
        for name, checkout in (("this", options.this), ("other", options.other)):
            trees.append(make_demo(checkout.resolve(), Path(folder) / name, options.job))
        same, free, different = compare_trees(*trees)
    for path in free:
        print(f"other sentences: {path}")
    for path in different:
        print(f"DIFFERENT: {path}")
    counts = {"n_same": len(same), "other_sentences": free, "different": different}
    print(json.dumps({"job": options.job, **counts}))
    sys.exit(bool(different))


def make_demo(checkout: Path, folder: Path, job: str) -> dict[str, bytes]:
    """Run a job with a checkout's own code; its artifacts by their paths."""
    (folder / "configs").mkdir(parents=True)
    shutil.copy(checkout / job, folder / "configs" / "job.yaml")
    (folder / "samples").symlink_to(checkout / "samples")
    command = [sys.executable, "-m", "pipeline", "run", "-q", str(folder / "configs" / "job.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    subprocess.run(command, cwd=checkout, env=environment, check=True)
    out = folder / "out"
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in LEFT_OUT and len(path.relative_to(out).parts) > 3
        if path.relative_to(out).parts[1] != "logs"
    }


def compare_trees(
    one: dict[str, bytes], other: dict[str, bytes]
) -> tuple[list[str], list[str], list[str]]:
    """The paths that are the same, those that differ in sentences alone, and the rest."""
    same, free, different = [], [], []
    for path in sorted(one.keys() | other.keys()):
        contents = one.get(path), other.get(path)
        if contents[0] == contents[1]:
            same.append(path)
        elif None not in contents and mask(path, contents[0]) == mask(path, contents[1]):
            free.append(path)
        else:
            different.append(path)
    return same, free, different


def mask(path: str, content: bytes | None) -> Any:
    """A JSON artifact without its sentences, nothing of a page; anything else as it is."""
    if content is None or Path(path).suffix != ".json":
        return None if Path(path).suffix in PAGES else content
    return mask_value(json.loads(content))


def mask_value(value: Any) -> Any:
    """A JSON value without what is under the keys of free text."""
    if isinstance(value, dict):
        return {key: mask_value(inner) for key, inner in value.items() if key not in FREE_TEXT}
    return [mask_value(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
