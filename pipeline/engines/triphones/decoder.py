"""The word-graph decoder over PocketSphinx's acoustic model; 10 ms frames, American English."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from pipeline.engines.base import EngineRequest, Samples
from pipeline.engines.lexicon import Lexicon
from pipeline.engines.triphones.adaptation import Evidence, adapt_means, gather_evidence
from pipeline.engines.triphones.cepstra import FRAME_MS, add_slopes, make_cepstra
from pipeline.engines.triphones.model import Floats, Indices, load_model
from pipeline.engines.triphones.network import NO_ARC, NO_SENONE, Phones, build_network
from pipeline.engines.triphones.phone_loop import PhoneLoop
from pipeline.engines.triphones.search import Passage, find_best_path
from pipeline.engines.triphones.senones import SenoneScorer
from pipeline.errors import EngineError
from pipeline.records import ArcTime, DecodeRequest, record

ANYTHING_SCORE = -1.0
"""A frame of what is not in the text, against the best path through any phones at all."""
SURE_SCORE = -1.5
"""Words that fit better than this teach the model."""
MIN_WINDOW_FRAMES = 10


@record
class _Found:
    """A passage of the best path with the score of each of its frames."""

    passage: Passage
    scores: Floats


class TriphoneDecoder:
    """Viterbi search over triphone HMMs, adapted to the recording.

    Scores are log-likelihood ratios a frame: against the best path through any phones.
    """

    name = "pocketsphinx"

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._model = load_model()
        self._loop = PhoneLoop.of(self._model)
        self._scorer = SenoneScorer.of(self._model)
        self._n_general = len(np.unique(self._model.senones[: len(self._model.phone_names)]))
        self._phones_of = cache(self._read_phones)

    def adapt(self, evidence: Evidence | None) -> None:
        """Move the model towards a recording; with none, back to where it was."""
        means = None if evidence is None else adapt_means(self._model, evidence)
        self._scorer = SenoneScorer.of(self._model, means)

    def decode(
        self, samples: Samples, windows: Sequence[DecodeRequest]
    ) -> list[tuple[ArcTime, ...]]:
        """The word arcs of each window's best path, in milliseconds since the first sample.

        Args:
            samples: a piece of a recording, long enough to know its noise and its channel by.
        Raises:
            EngineError: a word has no pronunciation.
        """
        features = _make_features(samples)
        paths = (self._search(features, window)[1] for window in windows)
        return [tuple(_time_arcs(path)) for path in paths]

    def observe(self, samples: Samples, windows: Sequence[DecodeRequest]) -> Evidence:
        """What the windows' words, where they fit, tell of the recording."""
        features = _make_features(samples)
        parts = []
        for window in windows:
            senones, path = self._search(features, window)
            for found in path:
                if found.scores.mean() >= SURE_SCORE:
                    first = found.passage.first_frame
                    own = senones[found.passage.states]
                    if own[0] != NO_SENONE:
                        part = features[:, first : first + len(own)]
                        parts.append((part, own))
        together = np.concatenate([part for part, _ in parts], axis=1)
        return gather_evidence(self._scorer, together, np.concatenate([own for _, own in parts]))

    def _search(self, features: Floats, window: DecodeRequest) -> tuple[Indices, list[_Found]]:
        """The senone of each state of a window's network, and its best path."""
        network = build_network(window.graph, self._model, self._phones_of)
        first = max(0, window.start_ms // FRAME_MS)
        frames = features[:, first : window.end_ms // FRAME_MS]
        if frames.shape[1] < MIN_WINDOW_FRAMES:
            return network.senones, []
        general = np.arange(self._n_general)
        needed = np.union1d(network.senones[network.senones != NO_SENONE], general)
        scores = self._scorer.score(frames, needed)
        any_phone = self._loop.follow(scores[:, : self._n_general])
        ratios = scores - any_phone[:, None]
        emissions = ratios[:, np.searchsorted(needed, np.maximum(network.senones, 0))]
        emissions[:, network.senones == NO_SENONE] = ANYTHING_SCORE
        path = []
        for passage in find_best_path(network, emissions):
            at = np.arange(len(passage.states)) + passage.first_frame
            moved = Passage(passage.arc, first + passage.first_frame, passage.states)
            path.append(_Found(moved, emissions[at, passage.states]))
        return network.senones, path

    def _read_phones(self, word: str) -> tuple[Phones, ...]:
        index = self._model.phone_names.index
        pronunciations = self._lexicon.pronounce(word)
        if not pronunciations:
            raise EngineError(self.name, f"can't say {word!r}", "add it to align.vocabulary")
        return tuple(tuple(index(phone) for phone in one.split()) for one in pronunciations)


def load(request: EngineRequest) -> TriphoneDecoder:
    """The embedded aligner, with the job's pronunciations."""
    return TriphoneDecoder(Lexicon(dict(request.vocabulary)))


def _make_features(samples: Samples) -> Floats:
    """(3, n_frames, 13), the channel taken off."""
    cepstra = make_cepstra(samples)
    return add_slopes(cepstra - cepstra.mean(axis=0))


def _time_arcs(path: Sequence[_Found]) -> Iterator[ArcTime]:
    for found in path:
        passage = found.passage
        if passage.arc != NO_ARC:
            start_ms = passage.first_frame * FRAME_MS
            end_ms = start_ms + len(passage.states) * FRAME_MS
            yield ArcTime(passage.arc, start_ms, end_ms, float(found.scores.mean()))
