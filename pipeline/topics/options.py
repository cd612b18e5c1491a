"""The `topics:` section of a job file."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.records import record

MOST_TOPICS = 200
LONGEST_TOPIC_MINUTES = 100_000
"""Ten weeks: longer than any recording."""


@record
class TitleModel:
    """A language model that names topics, behind an endpoint that speaks OpenAI's chat protocol.

    `url` ends with /v1 as a rule; `key_env` names the environment variable that holds the key.
    """

    url: str
    model: str
    key_env: str | None = None
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"not an address: {self.url!r}; write http://… or https://…")


@record
class TopicOptions:
    """The `topics:` section.

    `count` is the number of topics, or `auto` to find it; or `every_minutes` is their mean length.
    `levels: 1` leaves out subtopics. `embedder` is a sentence model in ONNX, a folder or a name in
    the hub's cache, whose embeddings are then used as evidence. `titles` has a language model name
    the topics; if it fails, they keep the titles made from their words.
    """

    count: Literal["auto"] | Annotated[int, Field(ge=1, le=MOST_TOPICS)] = "auto"
    every_minutes: Annotated[float, Field(gt=0, le=LONGEST_TOPIC_MINUTES)] | None = None
    levels: Literal[1, 2] = 2
    embedder: str | None = None
    titles: TitleModel | None = None

    def __post_init__(self) -> None:
        if self.every_minutes is not None and self.count != "auto":
            raise ValueError("count and every_minutes both say how many topics; keep one of them")
