"""Return unused memory to the system before the process ends."""

import ctypes
import mmap
import sys

import numpy as np
import numpy.typing as npt


def let_go(array: npt.NDArray[np.int16]) -> None:
    """Release the memory of the file that an array, or its base, is mapped from.

    Reading it again loads it from the file. An array that is not mapped is left alone.
    """
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and hasattr(base, "madvise"):
        base.madvise(mmap.MADV_DONTNEED)


def trim() -> None:
    """Return freed memory that the C library (glibc) keeps for later use."""
    if sys.platform == "linux" and (release := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        release(0)
