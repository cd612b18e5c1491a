"""A damaged recording is read as far as it goes or refused in one line; nothing else happens."""

import subprocess
import sys
from pathlib import Path

FIRST_SEED, N_SEEDS = 0, 16
"""Of 26 containers each."""

MAX_S = 400
"""For all of them on a busy machine; on a quiet one they take a dozen seconds."""


def test_any_damage_is_read_or_reported_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.media.damaging"]
    done = subprocess.run(
        [*command, str(FIRST_SEED), str(N_SEEDS), str(tmp_path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        timeout=MAX_S,
        check=False,
    )
    assert done.stdout == ""
    assert done.returncode == 0
