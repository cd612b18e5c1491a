"""The list of all reports below a folder: what `cuecast serve` shows first."""

from dataclasses import dataclass

from pipeline.preview.html import render_html


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One item; `address` is that of its report, None if it has none yet."""

    id: str
    title: str
    address: str | None = None
    duration_ms: int | None = None
    n_words: int | None = None
    n_clips: int | None = None
    reasons: tuple[str, ...] = ()


def make_listing(name: str, items: tuple[ListedItem, ...]) -> str:
    """The page that lists the items; their text is escaped."""
    return render_html("listing", name=name, items=items)
