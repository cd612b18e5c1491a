"""The word-graph decoder over a CTC model's letters, for any language that the model writes."""

import numpy as np

from pipeline.aligners.ctc.emissions import FRAME_MS, EmissionModel, load_emission_model
from pipeline.aligners.ctc.folder import need_ctc_model
from pipeline.aligners.ctc.letters import VOCABULARY, Alphabet, read_alphabet
from pipeline.aligners.ctc.network import build_network, find_words
from pipeline.aligners.network import Floats, Indices
from pipeline.aligners.search import ArcFrames
from pipeline.contracts import EngineRequest, Samples
from pipeline.errors import EngineError
from pipeline.records import ArcTime, WordGraph

STAR_PRICE = 1.0
"""Cost of a frame in the star (any letter), in nats; a frame of a letter that fits costs less."""
SCORE_SCALE = 1.8
"""Scale from mean log posteriors to PocketSphinx's scores (`alignment/status.py`): posteriors of
1/20 give -5.5, which is confidence one half without an anchor. Chosen, not measured."""
NOTHING_KNOWN = -5.0
"""The score of a word with no letter that the model knows: its neighbours alone place it."""


class CtcDecoder:
    """Viterbi search over a CTC topology; 20 ms frames.

    Scores are mean log posteriors of a word's letters, blanks excluded, times SCORE_SCALE.
    """

    name = "ctc"

    def __init__(self, model: EmissionModel, alphabet: Alphabet) -> None:
        self._model = model
        self._alphabet = alphabet

    def start_recording(self) -> None:
        """Nothing to forget: this decoder does not adapt."""

    def decode(self, samples: Samples, graph: WordGraph) -> tuple[ArcTime, ...]:
        """The word arcs of the best path; empty if the sound fits no path.

        Words last from the first frame of their first letter to the last frame of their last.

        Raises:
            EngineError: the model failed on this sound.
        """
        emissions = self._model.emit(samples)
        if not len(emissions) or not any(arc.word and arc.probability for arc in graph.arcs):
            return ()
        extended = extend_emissions(emissions, self._alphabet)
        network = build_network(graph, self._alphabet.spell, self._alphabet.blank)
        words = find_words(network, extended)
        return tuple(self._time(word, network.labels[word.states], extended) for word in words)

    def _time(self, word: ArcFrames, labels: Indices, extended: Floats) -> ArcTime:
        first, n_frames = word.first_frame, len(labels)
        logs = extended[np.arange(first, first + n_frames), labels]
        is_letter = (labels >= 0) & (labels != self._alphabet.blank)
        score = SCORE_SCALE * float(logs[is_letter].mean()) if is_letter.any() else NOTHING_KNOWN
        return ArcTime(word.arc, first * FRAME_MS, (first + n_frames) * FRAME_MS, score)


def load(request: EngineRequest) -> CtcDecoder:
    """The decoder of the model that `align.model` names.

    Raises:
        EngineError: the model is missing or broken, or does not match its vocabulary.
    """
    folder = need_ctc_model(request.model)
    alphabet = read_alphabet(folder)
    model = load_emission_model(request, folder)
    n_labels = model.count_labels()
    if max(alphabet.blank, *alphabet.columns.values()) >= n_labels:
        problem = f"has more letters than the model's {n_labels} labels"
        raise EngineError(str(folder / VOCABULARY), problem, "copy the vocabulary of this model")
    return CtcDecoder(model, alphabet)


def extend_emissions(emissions: Floats, alphabet: Alphabet) -> Floats:
    """Emissions with two more columns: the star (ANY), and the gap between words (BETWEEN).

    A gap is a blank, the word delimiter, or speech that the text lacks: the likeliest of them.

    Args:
        emissions: (n_frames, n_labels) log posteriors.
    """
    star = np.full(len(emissions), -STAR_PRICE, np.float32)
    between = np.maximum(star, emissions[:, alphabet.blank])
    if alphabet.delimiter is not None:
        between = np.maximum(between, emissions[:, alphabet.delimiter])
    return np.column_stack([emissions, star, between])
