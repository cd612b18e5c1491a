"""What may stand in a job file, and what is wrong in one: a line with the place it is at.

What a section may say is its room's options record; how YAML is read is `yaml_file.py`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.alignment.options import AlignOptions
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import OwnProfile
from pipeline.clips.options import ClipOptions
from pipeline.clips.requests import ClipRequest
from pipeline.engines.options import TranscribeOptions, TranslateOptions
from pipeline.errors import ConfigError
from pipeline.job.options import RunOptions
from pipeline.media.options import AudioOptions
from pipeline.topics.options import TopicOptions
from pipeline.yaml_file import YamlFile

SECTIONS: Mapping[str, type] = {
    "transcribe": TranscribeOptions,
    "translate": TranslateOptions,
    "align": AlignOptions,
    "captions": CaptionOptions,
    "topics": TopicOptions,
    "clips": ClipOptions,
}
"""Sections of a job file that an item may overlay, by the record that owns each."""


class Sections(BaseModel):
    """What a job says of its stages, and an item may say otherwise, key by key."""

    model_config = ConfigDict(extra="forbid", strict=True)

    transcribe: TranscribeOptions = TranscribeOptions()
    translate: TranslateOptions = TranslateOptions()
    align: AlignOptions = AlignOptions()
    captions: CaptionOptions = CaptionOptions()
    topics: TopicOptions = TopicOptions()
    clips: ClipOptions = ClipOptions()


class ItemEntry(Sections):
    """One entry of `items:`: a recording, or a glob for several."""

    media: Annotated[str, Field(min_length=1, description="A file or a glob; audio or video.")]
    text: Annotated[
        str | None, Field(min_length=1, description="What was said; {stem} is the media's.")
    ] = None
    id: Annotated[str | None, Field(description="Default: a slug of the file's name.")] = None
    title: Annotated[str | None, Field(description="Default: the file's name, readable.")] = None
    language: Annotated[str | None, Field(description="A code such as en.")] = None
    speakers: Annotated[tuple[str, ...], Field(description="Who takes turns.")] = ()
    audio: AudioOptions = AudioOptions()

    @model_validator(mode="after")
    def _check_speakers(self) -> Self:
        if self.audio.channel == "speakers" and len(self.speakers) < 2:
            raise ValueError("channel: speakers needs two speakers or more, in the channels' order")
        return self


class JobFile(Sections):
    """A cuecast job. All paths are relative to the file."""

    output: Annotated[str, Field(min_length=1, description="One folder an item in it.")]
    items: Annotated[tuple[ItemEntry, ...], Field(min_length=1)]
    run: RunOptions = RunOptions()


def validate(file: YamlFile) -> JobFile:
    """Check the plain values; a number where text is due is taken as it was written (`id: 001`).

    Raises:
        ConfigError: something in it is wrong.
    """
    while True:
        try:
            return JobFile.model_validate_json(file.to_json())
        except ValidationError as error:
            problems = error.errors(include_url=False)
            looks_like_text = [p["loc"] for p in problems if p["type"] == "string_type"]
            if not sum(file.take_as_written(place) for place in looks_like_text):
                raise _explain(file, problems) from error


def format_schema() -> dict[str, Any]:
    """The JSON Schema of a job file."""
    schema = JobFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


_KINDS = {
    "too_short": ("is empty", "write at least one, or leave it out"),
    **dict.fromkeys(("list_type", "tuple_type"), ("is no list", "write it as a list: [a, b]")),
    "string_type": ("is no text", "write one, in quotes if need be"),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), ("is no whole number", "write one")
    ),
    **dict.fromkeys(("float_type", "float_parsing"), ("is no number", "write one")),
    **dict.fromkeys(("bool_type", "bool_parsing"), ("is neither true nor false", "write one")),
    **dict.fromkeys(
        ("dict_type", "model_type", "dataclass_type", "mapping_type"),
        ("has no keys", "write its keys below it, each with a value"),
    ),
}
"""What is wrong with a value of another kind, and what to do, by pydantic's name for it."""


def _explain(file: YamlFile, problems: list[Any]) -> ConfigError:
    """The problem that lies deepest: of a union's complaints, the one that got furthest.

    Of those at one place, what a record says of its values got further than that it is no name.
    """

    def depth(problem: Any) -> tuple[int, bool]:
        return len(file.known_part(problem["loc"])), problem["type"] == "value_error"

    worst = max(problems, key=depth)
    place = file.known_part(worst["loc"])
    missing = worst["loc"][-1]
    match worst["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return file.unknown_key(worst["loc"], _known_keys(place[:-1]))
        case "missing" | "missing_argument":
            return file.error(place, f"{missing} is missing", f"add {missing}:")
        case "literal_error":
            expected = worst["ctx"]["expected"]
            return file.error(place, f"{file.shown(place)} is not known", f"use {expected}")
        case kind if kind in _KINDS:
            problem, remedy = _KINDS[kind]
            return file.error(place, f"{file.shown(place)} {problem}", remedy)
        case _:
            message = worst["msg"].removeprefix("Value error, ")
            return file.error(place, message[:1].lower() + message[1:], "mend the value")


def _known_keys(place: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a place, for a suggestion."""
    names = [part for part in place if isinstance(part, str)]
    if names and names[-1] == "select":
        renamed = {"first_quote": "from", "last_quote": "to"}
        return [renamed.get(name, name) for name in ClipRequest.__dataclass_fields__]
    others = {"audio": AudioOptions, "run": RunOptions, "profile": OwnProfile}
    kinds: dict[str, type] = {**SECTIONS, **others}
    if names and names[-1] in kinds:
        return list(kinds[names[-1]].__dataclass_fields__)  # type: ignore[attr-defined]
    return list((ItemEntry if names[-1:] == ["items"] else JobFile).model_fields)
