"""What a job may ask of the recogniser."""

from typing import Literal

from pipeline.records import record


@record
class TranscribeOptions:
    """The `transcribe:` section.

    `engine: auto` takes faster-whisper if its model is already here, else the embedded engine.
    `model` is a folder or a name; `compute_type` is CTranslate2's (int8, float16, …) or auto.
    """

    engine: Literal["auto", "faster_whisper", "pocketsphinx", "scripted"] = "auto"
    model: str = "small"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"
