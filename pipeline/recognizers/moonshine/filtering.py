"""What is believed of what was heard; the rest is kept apart with its reason.

Nothing is heard here.
"""

from collections.abc import Iterator, Sequence

from pipeline.recognizers.hallucinations import find_loops
from pipeline.recognizers.moonshine.transcription import Decoded
from pipeline.recognizers.moonshine.words import place_words
from pipeline.records import RecognizedWord, Refused, Segment, record
from pipeline.speech.energy import Loudness

UNSURE = -1.0
"""Speech is written at -.6 and more, noise that has to be written at -1.3 and less."""
SURE = -0.5
NO_SPEECH = 0.6
"""What is written with no more certainty is not believed where the network would rather have
written nothing: of noise and music that is .88 and more, of speech .4 at most."""


@record
class Findings:
    """A piece's words that are believed, if there are any, and those that are not."""

    segment: Segment | None
    refused: tuple[Refused, ...]


def is_looped(recognized: Decoded) -> bool:
    """Whether the network has begun to repeat itself."""
    return not recognized.is_ended or bool(find_loops(recognized.words))


def judge(recognized: Decoded, loudness: Loudness) -> Findings:
    """What is believed of a piece: all or nothing, but for loops, of which two rounds are."""
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
