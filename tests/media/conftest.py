"""A studio for every test of media, and what cuts clips in it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.media.cut import Cut, Rendition, SoundPlan
from pipeline.media.decode import ingest_media
from pipeline.media.fonts import FontSet
from pipeline.media.frames import Fit, choose_picture
from pipeline.media.options import AudioOptions
from pipeline.media.wav import read_samples
from pipeline.records import Media
from tests.media.rendering import FONTS, Render, make_clip
from tests.media.studio import Ingest, Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """A studio with a folder of its own."""
    folder = tmp_path / "studio"
    folder.mkdir()
    return Studio(folder)


@pytest.fixture
def ingest(tmp_path: Path) -> Ingest:
    """What ingest finds in a file, by the options of `audio:`, and its sound."""

    def run(path: Path, **options: object) -> tuple[Media, np.ndarray]:
        wav = tmp_path / "audio.wav"
        media = ingest_media(path, AudioOptions(**options), wav, lambda share: None)
        return media, np.array(read_samples(wav))

    return run


@pytest.fixture
def read_media(tmp_path: Path) -> Callable[[Path], Media]:
    return lambda path: ingest_media(
        path, AudioOptions(), tmp_path / "audio.wav", lambda share: None
    )


@pytest.fixture
def render(tmp_path: Path, read_media: Callable[[Path], Media]) -> Render:
    """Cut a clip into one file a frame, under plain names; `ass` is drawn on all of them.

    `poster` is a file and a time of the clip.
    """

    def run(
        source: Path, span_ms: tuple[int, int], frames: tuple[str, ...] = ("source",),
        ass: str | None = None, fit: Fit = "crop", sound: SoundPlan | None = None,
        fonts: FontSet = FONTS, poster: tuple[Path, int] | None = None,
    ) -> list[Path]:  # fmt: skip
        media = read_media(source)
        renditions = tuple(
            Rendition(
                tmp_path / f"clip{index}.mp4", choose_picture(frame, media.video), ass,
                poster=None if index else poster,
            )
            for index, frame in enumerate(frames)
        )  # fmt: skip
        sound = sound or SoundPlan()
        make_clip(Cut(source, media, *span_ms, renditions, tmp_path, fit, sound), fonts=fonts)
        return [rendition.path for rendition in renditions]

    return run
