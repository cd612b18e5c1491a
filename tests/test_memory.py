"""Memory given back: of mapped files, which are read again when needed, and what was freed."""

import platform
import re
import resource
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.memory import let_go, trim

N_SAMPLES = 1 << 22
BLOCK_BYTES, N_BLOCKS = 60_000, 2_000
"""Blocks so small are not given back by themselves."""


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


def count_used() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep nothing")
def test_what_was_freed_is_given_back() -> None:
    blocks = [b"x" * (BLOCK_BYTES + number) for number in range(N_BLOCKS)]
    last = blocks.pop()
    kept_bytes = count_used()
    blocks.clear()
    trim()
    assert count_used() < kept_bytes - N_BLOCKS * BLOCK_BYTES * 0.9
    assert last
