"""A clip planned without rendering it: its files, its text, and what is drawn."""

from pathlib import Path

import pytest

from pipeline.captions.options import CaptionOptions
from pipeline.clipmaking.cutting import find_poster_ms, plan_clip, plan_cut
from pipeline.clipmaking.files import is_copied, make_tracks
from pipeline.clipmaking.source import ClipSource, PlannedClip
from pipeline.clips.options import ClipOptions
from pipeline.media.fonts import open_fonts
from pipeline.records import Clip, Cue, CueList, Media, TimedText, Topic, VideoStream
from tests.stages.steps import SAMPLES
from tests.topics.texts import speak

TEXT = speak("The tide comes in twice a day.", "Nobody knows why it waits for us.")
SECOND = speak("Die Flut kommt.", "Niemand weiß warum.")
CLIP = Clip("01-tide", "The tide", 0, TEXT.duration_ms, 0, len(TEXT.words), "by quotes")
TOPICS = (Topic("In", 0, 1_000, 0, 4), Topic("Out", 1_000, TEXT.duration_ms, 4, 10))


def make_source(
    video: bool = True, retimed: CueList | None = None, translated: TimedText | None = None
) -> ClipSource:
    stream = VideoStream(640, 360, 25.0) if video else None
    media = Media("talk.mp4", TEXT.duration_ms, 16_000, 16_000, 1, 1, video=stream)
    return ClipSource(
        SAMPLES / "talk.mp4", TEXT, media, TOPICS, retimed, open_fonts(), translated=translated
    )


def plan(source: ClipSource, **options: object) -> PlannedClip:
    return plan_clip(CLIP, source, ClipOptions(**options), CaptionOptions())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({"captions": "none"}, ["01-tide.mp4", "01-tide.jpg"]),
        ({"captions": "burned"}, ["01-tide.burned.mp4", "01-tide.jpg"]),
        (
            {"captions": "sidecar", "frames": ("9:16",), "audio": "mp3"},
            ["01-tide.9x16.mp4", "01-tide.9x16.vtt", "01-tide.jpg", "01-tide.mp3"],
        ),
        ({"captions": "soft", "preview": "gif"}, ["01-tide.mp4", "01-tide.jpg", "01-tide.gif"]),
    ],
)
def test_files_are_named_by_what_is_asked_for(options: dict[str, object], paths: list[str]) -> None:
    assert [file.path for file in plan(make_source(), **options).clip.files] == paths


def test_a_second_language_has_a_view_and_a_sidecar_of_its_own() -> None:
    planned = plan(make_source(translated=SECOND), captions="sidecar")
    assert [file.language for file in planned.clip.files if file.kind == "captions"] == [None, "en"]
    assert planned.second is not None
    assert planned.second.cues[0].lines[0].startswith("Die Flut")
    assert (
        len(make_tracks(planned.view, ClipOptions(captions="soft"), planned.second).subtitles) == 2
    )


def test_cues_of_a_caption_file_stay_as_they_are() -> None:
    own = (Cue(100, 900, ("the tide", "COMES in")),)
    retimed = CueList("en", own, is_retimed=True)
    assert plan(make_source(retimed=retimed)).view.cues == own
    assert plan(make_source()).view.cues != own


def test_no_cue_ends_after_its_clip() -> None:
    view = plan(make_source()).view
    assert max(cue.end_ms for cue in view.cues) <= view.window.duration_ms


def test_only_burned_captions_are_drawn_over_video(tmp_path: Path) -> None:
    source, options = make_source(), ClipOptions(captions="both")
    planned = plan(source, captions="both")
    cut = plan_cut(planned.clip, planned.view, source, options, tmp_path)
    clean, burned = cut.renditions
    assert clean.ass is None
    assert burned.ass is not None and "tide" in burned.ass
    assert clean.poster == (tmp_path / "01-tide.jpg", find_poster_ms(CLIP))


def test_a_recording_without_video_shows_its_title(tmp_path: Path) -> None:
    source = make_source(video=False)
    planned = plan(source, captions="none")
    cut = plan_cut(planned.clip, planned.view, source, ClipOptions(captions="none"), tmp_path)
    assert "The tide" not in (cut.renditions[0].ass or ""), "what stands still is drawn once"
    assert cut.renditions[0].title is not None and "The tide" in cut.renditions[0].title


def test_names_are_drawn_once_for_all_renditions_of_a_size(tmp_path: Path) -> None:
    source = make_source(video=False)
    planned = plan(source, captions="both")
    cut = plan_cut(planned.clip, planned.view, source, ClipOptions(captions="both"), tmp_path)
    clean, burned = cut.renditions
    assert clean.ass is None
    assert burned.ass is not None and ",Name," not in burned.ass
    assert clean.names == burned.names
    assert clean.names is None or "Style: Name" in clean.names


def test_the_whole_with_soft_captions_is_copied_and_not_rendered(tmp_path: Path) -> None:
    source, options = make_source(), ClipOptions(captions="soft", select="whole")
    assert is_copied(options)
    planned = plan(source, captions="soft", select="whole")
    assert plan_cut(planned.clip, planned.view, source, options, tmp_path).renditions == ()
