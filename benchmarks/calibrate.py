"""Fit what evidence weighs in a word's confidence: `python benchmarks/calibrate.py FOLDER…`.

FOLDERs are recordings of people as `people.py` reads them, with texts that are right and, `--seeds`
times, with mistakes; all of them are also joined. Or synthetic talks as `episode.py` makes them,
whose texts are as they are. The aligner's evidence for each word is fitted to "spoken there, and
within 100 ms". What the tables show was not fitted on the recording itself, nor on what it was
joined with. `--out FILE` writes the calibration (`pipeline/alignment/calibration.py`); what is
sealed in `--work DIR` is not run again. Prints tables, then one JSON object on a line.
"""

import argparse
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from calibration.evidence import EVIDENCE_NAME
from calibration.regression import Floats, fit_calibration
from people_parts.recordings import Recording, Token, join_recordings, read_recording, write_sound
from people_parts.wrong_words import make_mistakes
from transcribe import read_sound

from pipeline.alignment.calibration import (
    LEVEL,
    WITHIN_MS,
    Calibration,
    measure_trust,
    standard_error,
)
from pipeline.codec import write_record
from pipeline.config import read_job
from pipeline.job.runner import run_job
from pipeline.job.select import select_stages
from pipeline.stages import STAGES

FALSE_SHARES = (0.001, 0.002, 0.004, 0.006, 0.01)
"""Shares of right words that count as unspoken, at which it is told how many wrong ones do."""
BOUNDS = (0.5, 0.9, 0.95, 0.98, 0.99, 0.995)
LEAST = 0.38
"""The limit of `unspoken`, chosen by these tables."""
STRETCH_WORDS = 25
JOINED = "joined"


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A recording with a text that may have mistakes, and the recordings whose sound it holds."""

    recording: Recording
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text; `error_ms` if it was found and is right, where its time is known."""

    text: Text
    wrong: str
    is_found: bool
    error_ms: float | None
    features: Mapping[Any, float]
    ratio: float

    @property
    def is_right(self) -> bool:
        """Whether it is spoken there."""
        return not self.wrong

    @property
    def is_good(self) -> bool:
        """Right, and near, as far as that is known."""
        return self.is_right and (self.error_ms is None or abs(self.error_ms) <= WITHIN_MS)


def main() -> None:
    """Run, fit with each recording left out, show, fit on all, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--coarse", nargs="*", default=(), help="recordings with rough times only")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    texts = list(read_texts(given.folders, given.seeds))
    with tempfile.TemporaryDirectory() as folder:
        words = list(run_all(texts, given.work or Path(folder), given.coarse))
    found = [word for word in words if word.is_found]
    rated = rate_left_out(found)
    figures = describe(words, found, rated)
    names = sorted(frozenset().union(*(text.members for text in texts)))
    calibration = replace(fit(found, names), shortfall=find_shortfall(found, rated))
    print(*calibration.weights, calibration.rescoring, calibration.bias, sep="\n")
    if given.out:
        write_record(given.out, calibration)
    print(json.dumps(figures))


def read_texts(folders: Sequence[Path], n_seeds: int) -> Iterator[Text]:
    """The recordings in these folders, and those of people joined, with all their texts."""
    people = [read_recording(one) for one in folders if not (one / "episode.wav").exists()]
    everything = [(one, frozenset({one.name})) for one in people]
    if len(people) > 1:
        names = frozenset(one.name for one in people)
        everything.append((join_recordings(JOINED, people), names))
    for recording, members in everything:
        yield Text(recording, members)
        for seed in range(n_seeds):
            others = [one for one in people if one.name not in members] or people
            chance = Random(f"{recording.name} {seed}")
            mistaken = make_mistakes(recording, others, chance)
            yield Text(replace(mistaken, name=f"{recording.name}-{seed}"), members)
    for folder in folders:
        if (folder / "episode.wav").exists():
            yield Text(read_episode(folder), frozenset({folder.name}))


def read_episode(folder: Path) -> Recording:
    """A synthetic talk, with the text that belongs to it more or less."""
    tokens = tuple(
        Token(
            word["text"],
            word["start_ms"],
            word["end_ms"],
            folder.name,
            "" if word["start_ms"] is not None else "synthetic",
        )
        for word in json.loads((folder / "truth.json").read_text())["words"]
    )
    text = (folder / "episode.txt").read_text()
    return Recording(folder.name, read_sound(folder / "episode.wav"), tokens, text)


def run_all(texts: Sequence[Text], work: Path, coarse: Sequence[str]) -> Iterator[Word]:
    """Align each recording with each of its texts."""
    work.mkdir(parents=True, exist_ok=True)
    items = []
    for text in texts:
        name = text.recording.name
        write_sound(work / f"{name}.wav", text.recording.samples)
        (work / f"{name}.txt").write_text(text.recording.text)
        items.append({"id": name, "media": f"{name}.wav", "text": f"{name}.txt", "language": "en"})
    (work / "job.yaml").write_text(json.dumps({"output": "out", "items": items}))
    stages = tuple(
        replace(stage, run="calibration.evidence:run") if stage.name == "align" else stage
        for stage in select_stages(STAGES, ("align",))
    )
    print(run_job(read_job(work / "job.yaml"), stages, lambda _: None), file=sys.stderr)
    for text in texts:
        path = work / "out" / text.recording.name / "align" / EVIDENCE_NAME
        yield from read_words(text, json.loads(path.read_text()), coarse)


def read_words(text: Text, found: Sequence[Any], coarse: Sequence[str]) -> Iterator[Word]:
    """The words of an aligned text."""
    for one in found:
        true = text.recording.tokens[one["word"]]
        true_ms = None if true.source in coarse else true.start_ms
        start_ms = one["start_ms"]
        yield Word(
            text,
            true.wrong,
            start_ms is not None,
            None if true_ms is None or start_ms is None else start_ms - true_ms,
            one["features"],
            np.nan if one["ratio"] is None else one["ratio"],
        )


def fit(words: Sequence[Word], fitted_on: Sequence[str] = ()) -> Calibration:
    """The calibration of these words."""
    targets = np.array([word.is_good for word in words], float)
    ratios = np.array([word.ratio for word in words])
    trust_of = find_trusts(words)
    trusts = np.array([trust_of[word.text] for word in words])
    evidence = [word.features for word in words]
    bias, weights, rescoring = fit_calibration(evidence, ratios, trusts, targets)
    return Calibration(tuple(fitted_on), bias, weights, rescoring, LEAST)


def find_trusts(words: Sequence[Word]) -> dict[Text, float]:
    """How far the second recogniser is to be trusted in each text's recording."""
    ratios: dict[Text, list[float]] = {word.text: [] for word in words}
    for word in words:
        if not np.isnan(word.ratio):
            ratios[word.text].append(word.ratio)
    return {text: measure_trust(own) for text, own in ratios.items()}


def rate_left_out(words: Sequence[Word]) -> Floats:
    """(n_words,) confidences, each by what was fitted on recordings without its sound."""
    rated = np.full(len(words), np.nan)
    trust_of = find_trusts(words)
    for members in {word.text.members for word in words}:
        others = [word for word in words if not word.text.members & members]
        if not others:
            continue
        calibration = fit(others)
        for place, word in enumerate(words):
            if word.text.members == members:
                log_odds = calibration.weigh(word.features)
                if calibration.rescoring and not np.isnan(word.ratio):
                    trust = trust_of[word.text]
                    log_odds = calibration.rescoring.rescore(log_odds, word.ratio, trust)
                rated[place] = 1 / (1 + np.exp(-log_odds))
    return rated


def find_shortfall(words: Sequence[Word], rated: Floats) -> float:
    """The quantile LEVEL of how many standard errors fewer words are near than expected.

    Over stretches of STRETCH_WORDS words whose times are known and which count as spoken.
    """
    scores = []
    for text in {word.text for word in words}:
        own = [
            (confidence, word.is_good)
            for word, confidence in zip(words, rated, strict=True)
            if word.text is text and confidence >= LEAST
            if word.error_ms is not None or not word.is_right
        ]
        for first in range(0, len(own) - STRETCH_WORDS // 2, STRETCH_WORDS):
            stretch = np.array(own[first : first + STRETCH_WORDS], float)
            expected, good = stretch.mean(axis=0)
            scores.append((expected - good) / standard_error(float(expected), len(stretch)))
    scores.sort()
    rank = min(len(scores) - 1, math.ceil((len(scores) + 1) * LEVEL) - 1)
    print(
        f"{len(scores)} stretches; shortfalls {np.round(np.quantile(scores, [0.1, 0.5, 0.9]), 2)}"
    )
    return round(float(scores[rank]), 3)


def describe(words: Sequence[Word], found: Sequence[Word], rated: Floats) -> dict[str, Any]:
    """Print how many wrong words are told, and what confidence is worth."""
    is_right = np.array([word.is_right for word in found])
    is_good = np.array([word.is_good for word in found])
    kinds = np.array([word.wrong for word in found])
    has_mistakes = np.array(
        [any(one.wrong for one in word.text.recording.tokens) for word in found]
    )
    figures: dict[str, Any] = {"n_words": len(words), "told": {}, "reliability": []}
    n_right = sum(word.is_right for word in words)
    figures["right_not_found"] = round(1 - is_right.sum() / n_right, 4)
    print(f"{len(words)} words; of right ones {figures['right_not_found']:.2%} are not found")
    wrong = Counter(word.wrong for word in words if word.wrong)
    known = ~np.isnan(rated)
    for share in FALSE_SHARES:
        least = float(np.quantile(rated[known & is_right], share))
        told = {
            kind: round(1 - float((rated[kinds == kind] >= least).sum()) / n_wrong, 3)
            for kind, n_wrong in wrong.items()
        }
        figures["told"][share] = told | {"least": round(least, 3)}
        print(f"false {share:.1%}  least {least:.3f}  told {told}")
    for bound in BOUNDS:
        sure = known & (rated >= bound)
        row = {
            "bound": bound,
            "n": int(sure.sum()),
            "good": round(float(is_good[sure].mean()), 4),
            "said": round(float(rated[sure].mean()), 4),
            "share_of_right_texts": round(float((rated[known & ~has_mistakes] >= bound).mean()), 3),
        }
        figures["reliability"].append(row)
        print(row)
    return figures


if __name__ == "__main__":
    main()
