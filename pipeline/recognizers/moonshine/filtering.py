"""Filter hallucinations out of Moonshine's output; rejected words are kept with the reason.

No model here.
"""

from collections.abc import Iterator, Sequence

from pipeline.recognizers.hallucinations import find_loops
from pipeline.recognizers.moonshine.transcription import DecodedPiece
from pipeline.recognizers.moonshine.words import place_words
from pipeline.records import RecognizedWord, Refused, Segment
from pipeline.speech.energy import Loudness

UNSURE = -1.0
"""A text of lower mean log-probability is rejected: speech has -.6 or more, noise -1.3 or less."""
SURE = -0.5
NO_SPEECH = 0.6
"""With no more than SURE, a text is rejected if the probability of an empty text is above this:
noise and music have .88 or more, speech .4 at most."""


def filter_piece(
    decoded: DecodedPiece, loudness: Loudness
) -> tuple[Segment | None, tuple[Refused, ...]]:
    """A piece's accepted words, None without any, and its rejected ones.

    It is accepted or rejected as a whole, except that a loop keeps its first two rounds.
    """
    words = place_words(decoded.words, decoded.piece, loudness)
    if not words:
        return None, ()
    if decoded.silence > NO_SPEECH and decoded.log_probability < SURE:
        return None, (Refused(words, "no speech", round(decoded.silence, 2)),)
    if decoded.log_probability < UNSURE:
        return None, (Refused(words, "unsure", round(decoded.log_probability, 2)),)
    refused = tuple(_refuse_loops(decoded.words, words))
    believed = [word for word in words if not any(word in one.words for one in refused)]
    segment = Segment(decoded.piece.start_ms, decoded.piece.end_ms, tuple(believed))
    return segment, refused


def _refuse_loops(texts: Sequence[str], words: Sequence[RecognizedWord]) -> Iterator[Refused]:
    for part, n_rounds in find_loops(texts):
        yield Refused(tuple(words[part]), "loop", float(n_rounds))
