"""Choose the device of CTranslate2 models: a GPU if there is one that works, else the CPU.

How a model is loaded is its engine's matter.
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
"""In loading order: the second depends on the first, CTranslate2 on the second."""

_REMEDY = "see `cuecast doctor`, or set another device or compute_type"

T = TypeVar("T")

logger = logging.getLogger(__name__)


def load_on_device(request: EngineRequest, load: Callable[[str, str], T]) -> tuple[T, str]:
    """The result of `load(device, compute_type)`, and the device that it succeeded on.

    If a GPU doesn't work, the CPU is used with a warning, unless the GPU was asked for.

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
        except Exception as error:  # the tokenizer's library raises plain Exception
            if device == "cuda" and request.device == "auto":
                logger.warning("the GPU can't be used (%s): the CPU does the work", error)
                continue
            raise EngineError(
                where, f"can't be loaded on {device} ({first_line(error)})",
                _REMEDY,
            ) from error  # fmt: skip
    raise EngineError(where, "found no device", "set device: cpu")


def find_devices(request: EngineRequest) -> tuple[str, ...]:
    """The devices that the requested one stands for, best first.

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
    """An error for each of device and compute type that this machine does not support.

    Args:
        section: the job's section that names them.
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
    """Load cuBLAS before CTranslate2 needs it; whether it was found.

    The wheel of the `cuda` extra is not on the loader's path, so it is loaded by its file's path;
    without it, the system's library is taken.
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
    """The total memory of a card, free or not; None without a driver or such a card.

    It asks the driver directly, so that no CUDA library is needed.
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
    """The first line of an error's message."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _choose_type(device: str) -> str:
    """The fastest compute type that the device supports."""
    import ctranslate2

    supported = ctranslate2.get_supported_compute_types(device)
    return next((kind for kind in _BEST_TYPES[device] if kind in supported), "default")
