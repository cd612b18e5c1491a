"""A job file to a `Job`: its items, their sources, and the options that hold for each.

What may stand in one is `job_file.py`'s matter.
"""

import glob
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.clips.options import ClipOptions
from pipeline.codec import from_plain, to_plain
from pipeline.job.stage import Item, Job
from pipeline.job_file import SECTIONS, ItemEntry, JobFile, validate
from pipeline.records import Plain
from pipeline.slugs import format_slug
from pipeline.yaml_file import YamlFile, read_yaml

MODELS = (
    ("transcribe", "model"), ("translate", "model"), ("align", "model"), ("topics", "embedder"),
)  # fmt: skip
"""Options that name a model, by section and key."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TAKEN_IDS = frozenset({"logs"})
"""Folders of the output tree that are no item's."""


@dataclass(frozen=True, slots=True)
class SingleRequest:
    """What `cuecast caption` and `cuecast clip` ask for without a job file."""

    media: Path
    out: Path | None
    text: Path | None
    language: str | None
    speakers: tuple[str, ...]
    sections: Mapping[str, Plain]
    title: str | None = None


def read_job(path: Path) -> Job:
    """Read a job file.

    Raises:
        ConfigError: the file or something in it is wrong; media that are not there are not.
    """
    file = read_yaml(path)
    _drop_empty_sections(file.plain)
    entry = validate(file)
    root = path.resolve().parent
    output = (root / entry.output).resolve()
    items = tuple(_make_items(file, entry, root, output))
    _check_ids(file, items)
    return Job(output, tuple(item for _, item in items), entry.run)


def make_single_job(request: SingleRequest) -> Job:
    """The job of one item whose folder is the output folder.

    Raises:
        ConfigError: an option's value is not one of those there are.
    """
    media = _tidy(request.media)
    slug = format_slug(media.stem)
    folder = (request.out or Path("out") / slug).absolute()
    entry = ItemEntry(
        media=str(media),
        title=request.title,
        language=request.language,
        speakers=tuple(request.speakers),
    )
    sources = {"media": media}
    if request.text is not None:
        sources["text"] = _tidy(request.text)
    sections = {
        name: to_plain(from_plain(request.sections.get(name, {}), kind, name))
        for name, kind in SECTIONS.items()
    }
    sources |= _find_clip_files(Path.cwd(), sections["clips"])
    item = Item(slug, folder, sources, _make_options(entry, media, sections))
    return Job(folder, (item,))


def _drop_empty_sections(plain: dict[str, Plain]) -> None:
    """A section's name with nothing under it means its defaults."""
    entries = plain.get("items")
    for sections in [plain, *(entries if isinstance(entries, list) else [])]:
        for name in {*SECTIONS, "run", "audio"}:
            if isinstance(sections, dict) and name in sections and sections[name] is None:
                del sections[name]


# --- one entry, one or more items --------------------------------------------------------------


def _make_items(
    file: YamlFile, job: JobFile, root: Path, output: Path
) -> Iterator[tuple[int, Item]]:
    for index, entry in enumerate(job.items):
        sections = _lay_over(file, index)
        for name, key in MODELS:
            sections[name] = _find_model(root, sections[name], key)
        paths = _find_media(root, entry.media)
        if entry.id is not None and len(paths) > 1:
            problem = f"{len(paths)} files match, and one id can't name them all"
            raise file.error(("items", index, "id"), problem, "leave id out, or name one file")
        for path in paths:
            item_id = entry.id if entry.id is not None else format_slug(path.stem)
            sources = {"media": path, **_find_clip_files(root, sections["clips"])}
            if entry.text is not None:
                sources["text"] = _tidy(root / entry.text.replace("{stem}", path.stem))
            options = _make_options(entry, path, sections)
            yield index, Item(item_id, output / item_id, sources, options)


def _find_model(root: Path, section: Mapping[str, Plain], key: str) -> dict[str, Plain]:
    """A model is looked for beside the job file first; any other stays the name it is."""
    model = section[key]
    if not model or not _is_there(root / model):
        return dict(section)
    return {**section, key: str(_tidy(root / model))}


def _find_clip_files(root: Path, section: Mapping[str, Plain]) -> dict[str, Path]:
    """Fonts and sounds that clips are made with, as sources of the item."""
    clips = from_plain(section, ClipOptions, "clips")
    named = {"font": clips.look.font, "intro": clips.intro, "outro": clips.outro}
    fallback = {f"fallback_{number}": name for number, name in enumerate(clips.look.fallback, 1)}
    return {key: _tidy(root / name) for key, name in {**named, **fallback}.items() if name}


def _find_media(root: Path, pattern: str) -> list[Path]:
    """The files an entry means: one of that very name, else those that match, else that name."""
    path = _tidy(root / pattern)
    if not glob.has_magic(pattern) or _is_there(path):
        return [path]
    # Path.glob takes no pattern with `..` at its start or a root of its own.
    found = sorted(glob.glob(pattern, root_dir=root, recursive=True))  # noqa: PTH207
    return [_tidy(root / name) for name in found if (root / name).is_file()] or [path]


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long for one file may still be a pattern
        return False


def _tidy(path: Path) -> Path:
    """The absolute path without `..`; a link keeps its own name, by which a person knows it."""
    return path.parent.resolve() / path.name


def _lay_over(file: YamlFile, index: int) -> dict[str, Plain]:
    """The sections that hold for an item: its own keys, then the job's, then the defaults."""
    job = file.plain
    own = job["items"][index]
    place = file.place(("items", index))
    return {
        name: to_plain(from_plain({**job.get(name, {}), **own.get(name, {})}, kind, place))
        for name, kind in SECTIONS.items()
    }


def _make_options(entry: ItemEntry, media: Path, sections: Mapping[str, Plain]) -> dict[str, Plain]:
    return {
        "audio": to_plain(entry.audio),
        "language": entry.language,
        "speakers": list(entry.speakers),
        "title": entry.title if entry.title is not None else _format_title(media.stem),
        **sections,
    }


def _format_title(stem: str) -> str:
    """A file's stem as a person would write it: `my_talk-01` is "My talk 01"."""
    title = " ".join(re.split(r"[\s_-]+", stem)).strip()
    return title[:1].upper() + title[1:]


def _check_ids(file: YamlFile, items: tuple[tuple[int, Item], ...]) -> None:
    item_by_id: dict[str, Item] = {}
    for index, item in items:
        where = ("items", index, "id")
        if not _ID.fullmatch(item.id):
            problem = f"{item.id!r} can't name a folder"
            raise file.error(where, problem, "use letters, digits, - and _, 100 at most")
        if item.id.casefold() in _TAKEN_IDS:
            problem = f"{item.id!r} is the name of another folder in the output"
            raise file.error(where, problem, "give it another id")
        other = item_by_id.setdefault(item.id.casefold(), item)
        if other is not item:
            problem = f"{item.id!r} is already the id of {other.sources['media'].name}"
            raise file.error(where, problem, "give each item an id of its own")
