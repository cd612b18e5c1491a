"""`init`: writes a job file for the recordings in a folder, with its options as comments."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.command import command
from pipeline.cli.options import Display
from pipeline.errors import ConfigError

JOB_NAME = "job.yaml"
MEDIA_ENDINGS = frozenset(
    ".aac .aif .aiff .avi .flac .m4a .m4b .m4v .mka .mkv .mov .mp3 .mp4 .mpg .mts .mxf .oga .ogg "
    ".opus .ts .wav .weba .webm .wma .wmv".split()
)
"""Endings of files that are taken for recordings; whether ffmpeg reads them, the run tells."""
TEXT_ENDINGS = (".txt", ".vtt", ".srt", ".md", ".html", ".htm", ".rtf", ".docx")
"""Endings of a text beside its recording, the likeliest first."""

TEMPLATE = """\
# A cuecast job: `cuecast plan {name}` says what it would do, `cuecast run {name}` does it.
# Every option: docs/jobs.md. All paths are relative to this file.
output: out

items:
{items}
# Options of all items; an item may have its own. Lines with a # are the defaults.
# transcribe:
#   engine: auto          # faster_whisper, moonshine, pocketsphinx
#   model: ""             # Whisper's, a name or a folder: tiny, base, small, medium, large-v3, …
# translate:
#   to: null              # en: captions in English as well
# captions:
#   profile: netflix-en   # netflix-en-children, bbc-online, bbc-9x16, podcast
#   formats: [vtt, srt]   # words, ass, txt, json, podcast, hls
#   names: tagged         # shown, none
# topics:
#   count: auto           # or a number
# clips:
#   select: topics        # whole, or a list: - {{title: …, from: …, to: …}}
#   captions: both        # burned, sidecar, soft, none
#   frames: [source]      # 16:9, 9:16, 1:1
# report:
#   picture: null         # 360p, 480p, 720p: a small copy of the video, which the page plays
"""

ITEM_OPTIONS = """\
    # title: {title}
    # language: en
    # speakers: [nora, emil]
"""

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the recordings lie.")]


@command
def init(display: Display, folder: Folder = Path()) -> None:
    """Write a job file for the recordings in a folder, each with the text beside it."""
    if not folder.is_dir():
        raise ConfigError(str(folder), "no such folder", "name the folder of the recordings")
    media = sorted(path for path in folder.iterdir() if path.suffix.lower() in MEDIA_ENDINGS)
    if not media:
        raise ConfigError(str(folder), "no recordings in it", "name the folder of the recordings")
    job = folder / JOB_NAME
    text = TEMPLATE.format(name=job, items="".join(chain.from_iterable(map(_format_item, media))))
    try:
        with job.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(str(job), "is there already", "move it away to have a new one") from error
    except OSError as error:
        raise ConfigError(str(job), f"can't be written ({error.strerror})", "check it") from error
    if not display.is_quiet:
        n_texts = text.count("\n    text: ")
        print(f"{job}: {len(media)} recordings, {n_texts} with a text; next: cuecast plan {job}")


def _format_item(media: Path) -> Iterator[str]:
    """The lines of a recording's entry."""
    yield f"  - media: {_quote(media.name)}\n"
    texts = (media.with_suffix(ending) for ending in TEXT_ENDINGS)
    text = next((path for path in texts if path.is_file()), None)
    yield f"    text: {_quote(text.name)}\n" if text else "    # text: transcript.txt\n"
    yield ITEM_OPTIONS.format(title=_quote(media.stem))


def _quote(text: str) -> str:
    """A string in double quotes, which YAML reads as JSON does."""
    return json.dumps(text, ensure_ascii=False)
