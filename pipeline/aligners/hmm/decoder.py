"""The word-graph decoder over PocketSphinx's acoustic model; 10 ms frames, American English."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.aligners.hmm.adaptation import (
    SufficientStatistics,
    accumulate_statistics,
    adapt_means,
)
from pipeline.aligners.hmm.builder import NO_SENONE, Phones, TriphoneBuilder
from pipeline.aligners.hmm.features import FRAME_MS, N_CEPSTRA, add_slopes, make_cepstra
from pipeline.aligners.hmm.likelihoods import SenoneScorer, StateScores
from pipeline.aligners.hmm.model import N_STATES, load_model
from pipeline.aligners.hmm.phone_alignment import GARBAGE_PHONE, PhoneAlignment
from pipeline.aligners.hmm.phone_loop import follow_loops
from pipeline.aligners.network import Floats, Indices, StateNetwork
from pipeline.aligners.search import ArcFrames, find_best_paths
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.errors import EngineError
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.records import ArcTime, DecodeRequest, WordGraph

GARBAGE_SCORE = -2.5
"""The garbage model's log-likelihood ratio in every frame, against the phone loop's best path."""
GARBAGE_UNADAPTED_SCORE = -4.0
"""The same before adaptation, when spoken words fit the model badly."""
LEAST_RATED_SCORE = -2.0
"""Floor of a frame's log-likelihood ratio where scaled likelihoods are added: a voice may say a
phone in its own way, which the recording's classifier knows and the triphones don't."""
SURE_SCORE = -0.5
"""Words with a likelihood ratio a frame of this or more are used for adaptation."""
KNOWN_FRAMES = 1_500
"""Frames of adaptation data from which on the model counts as adapted: 15 s."""
MIN_WINDOW_FRAMES = 10
MAX_CELLS = 3_000_000
"""Windows are searched together until they have this many frames times states: 12 MB."""
_NO_SENONES: Indices = np.zeros(0, np.intp)
_NO_SCORES: Floats = np.zeros(0, np.float32)


class TriphoneDecoder:
    """Viterbi search over triphone HMMs, adapted to the recording.

    Scores are log-likelihood ratios a frame, against the best path through the phone loop.
    """

    name = "pocketsphinx"

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._model = load_model()
        self.adapt(None)
        self._n_general = len(np.unique(self._model.senones[: len(self._model.phone_names)]))
        self._phones_of = cache(self._read_phones)

    def start_recording(self) -> None:
        """Go back to the model as shipped."""
        self.adapt(None)

    def decode(self, samples: Samples, graph: WordGraph) -> tuple[ArcTime, ...]:
        """The word arcs of the best path; empty if the sound fits no path.

        Raises:
            EngineError: a word of the graph has no pronunciation.
        """
        if not any(arc.word for arc in graph.arcs):
            return ()
        window = DecodeRequest(0, len(samples) * 1000 // SAMPLE_RATE_HZ, graph)
        (path,) = self.find_paths(samples, [window])
        return tuple(time_arcs(path))

    def adapt(self, statistics: SufficientStatistics | None) -> None:
        """Adapt the model as shipped to a recording (MLLR, MAP); None undoes it."""
        means = None if statistics is None else adapt_means(self._model, statistics)
        self._scorer = SenoneScorer.of(self._model, means)
        is_known = statistics is not None and statistics.counts[0].sum() >= KNOWN_FRAMES
        self._garbage_score = GARBAGE_SCORE if is_known else GARBAGE_UNADAPTED_SCORE

    @property
    def n_phones(self) -> int:
        """How many phones the model has."""
        return len(self._model.phone_names)

    def find_paths(
        self,
        samples: Samples,
        windows: Sequence[DecodeRequest],
        ratings: Floats | None = None,
    ) -> list[PhoneAlignment]:
        """Each window's best path, empty if the sound fits none.

        Args:
            samples: a segment of a recording, long enough to estimate its noise and channel.
            ratings: (n_frames, n_phones + 1) scaled log-likelihoods of each phone and of garbage;
                they are added to the model's in the search, and in no score of a path.
        Raises:
            EngineError: a word has no pronunciation.
        """
        features = _make_features(samples)
        return [path for path, _ in self._find_paths(features, windows, ratings)]

    def accumulate(
        self, samples: Samples, windows: Sequence[DecodeRequest]
    ) -> SufficientStatistics | None:
        """Adaptation statistics of the windows' words that score well; None if none does."""
        features = _make_features(samples)
        met: list[Floats] = []
        senones: list[Indices] = []
        for path, along in self._find_paths(features, windows):
            own = np.repeat(_find_sure(path), path.n_frames.sum(axis=1))
            own &= along != NO_SENONE
            frames = features[:, path.first_frame : path.first_frame + len(along)]
            met.append(frames[:, own])
            senones.append(along[own])
        if not sum(map(len, senones)):
            return None
        together = np.concatenate(met, axis=1)
        return accumulate_statistics(self._scorer, together, np.concatenate(senones))

    def _find_paths(
        self, features: Floats, windows: Sequence[DecodeRequest], ratings: Floats | None = None
    ) -> list[tuple[PhoneAlignment, Indices]]:
        """Each window's path, and the senone of each of its frames."""
        firsts = [max(0, window.start_ms // FRAME_MS) for window in windows]
        sounds = [
            features[:, first : max(first, window.end_ms // FRAME_MS)]
            for first, window in zip(firsts, windows, strict=True)
        ]
        empty = [_make_path(first, [], _NO_SCORES, _NO_SENONES) for first in firsts]
        found = [(path, _NO_SENONES) for path in empty]
        lasting = [each for each, own in enumerate(sounds) if own.shape[1] >= MIN_WINDOW_FRAMES]
        lasting.sort(key=lambda each: sounds[each].shape[1])
        group: list[int] = []
        builder = TriphoneBuilder(self._model, self._phones_of)
        for each in lasting:
            builder.add_graph(windows[each].graph)
            group.append(each)
            is_full = sounds[each].shape[1] * builder.network.n_states >= MAX_CELLS
            if is_full or each == lasting[-1]:
                placed = [(firsts[one], sounds[one]) for one in group]
                paths = self._follow(placed, builder.finish(), ratings)
                for one, path in zip(group, paths, strict=True):
                    found[one] = path
                group, builder = [], TriphoneBuilder(self._model, self._phones_of)
        return found

    def _follow(
        self, sounds: Sequence[tuple[int, Floats]], network: StateNetwork, ratings: Floats | None
    ) -> Iterator[tuple[PhoneAlignment, Indices]]:
        """The paths of windows that are searched together, each with the frame it begins at."""
        senones = [network.labels_of(number) for number in range(len(sounds))]
        scored = self._score([features for _, features in sounds], senones)
        phones = [self._find_phones(own) for own in senones]
        rated = (
            _add_ratings(scores.of_states(), ratings, first, phone_of)
            for scores, (first, _), phone_of in zip(scored, sounds, phones, strict=True)
        )
        found = find_best_paths(network, rated, [features.shape[1] for _, features in sounds])
        for (first, _), own, scores, phone_of, parts in zip(
            sounds, senones, scored, phones, found, strict=True
        ):
            states = _join(part.states for part in parts)
            yield _make_path(first, parts, scores.along(states), phone_of), own[states]

    def _find_phones(self, senones: Indices) -> Indices:
        """(n_states,) the phone of each state."""
        return np.where(senones == NO_SENONE, GARBAGE_PHONE, self._model.codebooks[senones])

    def _score(self, sounds: Sequence[Floats], senones: Sequence[Indices]) -> list[StateScores]:
        """Each window's log-likelihood ratios, against the best path through the phone loop."""
        general = np.arange(self._n_general)
        needed = [np.union1d(own[own != NO_SENONE], general) for own in senones]
        scores = [
            self._scorer.score(frames, own) for frames, own in zip(sounds, needed, strict=True)
        ]
        best = follow_loops(self._model, [each[: self._n_general].T for each in scores])
        return [
            StateScores.of(each - along, known, own, self._garbage_score)
            for each, along, known, own in zip(scores, best, needed, senones, strict=True)
        ]

    def _read_phones(self, word: str) -> tuple[Phones, ...]:
        index = self._model.phone_names.index
        pronunciations = self._lexicon.pronounce(word)
        if not pronunciations:
            raise EngineError(self.name, f"can't pronounce {word!r}", "add it to align.vocabulary")
        return tuple(tuple(index(phone) for phone in one.split()) for one in pronunciations)


def _add_ratings(
    emissions: Floats, ratings: Floats | None, first_frame: int, phone_of: Indices
) -> Floats:
    """Emissions, floored, plus each state's scaled log-likelihood as far as there are any."""
    if ratings is None:
        return emissions
    own = ratings[first_frame : first_frame + len(emissions)]
    rated = np.maximum(emissions, np.float32(LEAST_RATED_SCORE), out=emissions)
    rated[: len(own)] += own.take(phone_of, axis=1)
    return rated


def load(request: EngineRequest) -> TriphoneDecoder:
    """The embedded aligner, with the job's pronunciations."""
    return TriphoneDecoder(Lexicon(dict(request.vocabulary)))


def _make_features(samples: Samples) -> Floats:
    """(3, n_frames, 13) MFCC and deltas after cepstral mean subtraction."""
    cepstra = make_cepstra(samples)
    if not len(cepstra):
        return np.zeros((3, 0, N_CEPSTRA), np.float32)
    return add_slopes(cepstra - cepstra.mean(axis=0))


def time_arcs(path: PhoneAlignment) -> Iterator[ArcTime]:
    """The word arcs of a path, in milliseconds."""
    n_frames = path.n_frames.sum(axis=1)
    ends = path.first_frame + np.cumsum(n_frames)
    for arc, first, after in path.words():
        start = int(ends[first] - n_frames[first])
        end = int(ends[after - 1])
        yield ArcTime(arc, start * FRAME_MS, end * FRAME_MS, path.score(first, after))


def _find_sure(path: PhoneAlignment) -> npt.NDArray[np.bool_]:
    """(n_phones,) whether a phone's word (or the silence itself) scores SURE_SCORE or more."""
    is_sure = path.scores >= SURE_SCORE
    for _, first, after in path.words():
        is_sure[first:after] = path.score(first, after) >= SURE_SCORE
    return is_sure


def _make_path(
    first_frame: int, parts: Sequence[ArcFrames], scores: Floats, phone_of: Indices
) -> PhoneAlignment:
    """The alignment by phone of a path's words and silences.

    Args:
        scores: (n_frames,) of each frame in its state; empty if there is no path.
        phone_of: (n_states,) the phone of each of the network's states.
    """
    states = _join(part.states for part in parts)
    lengths = np.array([len(part.states) for part in parts], np.intp)
    arc_of = np.repeat(np.array([part.arc for part in parts], np.intp), lengths)
    is_first = np.ones(len(states), bool)
    begins = np.zeros(len(states), bool)
    begins[np.cumsum(lengths) - lengths] = True
    is_first[1:] = (np.diff(states // N_STATES) != 0) | begins[1:]
    firsts = np.flatnonzero(is_first)
    number = np.cumsum(is_first) - 1
    n_frames = np.zeros((len(firsts), N_STATES), np.intp)
    np.add.at(n_frames, (number, states % N_STATES), 1)
    totals = np.zeros(len(firsts))
    np.add.at(totals, number, scores)
    phones = phone_of[states[firsts]] if len(states) else _NO_SENONES
    arcs = arc_of[firsts]
    return PhoneAlignment(
        first_frame,
        arcs,
        phones,
        n_frames,
        totals / np.maximum(1, n_frames.sum(axis=1)),
        begins[firsts],
    )


def _join(parts: Iterable[Indices]) -> Indices:
    return np.concatenate([_NO_SENONES, *parts])
