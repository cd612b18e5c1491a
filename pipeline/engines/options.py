"""What a job may ask of the recogniser."""

from typing import Literal

from pipeline.records import record


@record
class TranscribeOptions:
    """The `transcribe:` section.

    `engine: auto` takes faster-whisper if its model is already here, else the embedded engine.
    `model` is a folder or a name; `compute_type` is CTranslate2's (int8, float16, …) or auto.
    `hotwords` are names and terms to listen for (`[Kardashev, Elon Musk]`).
    """

    engine: Literal["auto", "faster_whisper", "pocketsphinx", "scripted"] = "auto"
    model: str = "small"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"
    hotwords: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for phrase in self.hotwords:
            if not all(any(map(str.isalnum, word)) for word in phrase.split() or [""]):
                raise ValueError(f"hotwords: {phrase!r} has a word without a letter or digit")
