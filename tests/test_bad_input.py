"""Bad input, end to end: a line an item that says where, what and what to do; the rest is done."""

import csv
import json
import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.codec import read_record
from pipeline.records import AlignmentSummary
from tests.cli.test_commands import cuecast
from tests.excerpt import cut_sound, read_text
from tests.media.hostile import refer_elsewhere
from tests.media.studio import Studio

OTHER_TEXT = (
    "Chromatic harmony in the late quartets was hardly understood by those who first heard "
    "them, and some musicians refused outright to perform what they called scribbles.\n"
)
HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\ntalk.wav\n#EXT-X-ENDLIST\n"
MUSIC = [
    *("-f", "lavfi", "-i", "aevalsrc='0.2*(sin(440*PI*t)+sin(554*PI*t)+sin(660*PI*t))':d=20"),
    *("-f", "lavfi", "-i", "anoisesrc=d=20:c=pink,volume='0.5*lt(mod(t,0.5),0.06)':eval=frame"),
    *("-filter_complex", "[0]tremolo=f=2:d=0.7[c];[c][1]amix=2"),
]
MISMATCH = (
    r"the text does not belong to this recording: it agrees by 0% with the words "
    r"recognised \(\d+ of its 26 words were found\); give the text that is spoken there, or a job "
    r"file with `align: .+`"
)
NOT_MEDIA = r"not a recording that can be read \(.+\); check that it plays"


@dataclass(frozen=True)
class Bad:
    """An item that fails: its entry in the job, the stage it fails in, what is said."""

    id: str
    entry: Mapping[str, object]
    stage: str
    error: str


def media(name: str, error: str, stage: str = "ingest", **more: object) -> Bad:
    """An item whose recording is bad."""
    item = re.sub(r"\W+", "-", name[:20])
    return Bad(item, {"media": name, "text": "talk.txt", **more}, stage, error)


def text(name: str, error: str, stage: str = "text") -> Bad:
    """An item whose text is bad."""
    item = re.sub(r"\W+", "-", f"text-{name}")
    return Bad(item, {"media": "talk.wav", "text": name}, stage, error)


BAD = [
    media("gone.mp3", r"gone\.mp3: no such file; check the path \(relative to the job file\)"),
    media("empty.mp4", r"empty\.mp4: the file is empty; name a recording"),
    media("text.mp3", rf"text\.mp3: {NOT_MEDIA}"),
    media("list.mp4", rf"list\.mp4: {NOT_MEDIA}"),
    media("concat.mp4", rf"concat\.mp4: {NOT_MEDIA}"),
    media("cut.mp4", rf"cut\.mp4: {NOT_MEDIA}"),
    media("picture.png", rf"picture\.png: {NOT_MEDIA}"),
    media("elsewhere.mov", r"elsewhere\.mov: its sound has no length; name a recording with sound"),
    media("mute.mp4", r"mute\.mp4: no sound in it; name a recording with an audio stream"),
    media("short.wav", r"short\.wav: its sound has no length; name a recording with sound"),
    media("channels.wav", r"channels\.wav: ffmpeg failed: Too many channels: 65535; check .+"),
    media("folder.mp3", r"folder\.mp3: is a folder; name a file in it, or use a glob"),
    media("pipe.mp3", r"pipe\.mp3: a pipe or a device; save it as a file first"),
    media("circle.mp3", r"circle\.mp3: can't be read \(.+\); check the file and who may read it"),
    media("x" * 300, r"x{300}: can't be read \(.+\); check the file and who may read it"),
    media("talk.wav", r"no audio stream 3: it has 1, .+; mend audio\.stream", audio={"stream": 3}),
    media("silence.wav", r"no speech in the recording; check audio\..+", "transcribe"),
    media("music.flac", r"no speech in the recording; check audio\..+", "transcribe"),
    text("gone.txt", r"gone\.txt: no such file; check the path \(relative to the job file\)"),
    text("empty.txt", r"empty\.txt: has no words; give the text that was spoken, or none"),
    text("sounds.txt", r"sounds\.txt: has no words; give the text that was spoken, or none"),
    text("folder.mp3", r"folder\.mp3: is a folder; name a file in it, or use a glob"),
    text("utf16.txt", r"utf16\.txt: not text \(byte 12\); save it as UTF-8 text"),
    text("talk.wav", r"talk\.wav: not text \(a zero at byte \d+\); save it as UTF-8 text"),
    text("bad.vtt", r"bad\.vtt: not WebVTT \(.+\); give a WebVTT file"),
    text("bad.srt", r"bad\.srt: not SubRip \(no timing line\); give an SRT file"),
    text("bad.json", r"bad\.json: not a words\.json \(.+\); give the words\.json of an item, .+"),
    *(text(f"other.{form}", MISMATCH, "align") for form in ("txt", "vtt", "json")),
]  # fmt: skip


def make_sources(folder: Path) -> None:
    """Every file that the table names, but those that are to be missing."""
    studio = Studio(folder)
    cut_sound(folder / "talk.wav")
    (folder / "talk.txt").write_text(read_text())
    (folder / "other.txt").write_text(OTHER_TEXT)
    (folder / "other.vtt").write_text(f"WEBVTT\n\n00:01.000 --> 00:09.000\n{OTHER_TEXT}")
    words = [
        {"text": word, "start_ms": None, "end_ms": None, "status": "unspoken", "confidence": 0,
         "turn": 0}
        for word in OTHER_TEXT.split()
    ]  # fmt: skip
    turn = {"speaker": None, "speaker_from": None, "first_word": 0, "n_words": len(words)}
    other = {"version": 1, "language": "en", "engine": "any", "duration_ms": 9000}
    (folder / "other.json").write_text(json.dumps({**other, "turns": [turn], "words": words}))
    (folder / "empty.mp4").touch()
    (folder / "text.mp3").write_text(OTHER_TEXT * 20)
    (folder / "list.mp4").write_text(HLS)
    (folder / "concat.mp4").write_text("ffconcat version 1.0\nfile talk.wav\n")
    silent = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=2"]
    movie = studio.make("cut.mp4", *silent, "-c:a", "aac")
    movie.write_bytes(movie.read_bytes()[:-300])
    studio.make("picture.png", *studio.flashes([], 0.04), "-frames:v", "1", "-update", "1")
    movie = studio.make("elsewhere.mov", *silent, "-c:a", "pcm_s16le")
    movie.write_bytes(refer_elsewhere(movie.read_bytes(), folder / "talk.wav"))
    studio.make("mute.mp4", *studio.flashes([], 1))
    studio.make("short.wav", *silent, "-t", "0")
    studio.make("silence.wav", *silent)
    studio.make("music.flac", *MUSIC)
    (folder / "channels.wav").write_bytes(
        struct.pack("<4sI8sIHHIIHH", b"RIFF", 131_106, b"WAVEfmt ", 16, 1, 65_535, 8000, 8000,
                    0xFFFE, 16)
        + struct.pack("<4sI", b"data", 131_070) + bytes(131_070)
    )  # fmt: skip
    (folder / "folder.mp3").mkdir()
    os.mkfifo(folder / "pipe.mp3")
    (folder / "circle.mp3").symlink_to("circle.mp3")
    (folder / "empty.txt").touch()
    (folder / "sounds.txt").write_text(" \n(laughs)\n")
    (folder / "utf16.txt").write_bytes("hello".encode("utf-16") + b"!")
    for name in ("bad.vtt", "bad.srt", "bad.json"):
        (folder / name).write_text("hello")


@dataclass(frozen=True)
class Done:
    """A job that was run: what it printed, and where."""

    folder: Path
    code: int
    errors: list[str]
    events: list[dict[str, str]]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """One job with every bad item between two good ones and one whose text is to be kept."""
    folder = tmp_path_factory.mktemp("bad")
    make_sources(folder)
    items: list[dict[str, object]] = [
        {"id": "first", "media": "talk.wav", "text": "talk.txt"},
        {
            "id": "other",
            "media": "talk.wav",
            "text": "other.txt",
            "align": {"mismatch": "keep"},
        },
        *({"id": bad.id, **bad.entry} for bad in BAD),
        {"id": "last", "media": "talk.wav", "text": "talk.txt"},
    ]
    job = {"output": "out", "clips": {"select": "none"}, "items": items}
    (folder / "job.yaml").write_text(json.dumps(job))
    ran = cuecast(folder, "run", "--json", "job.yaml")
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    return Done(folder, ran.returncode, ran.stderr.splitlines(), events)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_a_bad_item_fails_with_one_line(done: Done, bad: Bad) -> None:
    failed = [each for each in done.events if each["event"] == "step_failed"]
    (event,) = [each for each in failed if each["item"] == bad.id]
    assert event["stage"] == bad.stage
    assert re.search(f"{bad.error}$", event["error"]), event["error"]
    assert len(event["error"].splitlines()) == 1


def test_nothing_else_is_printed_and_the_exit_code_is_1(done: Done) -> None:
    assert done.code == 1
    assert not [line for line in done.errors if "Traceback" in line]
    assert len(done.errors) == 0, done.errors
    assert sum(each["event"] == "step_failed" for each in done.events) == len(BAD)


@pytest.mark.parametrize("item", ["first", "last"])
def test_good_items_are_done_all_the_same(done: Done, item: str) -> None:
    assert (done.folder / "out" / item / "report" / "_done.json").exists()


def test_the_text_of_another_recording_is_kept_where_the_job_says_so_and_told_in_one_line(
    done: Done,
) -> None:
    summary = read_record(
        done.folder / "out" / "other" / "align" / "summary.json", AlignmentSummary
    )
    assert (summary.matches, summary.review) == (False, True)
    notes = [note for each in done.events for note in each.get("notes", ())]
    spoken = [note for note in notes if note.startswith("other: ") and "does not belong" in note]
    assert len(spoken) == 1
    assert (done.folder / "out" / "other" / "report" / "_done.json").exists()
    assert not read_record(
        done.folder / "out" / "first" / "align" / "summary.json", AlignmentSummary
    ).review


@pytest.mark.parametrize("form", ["txt", "vtt", "json"])
def test_no_stage_goes_on_with_the_text_of_another_recording(done: Done, form: str) -> None:
    item = done.folder / "out" / f"text-other-{form}"
    assert {path.parent.name for path in item.glob("*/_done.json")} == {
        "ingest", "text", "transcribe",
    }  # fmt: skip
    summary = (done.folder / "out" / "summary.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(summary.splitlines())
    (row,) = [row for row in rows if row["id"] == item.name]
    assert row["state"] == "failed"
    assert re.search(MISMATCH, row["error"])


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


ODD = r"a character that no text can hold; leave it out"


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ("[{media: a, txt: b}]", r":2: items\[0\]\.txt: unknown key; did you mean text\?"),
        ("[{media: a}]\nfoo: 1", r":3: foo: unknown key; the keys here are .+"),
        ("[]", r":2: items: a list is empty; write at least one, or leave it out"),
        ("{media: a}", r":2: items: a section is no list; begin each entry with a dash: .+"),
        ("[{media: [a]}]", r":2: items\[0\]\.media: a list is no text; write one, .+"),
        ("[{media: a, audio: {stream: x}}]", r"audio\.stream: 'x' is not known; use 'auto'"),
        ("[{media: a, audio: {channel: speakers}}]", r"needs two speakers or more, .+; mend .+"),
        ("[{media: a}, {media: b/a}]", r":2: items\[1\]: 'a' is already the id of a; .+"),
        ("[{media: a, id: ../x}]", r"items\[0\]\.id: '\.\./x' can't name a folder; .+"),
        ("[{media: a, id: x/../../y}]", r"can't name a folder; .+"),
        (f"[{{media: a}}]\n{BOMB}", r"too many or too deep values; write it out more plainly"),
        ('[{media: "a\\0b"}]', rf":2: {ODD}"),
        ('[{media: "a\\ud800b"}]', rf":2: {ODD}"),
        ('[{media: a, align: {vocabulary: {"\\ud800": [A]}}}]', r":2: a key is not plain text; .+"),
        ("[{media: !!python/name:os.system a}]", r"means nothing here; leave it out, or quote it"),
        ("[{media: a}]\n- b", r":\d: not YAML: .+; mend the line"),
    ],
)
def test_a_bad_job_is_one_line_and_nothing_is_run(tmp_path: Path, items: str, error: str) -> None:
    (tmp_path / "job.yaml").write_text(f"output: out\nitems: {items}\n")
    ran = cuecast(tmp_path, "run", "job.yaml")
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert re.fullmatch(rf"error: job\.yaml.*{error}", line), line
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]


CRASHES = "#!/bin/sh\nkill -SEGV $$\n"
NEVER_ENDS = "#!/bin/sh\nexec sleep 1000\n"


@pytest.mark.parametrize(
    ("decoder", "error"),
    [
        (CRASHES, r"talk\.wav: ffmpeg failed: it was killed by signal 11; check .+"),
        (NEVER_ENDS, r"talk  ingest  failed: took longer than its 4 s; raise run\.timeout_s"),
    ],
)  # fmt: skip
def test_a_decoder_that_crashes_or_never_ends_fails_its_item(
    tmp_path: Path, decoder: str, error: str
) -> None:
    cut_sound(tmp_path / "talk.wav")
    program = tmp_path / "decoder"
    program.write_text(decoder)
    program.chmod(0o755)
    job = "output: out\nrun: {timeout_s: 4}\nitems: [{media: talk.wav}]\n"
    (tmp_path / "job.yaml").write_text(job)
    ran = cuecast(tmp_path, "run", "-q", "job.yaml", CUECAST_FFMPEG=str(program))
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert re.search(f"{error}$", line), line
