"""Sharing a GPU: how many windows fit in its memory, and a lock so that one process uses it.

Finding and checking devices is `models/devices.py`'s matter.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.recognizers.whisper.geometry import Geometry

BATCH_SIZES = (32, 24, 16, 12, 8, 6, 4, 3, 2, 1)
"""Batch sizes to choose from, in windows; more than 32 are no faster."""
UNKNOWN_CARD_BATCH = 4
USED_SHARE = 0.85
"""Share of a card's memory to use; the rest is left to the screen and the driver."""
LIBRARIES_BYTES = 800_000_000
"""What CUDA and cuBLAS allocate in a process."""
N_FRAMES = 1500
"""Encoder frames of a window."""
N_TOKENS, BEAMS = 112, 5
"""Size assumed of the decoder's cache: a quarter of its 448 tokens, in each beam. This gives
large-v2 the batch that its users report: 8 windows on a card of 8 GB."""
TURN_INTERVAL_S = 0.2


def choose_batch_size(memory_bytes: int | None, geometry: Geometry | None, kind: str) -> int:
    """How many windows fit in a card's memory.

    Args:
        kind: the compute type: it sets the bytes of a weight, and 2 or 4 bytes of an activation.
    """
    if memory_bytes is None or geometry is None:
        return UNKNOWN_CARD_BATCH
    wide = 4 if "float32" in kind or kind == "int8" else 2
    weights = geometry.n_weights * (1 if kind.startswith("int8") else wide)
    free = memory_bytes * USED_SHARE - weights - LIBRARIES_BYTES
    keys_and_values = 2 * geometry.n_layers * geometry.width * (N_FRAMES + N_TOKENS * BEAMS)
    window = wide * max(keys_and_values, geometry.n_heads * N_FRAMES * N_FRAMES)
    return next((size for size in BATCH_SIZES if size * window <= free), 1)


@contextmanager
def take_turn(n_cards: int) -> Iterator[int]:
    """Lock one of the cards, and yield its index; wait while other processes of ours use them all.

    The lock ends with the process that holds it, even if that is killed. No cards, no lock.
    """
    if not n_cards:
        yield 0
        return
    while True:
        for index in range(n_cards):
            path = Path(tempfile.gettempdir()) / f"cuecast-gpu-{index}-{os.getuid()}.turn"
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            try:
                yield index
            finally:
                os.close(handle)
            return
        time.sleep(TURN_INTERVAL_S)
