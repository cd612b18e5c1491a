"""`cuecast clip`: every way of choosing, from the command line to files, and what is refused."""

import subprocess
from pathlib import Path

import pytest

from pipeline.codec import read_record
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.media.probe import probe_media
from pipeline.records import Clip, ClipList, TimedText
from tests.cli.test_commands import ROOT, cuecast

WHOLE_MS = 63_141
LENGTH_TOLERANCE_MS = 100
SAMPLES = ROOT / "samples"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample talk, small, and its words timed; two people take turns in it."""
    folder = tmp_path_factory.mktemp("clip")
    shrink = ["-i", str(SAMPLES / "talk.mp4"), "-vf", "scale=160:90", "-c:a", "copy", "talk.mp4"]
    subprocess.run([str(find_ffmpeg()), "-v", "error", *shrink], check=True, cwd=folder)
    paragraphs = (SAMPLES / "talk.txt").read_text().split("\n\n")
    names = ("otto", "mira", "otto")
    text = "\n".join(f"- [{name}] {spoken}" for name, spoken in zip(names, paragraphs, strict=True))
    (folder / "talk.txt").write_text(text)
    done = cuecast(folder, "caption", "talk.mp4", "--text", "talk.txt")
    assert done.returncode == 0, done.stderr
    return folder


def cut(folder: Path, *arguments: str) -> tuple[Clip, ...]:
    """Clips of the talk as a person gets them."""
    options = ["--text", "talk.txt", "--captions", "sidecar", *arguments]
    done = cuecast(folder, "clip", "talk.mp4", *options)
    assert done.returncode == 0, done.stderr
    clips = folder / "out" / "talk" / "clips"
    found = read_record(clips / "clips.json", ClipList).clips
    for clip in found:
        (video,) = (file.path for file in clip.files if file.kind in ("clean", "soft"))
        length_s = probe_media(clips / video).duration_s or 0.0
        assert abs(1000 * length_s - (clip.end_ms - clip.start_ms)) <= LENGTH_TOLERANCE_MS
    return found


def spoken(folder: Path, clip: Clip) -> str:
    words = read_record(folder / "out" / "talk" / "align" / "words.json", TimedText).words
    return " ".join(w.text for w in words[clip.first_word : clip.first_word + clip.n_words])


@pytest.mark.parametrize(
    ("arguments", "title", "begins", "ends"),
    [
        (
            ["--from", "the water walks up", "--to", "walks away again"],
            "the water walks up",
            "The water walks up the sand",
            "walks away again.",
        ),
        (["--from", "tugs", "--to", "planet", "--expand", "none"], "tugs", "tugs at", "planet,"),
        (["--start", "0:35.5", "--end", "0:41"], "talk 0:35.5", "But the", "climbs"),
        (["--query", "flour", "--max-s", "12", "--title", "Mill"], "Mill", "", "a bill."),
        (["--query", "sea", "--max-s", "9", "--speaker", "mira"], "Sea", "So the sea", ""),
        (["--query", "sea", "--max-s", "9", "--speaker", "otto"], "Sea", "", ""),
    ],
)
def test_a_clip_is_what_was_asked_for(
    talk: Path, arguments: list[str], title: str, begins: str, ends: str
) -> None:
    (clip,) = cut(talk, *arguments)
    assert clip.title == title
    assert spoken(talk, clip).startswith(begins)
    assert spoken(talk, clip).endswith(ends)


def test_highlights_are_as_many_and_as_long_as_asked_for_each_with_its_reason(talk: Path) -> None:
    clips = cut(talk, "--highlights", "2", "--min-s", "5", "--max-s", "15")
    assert len(clips) == 2
    assert all(5000 <= clip.end_ms - clip.start_ms <= 15_000 for clip in clips)
    assert all(clip.reason.startswith("highlight: ") for clip in clips)


def test_topics_are_as_many_as_asked_for_and_share_the_words_out(talk: Path) -> None:
    clips = cut(talk, "--topics", "2")
    assert [clip.reason for clip in clips] == ["by topic", "by topic"]
    assert " ".join(spoken(talk, clip) for clip in clips).split() == (
        (SAMPLES / "talk.txt").read_text().split()
    )


def test_the_whole_is_called_as_asked(talk: Path) -> None:
    (clip,) = cut(talk, "--whole", "--captions", "soft", "--title", "Tides")
    assert (clip.title, clip.start_ms) == ("Tides", 0)
    assert abs(clip.end_ms - WHOLE_MS) <= LENGTH_TOLERANCE_MS
    assert [file.path for file in clip.files if file.kind == "soft"] == ["01-tides.mp4"]


def test_frame_style_and_fit_reach_the_picture(talk: Path) -> None:
    looks = ["--frame", "1:1", "--captions", "burned", "--style", "word", "--fit", "blur"]
    options = ["--text", "talk.txt", "--start", "1", "--end", "3", *looks]
    done = cuecast(talk, "clip", "talk.mp4", *options)
    assert done.returncode == 0, done.stderr
    folder = talk / "out" / "talk" / "clips"
    (clip,) = read_record(folder / "clips.json", ClipList).clips
    (burned,) = (file for file in clip.files if file.kind == "burned")
    video = probe_media(folder / burned.path).video
    assert video is not None
    assert (burned.frame, video.width_px) == ("1:1", video.height_px)


def test_the_sound_alone_and_a_preview_are_made_as_well(talk: Path) -> None:
    (clip,) = cut(talk, "--start", "1", "--end", "3", "--audio", "mp3", "--preview", "webp")
    made = {file.kind: talk / "out" / "talk" / "clips" / file.path for file in clip.files}
    assert (made["audio"].suffix, made["preview"].suffix) == (".mp3", ".webp")
    sound = probe_media(made["audio"])
    assert sound.video is None
    assert abs(1000 * (sound.duration_s or 0.0) - 2000) <= LENGTH_TOLERANCE_MS
    assert made["preview"].read_bytes()[8:12] == b"WEBP"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--query", "sea", "--speaker", "nobody"], "clip 'sea': query: speaker"),
        (["--from", "no such words here", "--to", "bill"], "clip 'no such words here': from"),
        (["--start", "10:00", "--end", "11:00"], "clip 'talk 10:00'"),
    ],
)
def test_what_is_not_in_the_recording_is_one_line(
    talk: Path, arguments: list[str], line: str
) -> None:
    options = ["-q", "--text", "talk.txt", *arguments]
    done = cuecast(talk, "clip", "talk.mp4", *options)
    assert done.returncode == 1
    (told,) = done.stderr.splitlines()
    assert f"failed: {line}" in told


WAYS = (
    "error: clip: which stretch is not clear; give --from and --to, --start and --end, --query, "
    "--highlights, --topics or --whole"
)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--from", "a"],
        ["--from", "a", "--expand", "sentence"],
        ["--to", "a", "--expand", "answer"],
        ["--start", "1", "--to", "b"],
        ["--from", "a", "--end", "2"],
        ["--whole", "--start", "1", "--end", "2"],
        ["--query", "a", "--highlights", "2"],
        ["--topics", "2", "--whole"],
        ["--speaker", "mira"],
    ],
)
def test_a_clip_is_chosen_in_one_way(tmp_path: Path, arguments: list[str]) -> None:
    done = cuecast(tmp_path, "clip", "a.mp4", *arguments)
    assert (done.returncode, done.stderr.splitlines()) == (2, [WAYS])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--highlights", "2", "--title", "A"], "--title: means nothing with --highlights"),
        (["--whole", "--speaker", "mira"], "--speaker: means nothing with --whole"),
        (["--topics", "2", "--expand", "answer"], "--expand: means nothing with --topics"),
        (["--start", "1", "--end", "2", "--max-s", "9"], "--max-s: means nothing with --start"),
        (["--from", "a", "--to", "b", "--min-s", "9"], "--min-s: means nothing with --from"),
        (["--topics", "many"], "--topics: 'many' is no number of topics"),
        (["--topics", "201"], "--topics: '201' is no number of topics"),
        (["--highlights", "0"], "clip: highlights: "),
        (["--query", "?"], "clip: a clip has a quote without words"),
        (["--query", "a", "--expand", "all"], "clip: expand: "),
        (["--query", "a", "--min-s", "9", "--max-s", "8"], "clips: min_s 9 leaves no room"),
        (["--start", "2", "--end", "1"], "clip: clip 'a 2' must end after it starts"),
        (["--start", "soon", "--end", "1"], "clip: not a time: 'soon'"),
        (["--whole", "--audio", "ogg"], "clips.audio: 'ogg' is not known; use "),
        (["--whole", "--preview", "png"], "clips.preview: 'png' is not known; use "),
    ],
)
def test_what_can_not_be_is_one_line(tmp_path: Path, arguments: list[str], line: str) -> None:
    done = cuecast(tmp_path, "clip", "a.mp4", *arguments)
    assert done.returncode == 2
    (told,) = done.stderr.splitlines()
    assert told.startswith(f"error: {line}")
    assert not (tmp_path / "out").exists()


def test_an_answer_needs_but_its_first_words(tmp_path: Path) -> None:
    done = cuecast(tmp_path, "clip", "gone.mp4", "--from", "a", "--expand", "answer")
    assert done.returncode == 2
    assert done.stderr.endswith("gone.mp4: no such file; check the path\n")
