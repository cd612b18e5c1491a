"""What a job may ask of its clips, each option seen in what is made."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.codec import read_record, write_record
from pipeline.job.context import StepContext
from pipeline.media.decode import ingest_media
from pipeline.media.options import AudioOptions
from pipeline.records import ClipList, Plain, TimedText, TopicList, Turn, Word
from pipeline.stages import clips
from tests.captions.reading import parse_vtt
from tests.media.lettering import make_font
from tests.media.studio import Studio
from tests.stages.steps import SAMPLES, make_request, read_truth, write_cues
from tests.stages.test_clips import EARLY, TOPICS, run_stage, say
from tests.wav_file import write_samples

MAX_ERROR_MS = 40
MP4 = ["-map", "0:v", "-map", "1:a", "-c:a", "aac"]


def packets(path: Path) -> list[bytes]:
    """What the picture's packets hold, as they are coded."""
    import av

    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def tracks(path: Path) -> tuple[list[str], list[str], list[int]]:
    """Codecs of the captions, titles of the chapters, and when captions begin in ms."""
    import av

    with av.open(str(path)) as container:
        codecs = [stream.codec_context.name for stream in container.streams.subtitles]
        titles = [chapter["metadata"]["title"] for chapter in container.chapters()]
        starts = [
            round(float(packet.pts * packet.time_base) * 1000)
            for packet in (container.demux(subtitles=0) if codecs else ())
            if packet.size > 2 and packet.pts is not None
        ]
        return codecs, titles, starts


@pytest.mark.parametrize(
    ("name", "codec", "made", "captions"),
    [
        ("talk.mp4", ["-c:a", "aac"], "01-my-talk.mp4", "mov_text"),
        ("talk.mkv", ["-c:a", "libopus"], "01-my-talk.mkv", "webvtt"),
    ],
)
def test_the_whole_recording_takes_soft_captions_and_chapters_with_no_frame_coded_anew(
    tmp_path: Path, name: str, codec: list[str], made: str, captions: str
) -> None:
    studio = Studio(tmp_path)
    inputs = [*studio.flashes([1.76]), *studio.clicks([1.75], 4), "-map", "0:v", "-map", "1:a"]
    source = studio.make(name, *inputs, *codec, "-metadata", "title=Secret")
    asked = {"select": "whole", "captions": "soft"}
    written = run_stage(tmp_path, source, asked, topics=TOPICS)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert (clip.files[0].path, clip.files[0].kind) == (made, "soft")
    assert packets(written / made) == packets(source)
    codecs, titles, starts = tracks(written / made)
    assert (codecs, titles) == ([captions], ["Hello", "All about"])
    assert starts[0] == 500
    assert b"Secret" not in (written / made).read_bytes()
    assert studio.hear_clicks(written / made) == pytest.approx([1.75], abs=0.002)


def test_the_whole_of_a_recording_of_sound_is_sound_with_captions_and_chapters(
    tmp_path: Path,
) -> None:
    source = Studio(tmp_path).make("a.m4a", *Studio(tmp_path).clicks([1], 4), "-c:a", "aac")
    asked = {"select": "whole", "captions": "soft"}
    written = run_stage(tmp_path, source, asked, topics=TOPICS)
    assert tracks(written / "01-my-talk.m4a")[:2] == (["mov_text"], ["Hello", "All about"])


def test_a_clip_takes_soft_captions_in_its_own_time(
    tmp_path: Path,
    talk: Path,
) -> None:
    written = run_stage(tmp_path, talk, {"select": [EARLY], "captions": "soft"})
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert [file.kind for file in clip.files] == ["soft", "poster"]
    codecs, titles, starts = tracks(written / clip.files[0].path)
    assert (codecs, titles) == (["mov_text"], [])
    assert starts[0] == 1_750 - clip.start_ms


def test_a_second_language_is_a_track_of_its_own_that_players_do_not_choose(
    tmp_path: Path, talk: Path
) -> None:
    import av
    from av.stream import Disposition

    english = replace(say("a word about the end", 1_760), language="en")
    written = run_stage(tmp_path, talk, {"select": [EARLY], "captions": "soft"}, second=english)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    with av.open(str(written / clip.files[0].path)) as container:
        streams = container.streams.subtitles
        assert [stream.codec_context.name for stream in streams] == ["mov_text"] * 2
        assert [stream.language for stream in streams] == ["deu", "eng"]
        assert [bool(stream.disposition & Disposition.default) for stream in streams] == [
            True, False,
        ]  # fmt: skip
        packets = [packet for packet in container.demux(streams[1]) if packet.size > 2]
        assert round(float(packets[0].pts * packets[0].time_base) * 1000) == 1_760 - clip.start_ms
        assert b"a word about the end" in bytes(packets[0])


def test_captions_in_a_second_language_lie_beside_the_first(tmp_path: Path, talk: Path) -> None:
    english = replace(say("a word about the end", 1_760), language="en")
    asked = {"select": [EARLY], "captions": "sidecar", "frames": ["source", "9:16"]}
    written = run_stage(tmp_path, talk, asked, second=english)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    found = {file.path: file.language for file in clip.files if file.kind == "captions"}
    stem = clip.id
    assert found == {
        f"{stem}.vtt": None, f"{stem}.en.vtt": "en",
        f"{stem}.9x16.vtt": None, f"{stem}.9x16.en.vtt": "en",
    }  # fmt: skip
    texts = {name: (written / name).read_text("utf-8") for name in found}
    assert all(("a word about" in text) == (".en." in name) for name, text in texts.items())
    (cue,) = parse_vtt(texts[f"{stem}.en.vtt"])
    assert cue.start_ms == 1_760 - clip.start_ms


def test_a_clip_of_several_topics_has_their_chapters_in_its_own_time(
    tmp_path: Path,
    talk: Path,
) -> None:
    import av

    select = [{"title": "Both", "start": 0.2, "end": 3.9}]
    written = run_stage(tmp_path, talk, {"select": select, "captions": "none"}, topics=TOPICS)
    with av.open(str(written / "01-both.mp4")) as container:
        chapters = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in chapters] == ["Hello", "All about"]
    second = chapters[1]
    assert float(second["start"] * second["time_base"]) == pytest.approx(1.5, abs=0.002)


@pytest.mark.parametrize("form", ["m4a", "mp3"])
def test_sound_alone_and_a_preview_are_made_if_asked_for(
    tmp_path: Path,
    talk: Path,
    form: str,
) -> None:
    preview = "gif" if form == "m4a" else "webp"
    asked = {"select": [EARLY], "captions": "none", "audio": form, "preview": preview}
    written = run_stage(tmp_path, talk, asked)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    kinds = {file.kind: written / file.path for file in clip.files}
    assert kinds["audio"].suffix == f".{form}"
    assert kinds["preview"].suffix == f".{preview}"
    recognized = Studio(tmp_path).hear_clicks(kinds["audio"])
    assert recognized == pytest.approx([(1_750 - clip.start_ms) / 1000], abs=0.03)


def burn(folder: Path, source: Path, **options: Plain) -> np.ndarray:
    """The frame in the middle of a clip with captions burned in."""
    folder.mkdir(exist_ok=True)
    frames = options.pop("frames", ["16:9"])
    asked = {"select": [EARLY], "captions": "burned", "frames": frames, **options}
    written = run_stage(folder, source, asked)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    return Studio(folder).see(written / clip.files[0].path, 0.8)


@pytest.mark.parametrize("style", ["plain", "box", "karaoke", "word"])
def test_captions_on_a_tall_picture_stay_where_no_app_covers_them(
    tmp_path: Path,
    talk: Path,
    style: str,
) -> None:
    seen = burn(tmp_path, talk, frames=["9:16"], style=style)
    high, wide = seen.shape
    rows, columns = np.flatnonzero(seen.max(axis=1) > 100), np.flatnonzero(seen.max(axis=0) > 100)
    assert high * 0.5 < rows[0] and rows[-1] <= high * 0.76
    assert columns[0] >= wide * 0.1 and columns[-1] <= wide * 0.9


def test_position_size_and_colours_are_those_asked_for(
    tmp_path: Path,
    talk: Path,
) -> None:
    def letters(**style: Plain) -> tuple[int, int]:
        seen = burn(tmp_path / "-".join(map(str, style.values())).strip("#"), talk, style=style)
        rows = np.flatnonzero(seen.max(axis=1) > 150)
        return (int(rows[0]), int(rows[-1])) if len(rows) else (0, 0)

    bottom = letters(position="bottom")
    assert letters(position="top")[1] < 200 < letters(position="middle")[0] < 400 < bottom[0]
    large = letters(size=1.6)
    assert large[1] - large[0] > 1.3 * (bottom[1] - bottom[0])
    assert letters(color="#202020") == (0, 0)
    seen = burn(tmp_path / "boxed", talk, style={"kind": "box", "ground": "#ffffff"})
    assert (seen[500:] > 120).sum() > 3 * (burn(tmp_path / "bare", talk)[500:] > 120).sum()


def test_characters_that_no_font_has_are_told_and_a_fallback_draws_them(
    tmp_path: Path,
    talk: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    select = [{**EARLY, "title": "In 東京"}]
    (tmp_path / "without").mkdir()
    sound = Studio(tmp_path).make("a.flac", *Studio(tmp_path).clicks([1], 4))
    with caplog.at_level(logging.WARNING):
        run_stage(tmp_path / "without", sound, {"select": select})
    assert "talk: no font for 2 characters, which show as boxes: 京 東; name one in" in caplog.text
    caplog.clear()
    font = make_font(tmp_path / "han.ttf", "Square Han", "東京")
    (tmp_path / "with").mkdir()
    asked = {"select": select, "style": {"fallback": ["han.ttf"]}}
    with caplog.at_level(logging.WARNING):
        run_stage(tmp_path / "with", sound, asked, more={"fallback_1": font})
    assert caplog.text == ""


def test_gain_and_loudness_reach_the_clip(tmp_path: Path) -> None:
    uneven = "anoisesrc=d=4:c=pink:a=0.3:seed=3:r=48000,volume='if(lt(t,2),0.3,1)':eval=frame"
    source = Studio(tmp_path).make("a.flac", "-f", "lavfi", "-i", uneven)
    select = [{"title": "A", "start": 0, "end": 1.6}]

    def loudness(name: str, **asked: Plain) -> float:
        (tmp_path / name).mkdir()
        asked = {"select": select, "captions": "none", **asked}
        written = run_stage(tmp_path / name, source, asked)
        (clip,) = read_record(written / "clips.json", ClipList).clips
        assert clip.check is not None and clip.check.loudness_lufs is not None
        return clip.check.loudness_lufs

    assert loudness("own") == pytest.approx(-16, abs=0.5)
    assert loudness("lower", loudness_lufs=-20.0) == pytest.approx(-20, abs=0.5)
    assert loudness("shared", gain="recording") < -20


def check_talk(folder: Path, late_ms: int, music: Path | None = None) -> ClipList:
    """A clip of the sample talk with words at their true times, or late.

    Args:
        music: lies under the beginning and the end of every clip.
    """
    for name in ("ingest", "align", "topics", "clips"):
        (folder / name).mkdir()
    source = SAMPLES / "talk.mp4"
    media = ingest_media(source, AudioOptions(), folder / "audio.wav", lambda share: None)
    write_record(folder / "ingest" / "media.json", media)
    words = tuple(
        Word(word["text"], word["start_ms"] + late_ms, word["end_ms"] + late_ms, "aligned", 1.0, 0)
        for word in read_truth("talk")
    )
    timed = TimedText("en", "truth", media.duration_ms, (Turn(None, None, 0, len(words)),), words)
    write_record(folder / "align" / "words.json", timed)
    write_record(folder / "topics" / "topics.json", TopicList(()))
    select = [
        {"title": "One", "from": "But the shape of the shore", "to": "a ruler to notice"},
        {"title": "Two", "from": "The sea fills a pond", "to": "a wooden wheel"},
    ]
    sources = {"media": source} | ({"intro": music, "outro": music} if music else {})
    write_cues(folder)
    asked = {"clips": {"select": select, "captions": "none"}, "align": {}, "captions": {},
             "title": "Talk", "translate": {}}  # fmt: skip
    clips.run(StepContext(make_request("clips", folder, sources, asked)))
    return read_record(folder / "clips" / "clips.json", ClipList)


def test_words_are_found_in_a_clips_own_sound_where_they_should_be(tmp_path: Path) -> None:
    made = check_talk(tmp_path, 0).clips
    for clip in made:
        assert clip.check is not None
        assert clip.check.problems == ()
        assert clip.check.duration_ms == pytest.approx(clip.end_ms - clip.start_ms, abs=60)
        words = clip.check.words
        assert len(words) == 8 and (words[0].word, words[-1].word) == (0, clip.n_words - 1)
    errors = [
        abs(word.found_ms - word.expected_ms)
        for clip in made if clip.check
        for word in clip.check.words if word.found_ms is not None
    ]  # fmt: skip
    assert len(errors) >= 14
    assert np.percentile(errors, 95) <= MAX_ERROR_MS


def test_a_clip_whose_words_lie_elsewhere_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        made = check_talk(tmp_path, 250).clips
    assert all(clip.check and clip.check.problems for clip in made)
    assert "ms from where they should be" in caplog.text
    json.dumps([clip.check.error_ms for clip in made if clip.check])


def make_music(path: Path, seed: int) -> Path:
    """A chord held for some seconds, with noise in it, before silence: ten seconds together."""
    random = np.random.default_rng(seed)
    times = np.arange(10 * 48_000) / 48_000
    length_s = random.uniform(1, 4)
    pitches_hz = random.choice([220, 277, 330, 440, 554, 660], 2, replace=False)
    music = sum(np.sin(2 * np.pi * pitch_hz * times) for pitch_hz in pitches_hz)
    music += random.uniform(0.1, 0.5) * random.standard_normal(len(times))
    music = np.where(times < length_s, music, 0)
    write_samples(path, (music / np.abs(music).max() * 20_000).astype(np.int16), 48_000)
    return path


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_music_under_a_clip_is_not_taken_for_words_that_lie_elsewhere(
    tmp_path: Path, seed: int
) -> None:
    music = make_music(tmp_path / "music.wav", seed)
    made = check_talk(tmp_path, 0, music).clips
    assert [clip.check.problems for clip in made if clip.check] == [(), ()]
    assert all(len(clip.check.words) >= 6 for clip in made if clip.check)


def test_words_that_lie_elsewhere_are_told_of_under_music_too(tmp_path: Path) -> None:
    made = check_talk(tmp_path, 250, make_music(tmp_path / "music.wav", 3)).clips
    assert all(clip.check and clip.check.problems for clip in made)


@pytest.mark.parametrize("name", ["two.mp4", "two.flac"])
def test_the_channel_asked_for_is_the_only_one_in_a_copy_of_the_whole(
    tmp_path: Path, name: str
) -> None:
    studio = Studio(tmp_path)
    clicks = "0.5*sin(2*PI*1500*t)*between(t,{0},{0}+0.01)"
    sound = f"aevalsrc='{clicks.format(1)}|{clicks.format(3)}':s=48000:d=4"
    picture = studio.flashes([3], 4) if name.endswith("mp4") else []
    source = studio.make(name, *picture, "-f", "lavfi", "-i", sound)
    asked: dict[str, Plain] = {"select": "whole", "captions": "soft"}
    written = run_stage(tmp_path, source, asked, audio=AudioOptions(channel=1))
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert clip.check is not None and clip.check.problems == ()
    assert studio.hear_clicks(written / clip.files[0].path) == pytest.approx([3], abs=0.002)


def test_a_copy_whose_sound_begins_late_is_as_it_should_be(
    tmp_path: Path, talk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        written = run_stage(tmp_path, talk, {"select": "whole", "captions": "soft"})
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert clip.check is not None and clip.check.problems == ()
    assert caplog.text == ""
