"""The `audio:` section of a job file."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.records import record

Number = Annotated[int, Field(ge=0, lt=65_536)]
"""A stream or channel number, counted from 0; no container has more."""


@record
class AudioOptions:
    """An item's `audio:` section: which audio stream (0 is the first), which channel of it.

    `stream: auto` is the one with the container's default flag, as players take it, else the first.
    `channel: speakers` recognises the mix; each of the named speakers has a channel, in their
    order, by which turns are attributed.
    """

    stream: Literal["auto"] | Number = "auto"
    channel: Literal["mix", "speakers"] | Number = "mix"
