"""Arrays mapped from files: what was read of one need not stay in memory."""

import mmap

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
