"""What a job may ask of the sound it takes from a recording."""

from typing import Literal

from pipeline.records import record


@record
class AudioOptions:
    """An item's `audio:` section: which audio stream (0 is the first), which channel of it.

    `channel: speakers` hears the mix; each of the named speakers has a channel, in their order,
    which tells who speaks.
    """

    stream: int = 0
    channel: Literal["mix", "speakers"] | int = "mix"

    def __post_init__(self) -> None:
        if self.stream < 0 or (isinstance(self.channel, int) and self.channel < 0):
            raise ValueError("stream and channel count from 0")
