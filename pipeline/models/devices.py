"""Where CTranslate2 models compute: on a GPU when there is one that works, else on the CPU.

What a model is and how it is loaded is its engine's matter.
"""

import ctypes
import logging
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, files
from typing import TypeVar

from pipeline.contracts import EngineRequest
from pipeline.errors import EngineError

_BEST_TYPES = {
    "cuda": ("float16", "bfloat16", "int8_float16", "float32"),
    "cpu": ("int8", "int8_float32", "float32"),
}

_ANY_TYPE = ("auto", "default")

_CUBLAS_WHEEL = "nvidia-cublas-cu12"
_CUBLAS = ("libcublasLt.so.12", "libcublas.so.12")
"""The second needs the first, and CTranslate2 the second."""

_REMEDY = "see `cuecast doctor`, or set another device or compute_type"

T = TypeVar("T")

logger = logging.getLogger(__name__)


def load_on_device(request: EngineRequest, load: Callable[[str, str], T]) -> tuple[T, str]:
    """What `load(device, compute_type)` makes, and the device that took it.

    A GPU that doesn't work is left for the CPU with a warning, unless it was asked for.

    Raises:
        EngineError: the model is broken, or the device can't be used.
    """
    where = f"model {request.model}"
    for device in find_devices(request):
        try:
            kind = _choose_type(device) if request.compute_type == "auto" else request.compute_type
            if device == "cuda":
                load_cublas()
            logger.info("loading %s on %s as %s", request.model, device, kind)
            return load(device, kind), device
        except Exception as error:  # the tokenizer's library raises nothing more special
            if device == "cuda" and request.device == "auto":
                logger.warning("the GPU can't be used (%s): the CPU does the work", error)
                continue
            raise EngineError(
                where, f"can't be loaded on {device} ({first_line(error)})",
                _REMEDY,
            ) from error  # fmt: skip
    raise EngineError(where, "found no device", "set device: cpu")


def find_devices(request: EngineRequest) -> tuple[str, ...]:
    """The devices that the one asked for means, best first.

    Raises:
        EngineError: a GPU was asked for, and there is none.
    """
    import ctranslate2

    has_gpu = bool(ctranslate2.get_cuda_device_count())
    if request.device == "cuda" and not has_gpu:
        problem = "can't be loaded on cuda (no CUDA device was found)"
        raise EngineError(f"model {request.model}", problem, _REMEDY)
    if request.device != "auto":
        return (request.device,)
    return ("cuda", "cpu") if has_gpu else ("cpu",)


def check_device(section: str, device: str, compute_type: str) -> Iterator[EngineError]:
    """What of a named device and type of numbers can't be had here.

    Args:
        section: of the job, that they stand in.
    """
    import ctranslate2

    has_gpu = bool(ctranslate2.get_cuda_device_count())
    if device == "cuda" and not (has_gpu and load_cublas()):
        problem = "no library libcublas.so.12 for it" if has_gpu else "no CUDA device was found"
        yield EngineError(f"{section}.device: cuda", problem, "use auto, or see `cuecast doctor`")
        return
    place = device if device != "auto" else "cuda" if has_gpu else "cpu"
    known = sorted(ctranslate2.get_supported_compute_types(place))
    if compute_type not in (*_ANY_TYPE, *known):
        where, problem = f"{section}.compute_type", f"{place} can't compute in {compute_type!r}"
        yield EngineError(where, problem, f"use auto, or one of {', '.join(known)}")


def load_cublas() -> bool:
    """Load the CUDA library that CTranslate2 will ask for by name; whether there is one.

    The wheel of the `cuda` extra lies where no loader looks, so it is loaded by its path; without
    it the system's is taken.
    """
    try:
        paths = {file.name: str(file.locate()) for file in files(_CUBLAS_WHEEL) or ()}
    except PackageNotFoundError:
        paths = {}
    try:
        for name in _CUBLAS:
            ctypes.CDLL(paths.get(name, name))
    except OSError:
        return False
    return True


def read_memory_bytes(index: int) -> int | None:
    """All the memory of a card, whoever uses it; None without a driver or such a card.

    The driver is asked directly: no CUDA library has to be there.
    """
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    card, size = ctypes.c_int(), ctypes.c_size_t()
    answers = (
        driver.cuInit(0),
        driver.cuDeviceGet(ctypes.byref(card), index),
        driver.cuDeviceTotalMem_v2(ctypes.byref(size), card),
    )
    return None if any(answers) else size.value


def first_line(error: Exception) -> str:
    """What went wrong, as part of one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _choose_type(device: str) -> str:
    """The fastest type the device computes in."""
    import ctranslate2

    supported = ctranslate2.get_supported_compute_types(device)
    return next((kind for kind in _BEST_TYPES[device] if kind in supported), "default")
