"""What a job may ask of the sound it takes from a recording."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.records import record

Number = Annotated[int, Field(ge=0, lt=65_536)]
"""Of a stream or a channel, counted from 0; no container numbers more."""


@record
class AudioOptions:
    """An item's `audio:` section: which audio stream (0 is the first), which channel of it.

    `channel: speakers` hears the mix; each of the named speakers has a channel, in their order,
    which tells who speaks.
    """

    stream: Number = 0
    channel: Literal["mix", "speakers"] | Number = "mix"
