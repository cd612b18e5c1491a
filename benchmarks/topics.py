"""Topics found in texts made of others: `python benchmarks/topics.py [--manual MAN] [--texts DIR]`.

Sets after Choi's recipe, long texts as talks are, and shuffled ones; how far off the boundaries
are, with the count given and found, beside no cut at all, even cuts and random ones. MAN is a
folder of manual pages, DIR one of .txt files; the King James Bible (`apt-get install bible-kjv`)
is taken always. Every second document is left out: on those the segmenter was tuned. With
`--embedder FOLDER` what sentences mean is evidence as well. The last line is one JSON object: a row
a set.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from boundaries.measures import Score, measure
from boundaries.sets import CHOI_RANGES, Sample, join, make_choi, make_talk, shuffle
from boundaries.texts import Document, read_folder, read_manual, read_verses

from pipeline.language_models.sentence_encoder import load_sentence_encoder
from pipeline.records import TimedText
from pipeline.topics.find import Embed, find_topics
from pipeline.topics.options import TopicOptions

COLLAR_SHARE = 0.15
"""Of the mean true segment: how far off a boundary may be and still count as found. A minute of
six and a half, a sentence of Choi's."""

HELD_OUT = slice(1, None, 2)
N_RANDOM = 20
SEED = 1

Row = dict[str, Any]
Segmenter = Callable[[Sample, Random], Sequence[int]]


def main() -> None:
    """Make the sets, segment, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manual", type=Path, help="a folder with man2, man4, man5, man7")
    parser.add_argument("--texts", type=Path, help="a folder of .txt files, a text each")
    parser.add_argument("--samples", type=int, default=100, help="of each set of Choi's")
    parser.add_argument("--embedder", help="a sentence model, as topics.embedder takes it")
    given = parser.parse_args()
    segmenters = make_segmenters(given.embedder)
    rows: dict[str, Row] = {}
    for corpus, documents in read_corpora(given.manual, given.texts):
        for name, samples in make_sets(documents, given.samples):
            rows[f"{corpus} {name}"] = compare(samples, segmenters)
            print_row(f"{corpus} {name}", rows[f"{corpus} {name}"])
    seconds = time_words(Random(SEED), documents)
    print(f"seconds for 20,000 words: {seconds}")
    print(json.dumps({"rows": rows, "seconds": seconds}))


def read_corpora(manual: Path | None, texts: Path | None) -> Iterator[tuple[str, list[Document]]]:
    """The held-out documents of each corpus asked for."""
    if manual:
        yield "manual", read_manual(manual)[HELD_OUT]
    if texts:
        yield texts.name, read_folder(texts)[HELD_OUT]
    yield "bible", read_verses()[HELD_OUT]


def make_sets(documents: Sequence[Document], n_samples: int) -> Iterator[tuple[str, list[Sample]]]:
    """Choi's four sets, talks, and shuffled talks."""
    random = Random(SEED)
    for lengths in CHOI_RANGES:
        n_made = n_samples if lengths == CHOI_RANGES[0] else max(1, n_samples // 4)
        made = [make_choi(documents, lengths, random) for _ in range(n_made)]
        yield f"Choi {lengths[0]}-{lengths[1]}", made
    talks = [make_talk(documents, random) for _ in range(max(1, n_samples // 5))]
    yield "talks", talks
    yield "shuffled", [shuffle(talk, random) for talk in talks]


def make_segmenters(embedder: str | None) -> Mapping[str, Segmenter]:
    """`given` and `found` are ours, with the count and without; the others know the count too."""
    embed = None
    if embedder:
        encoder = load_sentence_encoder(embedder, os.cpu_count() or 1)
        # Samples share their sentences.
        one = cache(lambda sentence: encoder.encode([sentence])[0])
        embed = lambda said: np.asarray([one(sentence) for sentence in said])  # noqa: E731
    return {
        "given": lambda sample, random: find(sample.timed, len(sample.begins), embed),
        "found": lambda sample, random: find(sample.timed, "auto", embed),
        "no cut": lambda sample, random: [0],
        "even": lambda sample, random: cut_evenly(sample.n_words, len(sample.begins)),
        "random": lambda sample, random: cut_at_random(sample.n_words, len(sample.begins), random),
    }


def find(timed: TimedText, count: Any, embed: Embed | None = None) -> list[int]:
    """The topics' first words."""
    options = TopicOptions(count=count, levels=1)
    return [topic.first_word for topic in find_topics(timed, options, embed).topics]


def cut_evenly(n_words: int, count: int) -> list[int]:
    """Segments of one length."""
    return [round(n_words * index / count) for index in range(count)]


def cut_at_random(n_words: int, count: int, random: Random) -> list[int]:
    """Segments that begin anywhere."""
    return [0, *sorted(random.sample(range(1, n_words), count - 1))]


def compare(samples: Sequence[Sample], segmenters: Mapping[str, Segmenter]) -> Row:
    """The mean of each measure, a row a segmenter."""
    random = Random(SEED)
    row: Row = {}
    for name, segmenter in segmenters.items():
        n_times = N_RANDOM if name == "random" else 1
        scores = [
            score(sample, segmenter(sample, random)) for sample in samples for _ in range(n_times)
        ]
        row[name] = {
            "pk": mean([s.pk for s in scores]),
            "window_diff": mean([s.window_diff for s in scores]),
            "f1": mean([s.f1 for s in scores]),
            "count_error": mean([s.count_error for s in scores]),
            "abs_count_error": mean([abs(s.count_error) for s in scores]),
        }
    return {"n_samples": len(samples), **row}


def score(sample: Sample, begins: Sequence[int]) -> Score:
    """How far off; a text that is all one has no window, and only its count is of interest."""
    collar = round(COLLAR_SHARE * sample.n_words / len(sample.begins))
    return measure(begins, sample.begins, sample.n_words, collar)


def mean(values: Sequence[float]) -> float:
    """To four places."""
    return round(float(np.mean(values)), 4)


def print_row(name: str, row: Row) -> None:
    """A line a segmenter."""
    print(f"{name}, {row['n_samples']} texts")
    for segmenter, got in row.items():
        if segmenter == "n_samples":
            continue
        counts = f"count {got['count_error']:+.2f} (± {got['abs_count_error']:.2f})"
        rates = f"Pk {got['pk']:.3f}  WindowDiff {got['window_diff']:.3f}  F1 {got['f1']:.3f}"
        print(f"  {segmenter:8} {rates}  {counts}", flush=True)


def time_words(random: Random, documents: Sequence[Document]) -> float:
    """Seconds of CPU for 20,000 words, count found."""
    sentences: Document = []
    while sum(len(sentence.split()) for sentence in sentences) < 20_000:
        sentences += random.choice(documents)
    sample = join([sentences])
    began_s = time.process_time()
    find_topics(sample.timed, TopicOptions())
    return round((time.process_time() - began_s) * 20_000 / sample.n_words, 2)


if __name__ == "__main__":
    main()
