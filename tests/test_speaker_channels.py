"""Two speakers on two channels: turns and names come from the channels, end to end."""

import json
from pathlib import Path

import pytest

from pipeline.codec import read_record
from pipeline.records import TimedText
from tests.cli.test_commands import cuecast
from tests.excerpt import ROOT
from tests.media.studio import Studio

EPISODE = ROOT / "samples" / "episode.opus"
START_MS, END_MS = 12_250, 26_450
"""Nora asks, Emil answers, Nora asks, Emil answers."""
NORA_SPEAKS = "lt(t,2.45)+between(t,9.75,11.25)"
EDGE_MS = 400
"""How far a change of speaker may be from where it is."""


def read_truth() -> list[dict[str, object]]:
    words = json.loads(EPISODE.with_suffix(".truth.json").read_text())["words"]
    return [word for word in words if START_MS <= word["start_ms"] < word["end_ms"] <= END_MS]


def make_recording(studio: Studio) -> None:
    """Emil on the left, Nora on the right, each also heard on the other's microphone."""
    graph = (
        f"asplit[a][b];[a]volume='if({NORA_SPEAKS},0.3,1)':eval=frame[emil];"
        f"[b]volume='if({NORA_SPEAKS},1,0.3)':eval=frame[nora];[emil][nora]amerge"
    )
    cut = ["-ss", str(START_MS / 1000), "-t", str((END_MS - START_MS) / 1000)]
    studio.make("talk.flac", *cut, "-i", str(EPISODE), "-filter_complex", graph)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One job: a text with turn marks, one without, none at all, and one speaker too many."""
    folder = tmp_path_factory.mktemp("channels")
    make_recording(Studio(folder))
    truth = read_truth()
    marked, before = "", None
    for word in truth:
        marked += ("\n- " if word["speaker"] != before else " ") + str(word["text"])
        before = word["speaker"]
    (folder / "marked.txt").write_text(marked)
    (folder / "plain.txt").write_text(" ".join(str(word["text"]) for word in truth))
    item = {"media": "talk.flac", "audio": {"channel": "speakers"}, "speakers": ["emil", "nora"]}
    items = [
        {**item, "id": "marked", "text": "marked.txt"},
        {**item, "id": "plain", "text": "plain.txt"},
        {**item, "id": "heard"},
        {**item, "id": "three", "text": "plain.txt", "speakers": ["emil", "nora", "lena"]},
    ]
    job = {"output": "out", "clips": {"select": "none"}, "items": items}
    (folder / "job.yaml").write_text(json.dumps(job))
    ran = cuecast(folder, "run", "-q", "job.yaml")
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert line.startswith("three  ingest  failed: 3 speakers, but 2 channels; name a speaker for")
    return folder


@pytest.mark.parametrize("item", ["marked", "plain"])
def test_each_word_has_the_speaker_who_says_it(folder: Path, item: str) -> None:
    timed = read_record(folder / "out" / item / "align" / "words.json", TimedText)
    said_by = [timed.turns[word.turn].speaker for word in timed.words]
    assert [timed.turns[n].speaker for n in range(4)] == ["nora", "emil", "nora", "emil"]
    assert said_by == [word["speaker"] for word in read_truth()]
    assert {turn.speaker_from for turn in timed.turns} == {"inferred"}


def test_without_a_text_turns_change_where_the_speakers_do(folder: Path) -> None:
    timed = read_record(folder / "out" / "heard" / "align" / "words.json", TimedText)
    truth = read_truth()
    for word in timed.words:
        assert word.start_ms is not None and word.end_ms is not None
        middle_ms = (word.start_ms + word.end_ms) / 2 + START_MS
        near = {
            each["speaker"]
            for each in truth
            if each["start_ms"] - EDGE_MS <= middle_ms <= each["end_ms"] + EDGE_MS
        }
        assert timed.turns[word.turn].speaker in near
