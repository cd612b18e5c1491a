"""What the benchmark of people counts, and what it puts into texts and talks."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from people_parts.confidence import LEAST_WORDS, measure_bins, measure_trust
from people_parts.disfluencies import (
    add_fillers,
    insert,
    make_false_start,
    sum_up_disfluencies,
    write_text,
)
from people_parts.kinds import measure_kinds
from people_parts.measures import measure_words, wilson
from people_parts.recordings import Recording, Token, join_recordings
from people_parts.runs import Judged
from people_parts.wrong_words import (
    KINDS,
    find_near_words,
    make_mistakes,
    sum_up_mistakes,
    sum_up_right_words,
)

from tests.excerpt import ROOT, cut_sound, read_text, read_truth

WORDS = (
    "and so the old man went down to the harbour once more and looked at the ships that lay there "
    "but nobody had seen his brother or the boat that he had built in the garden behind the house"
).split()
OTHERS = "every spring our teacher buys fresh chalk which small pupils break quite often".split()


def make_recording(name: str, words: list[str], step_ms: int = 400) -> Recording:
    tokens = tuple(
        Token(word, index * step_ms, index * step_ms + 300, name)
        for index, word in enumerate(words)
    )
    samples = np.full(len(words) * step_ms * 16, 1000, np.int16)
    lines = " ".join(words[:9]) + "\n" + " ".join(words[9:]) + "\n"
    return Recording(name, samples, tokens, lines)


def find(recording: Recording, shifts_ms: dict[int, float | None] | None = None) -> list[Judged]:
    """The words as found: at their true times, or so much later; with None not at all."""
    found = []
    for index, token in enumerate(recording.tokens):
        shift_ms = (shifts_ms or {}).get(index, 0)
        if token.start_ms is None or token.end_ms is None or shift_ms is None:
            found.append(Judged(recording.name, index, token, None, None, "unspoken", 0.0))
            continue
        span = (round(token.start_ms + shift_ms), round(token.end_ms + shift_ms))
        found.append(Judged(recording.name, index, token, *span, "aligned", 0.995))
    return found


def test_a_constant_error_is_a_bias_and_taken_out_it_is_none() -> None:
    recording = make_recording("harbour", WORDS)
    row = measure_words(find(recording, dict.fromkeys(range(len(WORDS)), -30.0)))
    assert (row["bias_ms"], row["median_ms"], row["f1"], row["f1_unbiased"]) == (-30, 30, 0, 1)
    assert (row["within_50ms"], row["n_over_1s"], row["n_words"]) == (1, 0, len(WORDS))


def test_the_bias_of_each_recording_is_its_own() -> None:
    early, late = make_recording("early", WORDS), make_recording("late", WORDS)
    words = find(early, dict.fromkeys(range(len(WORDS)), -30.0))
    words += find(late, dict.fromkeys(range(len(WORDS)), 30.0))
    assert measure_words(words)["f1_unbiased"] == 1


def test_a_share_has_wilsons_interval() -> None:
    assert wilson(81, 263) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))
    assert wilson(0, 10) == (0.0, pytest.approx(0.2775, abs=1e-4))
    assert wilson(0, 0) is None


def test_joined_recordings_follow_each_other_after_a_pause() -> None:
    one, other = make_recording("one", WORDS), make_recording("other", OTHERS)
    joined = join_recordings("both", [one, other])
    assert joined.text.split() == [token.text for token in joined.tokens] == WORDS + OTHERS
    assert joined.tokens[len(WORDS)].start_ms == len(WORDS) * 400 + 500


def test_mistakes_are_of_every_kind_and_the_text_has_them_in_their_lines() -> None:
    recording, other = make_recording("harbour", WORDS), make_recording("school", OTHERS)
    kinds = set()
    for seed in range(12):
        wrong = make_mistakes(recording, [other], random.Random(seed))
        kinds |= {token.wrong for token in wrong.tokens} - {""}
        assert wrong.text.split() == [token.text for token in wrong.tokens]
        assert len(wrong.text.splitlines()) == 2
        assert all((token.start_ms is None) == bool(token.wrong) for token in wrong.tokens)
        right = iter(recording.tokens)
        assert all(token in right for token in wrong.tokens if not token.wrong)
    assert kinds == set(KINDS)


def test_near_words_differ_by_one_phone_and_never_sound_the_same() -> None:
    near = find_near_words("shape")
    assert {"shade", "shapes", "cape"} <= set(near)
    assert "there" not in find_near_words("their")


def test_wrong_words_are_counted_by_kind_and_right_ones_beside_them() -> None:
    recording, other = make_recording("harbour", WORDS), make_recording("school", OTHERS)
    wrong = make_mistakes(recording, [other], random.Random(0))
    places = [index for index, token in enumerate(wrong.tokens) if token.wrong]
    after = next(at + 1 for at in places if not wrong.tokens[at + 1].wrong)
    words = find(wrong, {after: 1500.0})
    rows = sum_up_mistakes(words)
    assert rows["all wrong words"]["told"] == 1
    assert sum(rows[kind]["n"] for kind in KINDS) == rows["all wrong words"]["n"] == len(places)
    right = sum_up_right_words(words)
    assert right["beside any"]["n"] + right["others"]["n"] == len(words) - len(places)
    assert (right["beside any"]["n_over_1s"], right["others"]["n_over_1s"]) == (1, 0)


def test_bins_of_confidence_have_enough_words_and_tell_a_promise_that_is_not_held() -> None:
    recording = make_recording("harbour", WORDS * 30)
    surer = [replace(word, confidence=0.7) for word in find(recording)[:LEAST_WORDS]]
    wrong = find(recording, dict.fromkeys(range(len(recording.tokens)), 150.0))[LEAST_WORDS:]
    rows = list(measure_bins([*surer, *wrong]).values())
    assert [row["n"] for row in rows] == [LEAST_WORDS, len(recording.tokens) - LEAST_WORDS]
    assert [row["within_100ms"] for row in rows] == [1, 0]
    assert [row["holds"] for row in rows] == ["no", "no"]
    trust = measure_trust([*surer, *wrong])
    assert (trust["n_sure"], trust["sure_within_100ms"]) == (len(wrong), 0)


def test_kinds_are_told_by_the_first_phone_and_the_pause_before() -> None:
    recording = make_recording("harbour", WORDS)
    rows = measure_kinds([recording], find(recording))
    assert rows["after a pause"]["n"] == len(WORDS)
    assert sum(row["n"] for name, row in rows.items() if name.startswith("first ")) == len(WORDS)
    assert rows["first stop"]["n"] == sum(word[0] in "dtbg" and word[:2] != "th" for word in WORDS)


def test_a_filler_put_in_moves_what_follows_and_only_one_text_has_it() -> None:
    recording = make_recording("harbour", WORDS)
    sound = np.zeros(300 * 16, np.int16)
    talk = insert(recording, 5, Token("um", None, None, "", "real um"), sound, (100, 200))
    assert (talk.tokens[5].text, talk.tokens[5].start_ms) == ("um", 1950 + 100)
    assert talk.tokens[6].start_ms == 2000 + 600
    assert len(talk.samples) == len(recording.samples) + 600 * 16
    assert write_text(talk, False).text.split() == WORDS
    assert write_text(talk, True).text.split() == [*WORDS[:5], "um", *WORDS[5:]]


def test_the_word_after_a_filler_is_counted_by_itself() -> None:
    recording = make_recording("harbour", WORDS)
    sound = np.zeros(300 * 16, np.int16)
    talk = insert(recording, 5, Token("um", None, None, "", "real um"), sound, (100, 200))
    rows = sum_up_disfluencies(talk, find(write_text(talk, False), {5: -1100.0}), 100)
    assert (rows["real um"]["n_after"], rows["real um"]["after_near"]) == (1, 0)
    assert (rows["real um"]["after_over_1s"], rows["real um"]["before_near"]) == (1, 1)
    assert rows["no disfluency"]["after_near"] == 1
    assert sum_up_disfluencies(talk, find(write_text(talk, True)), 100)["real um"]["itself_near"]


def test_spoken_fillers_leave_the_words_in_order() -> None:
    spoken = add_fillers(WORDS, random.Random(3), 5)
    assert [word for word, kind in spoken if not kind] == WORDS
    assert len({kind for _, kind in spoken}) > 2
    assert (make_false_start("what"), make_false_start("children")) == ("wha-", "chi-")


def test_a_run_prints_its_tables_and_an_object(tmp_path: Path) -> None:
    folder = tmp_path / "excerpt"
    folder.mkdir()
    cut_sound(folder / "audio.wav")
    (folder / "text.txt").write_text(read_text())
    truth = [
        {"text": text, "start": start_ms / 1000, "end": start_ms / 1000 + 0.1}
        for text, start_ms in read_truth()
    ]
    (folder / "truth.json").write_text(json.dumps(truth))
    command = [sys.executable, "benchmarks/people.py", str(folder), "--seeds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["cuecast"]["excerpt"]["within_100ms"] > 0.9
    assert figures["pocketsphinx"]["excerpt"]["n_words"] == len(truth)
    assert figures["wrong_words"]["all wrong words"]["n"] > 0
    assert {"kinds", "right_words", "confidence", "trust"} <= set(figures)
