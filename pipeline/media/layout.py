"""Where title, speaker's name, cover and waveform go on a drawn picture (pixels).

`audiogram.py` draws cover and waveform; title, name and captions are ASS text over them.
"""

from dataclasses import dataclass

from pipeline.media.frames import Picture


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture, by its top left corner and size."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int

    @property
    def bottom_px(self) -> int:
        """The first row below it."""
        return self.top_px + self.height_px


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes that don't overlap; captions go below the wave.

    `is_centered` is the alignment of title and name; the name is at the foot of its box.
    """

    title: Box
    name: Box
    wave: Box
    cover: Box | None
    is_centered: bool


def lay_out(picture: Picture, has_cover: bool) -> Layout:
    """The layout of a picture: a tall one has its cover above the title, others beside it.

    In a tall picture no box is in the margins that apps cover (`frames.SAFE_TOP`, …). All shares
    were set by eye.
    """
    if picture.is_tall:
        return _stack(picture, has_cover)
    return _set_beside(picture) if has_cover else _stack(picture, has_cover)


def _stack(picture: Picture, has_cover: bool) -> Layout:
    """All boxes below one another, centred."""
    width, height = picture.width_px, picture.height_px
    side = picture.safe_side_px
    inner = width - 2 * side
    top = picture.safe_top_px
    if picture.is_tall:
        cover = Box(round(width * 0.29), top, round(width * 0.42), round(width * 0.42))
        shares = (0.395, 0.095, 0.035, 0.085) if has_cover else (0.14, 0.16, 0.05, 0.15)
    else:
        cover = None
        shares = (0.07, 0.225, 0.08, 0.26)
    title_top, title_high, name_high, wave_high = (round(height * share) for share in shares)
    title = Box(side, title_top, inner, title_high)
    name = Box(side, title.bottom_px, inner, name_high)
    wave = Box(side, name.bottom_px + round(height * 0.012), inner, wave_high)
    return Layout(title, name, wave, cover if has_cover else None, is_centered=True)


def _set_beside(picture: Picture) -> Layout:
    """The cover left of title and name, the wave under all three."""
    width, height, side = picture.width_px, picture.height_px, picture.safe_side_px
    length = round(min(height * 0.36, width * 0.3))
    cover = Box(side, round(height * 0.07), length, length)
    left = side + length + round(width * 0.03)
    inner = width - left - side
    name_high = round(length * 0.2)
    title = Box(left, cover.top_px, inner, length - name_high)
    name = Box(left, title.bottom_px, inner, name_high)
    wave_top = cover.bottom_px + round(height * 0.04)
    wave = Box(side, wave_top, width - 2 * side, round(height * 0.68) - wave_top)
    return Layout(title, name, wave, cover, is_centered=False)
