"""How well people's speech is timed: `python benchmarks/people.py FOLDER …`.

A FOLDER has `audio.*`, `text.txt` and `truth.json` (`[{"text", "start", "end"}]`, seconds: times
made by people). A row a folder, their mean, all of their words together, and all recordings joined
into one (several speakers); bare PocketSphinx beside, and with `--viter FOLDER` (of `pip install
--target FOLDER viter`) viter, trained on these recordings. Then errors by kind of word; the same
texts with mistakes of several kinds put in, as often as `--seeds` says; and what confidence is
worth, over all of these. A folder with `vot.json` (hand-marked bursts of stops) is only asked
whether a burst lies before its word's start.

`--no-truth MEDIA TEXT` takes a recording without true times (or a folder of utterances and a JSON
of their texts by name): how many words that recognisers have too are not aligned; and, with
`--whisper FOLDER` (a model of faster-whisper), how many words at the ends of crops of three it
misses, for each way of timing. The last line is one JSON object.
"""

import argparse
import json
import os
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from people_parts.confidence import measure_bins, measure_trust
from people_parts.kinds import measure_kinds
from people_parts.measures import Row, measure_words
from people_parts.recordings import Recording, join_recordings, read_recording
from people_parts.runs import Judged, align_recordings, align_with_pocketsphinx
from people_parts.tables import (
    BINS,
    CROPS,
    KINDS,
    RIGHT,
    SETS,
    STATUSES,
    TRUST,
    WRONG,
    print_table,
)
from people_parts.untimed import measure_untimed, read_untimed
from people_parts.viter_peer import align_with_viter
from people_parts.wrong_words import make_mistakes, sum_up_mistakes, sum_up_right_words

from pipeline.models.installed import find_model
from pipeline.recognizers.options import DEFAULT_WHISPER

JOINED = "joined"
BURST_MS = 2
"""How far off a hand-marked burst may be."""


def main() -> None:
    """Align, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--viter", type=Path, metavar="FOLDER", help="of pip install --target")
    parser.add_argument("--no-truth", type=Path, nargs=2, action="append", default=[])
    parser.add_argument("--whisper", type=Path, metavar="FOLDER")
    parser.add_argument("--crops", type=int, default=60, help="at most, of each recording")
    parser.add_argument("--seeds", type=int, default=3, help="texts with mistakes, for each set")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    recordings = {one.name: one for one in map(read_recording, given.folders)}
    marked = {name: one for name, one in recordings.items() if one.bursts}
    sets = {name: one for name, one in recordings.items() if not one.bursts}
    joined = {JOINED: join_recordings(JOINED, list(sets.values()))} if len(sets) > 1 else {}
    mistaken = spoil(list(sets.values()), given.seeds)
    everything = {**recordings, **joined, **mistaken}
    found = align_recordings(everything, given.workers) if everything else {}
    figures: Row = {}
    if sets:
        figures = report_sets(sets, joined, found, given.viter)
        figures |= report_words(sets, mistaken, found)
    for name, recording in marked.items():
        figures.setdefault("bursts", {})[name] = count_bursts(recording, found[name])
        print(f"\nbursts, {name}: {figures['bursts'][name]}")
    if given.no_truth:
        whisper = given.whisper or find_model(DEFAULT_WHISPER)
        untimed = [read_untimed(*paths) for paths in given.no_truth]
        rows = measure_untimed(untimed, whisper, given.crops, given.workers)
        for name, own, columns in zip(("statuses", "crops"), rows, (STATUSES, CROPS), strict=True):
            figures[name] = own
            print_table(name, own, columns)
    print(json.dumps(figures))


def spoil(recordings: Sequence[Recording], n_seeds: int) -> dict[str, Recording]:
    """Each recording so many times with a wrong text, under names of their own."""
    spoilt = {}
    for seed in range(n_seeds):
        for one in recordings:
            others = [other for other in recordings if other is not one] or [one]
            name = f"{one.name}, mistakes {seed}"
            mistaken = make_mistakes(one, others, random.Random(f"{one.name} {seed}"))
            spoilt[name] = replace(mistaken, name=name)
    return spoilt


def report_sets(
    sets: Mapping[str, Recording],
    joined: Mapping[str, Recording],
    found: Mapping[str, Sequence[Judged]],
    viter: Path | None,
) -> Row:
    """The tables of sets, a table an aligner."""
    all_of_them = {**sets, **joined}
    peers: dict[str, Mapping[str, Sequence[Judged]]] = {
        "cuecast": found,
        "pocketsphinx": {key: align_with_pocketsphinx(one) for key, one in all_of_them.items()},
    }
    if viter:
        timed = [align_with_viter(group, found, viter) for group in (sets, joined) if group]
        peers["viter"] = {key: words for group in timed for key, words in group.items()}
    figures: Row = {}
    for name, words in peers.items():
        figures[name] = sum_up({key: words[key] for key in all_of_them})
        print_table(name, figures[name], SETS)
    return figures


def report_words(
    sets: Mapping[str, Recording],
    mistaken: Mapping[str, Recording],
    found: Mapping[str, Sequence[Judged]],
) -> Row:
    """The tables of kinds, mistakes and confidence."""
    right = [word for name in sets for word in found[name]]
    spoilt = [word for name in mistaken for word in found[name]]
    figures: Row = {"kinds": measure_kinds(list(sets.values()), right)}
    print_table("kind of word", figures["kinds"], KINDS)
    if spoilt:
        figures["wrong_words"] = sum_up_mistakes(spoilt)
        figures["right_words"] = sum_up_right_words(spoilt)
        print_table("wrong words", figures["wrong_words"], WRONG)
        print_table("right words", figures["right_words"], RIGHT)
    figures["confidence"] = measure_bins([*right, *spoilt])
    print_table("confidence", figures["confidence"], BINS)
    texts = {"right texts": right, "texts with mistakes": spoilt, "both": [*right, *spoilt]}
    figures["trust"] = {name: measure_trust(words) for name, words in texts.items() if words}
    print_table("texts", figures["trust"], TRUST)
    return figures


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
