"""Whatever a recording comes as, and its text as, its words are found where they are said."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt
from pipeline.codec import read_record, write_record
from pipeline.records import AlignmentSummary, Cue, Media, TimedText, Turn, Word
from tests.cli.test_commands import cuecast
from tests.excerpt import cut_sound, read_text, read_truth
from tests.media.studio import Studio

TYPICAL_ERROR_MS = 40
FOUND_SHARE = 0.9

WIDE = ["-f", "lavfi", "-i", "testsrc=s=96x64:r=25:d=6"]
TALK = ["-i", "talk.wav"]
HUM = ["-f", "lavfi", "-i", "sine=f=220:d=6.1:r=48000,volume=-30dB"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]
LATE_MS = 1500
HOSTILE_NAME = '-it\'s [take 2]; 100% "Größe", 12:30 東京 %d.wav'


@dataclass(frozen=True)
class Hard:
    """A recording: how it is made of `talk.wav`, and what its item says beside its text."""

    name: str
    arguments: tuple[str, ...]
    entry: Mapping[str, object] = field(default_factory=dict)
    start_ms: int = 0
    text: str = "talk.txt"

    @property
    def id(self) -> str:
        """The item's."""
        return "hostile" if self.name == HOSTILE_NAME else Path(self.name).stem


HARD = [
    Hard("art.mp3", (*TALK, "-i", "art.png", "-map", "0", "-map", "1", "-c:v", "copy",
                     "-disposition:v", "attached_pic")),
    Hard("bare.mp3", (*TALK, "-write_xing", "0", "-id3v2_version", "0", "-q:a", "5")),
    Hard("phone.wav", (*TALK, "-ar", "8000", "-c:a", "pcm_mulaw")),
    Hard("studio.flac", (*TALK, "-ar", "96000", "-sample_fmt", "s32")),
    Hard("right.wav", (*TALK, "-af", "pan=stereo|c0=0*c0|c1=c0")),
    Hard("surround.flac", (*TALK, "-af", "pan=5.1|FC=c0")),
    Hard("channel.wav", (*TALK, *HUM, "-filter_complex", "[1][0]amerge"),
         {"audio": {"channel": 1}}),
    Hard("stream.mka", (*TALK, *HUM, "-map", "1", "-map", "0", "-c:a", "flac"),
         {"audio": {"stream": 1}}),
    Hard("late.mp4", ("-itsoffset", str(LATE_MS / 1000), *TALK, *WIDE, "-map", "1", "-map", "0",
                      *H264), start_ms=LATE_MS),
    Hard("turned.mp4", ("-display_rotation", "90", "-i", "wide.mp4", *TALK, "-map", "0", "-map",
                        "1", "-c:v", "copy", "-c:a", "aac")),
    Hard("slow.mp4", (*WIDE, *TALK, "-vf", "select='not(mod(n,3))+lt(n,40)'", "-fps_mode", "vfr",
                      *H264)),
    Hard(HOSTILE_NAME, TALK),
    Hard("captions.wav", TALK, text="talk.vtt"),
    Hard("subtitles.wav", TALK, text="talk.srt"),
    Hard("words.wav", TALK, text="talk.json"),
]  # fmt: skip


def make_texts(folder: Path) -> None:
    """What is said in the excerpt, in every form a text may have."""
    words = read_text().split()
    lines = [" ".join(words[first : first + 5]) for first in range(0, len(words), 5)]
    cues = [
        Cue(90_000 + 1000 * number, 90_900 + 1000 * number, (line,), "otto")
        for number, line in enumerate(lines)
    ]
    unspoken = tuple(Word(word, None, None, "unspoken", 0.0, 0) for word in words)
    turn = Turn("otto", "label", 0, len(words))
    (folder / "talk.txt").write_text("\n".join(lines))
    (folder / "talk.vtt").write_text(format_vtt(cues))
    (folder / "talk.srt").write_text(format_srt(cues))
    write_record(folder / "talk.json", TimedText("en", "", 1, (turn,), unspoken))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one job over all of them."""
    folder = tmp_path_factory.mktemp("hard")
    studio = Studio(folder)
    cut_sound(folder / "talk.wav")
    make_texts(folder)
    studio.make("wide.mp4", *WIDE, "-c:v", "libx264", "-preset", "ultrafast")
    studio.make("art.png", *WIDE, "-frames:v", "1", "-update", "1")
    here = {name: str(folder / name) for name in ("talk.wav", "wide.mp4", "art.png")}
    items = []
    for hard in HARD:
        studio.make(hard.name, *(here.get(word, word) for word in hard.arguments))
        items.append({"id": hard.id, "media": hard.name, "text": hard.text, **hard.entry})
    job = {"output": "out", "clips": {"select": "none"}, "items": items}
    (folder / "job.yaml").write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
    ran = cuecast(folder, "run", "-q", "job.yaml")
    assert (ran.returncode, ran.stderr) == (0, "")
    return folder / "out"


@pytest.mark.parametrize("hard", HARD, ids=lambda hard: hard.id)
def test_words_lie_where_they_are_said(out: Path, hard: Hard) -> None:
    timed = read_record(out / hard.id / "align" / "words.json", TimedText)
    truth = read_truth()
    assert [word.text for word in timed.words] == [text for text, _ in truth]
    errors_ms = [
        abs(word.start_ms - hard.start_ms - start_ms)
        for word, (_, start_ms) in zip(timed.words, truth, strict=True)
        if word.start_ms is not None
    ]
    assert len(errors_ms) >= FOUND_SHARE * len(truth)
    assert statistics.median(errors_ms) < TYPICAL_ERROR_MS
    assert read_record(out / hard.id / "align" / "summary.json", AlignmentSummary).matches


def test_captions_name_the_speaker(out: Path) -> None:
    for item in ("captions", "words"):
        timed = read_record(out / item / "align" / "words.json", TimedText)
        assert [turn.speaker for turn in timed.turns] == ["otto"]


def test_the_picture_is_the_one_a_player_shows(out: Path) -> None:
    media = {hard.id: read_record(out / hard.id / "ingest" / "media.json", Media) for hard in HARD}
    assert media["art"].video is None
    turned, slow, late = (media[item].video for item in ("turned", "slow", "late"))
    assert turned is not None and (turned.width_px, turned.height_px) == (64, 96)
    assert slow is not None and slow.is_variable_rate
    assert late is not None and abs(media["late"].sound_start_ms - LATE_MS) < 30
    assert (media["surround"].n_channels, media["stream"].audio_stream) == (6, 1)
