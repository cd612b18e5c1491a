"""Checks before a run: for each stage the questions about what an item names.

An item that names only its files has none. Engines are checked in `engine_checks.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from pipeline.aligners.options import AlignerAsked, AlignOptions
from pipeline.clips.options import ClipOptions
from pipeline.codec import from_plain
from pipeline.errors import CuecastError, MediaError
from pipeline.job.preflight import Question
from pipeline.job.stage import Item
from pipeline.media.options import AudioOptions
from pipeline.recognizers.options import TranscribeOptions, TranslateOptions
from pipeline.topics.options import TopicOptions

ENGINES = "pipeline.stages.engine_checks"
HERE = "pipeline.stages.preflight"

T = TypeVar("T")


def check_ingest(item: Item) -> Iterator[Question]:
    """Whether the recording has the stream or channel that is named."""
    audio = _read(item, "audio", AudioOptions)
    if audio != AudioOptions():
        n_speakers = len(item.options["speakers"]) if audio.channel == "speakers" else 0
        arguments = (item.id, item.sources["media"], audio, n_speakers)
        yield Question(f"{HERE}:look_at_sound", arguments, fails="item")


def check_transcribe(item: Item) -> Iterator[Question]:
    """The recogniser, its model and device, and whether it knows the language."""
    options, language = _read(item, "transcribe", TranscribeOptions), item.options["language"]
    if options != TranscribeOptions() or language not in (None, "en"):
        arguments = (options, language, "text" in item.sources)
        yield Question(f"{ENGINES}:check_recognizer", arguments)


def check_translate(item: Item) -> Iterator[Question]:
    """The model that translates."""
    model = _read(item, "translate", TranslateOptions).model
    listens = _read(item, "transcribe", TranscribeOptions)
    yield Question(f"{ENGINES}:check_translator", (listens, model, item.options["language"]))


def check_align(item: Item) -> Iterator[Question]:
    """The aligner, its model and the vocabulary."""
    options = _read(item, "align", AlignOptions)
    if options != AlignOptions():
        listens = _read(item, "transcribe", TranscribeOptions)
        asked = AlignerAsked(
            engine=options.engine,
            model=options.model,
            device=options.device,
            compute_type=options.compute_type,
            vocabulary=tuple(options.vocabulary.items()),
        )
        arguments = (asked, listens, item.options["language"])
        yield Question(f"{ENGINES}:check_aligner", arguments)


def check_topics(item: Item) -> Iterator[Question]:
    """The models that find topics and name them."""
    options = _read(item, "topics", TopicOptions)
    if options.embedder:
        yield Question(f"{ENGINES}:check_embedder", (options.embedder,))
    if options.titles is not None:
        titles = options.titles
        yield Question(f"{ENGINES}:check_titles", (titles.url, titles.model, titles.key_env))


def check_clips(item: Item) -> Iterator[Question]:
    """Fonts, music and encoder of the clips, and the aligner that checks them."""
    options = _read(item, "clips", ClipOptions)
    for key, path in item.sources.items():
        if key.startswith(("font", "fallback")):
            yield Question(f"{HERE}:look_at_font", (path,))
        elif key in ("intro", "outro"):
            yield Question(f"{HERE}:look_at_bed", (path,))
    if options.encoder != "auto":
        yield Question(f"{HERE}:look_at_encoder", (options.encoder,))
    if _read(item, "align", AlignOptions).model:
        yield from check_align(item)


# --- answers, in separate processes -------------------------------------------------------------


def look_at_sound(
    item: str, path: Path, audio: AudioOptions, n_speakers: int
) -> Iterator[CuecastError]:
    """Whether a recording has the stream and the channels that are named."""
    from pipeline.media.decode import check_channel
    from pipeline.media.probe import probe_audio

    track = probe_audio(path, audio.stream)
    check_channel(path, track, audio)
    if n_speakers > track.n_channels:
        problem = f"{n_speakers} speakers, but {track.n_channels} channels"
        yield MediaError(item, problem, "name a speaker for each channel, in their order")


def look_at_font(path: Path) -> Iterator[CuecastError]:
    """Whether a font can be used."""
    from pipeline.media.fonts import open_fonts

    open_fonts(path)
    yield from ()


def look_at_bed(path: Path) -> Iterator[CuecastError]:
    """Whether a sound can be used as music under a clip."""
    from pipeline.media.beds import LONGEST_S, make_bed

    with TemporaryDirectory() as folder:
        make_bed(path, LONGEST_S, 0.0, is_intro=True, made=Path(folder) / "bed.wav")
    yield from ()


def look_at_encoder(encoder: Any) -> Iterator[CuecastError]:
    """Whether an encoder that is named works on this machine."""
    from pipeline.media.encoder import choose_encoder

    choose_encoder(encoder)
    yield from ()


def _read(item: Item, section: str, kind: type[T]) -> T:
    return from_plain(item.options[section], kind, f"{item.id}: {section}")
