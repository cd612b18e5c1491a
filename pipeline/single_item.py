"""One recording as a job, without a job file: its options are given as keywords.

They are those of a job file's item, and are checked by the same code (`job_file.py`).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pipeline.codec import from_plain
from pipeline.config import MODELS, expand_model, lay_over, make_options, name_clip_files
from pipeline.errors import ConfigError
from pipeline.job.stage import Item, Job
from pipeline.job_file import JobFile, validate
from pipeline.paths import check_source, expand_home, find_length_problem, tidy
from pipeline.records import Plain
from pipeline.slugs import format_slug
from pipeline.yaml_file import Place, YamlFile

T = TypeVar("T")

_ITEM: Place = ("items", 0)

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""Characters that no option can hold: its text goes into UTF-8 files."""


class Keywords(YamlFile):
    """The options of one item, given as Python values: errors name the option, not a line."""

    def __init__(self, options: Mapping[str, object]) -> None:
        """Take the options of an item of a job file by key, and `run`.

        Raises:
            ConfigError: a value is of no kind that a job file can hold.
        """
        self._value_by_place: dict[tuple[str | int, ...], Plain] = {}
        super().__init__(Path(), {}, {}, {}, [], [])
        own = {key: value for key, value in options.items() if key != "run"}
        whole: dict[str, object] = {"output": "out", "items": [{"media": "media", **own}]}
        if "run" in options:
            whole["run"] = options["run"]
        self.plain = self._take(whole, ())

    def place(self, place: Place) -> str:
        """The option's name, as "section.key"."""
        keys = [part for part in place[2:] if place[:2] == _ITEM] or list(place)
        name = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
        return name.removeprefix(".")

    def shown(self, place: Place) -> str:
        """A value as Python writes it, or the kind of one with parts."""
        value = self._value_by_place[tuple(place)]
        if isinstance(value, list | dict):
            return "a list" if isinstance(value, list) else "a section"
        return repr(value)

    def is_section(self, place: Place) -> bool:
        """Whether there are keys at a place."""
        return isinstance(self._value_by_place.get(tuple(place)), dict)

    def _take(self, value: object, place: tuple[str | int, ...]) -> Plain:
        """A value as plain JSON values, each noted with its place."""
        self._line_by_place[place] = 1
        match value:
            case Mapping():
                taken: Plain = {
                    str(key): self._take(part, (*place, str(key))) for key, part in value.items()
                }
            case list() | tuple():
                taken = [self._take(part, (*place, index)) for index, part in enumerate(value)]
            case os.PathLike():
                taken = self._take(os.fspath(value), place)
            case str() if _NO_TEXT.search(value):
                raise ConfigError(self.place(place), "not UTF-8 text", "write it in UTF-8")
            case None | bool() | int() | float() | str():
                taken = value
            case _:
                problem = f"a {type(value).__name__} is no option"
                raise ConfigError(self.place(place), problem, "give text, numbers, lists or dicts")
        self._value_by_place[place] = taken
        return taken


def check_options(options: Mapping[str, object]) -> tuple[JobFile, dict[str, Plain]]:
    """The options of an item as records, and all of its sections with their defaults.

    Args:
        options: the keys of a job file's item, but for `media` and `text`; and `run`.
    Raises:
        ConfigError: an option is unknown, or its value invalid; lists all that is wrong.
    """
    file = Keywords(options)
    job = validate(file)
    sections = lay_over(file, 0) if job is not None else None
    file.check()
    assert job is not None and sections is not None  # or `check` has raised
    for name, key in MODELS:
        sections[name] = {**sections[name], key: expand_model(sections[name][key])}
    return job, sections


def read_section(name: str, kind: type[T], given: Mapping[str, object]) -> T:
    """The record of one section, from the keys that are given.

    Raises:
        ConfigError: as in `check_options`.
    """
    return from_plain(check_options({name: given})[1][name], kind, name)


def make_single_job(
    media: Path, text: Path | None, out: Path | None, options: Mapping[str, object]
) -> Job:
    """The job of one item, whose folder is the output folder.

    Args:
        options: as in `check_options`.
    Raises:
        ConfigError: an option has an invalid value, or a file can't be opened.
    """
    path = tidy(media)
    slug = format_slug(path.stem)
    folder = (out or Path("out") / slug).absolute()
    if problem := find_length_problem(folder):
        raise ConfigError("out", problem, "shorten it")
    job, sections = check_options(options)
    sources = {"media": path} | ({} if text is None else {"text": tidy(text)})
    sources |= {
        key: tidy(Path.cwd() / expand_home(name))
        for key, _, name in name_clip_files(sections["clips"])
    }
    for source in (media, text, *sources.values()):
        if source is not None:
            check_source(source)
    item = Item(slug, folder, sources, make_options(job.items[0], path, sections))
    return Job(folder, (item,), job.run)
