"""Rescore doubtful words: their log-probability against the network's own text.

The network decodes the passage; a doubtful word is substituted in that text, and the scores of both
are compared. Source: n-best rescoring, Ostendorf et al. 1991.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher

from pipeline.contracts import EngineRequest, Samples
from pipeline.process_pool import one_thread
from pipeline.recognizers.moonshine.marks import dress
from pipeline.recognizers.moonshine.model import (
    Floats,
    MoonshineModel,
    count_most_tokens,
    load_model,
)
from pipeline.recognizers.moonshine.vocabulary import END
from pipeline.records import RescoringRequest
from pipeline.speech.excerpts import cut_out
from pipeline.text.bare_words import bare_word

BATCH = 8
"""Passages that a thread decodes at once: a step costs twice as much for eight as for one."""


class MoonshineRescorer:
    """Each thread decodes a batch of its own, so that no result depends on their number."""

    def __init__(self, cpus: int) -> None:
        self._cpus = cpus

    def compare(
        self, samples: Samples, passages: Sequence[RescoringRequest]
    ) -> tuple[tuple[float, ...], ...]:
        """For each passage's doubtful words: log-probability less that of the decoded text.

        0 where the word itself was decoded, else usually negative.
        """
        if not passages:
            return ()
        lengths_ms = [passage.end_ms - passage.start_ms for passage in passages]
        order = sorted(range(len(passages)), key=lengths_ms.__getitem__)
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        model = load_model()

        def ask(batch: Sequence[int]) -> list[tuple[float, ...]]:
            asked = [passages[index] for index in batch]
            sounds = [cut_out(samples, passage.start_ms, passage.end_ms) for passage in asked]
            encoded = model.encode(sounds)
            decoded = model.write(encoded, count_most_tokens(sounds))
            return [
                _compare(model, own[None], model.vocabulary.join(text.tokens), passage)
                for own, text, passage in zip(encoded, decoded, asked, strict=True)
            ]

        answers: dict[int, tuple[float, ...]] = {}
        with one_thread(), ThreadPoolExecutor(self._cpus) as threads:
            for batch, answered in zip(batches, threads.map(ask, batches), strict=True):
                answers |= zip(batch, answered, strict=True)
        return tuple(answers[index] for index in range(len(passages)))


def load(request: EngineRequest) -> MoonshineRescorer:
    """The rescorer; its model is loaded only while it is used, as it is large."""
    return MoonshineRescorer(request.cpus)


def _compare(
    model: MoonshineModel, encoded: Floats, recognized: str, passage: RescoringRequest
) -> tuple[float, ...]:
    """The scores of one passage whose decoded text is not empty."""
    in_place = dict(_put_in_place(recognized.split(), passage.words))
    rivals = {index: in_place[index] for index in passage.doubtful if index in in_place}
    if not rivals:
        return (0.0,) * len(passage.doubtful)
    texts = [
        [*model.vocabulary.cut(" " + text.strip()), END] for text in (recognized, *rivals.values())
    ]
    of_recognized, *rated = model.rate_texts(encoded, texts)
    answers = {index: rate - of_recognized for index, rate in zip(rivals, rated, strict=True)}
    return tuple(answers.get(index, 0.0) for index in passage.doubtful)


def _put_in_place(recognized: Sequence[str], words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """For each word that was not decoded: its number, and the text with it substituted."""
    given, spoken = ([bare_word(word) for word in row] for row in (words, recognized))
    matcher = SequenceMatcher(None, given, spoken, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        n_words, n_recognized = last - first, end - start
        for number in range(n_words):
            from_, to = (start + round(at * n_recognized / n_words) for at in (number, number + 1))
            if (
                n_words > n_recognized > 0
            ):  # more words than were decoded: each replaces one of them
                from_ = start + number * n_recognized // n_words
                to = from_ + 1
            word = dress(words[first + number : first + number + 1], recognized[from_:to])
            yield first + number, " ".join((*recognized[:from_], *word, *recognized[to:]))
