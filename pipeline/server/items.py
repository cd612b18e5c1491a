"""The items listed for a served folder: those of the last run, and all others with a report."""

from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from pipeline.codec import read_record
from pipeline.errors import StepError
from pipeline.job.report import read_report
from pipeline.job.store import read_seal
from pipeline.preview.listing import ListedItem
from pipeline.records import AlignmentSummary, ClipList, Media

PAGE = "report/index.html"

T = TypeVar("T")


def find_items(root: Path) -> tuple[ListedItem, ...]:
    """The items in a folder: those of the last run first, in its order.

    A folder that is itself an item's is the only item.
    """
    if (root / PAGE).is_file():
        return (_describe_item(root, root),)
    report = read_report(root)
    names = [item.id for item in report.items if _is_name(item.id)] if report else []
    names += sorted(path.parent.parent.name for path in root.glob(f"*/{PAGE}"))
    return tuple(_describe_item(root, root / name) for name in dict.fromkeys(names))


def _is_name(text: str) -> bool:
    """Whether an item id is the name of a direct subfolder."""
    return text not in ("", ".", "..") and Path(text).name == text


def _describe_item(root: Path, folder: Path) -> ListedItem:
    """The listing entry of an item, from its artifacts; fields without an artifact are None."""
    media = _read(folder / "ingest" / "media.json", Media)
    summary = _read(folder / "align" / "summary.json", AlignmentSummary)
    clips = _read(folder / "clips" / "clips.json", ClipList)
    seal = read_seal(folder / "report")
    page = folder / PAGE
    return ListedItem(
        id=folder.name,
        title=str(seal.identity.options.get("title", folder.name)) if seal else folder.name,
        address=quote(page.relative_to(root).as_posix()) if page.is_file() else None,
        duration_ms=media.duration_ms if media else None,
        n_words=summary.n_words if summary else None,
        n_clips=len(clips.clips) if clips else None,
        reasons=summary.reasons if summary else (),
    )


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return read_record(path, kind)
    except StepError:
        return None
