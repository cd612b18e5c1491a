"""Renders clips for tests, in the fonts that come along."""

from collections.abc import Callable
from pathlib import Path

from pipeline.media.cut import Cut
from pipeline.media.fonts import FontSet, open_fonts
from pipeline.media.render import render_clips
from pipeline.records import Progress

FONTS = open_fonts()
Render = Callable[..., list[Path]]


def make_clip(cut: Cut, progress: Progress = lambda share: None, fonts: FontSet = FONTS) -> None:
    """Make the files of one clip."""
    render_clips([cut], fonts, "x264", 2, progress)
