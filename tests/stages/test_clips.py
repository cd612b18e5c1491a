"""The clips stage makes the files asked for, in step with the recording and each other."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.codec import read_record, write_record
from pipeline.errors import MediaError
from pipeline.job.context import StepContext
from pipeline.job.stage import StepRequest
from pipeline.media.decode import ingest_media
from pipeline.media.options import AudioOptions
from pipeline.records import ClipList, Plain, TimedText, Topic, TopicList, Turn, Word
from pipeline.stages import clips
from pipeline.text.times import format_timestamp
from tests.captions.reading import parse_vtt
from tests.media.studio import Studio
from tests.stages.steps import make_request, write_cues, write_script

WORDS = "Hello there and welcome back. This is what it was all about, they said."
TOPICS = (Topic("Hello", 0, 1700, 0, 5), Topic("All about", 1700, 4000, 5, 9))
EARLY = {"title": "What it's about", "from": "this is what", "to": "they said"}
CLICK_TOLERANCE_S = 0.002


def say(text: str, first_ms: int) -> TimedText:
    """The words as one turn, 200 ms each with 50 ms of pause."""
    words = tuple(
        Word(word, first_ms + 250 * i, first_ms + 250 * i + 200, "aligned", 1.0, 0)
        for i, word in enumerate(text.split())
    )
    # In a language that no decoder knows: clicks are not listened to for words.
    return TimedText("xx", "scripted", 4000, (Turn("host", "label", 0, len(words)),), words)


OWN_VTT = """WEBVTT

STYLE
::cue(i) { color: red }

01:00:00.000 --> 01:00:02.000
Hello there
and welcome back.

01:00:04.000 --> 01:00:06.000 line:0
This is <i>what it was</i>
all about, they said.
"""


def run_stage(
    folder: Path, media: Path, options: Plain, title: str = "My talk", own: str | None = None,
    topics: tuple[Topic, ...] = (), more: Mapping[str, Path] | None = None,
    second: TimedText | None = None, audio: AudioOptions | None = None,
) -> Path:  # fmt: skip
    """Run the stage on a recording, its words and, to be kept, its own captions.

    Args:
        second: the words in English; those of the recording are then German.
    """
    for name in ("ingest", "align", "clips"):
        (folder / name).mkdir()
    facts = ingest_media(
        media, audio or AudioOptions(), folder / "ingest" / "audio.wav", lambda share: None
    )
    write_record(folder / "ingest" / "media.json", facts)
    write_record(folder / "align" / "words.json", say(WORDS, 500))
    (folder / "topics").mkdir(exist_ok=True)
    if second is not None:
        (folder / "translate").mkdir()
        write_record(folder / "translate" / "words.en.json", second)
        write_record(folder / "align" / "words.json", replace(say(WORDS, 500), language="de"))
    write_record(folder / "topics" / "topics.json", TopicList(topics))
    if own is not None:
        write_script(folder, "own.vtt", own)
    write_cues(folder, {"breaks": "keep"} if own else {}, "en" if second else None)
    sources = {"media": media, **(more or {})}
    clips.run(StepContext(request_clips(folder, sources, options, title)))
    return folder / "clips"


def request_clips(
    folder: Path, sources: dict[str, Path], options: Plain, title: str = "My talk"
) -> StepRequest:
    asked = {
        "clips": options, "align": {}, "audio": {}, "captions": {}, "title": title,
        "translate": {"to": "en" if (folder / "translate").exists() else None},
    }  # fmt: skip
    return make_request("clips", folder, sources, asked)


@pytest.mark.parametrize("captions", ["both", "soft"])
@pytest.mark.parametrize("name", [b"\xff\n %d '[x]:\".mp4", b"-i \xfe\x80.flac"])
def test_a_recording_and_a_folder_of_any_name_become_clips(
    tmp_path: Path, name: bytes, captions: str
) -> None:
    folder = tmp_path / os.fsdecode(b"out \xfe\n%s")
    folder.mkdir()
    studio = Studio(folder)
    picture = studio.flashes([1]) if name.endswith(b"mp4") else []
    source = studio.make(f"a.{name[-4:].decode()}", *picture, *studio.clicks([1], 4))
    source = source.rename(folder / os.fsdecode(name))
    asked: dict[str, Plain] = {"captions": captions, "audio": "mp3", "preview": "gif"}
    asked["select"] = "whole" if captions == "soft" else [EARLY]
    written = run_stage(folder, source, asked)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert clip.check is not None and clip.check.problems == ()
    assert all((written / file.path).stat().st_size for file in clip.files)


@pytest.mark.parametrize(
    ("captions", "names"),
    [
        ("both", ["01-a.burned.mp4", "01-a.jpg", "01-a.mp4", "01-a.vtt"]),
        ("burned", ["01-a.burned.mp4", "01-a.jpg"]),
        ("sidecar", ["01-a.jpg", "01-a.mp4", "01-a.vtt"]),
        ("none", ["01-a.jpg", "01-a.mp4"]),
    ],
)
def test_captions_go_where_they_are_asked_for(
    tmp_path: Path, talk: Path, captions: str, names: list[str]
) -> None:
    select = [{"title": "A", "start": 1, "end": 2}]
    written = run_stage(tmp_path, talk, {"captions": captions, "select": select})
    assert sorted(path.name for path in written.iterdir()) == [*names, "clips.json"]
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert sorted(file.path for file in clip.files) == names


def test_sound_and_captions_are_in_the_clips_own_time(tmp_path: Path, talk: Path) -> None:
    written = run_stage(tmp_path, talk, {"select": [EARLY]})
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert (clip.id, clip.first_word, clip.n_words) == ("01-what-its-about", 5, 9)
    onset_s = (1750 - clip.start_ms) / 1000
    recognized = Studio(tmp_path).hear_clicks(written / "01-what-its-about.mp4")
    assert recognized == pytest.approx([onset_s], abs=CLICK_TOLERANCE_S)
    cues = parse_vtt((written / "01-what-its-about.vtt").read_text("utf-8"))
    assert cues[0].start_ms == round(onset_s * 1000)
    spoken = " ".join(line for cue in cues for line in cue.lines)
    assert spoken == "This is what it was all about, they said."


@pytest.mark.parametrize("select", [EARLY, {"title": "What it's about", "start": 1.4, "end": 3.9}])
def test_own_cues_stand_beside_the_clip_as_they_were(
    tmp_path: Path, talk: Path, select: Plain
) -> None:
    written = run_stage(tmp_path, talk, {"select": [select]}, own=OWN_VTT)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    text = (written / "01-what-its-about.vtt").read_text()
    start = format_timestamp(1750 - clip.start_ms)
    assert text.startswith(
        f"WEBVTT Language: xx\n\nSTYLE\n::cue(i) {{ color: red }}\n\n{start} -->"
    )
    assert text.endswith(" line:0\nThis is <i>what it was</i>\nall about, they said.\n")


def test_own_cues_are_burned_in_with_their_breaks_looks_and_places(
    tmp_path: Path, talk: Path
) -> None:
    studio = Studio(tmp_path)
    frames = []
    for name, own in (
        ("tagged", OWN_VTT),
        ("plain", OWN_VTT.replace("<i>", "").replace("</i>", "")),
        ("joined", OWN_VTT.replace("</i>\n", "</i> ")),
    ):
        (tmp_path / name).mkdir()
        options: Plain = {"captions": "burned", "frames": ["16:9"], "select": [EARLY]}
        written = run_stage(tmp_path / name, talk, options, own=own)
        frames.append(studio.see(written / "01-what-its-about.16x9.burned.mp4", 0.8))
    tagged, plain, joined = frames
    assert tagged[:220].max() > 200 > tagged[500:].max(), "line:0 is the top"
    assert (tagged != plain).any()
    assert (tagged != joined).any()


def test_every_frame_gets_its_files(tmp_path: Path, talk: Path) -> None:
    options = {"frames": ["source", "9:16"], "captions": "both", "select": [EARLY]}
    written = run_stage(tmp_path, talk, options)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert [(file.path, file.kind, file.frame) for file in clip.files] == [
        ("01-what-its-about.mp4", "clean", "source"),
        ("01-what-its-about.vtt", "captions", "source"),
        ("01-what-its-about.burned.mp4", "burned", "source"),
        ("01-what-its-about.9x16.mp4", "clean", "9:16"),
        ("01-what-its-about.9x16.vtt", "captions", "9:16"),
        ("01-what-its-about.9x16.burned.mp4", "burned", "9:16"),
        ("01-what-its-about.jpg", "poster", "source"),
    ]
    assert all((written / file.path).stat().st_size > 0 for file in clip.files)


def test_captions_show_only_where_they_are_burned_in(tmp_path: Path, talk: Path) -> None:
    studio = Studio(tmp_path)
    written = run_stage(tmp_path, talk, {"frames": ["16:9"], "select": [EARLY]})
    clean, burned = (
        studio.see(written / f"01-what-its-about.16x9{kind}.mp4", 0.8) for kind in ("", ".burned")
    )
    assert clean[500:].max() < 60
    assert burned[500:].max() > 200
    assert burned[:360].max() < 60


@pytest.mark.parametrize("frame", ["source", "9:16", "1:1"])
def test_title_name_bars_and_captions_of_a_recording_without_picture_stay_apart(
    tmp_path: Path, frame: str
) -> None:
    studio = Studio(tmp_path)
    sound = studio.make("a.flac", "-f", "lavfi", "-i", "anoisesrc=d=4:a=0.2:seed=1")
    title = "It's 100% {of} the [whole] story: a \\long title, “quoted” " + "and much more " * 5
    select = [{**EARLY, "title": title}]
    written = run_stage(tmp_path, sound, {"frames": [frame], "select": select})
    (burned,) = (path for path in written.iterdir() if path.name.endswith(".burned.mp4"))
    seen = studio.see(burned, 1.9)
    bright = seen[:-12].max(axis=1) > 100
    edges = [row for row in range(1, len(bright)) if bright[row] != bright[row - 1]]
    blocks = merge_lines(edges, gap_px=len(bright) // 45)
    # Title, speaker's name, bars, captions.
    assert len(blocks) == 4
    is_tall = frame == "9:16"
    assert blocks[0][0] >= len(seen) * (0.14 if is_tall else 0.07)
    assert blocks[-1][1] <= len(seen) * (0.76 if is_tall else 0.94)


def merge_lines(edges: list[int], gap_px: int) -> list[tuple[int, int]]:
    """Rows where something is, from their edges; lines of one text are one block."""
    blocks: list[tuple[int, int]] = []
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if blocks and top - blocks[-1][1] <= gap_px:
            blocks[-1] = (blocks[-1][0], bottom)
        else:
            blocks.append((top, bottom))
    return blocks


def test_a_topic_is_a_clip_unless_asked_otherwise(tmp_path: Path, talk: Path) -> None:
    written = run_stage(tmp_path, talk, {"captions": "sidecar"}, topics=TOPICS)
    clips = read_record(written / "clips.json", ClipList).clips
    assert [clip.id for clip in clips] == ["01-hello", "02-all-about"]
    assert [clip.n_words for clip in clips] == [5, 9]


def test_clips_of_an_earlier_selection_are_replaced_in_a_line_that_names_them(
    tmp_path: Path, talk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run_stage(tmp_path, talk, {"captions": "sidecar"}, topics=TOPICS)
    again = {"captions": "none", "frames": ["1:1"]}
    clips.run(StepContext(request_clips(tmp_path, {"media": talk}, again)))
    assert "replaced" not in caplog.text, "the same clips in another shape"
    clips.run(StepContext(request_clips(tmp_path, {"media": talk}, {"select": [EARLY]})))
    assert "2 clips of an earlier selection are replaced: 01-hello, 02-all-about" in caplog.text


def test_own_cues_light_up_word_by_word(tmp_path: Path, talk: Path) -> None:
    options: Plain = {
        "captions": "burned", "frames": ["16:9"], "select": [EARLY],
        "style": {"kind": "karaoke", "lit": "#00ff00"},
    }  # fmt: skip
    written = run_stage(tmp_path, talk, options, own=OWN_VTT)
    frame = Studio(tmp_path).see(written / "01-what-its-about.16x9.burned.mp4", 0.8)
    green = 150  # of a lit word's gray value: lime is darker than white letters
    assert ((frame > green - 30) & (frame < green + 30)).sum() > 200


def test_the_whole_recording_is_a_clip_under_its_title(tmp_path: Path, talk: Path) -> None:
    written = run_stage(tmp_path, talk, {"select": "whole", "captions": "sidecar"}, "Grüße: eins")
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert (clip.id, clip.start_ms, clip.end_ms) == ("01-grusse-eins", 0, 4000)


def test_no_clips_is_an_empty_list(tmp_path: Path, talk: Path) -> None:
    written = run_stage(tmp_path, talk, {"select": "none"})
    assert [path.name for path in written.iterdir()] == ["clips.json"]
    assert read_record(written / "clips.json", ClipList).clips == ()


def test_a_quote_nobody_says_fails_the_step(tmp_path: Path, talk: Path) -> None:
    select = [{"title": "A", "from": "no such words", "to": "anywhere"}]
    with pytest.raises(MediaError, match="nobody says"):
        run_stage(tmp_path, talk, {"select": select})


def test_the_same_request_gives_the_same_bytes(tmp_path: Path, talk: Path) -> None:
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folder = run_stage(tmp_path / name, talk, {"select": [EARLY]})
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1]


@pytest.mark.parametrize(("quiet", "is_louder"), [("0.02", True), ("0.5", False)])
def test_highlights_hear_how_loud_the_words_are(
    tmp_path: Path, quiet: str, is_louder: bool
) -> None:
    tone = f"aevalsrc='if(lt(t,1.75),0.5,{quiet})*sin(2764*t)':d=4:s=16000"
    sound = Studio(tmp_path).make("a.flac", "-f", "lavfi", "-i", tone)
    (tmp_path / "topics").mkdir()
    write_record(tmp_path / "topics" / "topics.json", TopicList((Topic("All", 0, 4000, 0, 14),)))
    select = [{"highlights": 1, "min_s": 1, "max_s": 2}]
    options = {"select": select, "captions": "sidecar"}
    written = run_stage(tmp_path, sound, options)
    (clip,) = read_record(written / "clips.json", ClipList).clips
    assert (clip.first_word, clip.n_words) == (0, 5)
    assert ("dB louder than usual" in clip.reason) == is_louder
    before = {path.name: path.read_bytes() for path in written.iterdir()}
    (tmp_path / "ingest" / "audio.wav").unlink()
    shutil.rmtree(written)
    written.mkdir()
    clips.run(StepContext(request_clips(tmp_path, {"media": sound}, options)))
    assert {path.name: path.read_bytes() for path in written.iterdir()} == before
