"""The engines' packages and the GPU of this machine, for `cuecast doctor`."""

from importlib.metadata import PackageNotFoundError, version

from pipeline.models.devices import load_cublas, read_memory_bytes
from pipeline.records import record


@record
class EngineStatus:
    """One line of `cuecast doctor`."""

    name: str
    is_available: bool
    detail: str
    remedy: str


def describe_engines() -> tuple[EngineStatus, ...]:
    """The state of each engine's package, and of the GPU."""
    packages = (
        "faster-whisper", "ctranslate2", "moonshine-cpp", "pocketsphinx", "onnxruntime",
        "espeakng-loader",
    )  # fmt: skip
    return (*map(_describe_package, packages), _describe_gpu())


def _describe_package(name: str) -> EngineStatus:
    try:
        return EngineStatus(name, True, version(name), "")
    except PackageNotFoundError:
        return EngineStatus(name, False, "not installed", f"pip install {name}")


def _describe_gpu() -> EngineStatus:
    import ctranslate2

    n_gpus = ctranslate2.get_cuda_device_count()
    if not n_gpus:
        return EngineStatus("GPU", False, "none: the CPU does the work", "install a CUDA 12 driver")
    sizes = (read_memory_bytes(index) or 0 for index in range(n_gpus))
    cards = ", ".join(f"{size / 2**30:.0f} GiB" for size in sizes)
    if not load_cublas():
        detail = f"{n_gpus} CUDA device(s) ({cards}), but no libcublas.so.12"
        return EngineStatus("GPU", False, detail, "pip install 'cuecast[cuda]'")
    kinds = ", ".join(sorted(ctranslate2.get_supported_compute_types("cuda")))
    return EngineStatus("GPU", True, f"{n_gpus} CUDA device(s) ({cards}): {kinds}", "")
