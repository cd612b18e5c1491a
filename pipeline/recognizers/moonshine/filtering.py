"""Filter hallucinations out of Moonshine's output; rejected words are kept with the reason.

No model here.
"""

from collections.abc import Iterator, Sequence

from pipeline.recognizers.hallucinations import find_loops
from pipeline.recognizers.moonshine.transcription import Decoded
from pipeline.recognizers.moonshine.words import place_words
from pipeline.records import RecognizedWord, Refused, Segment, record
from pipeline.speech.energy import Loudness

UNSURE = -1.0
"""A text of lower mean log-probability is rejected: speech has -.6 or more, noise -1.3 or less."""
SURE = -0.5
NO_SPEECH = 0.6
"""With no more than SURE, a text is rejected if the probability of an empty text is above this:
noise and music have .88 or more, speech .4 at most."""


@record
class Findings:
    """A piece's accepted words, None without any, and its rejected ones."""

    segment: Segment | None
    refused: tuple[Refused, ...]


def is_looped(recognized: Decoded) -> bool:
    """Whether the text loops: too many tokens, or a repeated phrase."""
    return not recognized.is_ended or bool(find_loops(recognized.words))


def judge(recognized: Decoded, loudness: Loudness) -> Findings:
    """Accept or reject a piece as a whole, except that a loop keeps its first two rounds."""
    words = place_words(recognized.words, recognized.piece, loudness)
    if not words:
        return Findings(None, ())
    if recognized.silence > NO_SPEECH and recognized.log_probability < SURE:
        return Findings(None, (Refused(words, "no speech", round(recognized.silence, 2)),))
    if recognized.log_probability < UNSURE:
        return Findings(None, (Refused(words, "unsure", round(recognized.log_probability, 2)),))
    refused = tuple(_refuse_loops(recognized.words, words))
    believed = [word for word in words if not any(word in one.words for one in refused)]
    segment = Segment(recognized.piece.start_ms, recognized.piece.end_ms, tuple(believed))
    return Findings(segment, refused)


def _refuse_loops(texts: Sequence[str], words: Sequence[RecognizedWord]) -> Iterator[Refused]:
    for part, n_rounds in find_loops(texts):
        yield Refused(tuple(words[part]), "loop", float(n_rounds))
