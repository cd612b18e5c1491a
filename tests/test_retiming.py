"""Captions whose times have drifted, of a talk that was cut since, fall into place again."""

import json
import statistics
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.captions.cues import make_cues
from pipeline.captions.formats import READERS
from pipeline.captions.options import CaptionOptions
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.vtt import format_vtt
from pipeline.records import Cue, Markup, TimedText, Turn, Word
from tests.cli.test_commands import cuecast
from tests.excerpt import SOUND_START_MS, TALK
from tests.media.studio import Studio

DRIFT = 1.03
LATE_MS = 20_000
CUT_CUES = range(6, 10)
"""These cues' passage is cut out of the recording."""

TYPICAL_ERROR_MS = 40
LARGEST_ERROR_MS = 120
STYLE = "STYLE\n::cue(i) { color: yellow }"


@dataclass(frozen=True)
class Edited:
    """What came of the job: the file's own cues, where they belong now, and the item's folder."""

    own: tuple[Cue, ...]
    starts_ms: tuple[int, ...]
    folder: Path
    log: str

    def read(self, name: str) -> str:
        """A file that was written."""
        return (self.folder / name).read_text()

    def cues(self, form: str) -> tuple[RawCue, ...]:
        """The captions as written in a format."""
        return READERS[form](self.read(f"captions/captions.{form}"))

    @property
    def left(self) -> list[Cue]:
        """The own cues that are still said."""
        return [cue for number, cue in enumerate(self.own) if number not in CUT_CUES]


def read_truth() -> TimedText:
    """The talk's words when they are said, counted from its sound's first sample."""
    truth = json.loads(TALK.with_suffix(".truth.json").read_text())
    words = tuple(
        Word(word["text"], word["start_ms"] - SOUND_START_MS, word["end_ms"] - SOUND_START_MS,
             "aligned", 1.0, 0)
        for word in truth["words"]
    )  # fmt: skip
    turn = Turn(None, None, 0, len(words))
    return TimedText("en", "truth", truth["duration_ms"], (turn,), words)


def mark_up(number: int, cue: Cue) -> Cue:
    """The cue as a person made it: its last line in italics, every other one on top."""
    *first, last = format_vtt([replace(cue, speaker=None)]).split("\n", 3)[3].rstrip().split("\n")
    text = "\n".join([*first, f"<i>{last}</i>"])
    return replace(cue, markup=Markup("vtt", text, "line:0" if number % 2 else "", f"cue-{number}"))


def drift(cue: Cue) -> Cue:
    start_ms, end_ms = (round(time_ms * DRIFT) + LATE_MS for time_ms in (cue.start_ms, cue.end_ms))
    return replace(cue, start_ms=start_ms, end_ms=end_ms)


def cut_out(studio: Studio, start_ms: int, end_ms: int) -> None:
    """Save the talk's sound less a passage."""
    whole = str(studio.make("whole.wav", "-i", str(TALK), "-vn", "-ac", "1"))
    graph = (
        f"[0]asplit[a][b];[a]atrim=end={start_ms / 1000}[before];"
        f"[b]atrim=start={end_ms / 1000},asetpts=PTS-STARTPTS[after];[before][after]concat=v=0:a=1"
    )
    studio.make("talk.wav", "-i", whole, "-filter_complex", graph)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    """The talk less a passage, aligned with captions made before that, by the embedded engine."""
    folder = tmp_path_factory.mktemp("retiming")
    own = tuple(mark_up(*each) for each in enumerate(make_cues(read_truth(), CaptionOptions())))
    cut_ms = (own[CUT_CUES.start].start_ms - 60, own[CUT_CUES.stop].start_ms - 60)
    cut_out(Studio(folder), *cut_ms)
    text = format_vtt(map(drift, own)).replace("\n\n", f"\n\n{STYLE}\n\n", 1)
    (folder / "talk.vtt").write_text(text)
    item = {"media": "talk.wav", "text": "talk.vtt"}
    clips = {"captions": "sidecar", "select": [{"title": "A beach", "start": 0, "end": 7.5}]}
    sections = {"captions": {"breaks": "keep"}, "clips": clips}
    (folder / "job.yaml").write_text(json.dumps({"output": "out", "items": [item], **sections}))
    ran = cuecast(folder, "run", "job.yaml")
    assert ran.returncode == 0, ran.stderr
    starts_ms = tuple(
        cue.start_ms - (cut_ms[1] - cut_ms[0] if number >= CUT_CUES.stop else 0)
        for number, cue in enumerate(own)
        if number not in CUT_CUES
    )
    return Edited(own, starts_ms, folder / "out" / "talk", ran.stdout + ran.stderr)


def test_cues_come_with_their_words_where_those_are_said_now(edited: Edited) -> None:
    errors_ms = [
        abs(cue.start_ms - start_ms)
        for cue, start_ms in zip(edited.cues("vtt"), edited.starts_ms, strict=True)
    ]
    assert statistics.median(errors_ms) < TYPICAL_ERROR_MS
    assert max(errors_ms) < LARGEST_ERROR_MS


def test_breaks_tags_settings_and_names_are_the_files_own(edited: Edited) -> None:
    assert [cue.markup for cue in edited.cues("vtt")] == [cue.markup for cue in edited.left]
    assert [cue.lines for cue in edited.cues("srt")] == [cue.lines for cue in edited.left]
    text = edited.read("captions/captions.vtt")
    assert text.startswith(f"WEBVTT Language: en\n\n{STYLE}\n\ncue-0\n")
    assert edited.read("captions/captions.srt").count("<i>") == len(edited.left)


def test_a_clip_and_the_page_show_the_same_cues(edited: Edited) -> None:
    beside = READERS["vtt"](edited.read("clips/01-a-beach.vtt"))
    assert [cue.markup for cue in beside] == [cue.markup for cue in edited.own[:2]]
    assert edited.read("report/index.html").count("\\u003ci\\u003e") == len(edited.left) + 2


def test_what_was_cut_out_is_said(edited: Edited) -> None:
    numbers = f"{CUT_CUES.start + 1}-{CUT_CUES.stop}"
    assert f"{len(CUT_CUES)} cues left out, as nobody says them in this recording: {numbers}" in (
        edited.log
    )
