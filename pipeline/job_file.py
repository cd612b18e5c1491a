"""The schema of a job file (pydantic models), and its validation errors with file and line.

The options of a section are a record in its package; `yaml_file.py` reads YAML.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from pipeline.aligners.options import AlignOptions
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import OwnProfile
from pipeline.clips.options import ClipOptions, ClipStyle
from pipeline.clips.requests import ClipRequest
from pipeline.codec import split_remedy
from pipeline.errors import did_you_mean
from pipeline.job.options import RunOptions
from pipeline.media.options import AudioOptions
from pipeline.preview.options import ReportOptions
from pipeline.recognizers.options import TranscribeOptions, TranslateOptions
from pipeline.text.languages import find_language
from pipeline.topics.options import TitleModel, TopicOptions
from pipeline.yaml_file import YamlFile

SECTIONS: Mapping[str, type] = {
    "transcribe": TranscribeOptions,
    "translate": TranslateOptions,
    "align": AlignOptions,
    "captions": CaptionOptions,
    "topics": TopicOptions,
    "clips": ClipOptions,
    "report": ReportOptions,
}
"""Sections of a job file that an item may override, with the record of each."""


_KINDS_OF_SECTIONS: Mapping[str, type] = {**SECTIONS, "audio": AudioOptions, "run": RunOptions}


class Sections(BaseModel):
    """The options of the stages, which an item may override key by key."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    transcribe: TranscribeOptions = TranscribeOptions()
    translate: TranslateOptions = TranslateOptions()
    align: AlignOptions = AlignOptions()
    captions: CaptionOptions = CaptionOptions()
    topics: TopicOptions = TopicOptions()
    clips: ClipOptions = ClipOptions()
    report: ReportOptions = ReportOptions()


class ItemEntry(Sections):
    """One entry of `items:`: a recording, or a glob for several."""

    media: Annotated[str, Field(min_length=1, description="A file or a glob; audio or video.")]
    text: Annotated[
        str | None, Field(min_length=1, description="The recording's text; {stem} is the media's.")
    ] = None
    id: Annotated[str | None, Field(description="Default: a slug of the file's name.")] = None
    title: Annotated[str | None, Field(description="Default: the file's name, readable.")] = None
    language: Annotated[
        Annotated[str, AfterValidator(find_language)] | None,
        Field(description="A code such as en, or a name."),
    ] = None
    speakers: Annotated[tuple[str, ...], Field(description="The speakers' names.")] = ()
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


MOST_ROUNDS = 20
"""Most rounds of validation; each drops what is wrong, to find errors that it hid."""


def validate(file: YamlFile) -> JobFile | None:
    """Validate the plain values; a number where text is expected is taken as written (`id: 001`).

    Errors are noted in the file, and the keys at fault dropped to validate the rest. Returns None
    if nothing valid is left.
    """
    left_out: set[tuple[str | int, ...]] = set()
    for _ in range(MOST_ROUNDS):
        try:
            return JobFile.model_validate_json(file.to_json())
        except ValidationError as error:
            problems = error.errors(include_url=False)
        looks_like_text = [p["loc"] for p in problems if p["type"] == "string_type"]
        if sum(file.take_as_written(place) for place in looks_like_text):
            continue
        found = list(_choose_problems(file, problems))
        for problem in found:
            if not _lost_its_key(file, problem, left_out):
                _explain(file, problem)
        if not (dropped := {file.leave_out(problem["loc"]) for problem in found} - {()}):
            return None
        left_out |= dropped
    return None


def _lost_its_key(file: YamlFile, problem: Any, left_out: set[tuple[str | int, ...]]) -> bool:
    """Whether a problem may be due to a key of its section that an earlier round dropped.

    That can be in an entry of a list, a record with required keys.
    """
    place = file.known_part(problem["loc"])
    if problem["type"] in _MISSING:
        return place in left_out
    return isinstance((".", *place)[-1], int) and any(gone[:-1] == place for gone in left_out)


def format_schema() -> dict[str, Any]:
    """The JSON Schema of a job file."""
    schema = JobFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


_MISSING = frozenset({"missing", "missing_argument"})

_KINDS = {
    "too_short": ("is empty", "write at least one, or leave it out"),
    **dict.fromkeys(("list_type", "tuple_type"), ("is no list", "write it as a list: [a, b]")),
    "string_type": ("is no text", "write one, in quotes if need be"),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), ("is no whole number", "write one")
    ),
    **dict.fromkeys(("float_type", "float_parsing"), ("is no number", "write one")),
    "finite_number": ("is no finite number", "write one"),
    **dict.fromkeys(("bool_type", "bool_parsing"), ("is neither true nor false", "write one")),
    **dict.fromkeys(
        ("dict_type", "model_type", "dataclass_type", "mapping_type"),
        ("has no keys", "write its keys below it, each with a value"),
    ),
}
"""Problem and remedy for a value of the wrong type, by pydantic's error type."""

_OTHER_KIND = {"literal_error", *(kind for kind in _KINDS if kind.endswith("_type"))}
"""Error types of a value that this member of a union doesn't take, but another may."""


def _choose_problems(file: YamlFile, problems: list[Any]) -> Iterator[Any]:
    """The problems to report: of a union's, only those of the member that got furthest.

    pydantic's `loc` has the member's name after the union's place; it is not in the file.
    """
    unions: dict[tuple[str | int, ...], list[Any]] = {}
    places = [tuple(problem["loc"]) for problem in problems]
    for problem, place in zip(problems, places, strict=True):
        is_above = any(other[: len(place)] == place != other for other in places)
        if problem["type"] == "too_short" and is_above:
            continue  # a list whose entries are all wrong
        n_known = next((n for n in range(len(place)) if not file.has(place[: n + 1])), len(place))
        is_missing = problem["type"] in _MISSING and n_known == len(place) - 1
        if is_missing or n_known == len(place):
            yield problem
        else:
            unions.setdefault(place[:n_known], []).append(problem)
    for place, complaints in unions.items():
        furthest = max(complaints, key=lambda problem: _depth(file, problem))["loc"][len(place)]
        rest = [one for one in complaints if one["loc"][len(place)] == furthest]
        inner = [{**one, "loc": (*place, *one["loc"][len(place) + 1 :])} for one in rest]
        yield from _choose_problems(file, inner)


def _depth(file: YamlFile, problem: Any) -> tuple[int, bool]:
    """How far a union's member got; a value out of bounds got further than one of a wrong type."""
    return len(file.known_part(problem["loc"])), problem["type"] not in _OTHER_KIND


def _explain(file: YamlFile, problem: Any) -> None:
    """Note a problem in the file, worded for the user."""
    place = file.known_part(problem["loc"])
    if comment := file.commented_value(place):
        key = str(place[-1])
        file.refuse(place, "`#` begins a comment", f'quote it: `{key}: "{comment}"`')
        return
    written = file.spaced_value(place)
    if written.partition(":")[0] in _known_keys(place):
        file.refuse(place, "no space after the colon", f"write `{written}`")
        return
    match problem["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            remedy = _find_remedy(place)
            file.refuse(place, "unknown key", remedy)
        case "missing" | "missing_argument":
            missing = problem["loc"][-1]
            file.refuse(place, f"{missing} is missing", f"add {missing}:")
        case "literal_error":
            expected = problem["ctx"]["expected"]
            file.refuse(place, f"{file.shown(place)} is not known", f"use {expected}")
        case "list_type" | "tuple_type" if file.is_section(place):
            file.refuse(place, "a section is no list", "begin each entry with a dash: `- media: a`")
        case kind if kind in _KINDS:
            what, remedy = _KINDS[kind]
            file.refuse(place, f"{file.shown(place)} {what}", remedy)
        case _:
            what, remedy = split_remedy(problem["msg"].removeprefix("Value error, "))
            file.refuse(place, what[:1].lower() + what[1:], remedy)


def _find_remedy(place: tuple[str | int, ...]) -> str:
    """The remedy for a key that is unknown at its place but may be known at another."""
    key, known = str(place[-1]), _known_keys(place[:-1])
    homes = [name for name, kind in _KINDS_OF_SECTIONS.items() if key in _keys_of(kind)]
    if key in _keys_of(JobFile):
        return f"put {key} at the top level, where output is"
    if key in _keys_of(ItemEntry):
        return f"put {key} under items, beside media"
    if homes and not difflib.get_close_matches(key, known, n=1):
        return f"put {key} under {', '.join(homes[:-1])}{' or ' if homes[1:] else ''}{homes[-1]}"
    return did_you_mean(key, known, "keys here")


def _known_keys(place: tuple[str | int, ...]) -> list[str]:
    """The keys allowed at a place, for suggestions."""
    names = [part for part in place if isinstance(part, str)]
    if names and names[-1] == "select":
        renamed = {"first_quote": "from", "last_quote": "to"}
        return [renamed.get(name, name) for name in _keys_of(ClipRequest)]
    others = {"profile": OwnProfile, "style": ClipStyle, "titles": TitleModel}
    kinds: dict[str, type] = {**_KINDS_OF_SECTIONS, **others}
    if names and names[-1] in kinds:
        return _keys_of(kinds[names[-1]])
    return _keys_of(ItemEntry if names[-1:] == ["items"] else JobFile)


def _keys_of(kind: type) -> list[str]:
    return list(getattr(kind, "model_fields", None) or kind.__dataclass_fields__)  # type: ignore[attr-defined]
