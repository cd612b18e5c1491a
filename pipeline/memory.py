"""Memory that is not needed any more, given back to the system before the process ends."""

import ctypes
import mmap
import sys

import numpy as np
import numpy.typing as npt


def let_go(array: npt.NDArray[np.int16]) -> None:
    """Give back the memory of the file that an array, or a part of it, is mapped from.

    Whoever reads it again gets it from the file. An array that is not mapped stays as it is.
    """
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and hasattr(base, "madvise"):
        base.madvise(mmap.MADV_DONTNEED)


def trim() -> None:
    """Give back what was freed, where the C library keeps it for later: glibc's does."""
    if sys.platform == "linux" and (release := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        release(0)
