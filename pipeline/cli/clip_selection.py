"""The options of `cuecast clip` that select clips, turned into sections of a job file.

`pipeline/clips/requests.py` defines and checks the request for one clip.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import ConfigError

WAYS = "--from and --to, --start and --end, --query, --highlights, --topics or --whole"


@dataclass(frozen=True, slots=True)
class ClipSelection:
    """Which parts of a recording become clips: one of several ways to select, and its limits."""

    first_quote: Annotated[
        str | None, typer.Option("--from", help="A quote from the clip's first words.")
    ] = None
    last_quote: Annotated[
        str | None, typer.Option("--to", help="A quote from the clip's last words.")
    ] = None
    start: Annotated[str | None, typer.Option(help="Where the clip starts: 1:02:03.5.")] = None
    end: Annotated[str | None, typer.Option(help="Where the clip ends.")] = None
    query: Annotated[str | None, typer.Option(help="Words: the passage that is about them.")] = None
    highlights: Annotated[int | None, typer.Option(help="How many of the best passages.")] = None
    topics: Annotated[
        str | None, typer.Option(metavar="N", help="A clip a topic: how many there are, or auto.")
    ] = None
    whole: Annotated[bool, typer.Option("--whole", help="All of the recording.")] = False
    title: Annotated[str | None, typer.Option(help="What the clip is called.")] = None
    speaker: Annotated[
        str | None, typer.Option(help="Whose words quotes, query and highlights are found in.")
    ] = None
    expand: Annotated[
        str | None,
        typer.Option(help="Widen it to none, sentence or answer."),
    ] = None
    min_s: Annotated[float | None, typer.Option(help="How short a chosen clip may be.")] = None
    max_s: Annotated[float | None, typer.Option(help="How long a chosen clip may be.")] = None


def make_selection_sections(wanted: ClipSelection, media: Path) -> dict[str, dict[str, Any]]:
    """The `topics` and `clips` sections that a job file would have.

    Raises:
        ConfigError: not exactly one way is given, an option doesn't go with it, or a value is
            invalid.
    """
    way = _find_way(wanted)
    _refuse_idle(wanted, way)
    lengths = _drop_unasked({"min_s": wanted.min_s, "max_s": wanted.max_s})
    if way == "whole":
        return {"topics": {}, "clips": {"select": "whole"}}
    if way == "topics":
        return {"topics": {"count": _read_count(wanted)}, "clips": {"select": "topics", **lengths}}
    return {"topics": {}, "clips": {"select": [_make_request(wanted, way, media)], **lengths}}


def _find_way(wanted: ClipSelection) -> str:
    """The way that is given, named by its main option."""
    is_answer = wanted.expand == "answer"
    given = {
        "from": (wanted.first_quote, wanted.last_quote),
        "start": (wanted.start, wanted.end),
        "query": (wanted.query,),
        "highlights": (wanted.highlights,),
        "topics": (wanted.topics,),
        "whole": (wanted.whole or None,),
    }
    ways = [way for way, values in given.items() if any(value is not None for value in values)]
    if len(ways) == 1:
        values = given[ways[0]]
        is_open = ways[0] == "from" and is_answer and wanted.first_quote is not None
        if None not in values or is_open:
            return ways[0]
    raise ConfigError("clip", "which stretch is not clear", f"give {WAYS}")


def _refuse_idle(wanted: ClipSelection, way: str) -> None:
    """Refuse options that have no effect on the given way."""
    is_chosen = way in ("query", "highlights", "topics")
    takes = {
        "--title": way not in ("highlights", "topics"),
        "--speaker": way in ("from", "query", "highlights"),
        "--expand": way in ("from", "start", "query"),
        "--min-s": is_chosen,
        "--max-s": is_chosen or wanted.expand == "answer",
    }
    given = (wanted.title, wanted.speaker, wanted.expand, wanted.min_s, wanted.max_s)
    for (option, is_taken), value in zip(takes.items(), given, strict=True):
        if value is not None and not is_taken:
            raise ConfigError(option, f"means nothing with --{way}", "leave one of them out")


def _make_request(wanted: ClipSelection, way: str, media: Path) -> dict[str, Any]:
    """One entry of `select:`."""
    from pipeline.clips.requests import ClipRequest
    from pipeline.codec import from_plain

    title = wanted.title
    if title is None and way == "from":
        title = wanted.first_quote
    if title is None and way == "start":
        title = f"{media.stem} {wanted.start}"
    asked = {
        "title": title, "from": wanted.first_quote, "to": wanted.last_quote,
        "start": wanted.start, "end": wanted.end, "query": wanted.query,
        "highlights": wanted.highlights, "speaker": wanted.speaker, "expand": wanted.expand,
    }  # fmt: skip
    request = _drop_unasked(asked)
    # Checked here, so that the error names the command and not a job file.
    from_plain(request, ClipRequest, "clip")
    return request


def _read_count(wanted: ClipSelection) -> int | str:
    from pipeline.topics.options import MOST_TOPICS

    count = wanted.topics or ""
    if count == "auto":
        return count
    if not count.isdecimal() or not 1 <= int(count) <= MOST_TOPICS:
        remedy = f"give a number up to {MOST_TOPICS}, or auto"
        raise ConfigError("--topics", f"{count!r} is no number of topics", remedy)
    return int(count)


def _drop_unasked(asked: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if value is not None}
