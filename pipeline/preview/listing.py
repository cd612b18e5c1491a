"""The list of all reports below a folder: its index.html, and what `cuecast serve` shows first."""

from dataclasses import dataclass

from pipeline.preview.html import render_html

IS_LISTING = b'<meta name="generator" content="cuecast list">'
"""What such a page, and no other file, has in its head."""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One item; `address` is that of its report, None if it has none yet.

    `state` and `error` are those of the last run.
    """

    id: str
    title: str
    address: str | None = None
    state: str | None = None
    error: str | None = None
    duration_ms: int | None = None
    n_words: int | None = None
    n_doubtful: int | None = None
    n_clips: int | None = None
    reasons: tuple[str, ...] = ()


def make_listing(name: str, items: tuple[ListedItem, ...]) -> str:
    """The page that lists the items; their text is escaped."""
    return render_html("listing", name=name, items=items)
