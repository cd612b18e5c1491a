"""PocketSphinx as an aligner: the best path of a word graph through a window of sound.

Which graph fits which window is the alignment room's matter.
"""

import math
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.engines.base import EngineRequest, Samples
from pipeline.engines.lexicon import Lexicon
from pipeline.engines.pocketsphinx_recognizer import FRAME_MS
from pipeline.errors import EngineError
from pipeline.records import ArcTime, WordGraph

if TYPE_CHECKING:
    pass

START_SHIFT_MS = -4
"""Word starts come out 2-6 ms late: a frame's 25 ms window is centred 13 ms behind its start."""

SCORE_SCALE = 1024
"""Senone scores are kept shifted right by 10 bits; the binding hands out their exponential."""

_SEARCH = {
    "lw": 1.0, "wip": 1.0, "pip": 1.0, "beam": 1e-300, "wbeam": 1e-300, "pbeam": 1e-300,
    "bestpath": False,
}  # fmt: skip
"""`lw` would scale the graph's probabilities too; wide beams, as penalties are extreme."""

_GRAPH = "window"
_COPY = "~"


class PocketSphinxGraphDecoder:
    """Viterbi search over triphone HMMs; 10 ms frames, American English."""

    name = "pocketsphinx"

    def __init__(self, lexicon: Lexicon) -> None:
        from pocketsphinx import Config, Decoder

        self._lexicon = lexicon
        self._decoder: Decoder = Decoder(Config(lm=None, loglevel="FATAL", **_SEARCH))
        self._names: set[str] = set()

    def start_recording(self) -> None:
        """Forget the noise of the recording before."""
        self._decoder.reinit_feat()

    def decode(self, samples: Samples, graph: WordGraph) -> tuple[ArcTime, ...]:
        """The word arcs of the best path; empty if the sound fits no path.

        Raises:
            EngineError: a word of the graph has no pronunciation.
        """
        # The library takes neither, and is of no use afterwards.
        if not len(samples) or not any(arc.word for arc in graph.arcs):
            return ()
        arc_by_name = self._load(graph)
        decoder = self._decoder
        decoder.start_utt()
        decoder.process_raw(samples.tobytes(), full_utt=True)
        decoder.end_utt()
        times = []
        for piece in decoder.seg() or ():
            arc = arc_by_name.get(piece.word.partition("(")[0])
            if arc is None:
                continue
            n_frames = piece.end_frame - piece.start_frame + 1
            start_ms = max(0, piece.start_frame * FRAME_MS + START_SHIFT_MS)
            end_ms = (piece.end_frame + 1) * FRAME_MS + START_SHIFT_MS
            score = math.log(piece.ascore) * SCORE_SCALE / n_frames
            times.append(ArcTime(arc, start_ms, end_ms, score))
        return tuple(times)

    def _load(self, graph: WordGraph) -> dict[str, int]:
        """Hand the graph to the decoder; each arc's word gets a name of its own in this window."""
        n_uses: Counter[str] = Counter()
        arc_by_name: dict[str, int] = {}
        transitions: list[tuple[int, int, float] | tuple[int, int, float, str]] = []
        for index, arc in enumerate(graph.arcs):
            if arc.word is None:
                transitions.append((arc.from_state, arc.to_state, arc.probability))
                continue
            n_uses[arc.word] += 1
            name = self._name(arc.word, n_uses[arc.word])
            transitions.append((arc.from_state, arc.to_state, arc.probability, name))
            arc_by_name[name] = index
        fsg = self._decoder.create_fsg(_GRAPH, 0, graph.final_state, transitions)
        self._decoder.add_fsg(_GRAPH, fsg)
        self._decoder.activate_search(_GRAPH)
        return arc_by_name

    def _name(self, word: str, use: int) -> str:
        """The name of a word's n-th copy, which is in the dictionary from now on."""
        name = f"{word}{_COPY}{use}"
        if name not in self._names:
            pronunciations = self._lexicon.pronounce(word)
            if not pronunciations:
                raise EngineError(self.name, f"can't say {word!r}", "add it to align.vocabulary")
            for number, phones in enumerate(pronunciations, start=1):
                entry = name if number == 1 else f"{name}({number})"
                self._decoder.add_word(entry, phones, False)
            self._names.add(name)
        return name


def load(request: EngineRequest) -> PocketSphinxGraphDecoder:
    """The embedded aligner, with the job's pronunciations."""
    return PocketSphinxGraphDecoder(Lexicon(dict(request.vocabulary)))
