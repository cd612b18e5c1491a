"""What was read of a mapped file goes out of memory, and comes back when it is read again."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.mapped import let_go

N_SAMPLES = 1 << 22


@pytest.fixture
def mapped(tmp_path: Path) -> np.memmap:
    path = tmp_path / "samples"
    np.arange(N_SAMPLES, dtype="<i2").tofile(path)
    return np.memmap(path, "<i2", "r")


def count_resident(path: Path) -> int:
    """Bytes of a mapped file that are in this process's memory."""
    smaps = Path("/proc/self/smaps").read_text()
    found = re.findall(rf"{re.escape(str(path))}\n(?:\w+: .*\n)*?Rss: +(\d+) kB", smaps)
    assert found
    return sum(map(int, found)) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="what is resident is told by Linux")
def test_a_mapped_file_is_let_go_whatever_part_of_it_is_named(mapped: np.memmap) -> None:
    before = mapped.sum(dtype=np.int64)
    assert count_resident(Path(mapped.filename or "")) >= mapped.nbytes
    let_go(mapped[N_SAMPLES // 2 :][5:9])
    assert count_resident(Path(mapped.filename or "")) == 0
    assert mapped.sum(dtype=np.int64) == before


def test_what_is_not_mapped_stays_as_it_is() -> None:
    samples = np.arange(9, dtype=np.int16)
    let_go(samples)
    let_go(samples[3:])
    assert samples.tolist() == list(range(9))
