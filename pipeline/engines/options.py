"""What a job may ask of the recogniser."""

from typing import Literal

from pipeline.records import record


@record
class TranscribeOptions:
    """The `transcribe:` section.

    `engine: auto` takes faster-whisper if its model is already here, else the embedded engine.
    `model` is a folder or a name; `compute_type` is CTranslate2's (int8, float16, …) or auto.
    `batch_size`: windows of 30 s that Whisper hears at a time; auto is as many as fit in the card's
    memory, and one for each thread on a CPU.
    `hotwords` are names and terms to listen for (`[Kardashev, Elon Musk]`).
    """

    engine: Literal["auto", "faster_whisper", "pocketsphinx", "scripted"] = "auto"
    model: str = "small"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"
    batch_size: Literal["auto"] | int = "auto"
    hotwords: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.batch_size != "auto" and self.batch_size < 1:
            raise ValueError("batch_size: give 1 or more, or auto")
        for phrase in self.hotwords:
            if not all(any(map(str.isalnum, word)) for word in phrase.split() or [""]):
                raise ValueError(f"hotwords: {phrase!r} has a word without a letter or digit")
