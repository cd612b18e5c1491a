"""The job's options for the recogniser and the translation."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pipeline.contracts import EngineRequest, Hints, Task
from pipeline.errors import EngineError
from pipeline.models.installed import find_model
from pipeline.recognizers.table import RecognizerName
from pipeline.records import record
from pipeline.text.bare_words import PUNCTUATION
from pipeline.text.languages import find_language

LARGEST_BATCH = 1024
"""Windows of 30 s at a time: far more than any card's memory holds."""
DEFAULT_WHISPER = "small"
"""The model that is fetched where none is named."""
DEFAULTS_HERE = (DEFAULT_WHISPER, "base")
"""The models taken where none is named, if they are on this machine, best first."""


def find_default_whisper() -> str:
    """The Whisper model where none is named: the best default on this machine, else small."""
    return next(filter(find_model, DEFAULTS_HERE), DEFAULT_WHISPER)


def _find_code(written: object) -> object:
    """The code of a language's name, before validation."""
    return find_language(written) if isinstance(written, str) else written


@record
class TranscribeOptions:
    """The `transcribe:` section.

    `engine: auto` takes faster-whisper if its model is on this machine, else an embedded engine:
    pocketsphinx, guided by the text, or moonshine if there is no text. Both know English only. An
    English text guides pocketsphinx where only `base` is here: it finds as much, in less time.
    `model` is Whisper's, a folder or a name: that one or an error; if none is named, small or base,
    whichever is here.
    `faster_whisper` downloads a model that is missing, `auto` never does.
    `compute_type` is CTranslate2's (int8, float16, …) or auto.
    `batch_size`: windows of 30 s that Whisper decodes at a time; auto is as many as fit in the
    card's memory, and one for each thread on a CPU.
    `task: translate` translates speech in another language to English, if there is no text; only
    Whisper can. For captions in both languages, see `translate:`.
    `hotwords` are names and terms to expect (`[Kardashev, Elon Musk]`), 30 words at most for
    Whisper; without a text it is given the tokens of `align.vocabulary` as well; Moonshine takes
    none. `prompt` is for Whisper: text as if spoken just before, to bias spelling and style. It
    reads some 220 tokens in all, the prompt first. Few words help, many do harm.
    """

    engine: RecognizerName = "auto"
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
        """The single words of the hotwords, each once, without punctuation around them."""
        words = (word for phrase in self.hotwords for word in phrase.split())
        return tuple(dict.fromkeys(word.strip(PUNCTUATION) for word in words))

    def request(self, cpus: int, model: str = "") -> EngineRequest:
        """The request to load the recogniser, with this model unless the job names another."""
        return EngineRequest(
            model=model or self.model or find_default_whisper(),
            device=self.device,
            compute_type=self.compute_type,
            batch_size=self.batch_size,
            cpus=cpus,
        )


TRANSLATED_INTO = "en"
"""The only language that Whisper translates into."""


@record
class TranslateOptions:
    """The `translate:` section: a translation of the speech, for captions in both languages.

    `to: en`: Whisper translates to English only. `model` is a folder or a name, by default
    `transcribe.model`. Not every model can translate: turbo and distil can't.
    """

    to: Annotated[Literal["en"], BeforeValidator(_find_code, str)] | None = None
    model: str = ""


def check_english(engine: str, hints: Hints) -> None:
    """Refuse any other language; if none is given, English is assumed.

    Raises:
        EngineError: a language other than English is given.
    """
    if hints.language not in (None, "en"):
        problem = f"knows English only, not {hints.language!r}"
        raise EngineError(engine, problem, "use `transcribe: {engine: faster_whisper}`")
