"""The GPU: how much memory a card has, how many windows fit in it, and whose turn it is.

What a card is, `models/devices.py` says.
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
"""Windows heard at a time on a card; more than 32 keep no card busier."""
UNKNOWN_CARD_BATCH = 4
USED_SHARE = 0.85
"""Of a card's memory; the rest is the screen's and the driver's."""
LIBRARIES_BYTES = 800_000_000
"""What CUDA and cuBLAS keep for themselves in a process."""
N_FRAMES = 1500
"""Of the encoder, a window."""
N_TOKENS, BEAMS = 112, 5
"""What a decoder remembers at a time: a quarter of the tokens it could hold, in each beam. So
counted, large-v2 takes what its users say it does: 8 windows on a card of 8 GB."""
TURN_INTERVAL_S = 0.2


def choose_batch_size(memory_bytes: int | None, geometry: Geometry | None, kind: str) -> int:
    """How many windows a card of that memory hears at a time.

    Args:
        kind: the compute type; the weights are as wide as it says, what is computed 2 or 4 bytes.
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
    """Wait until no other process of ours computes on one of the cards; which one, counted from 0.

    The turn ends with the process that has it, however that ends. Without cards nobody waits.
    """
    if not n_cards:
        yield 0
        return
    while True:
        for index in range(n_cards):
            handle = os.open(_turn_path(index), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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


def _turn_path(index: int) -> Path:
    return Path(tempfile.gettempdir()) / f"cuecast-gpu-{index}-{os.getuid()}.turn"
