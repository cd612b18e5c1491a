"""One real recording through the real stages, by the command line."""

import hashlib
from pathlib import Path

from tests.cli.test_commands import ROOT, cuecast


def digests(folder: Path) -> dict[str, str]:
    """Sealed files by name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*/*"))
        if path.is_file() and path.parent.name not in ("logs", ".cache")
    }


def test_a_talk_gets_captions_and_the_second_time_nothing_runs(tmp_path: Path) -> None:
    talk = [str(ROOT / "samples" / "talk.mp4"), "--text", str(ROOT / "samples" / "talk.txt")]
    first = cuecast(tmp_path, "caption", *talk, "--out", "it's 100% [mine]")
    assert first.returncode == 0, first.stderr
    assert "1 of 1 done" in first.stdout
    assert "it's 100% [mine]/captions/" in first.stdout
    sealed = digests(tmp_path / "it's 100% [mine]")
    made = {"ingest/audio.wav", "align/words.json", "captions/captions.vtt", "report/index.html"}
    assert made <= set(sealed)
    assert not any(name.startswith(("topics/", "clips/")) for name in sealed)
    again = cuecast(tmp_path, "caption", *talk, "--out", "it's 100% [mine]")
    assert again.stdout.startswith("1 of 1 done, nothing had to run")
    assert digests(tmp_path / "it's 100% [mine]") == sealed
