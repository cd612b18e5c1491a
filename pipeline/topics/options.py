"""What a job may ask of the topics."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.records import record


@record
class TopicOptions:
    """The `topics:` section: how many topics, or `auto` to find the number."""

    count: Literal["auto"] | Annotated[int, Field(ge=1, le=200)] = "auto"
