"""What a job may ask of the recogniser."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pipeline.contracts import EngineRequest, Task
from pipeline.records import record
from pipeline.text.languages import find_language

LARGEST_BATCH = 1024
"""Windows of 30 s at a time: far more than any card's memory holds."""
DEFAULT_WHISPER = "small"
"""The model where none is named: the smallest whose words are mostly right."""

_AROUND_HOTWORDS = "\"'.,;:!?()[]{}<>~"
"""What is no part of a hotword, and means something else to engines."""


def _find_code(written: object) -> object:
    """A language's code, before it is compared with those there are."""
    return find_language(written) if isinstance(written, str) else written


@record
class TranscribeOptions:
    """The `transcribe:` section.

    `engine: auto` takes faster-whisper if its model is already here, else an embedded engine:
    pocketsphinx, guided by the text, or moonshine where there is none. Both know English alone.
    `model` is Whisper's, a folder or a name: that one, or nothing runs; where none is named, small.
    `faster_whisper` fetches a model that is not here, `auto` never does.
    `compute_type` is CTranslate2's (int8, float16, …) or auto.
    `batch_size`: windows of 30 s that Whisper hears at a time; auto is as many as fit in the card's
    memory, and one for each thread on a CPU.
    `task: translate` writes down in English what is said in another language, if there is no text;
    Whisper can. For captions in both, see `translate:`.
    `hotwords` are names and terms to listen for (`[Kardashev, Elon Musk]`), 30 words at most for
    Whisper; without a text it is told the tokens of `align.vocabulary` as well; Moonshine takes
    none. `prompt` is for Whisper: text as it might stand before, for its spelling and style. It
    reads some 220 tokens in all, a prompt first. Few words help, many do harm.
    """

    engine: Literal["auto", "faster_whisper", "moonshine", "pocketsphinx", "scripted"] = "auto"
    model: str = ""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"
    batch_size: Literal["auto"] | Annotated[int, Field(ge=1, le=LARGEST_BATCH)] = "auto"
    task: Task = "transcribe"
    hotwords: tuple[str, ...] = ()
    prompt: str = ""

    def __post_init__(self) -> None:
        for phrase in self.hotwords:
            if not all(any(map(str.isalnum, word)) for word in phrase.split() or [""]):
                raise ValueError(f"hotwords: {phrase!r} has a word without a letter or digit")

    @property
    def hotword_tokens(self) -> tuple[str, ...]:
        """The hotwords word by word, each once, without punctuation around them."""
        words = (word for phrase in self.hotwords for word in phrase.split())
        return tuple(dict.fromkeys(word.strip(_AROUND_HOTWORDS) for word in words))

    def request(self, cpus: int, model: str = "") -> EngineRequest:
        """How Whisper, or whoever listens, is to be loaded: this model unless another is named."""
        return EngineRequest(
            model=model or self.model or DEFAULT_WHISPER,
            device=self.device,
            compute_type=self.compute_type,
            batch_size=self.batch_size,
            cpus=cpus,
        )


LARGEST_BATCH = 1024
"""Windows of 30 s at a time: far more than any card's memory holds."""


@record
class TranslateOptions:
    """The `translate:` section: the words once more in another language, for captions in both.

    `to: en`: Whisper translates into English alone. `model` is a folder or a name; if it is not
    given, `transcribe.model`. Not every model has learnt to translate: turbo and distil have not.
    """

    to: Annotated[Literal["en"], BeforeValidator(_find_code, str)] | None = None
    model: str = ""


@record
class AlignerAsked:
    """What a job says of the engine that times words."""

    engine: str
    model: str
    device: str
    compute_type: str
    vocabulary: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
