"""What is drawn over a picture stays in the area that apps leave free, however wide its words."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.clipmaking.drawing import TITLE_CHARS, draw_text, make_labels, style_text
from pipeline.clipmaking.source import ClipSource, ClipView, PlannedClip, choose_letters
from pipeline.clips.options import ClipOptions, ClipStyle
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.fonts import link_fonts, open_fonts
from pipeline.media.frames import Picture, choose_picture
from pipeline.media.layout import lay_out
from pipeline.records import Clip, Cue, Media, TimedText, VideoStream, WordMark

LENGTH_MS = 2_000
GROUND = "gray"
COLORED = 90
"""Difference of a pixel's channels, of 255, from which it is coloured: the ground has none."""


def draw_word(seed: random.Random) -> str:
    """An address, a row of hashtags, a compound, or letters without a place to break at."""
    names = ["".join(seed.choices("abcdefghiklmnoprstuwäß", k=seed.randint(4, 12)))
             for _ in range(seed.randint(5, 9))]  # fmt: skip
    return seed.choice(
        [
            "https://" + seed.choice("/.-_").join(names) + "?id=" + names[0],
            "".join(f"#{name.title()}" for name in names),
            "".join(names),
            seed.choice("WMm_") * seed.randint(60, 110),
        ]
    )


def plan(
    text: str, kind: str, frame: str, has_video: bool
) -> tuple[PlannedClip, ClipSource, ClipOptions]:
    columns = [0, *(at + 1 for at, char in enumerate(text) if char == " ")]
    marks = tuple(WordMark(0, column, 100 * number) for number, column in enumerate(columns))
    timed = TimedText("en", "scripted", LENGTH_MS, (), ())
    video = VideoStream(640, 360, 25.0) if has_video else None
    media = Media("talk.mp4", LENGTH_MS, 0, 16_000, 16_000, 1, 0, video=video)
    look = ClipStyle(kind=kind, color="#ff0000", lit="#00ff00")  # type: ignore[arg-type]
    options = ClipOptions(captions="burned", style=look, frames=(frame,))  # type: ignore[arg-type]
    cue = Cue(0, LENGTH_MS, (text,), None, marks)
    view = ClipView(timed, (cue,), ((0, LENGTH_MS, text),), ())
    clip = Clip("01-wide", text, 0, LENGTH_MS, 0, 0, "by quotes")
    planned = PlannedClip(clip, view, None)
    source = ClipSource(Path("talk.mp4"), timed, media, (), None, open_fonts())
    return planned, choose_letters("talk", [planned], source, options), options


def see(folder: Path, ass: str, picture: Picture) -> np.ndarray:
    """Where the last frame is coloured."""
    folder.mkdir()
    (folder / "a.ass").write_text(ass, encoding="utf-8")
    size = f"{picture.width_px}x{picture.height_px}"
    ground = ["-f", "lavfi", "-i", f"color={GROUND}:s={size}:d={LENGTH_MS / 1000}:r=2"]
    raw = folder / "seen.rgb"
    drawn = ["-vf", "ass=f=a.ass:fontsdir=fonts", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    run_ffmpeg(
        Run([*ground, *drawn, file_url(raw)], where="seen", folder=folder,
            environment=link_fonts(open_fonts(), folder))
    )  # fmt: skip
    pixels = np.fromfile(raw, np.uint8).reshape(-1, picture.height_px, picture.width_px, 3)
    last = pixels[-1].astype(int)
    return last.max(axis=2) - last.min(axis=2) > COLORED


@pytest.mark.parametrize("has_video", [True, False])
@pytest.mark.parametrize("kind", ["plain", "box", "karaoke", "word"])
@pytest.mark.parametrize("frame", ["16:9", "9:16", "1:1"])
def test_words_wider_than_the_picture_stay_inside_its_safe_area(
    tmp_path: Path, frame: str, kind: str, has_video: bool
) -> None:
    seed = random.Random(f"{frame} {kind} {has_video}")
    for number in range(2):
        text = f"{draw_word(seed)} {seed.choice(['now', 'x', 'again and again'])} {draw_word(seed)}"
        planned, source, options = plan(text, kind, frame, has_video)
        picture = choose_picture(frame, source.media.video)
        layout = None if has_video else lay_out(picture, False)
        style = style_text(picture, source, options, layout)
        labels = make_labels(planned.clip, planned.view, layout, style) if layout else ()
        labels = [replace(label, color="#0000ff") for label in labels]
        ass = draw_text(planned.view.cues, labels, picture, style, options)
        assert ass is not None
        seen = see(tmp_path / str(number), ass, picture)
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        assert picture.safe_side_px <= columns[0], text
        assert columns[-1] < picture.width_px - picture.safe_side_px, text
        assert picture.safe_top_px - 1 <= rows[0], text
        assert rows[-1] <= picture.height_px - picture.safe_bottom_px, text


def test_a_title_of_one_long_word_is_cut_within_it() -> None:
    layout = lay_out(choose_picture("16:9", None), False)
    for text, end in (("x" * 150, "x…"), ("one " * 40, " one…")):
        planned, source, options = plan(text, "plain", "16:9", False)
        style = style_text(choose_picture("16:9", None), source, options, layout)
        title = next(iter(make_labels(planned.clip, planned.view, layout, style))).text
        assert len(title) <= TITLE_CHARS and title.endswith(end)
