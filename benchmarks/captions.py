"""Cues of the same words by our rules and others': `python benchmarks/captions.py [TEXT TRUTH]`.

Or give the folder of an episode, as `episode.py` makes it; without either, the sample. The words
have their true times, so that only the making of cues is compared. The last line is one JSON
object: a row a tool, and the CPU time that cuecast takes from so many words to caption files.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from segmenters import SEGMENTERS, end_of, start_of

from pipeline.alignment.transcript import parse_transcript
from pipeline.captions.breaks import ends_clause, ends_sentence
from pipeline.captions.cues import make_cues
from pipeline.captions.formats import format_files
from pipeline.captions.grammar import choose_grammar
from pipeline.captions.hls import Clock
from pipeline.captions.lint import find_breaks, lint
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import NETFLIX_EN
from pipeline.records import Cue, TimedText, Word

SAMPLES = Path(__file__).parent.parent / "samples"
SIZES = (25_000, 50_000, 100_000)
PAUSE_MS = 150
"""What ears take for a pause, as benchmarks of phrasing do; shorter ones are closures of stops."""

Row = dict[str, Any]


def main() -> None:
    """Cut, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="?", default=SAMPLES / "episode.txt")
    parser.add_argument("truth", type=Path, nargs="?", default=SAMPLES / "episode.truth.json")
    given = parser.parse_args()
    if given.text.is_dir():
        given.text, given.truth = given.text / "episode.txt", given.text / "truth.json"
    timed = read_timed(given.text, given.truth)
    spoken = [word for word in timed.words if word.start_ms is not None]
    own = make_cues(timed, CaptionOptions())
    rows = {"cuecast": describe(own, find_own_ends(own), spoken)}
    for name, cut in SEGMENTERS.items():
        ends = cut(spoken)
        rows[name] = describe(join(spoken, ends, timed), ends, spoken)
    for found in lint(own, NETFLIX_EN).breaks:
        print(f"cue {found.cue}: {found.rule} {found.measured:g}: {found.note or 'no reason'}")
    print_table(rows)
    seconds = {str(n_words): time_words(timed, n_words) for n_words in SIZES}
    print(f"seconds for so many words: {seconds}")
    print(json.dumps({"rows": rows, "seconds": seconds}))


def read_timed(text: Path, truth: Path) -> TimedText:
    """The text with its true times."""
    script = parse_transcript(text.read_text("utf-8"))
    times = json.loads(truth.read_text("utf-8"))["words"]
    if [row["text"] for row in times] != list(script.words):
        sys.exit(f"captions.py: {truth} is not the truth of {text}")
    turns = [number for number, turn in enumerate(script.turns) for _ in range(turn.n_words)]
    words: list[Word] = []
    latest_ms = 0
    for row, turn in zip(times, turns, strict=True):
        if row["start_ms"] is None:
            words.append(Word(row["text"], None, None, "unspoken", 0.0, turn))
            continue
        latest_ms = max(latest_ms, row["start_ms"])
        end_ms = max(latest_ms + 1, row["end_ms"])
        words.append(Word(row["text"], latest_ms, end_ms, "aligned", 1.0, turn))
    duration_ms = max(word.end_ms or 0 for word in words) + 1_000
    return TimedText("en", "truth", duration_ms, script.turns, tuple(words))


def join(words: Sequence[Word], ends: Sequence[int], timed: TimedText) -> list[Cue]:
    """Cues as tools write them: one line, from the first word's start to the last one's end."""
    cues, first = [], 0
    for last in ends:
        part = words[first : last + 1]
        text = " ".join(word.text for word in part)
        speaker = timed.turns[part[0].turn].speaker
        end_ms = max(start_of(part[0]) + 1, end_of(part[-1]))
        cues.append(Cue(start_of(part[0]), end_ms, (text,), speaker))
        first = last + 1
    return cues


def find_own_ends(cues: Sequence[Cue]) -> list[int]:
    """The words that cuecast's cues end with."""
    ends, last = [], -1
    for cue in cues:
        last += len(cue.marks)
        ends.append(last)
    return ends


def describe(cues: Sequence[Cue], ends: Sequence[int], words: Sequence[Word]) -> Row:
    """Counts and shares; `whole` cues break nothing and end where a reader may pause."""
    breaks = find_breaks(cues, NETFLIX_EN)
    broken = {found.cue - 1 for found in breaks}
    ended = [ends_well(words, last) for last in ends]
    spans = zip([-1, *ends], ends, strict=False)
    n_mixed = sum(
        len({words[n].turn for n in range(before + 1, last + 1)}) > 1 and not cue.line_speakers
        for (before, last), cue in zip(spans, cues, strict=True)
    )
    n_whole = sum(good and n not in broken for n, good in enumerate(ended))
    return {
        "n_cues": len(cues),
        "n_breaks": len(breaks),
        "breaks": dict(Counter(found.rule for found in breaks)),
        "broken_share": round(len(broken) / len(cues), 4),
        "n_needlessly_short": sum(
            cue.end_ms - cue.start_ms < NETFLIX_EN.min_ms
            and after.start_ms - cue.start_ms >= NETFLIX_EN.min_ms + NETFLIX_EN.gap_ms
            for cue, after in pairwise(cues)
        ),
        "longest_s": max(cue.end_ms - cue.start_ms for cue in cues) / 1000,
        "n_speakers_mixed": n_mixed,
        "ends_well": round(sum(ended) / len(cues), 4),
        "whole_share": round(n_whole / len(cues), 4),
    }


def ends_well(words: Sequence[Word], last: int) -> bool:
    """Whether a sentence, a clause or a turn ends with a word, or a pause follows it."""
    grammar = choose_grammar("en")
    word = words[last]
    if last == len(words) - 1 or ends_sentence(word.text, grammar) or ends_clause(word.text):
        return True
    after = words[last + 1]
    is_clause = after.text.lower().strip(".,?!") in grammar.conjunctions
    return is_clause or after.turn != word.turn or start_of(after) - end_of(word) >= PAUSE_MS


def print_table(rows: dict[str, Row]) -> None:
    """A line a figure, a column a tool."""
    print(f"{'':20}" + "".join(f"{name:>16}" for name in rows))
    for key in next(iter(rows.values())):
        if key != "breaks":
            print(f"{key:20}" + "".join(f"{row[key]:>16}" for row in rows.values()))
    for rule in sorted({rule for row in rows.values() for rule in row["breaks"]}):
        print(
            f"  {rule:18}" + "".join(f"{row['breaks'].get(rule, 0):>16}" for row in rows.values())
        )


def time_words(timed: TimedText, n_words: int) -> float:
    """Seconds from so many words, the text again and again, to the files a job makes by default."""
    words: list[Word] = []
    turns = []
    while len(words) < n_words:
        first, shift_ms = len(words), (words[-1].end_ms or 0) + 500 if words else 0
        for turn in timed.turns:
            turns.append(replace(turn, first_word=first + turn.first_word))
        n_before = len(turns) - len(timed.turns)
        words += [
            shift(word, shift_ms, n_before) for word in timed.words if word.start_ms is not None
        ]
        turns = renumber(turns, words)
    long = TimedText("en", "truth", (words[-1].end_ms or 0) + 500, tuple(turns), tuple(words))
    began_s = time.process_time()
    cues = make_cues(long, CaptionOptions())
    for name in CaptionOptions().formats:
        list(format_files(name, cues, long.language, Clock(0)))
    lint(cues, NETFLIX_EN)
    return round((time.process_time() - began_s) * n_words / len(words), 2)


def shift(word: Word, by_ms: int, n_turns: int) -> Word:
    """The word later, in a later turn."""
    return replace(
        word,
        start_ms=start_of(word) + by_ms,
        end_ms=end_of(word) + by_ms,
        turn=word.turn + n_turns,
    )


def renumber(turns: Sequence[Any], words: Sequence[Word]) -> list[Any]:
    """The turns as they cover the words that are there."""
    counts = Counter(word.turn for word in words)
    made, first = [], 0
    for number, turn in enumerate(turns):
        made.append(replace(turn, first_word=first, n_words=counts[number]))
        first += counts[number]
    return made


if __name__ == "__main__":
    main()
