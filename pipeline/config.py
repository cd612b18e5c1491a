"""Turns a job file into a `Job`: its items, their sources, and the options of each.

`job_file.py` defines and checks the keys of a job file; `single_item.py` makes a job of one item
without a file.
"""

import glob
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.clips.options import ClipOptions
from pipeline.codec import from_plain, to_plain
from pipeline.errors import ConfigError
from pipeline.job.stage import Item, Job
from pipeline.job_file import SECTIONS, ItemEntry, JobFile, validate
from pipeline.paths import (
    NOT_FETCHED,
    exists,
    expand_home,
    find_length_problem,
    is_address,
    tidy,
)
from pipeline.records import Plain
from pipeline.slugs import format_slug
from pipeline.yaml_file import YamlFile, read_yaml

MODELS = (
    ("transcribe", "model"), ("translate", "model"), ("align", "model"), ("topics", "embedder"),
)  # fmt: skip
"""Options whose value names a model: section and key."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TAKEN_IDS = frozenset({"logs"})
"""Names of the job's own folders, which no id may be."""


def read_job(path: Path) -> Job:
    """Read a job file.

    Raises:
        ConfigError: lists everything that is wrong in the file. A missing source file is no error
            here, but a pattern that no file matches is.
    """
    file = read_yaml(path)
    _drop_empty_sections(file.plain)
    entry = validate(file)
    if entry is None:
        file.check()
    assert entry is not None  # or `check` has raised
    root = path.resolve().parent
    output = _find_output(file, root, entry.output)
    items = tuple(_make_items(file, entry, root, output))
    _check_ids(file, items)
    file.check()
    return Job(output, tuple(item for _, item in items), entry.run)


def _drop_empty_sections(plain: dict[str, Plain]) -> None:
    """Remove sections without a value, so that their defaults hold."""
    entries = plain.get("items")
    for sections in [plain, *(entries if isinstance(entries, list) else [])]:
        for name in {*SECTIONS, "run", "audio"}:
            if isinstance(sections, dict) and name in sections and sections[name] is None:
                del sections[name]


# --- one entry, one or more items --------------------------------------------------------------


def _find_output(file: YamlFile, root: Path, name: str) -> Path:
    place = ("output",)
    if is_address(name):
        file.refuse(place, "an address is no folder", "name a folder on this machine")
    try:
        output = (root / expand_home(name)).resolve()
    except (OSError, RuntimeError):  # links that go round in a circle
        file.refuse(place, "links in it lead nowhere", "name another folder")
        return root
    if problem := find_length_problem(output):
        file.refuse(place, problem, "shorten it")
    return output


def _make_items(
    file: YamlFile, job: JobFile, root: Path, output: Path
) -> Iterator[tuple[int, Item]]:
    for index, entry in enumerate(job.items):
        sections = lay_over(file, index)
        if sections is None:
            continue
        for name, key in MODELS:
            place = _place_of(file, index, name, key)
            sections[name] = {
                **sections[name], key: _find_model(file, place, root, sections[name][key])
            }  # fmt: skip
        paths = _find_media(file, index, root, entry.media)
        if entry.id is not None and len(paths) > 1:
            problem = f"{len(paths)} files match, and one id can't name them all"
            file.refuse(("items", index, "id"), problem, "leave id out, or name one file")
            continue
        clip_files = {
            key: _find_file(file, _place_of(file, index, "clips", *keys), root, name)
            for key, keys, name in name_clip_files(sections["clips"])
        }
        for path in paths:
            item_id = entry.id if entry.id is not None else format_slug(path.stem)
            sources = {"media": path, **clip_files}
            if entry.text is not None:
                named = entry.text.replace("{stem}", path.stem)
                sources["text"] = _find_file(file, ("items", index, "text"), root, named)
            options = make_options(entry, path, sections)
            yield index, Item(item_id, output / item_id, sources, options)


def _place_of(file: YamlFile, index: int, *keys: str) -> tuple[str | int, ...]:
    """Where an item's option is set: in the item's own section, or else in the job's."""
    own: tuple[str | int, ...] = ("items", index, *keys)
    return own if file.has(own) else keys


def _find_file(file: YamlFile, place: tuple[str | int, ...], root: Path, name: str) -> Path:
    """The path of a file that the job names; whether it exists is checked when it is needed."""
    if is_address(name):
        file.refuse(place, *NOT_FETCHED)
    return tidy(root / expand_home(name))


def _find_model(
    file: YamlFile, place: tuple[str | int, ...], root: Path, model: str | None
) -> str | None:
    """A model's path if it exists, seen from the job file; else its name, `~` expanded."""
    if not model or not exists(root / expand_home(model)):
        return expand_model(model)
    path = str(tidy(root / expand_home(model)))
    if as_text(path) != path:
        file.refuse(place, "its path is not UTF-8", "rename the folders it is in")
    return path


def expand_model(name: str | None) -> str | None:
    """A model's name or path, `~` expanded."""
    return expand_home(name) if name else name


def name_clip_files(section: Mapping[str, Plain]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The fonts and sounds that clips use: source key, keys in the section, file name."""
    clips = from_plain(section, ClipOptions, "clips")
    named = {"font": ("style", "font"), "intro": ("intro",), "outro": ("outro",)}
    for (source, keys), name in zip(
        named.items(), (clips.look.font, clips.intro, clips.outro), strict=True
    ):
        if name:
            yield source, keys, name
    for number, name in enumerate(clips.look.fallback, 1):
        yield f"fallback_{number}", ("style", "fallback"), name


def _find_media(file: YamlFile, index: int, root: Path, named: str) -> list[Path]:
    """The files of an entry: one of exactly that name, else those that match it as a pattern."""
    place = ("items", index, "media")
    path = _find_file(file, place, root, named)
    pattern = expand_home(named)
    if not glob.has_magic(pattern) or exists(path) or is_address(named):
        return [path]
    # Path.glob takes no absolute pattern, and none that begins with `..`.
    found = sorted(glob.glob(pattern, root_dir=root, recursive=True))  # noqa: PTH207
    files = [tidy(root / name) for name in found if (root / name).is_file()]
    if not files:
        remedy = "check the pattern, which is relative to the job file"
        file.refuse(place, f"no file matches {named!r}", remedy)
    return files


def lay_over(file: YamlFile, index: int) -> dict[str, Plain] | None:
    """The options of an item by section: its own keys over the job's over the defaults.

    None if the merged keys of a section contradict each other.
    """
    job = file.plain
    own = job["items"][index]
    sections: dict[str, Plain] = {}
    for name, kind in SECTIONS.items():
        try:
            laid: object = from_plain({**job.get(name, {}), **own.get(name, {})}, kind, "")
        except ConfigError as error:
            file.refuse(("items", index, name), error.problem, error.remedy)
            return None
        sections[name] = to_plain(laid)
    return sections


def make_options(entry: ItemEntry, media: Path, sections: Mapping[str, Plain]) -> dict[str, Plain]:
    """The options of an item: its own keys, and its sections."""
    return {
        "audio": to_plain(entry.audio),
        "language": entry.language,
        "speakers": list(entry.speakers),
        "title": entry.title if entry.title is not None else _format_title(media.stem),
        **sections,
    }


def _format_title(stem: str) -> str:
    """A readable title from a file's stem: `my_talk-01` is "My talk 01"."""
    title = " ".join(re.split(r"[\s_-]+", as_text(stem))).strip()
    return title[:1].upper() + title[1:]


def as_text(name: str) -> str:
    """A file name as printable text; bytes that are not UTF-8 become �."""
    return os.fsencode(name).decode("utf-8", "replace")


def _check_ids(file: YamlFile, items: tuple[tuple[int, Item], ...]) -> None:
    item_by_id: dict[str, Item] = {}
    for index, item in items:
        where = ("items", index, "id")
        if not _ID.fullmatch(item.id):
            problem = f"{item.id!r} can't name a folder"
            file.refuse(where, problem, "use letters, digits, - and _, 100 at most")
        if item.id.casefold() in _TAKEN_IDS:
            problem = f"{item.id!r} is the name of another folder in the output"
            file.refuse(where, problem, "give it another id")
        other = item_by_id.setdefault(item.id.casefold(), item)
        if other is not item:
            problem = f"{item.id!r} is already the id of {other.sources['media'].name}"
            file.refuse(where, problem, "give each item an id of its own")
