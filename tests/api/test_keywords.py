"""Keywords that type checkers know are the keys of a job file, no more and no fewer."""

from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from pipeline.aligners.options import AlignOptions
from pipeline.api.captions import NOT_TAKEN
from pipeline.api.keywords import (
    AlignKeywords,
    CaptionKeywords,
    ClipKeywords,
    ItemKeywords,
    TopicKeywords,
    TranscribeKeywords,
)
from pipeline.captions.options import CaptionOptions
from pipeline.clips.options import ClipOptions
from pipeline.job_file import SECTIONS, ItemEntry, JobFile
from pipeline.recognizers.options import TranscribeOptions
from pipeline.topics.options import TopicOptions

KEYWORDS = {
    TranscribeKeywords: (TranscribeOptions, ()),
    AlignKeywords: (AlignOptions, ()),
    CaptionKeywords: (CaptionOptions, NOT_TAKEN),
    TopicKeywords: (TopicOptions, ("titles",)),
    ClipKeywords: (ClipOptions, ()),
}
"""The record of each function's own section, and its keys that the function does not take."""


def list_values(hint: Any) -> set[object]:
    """The values of every Literal in a type."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return set().union(*map(list_values, get_args(hint)))


@pytest.mark.parametrize("kind", list(KEYWORDS))
def test_keywords_are_the_keys_of_the_section(kind: type) -> None:
    record, left_out = KEYWORDS[kind]
    hints = get_type_hints(kind)
    own = {field.name for field in fields(record)} - set(left_out)
    rest = {*SECTIONS, *ItemEntry.model_fields, *JobFile.model_fields} - {"media", "text", "id"}
    assert own <= set(hints)
    assert set(hints) - own <= rest
    known = get_type_hints(record)
    for name in own:
        assert list_values(hints[name]) == list_values(known[name]), name


def test_what_is_known_of_a_recording_is_that_of_a_job_file() -> None:
    assert set(get_type_hints(ItemKeywords)) <= {*ItemEntry.model_fields, "run"}
