"""The font that captions are burned in with: found in its package, and seen to have been used.

libass takes another font without a word when it doesn't find the one asked for, so its log is read.
"""

import importlib.util
import logging
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import MediaError

log = logging.getLogger(__name__)

FONT_FAMILY = "Roboto"

FONT_FILES = (
    "Roboto-Regular.ttf",
    "Roboto-Bold.ttf",
    "Roboto-Italic.ttf",
    "Roboto-BoldItalic.ttf",
)

_ONLY_OURS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><cachedir prefix="cwd">font-cache</cachedir></fontconfig>
"""


def find_fonts() -> list[Path]:
    """The font files of `FONT_FAMILY`, in the font package.

    Raises:
        MediaError: the package or a file of it is missing.
    """
    package = importlib.util.find_spec("font_roboto")
    folders = list(package.submodule_search_locations or ()) if package else []
    paths = [Path(folder) / "files" / name for folder in folders for name in FONT_FILES]
    missing = next((path for path in paths if not path.is_file()), None)
    if not paths or missing:
        raise MediaError(
            "fonts", f"{missing or 'font-roboto'} is missing", "install font-roboto again"
        )
    return paths


def link_fonts(folder: Path) -> dict[str, str]:
    """Make `fonts/` in the folder, for libass's fontsdir, and hide the machine's own fonts.

    Returns:
        Variables to run ffmpeg with: what is drawn then depends on our fonts alone.
    """
    fonts = folder / "fonts"
    fonts.mkdir()
    for path in find_fonts():
        (fonts / path.name).symlink_to(path)
    config = folder / "fonts.conf"
    config.write_text(_ONLY_OURS, encoding="utf-8")
    return {"FONTCONFIG_FILE": str(config)}


def check_fonts(ffmpeg_log: Iterable[str], where: str) -> None:
    """See in ffmpeg's log that libass drew with our font; say which characters it lacks.

    Raises:
        MediaError: libass chose another font for text that asked for ours.
    """
    missing: set[str] = set()
    for line in ffmpeg_log:
        chosen = re.search(rf"fontselect: \({FONT_FAMILY}, .*\) -> (\S+),", line)
        if chosen and not chosen.group(1).startswith(FONT_FAMILY):
            raise MediaError(
                where, f"captions were drawn in {chosen.group(1)}", "install font-roboto again"
            )
        lacking = re.search(r"failed to find any fallback with glyph 0x([0-9A-F]+)", line)
        if lacking:
            missing.add(chr(int(lacking.group(1), 16)))
    if missing:
        log.warning(
            "%s: %s has no glyph for %d characters, drawn as boxes: %s",
            where, FONT_FAMILY, len(missing), " ".join(sorted(missing)),
        )  # fmt: skip
