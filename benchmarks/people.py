"""How well people's speech is timed: `python benchmarks/people.py FOLDER …`.

A FOLDER has `audio.*`, `text.txt` and `truth.json` (`[{"text", "start", "end"}]`, seconds: times
made by people). A row a folder, their mean, all of their words together, and all recordings joined
into one (several speakers); bare PocketSphinx beside. A folder with `vot.json` (hand-marked bursts
of stops) is only asked whether a burst lies before its word's start. The last line is one JSON
object.
"""

import argparse
import json
import os
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from people_parts.measures import Row, measure_words
from people_parts.recordings import Recording, join_recordings, read_recording
from people_parts.runs import Judged, align_recordings, align_with_pocketsphinx
from people_parts.tables import SETS, print_table

JOINED = "joined"
BURST_MS = 2
"""How far off a hand-marked burst may be."""


def main() -> None:
    """Align, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    recordings = {one.name: one for one in map(read_recording, given.folders)}
    marked = {name: one for name, one in recordings.items() if one.bursts}
    sets = {name: one for name, one in recordings.items() if not one.bursts}
    joined = {JOINED: join_recordings(JOINED, list(sets.values()))} if len(sets) > 1 else {}
    found = align_recordings({**recordings, **joined}, given.workers)
    figures: Row = {}
    if sets:
        bare = {name: align_with_pocketsphinx(one) for name, one in {**sets, **joined}.items()}
        for name, words in (("cuecast", found), ("pocketsphinx", bare)):
            figures[name] = sum_up({key: words[key] for key in (*sets, *joined)})
            print_table(name, figures[name], SETS)
    for name, recording in marked.items():
        figures.setdefault("bursts", {})[name] = count_bursts(recording, found[name])
        print(f"\nbursts, {name}: {figures['bursts'][name]}")
    print(json.dumps(figures))


def sum_up(found: Mapping[str, Sequence[Judged]]) -> dict[str, Row]:
    """A row a set, their mean, all words of the sets, and the joined recording."""
    rows = {name: measure_words(words) for name, words in found.items()}
    joined = rows.pop(JOINED, None)
    if len(rows) > 1:
        means = {key: _mean([row[key] for row in rows.values()]) for key in rows[next(iter(rows))]}
        pooled = [word for name, words in found.items() if name != JOINED for word in words]
        rows |= {"mean of sets": means, "all words": measure_words(pooled)}
    return rows | ({JOINED: joined} if joined else {})


def count_bursts(recording: Recording, words: Sequence[Judged]) -> Row:
    """How many hand-marked bursts lie before the start of their word."""
    by_index = {word.index: word for word in words}
    starts = [(by_index[index].start_ms, burst_ms) for index, burst_ms in recording.bursts]
    timed = [(start_ms, burst_ms) for start_ms, burst_ms in starts if start_ms is not None]
    n_before = sum(burst_ms < start_ms - BURST_MS for start_ms, burst_ms in timed)
    lead_ms = statistics.median(burst_ms - start_ms for start_ms, burst_ms in timed)
    return {
        "n_bursts": len(starts),
        "n_timed": len(timed),
        "n_before_start": n_before,
        "median_lead_ms": round(lead_ms, 1),
    }


def _mean(figures: Sequence[object]) -> float | None:
    numbers = [figure for figure in figures if isinstance(figure, int | float)]
    if len(numbers) < len(figures):
        return None
    return round(statistics.fmean(numbers), 4)


if __name__ == "__main__":
    main()
