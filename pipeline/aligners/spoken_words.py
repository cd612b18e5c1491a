"""The spoken forms of a text's words; in English none that the lexicon can't pronounce.

The forms themselves are made in `pipeline/verbalization/`.
"""

import sys
from collections.abc import Mapping, Sequence

from pipeline.pronunciation.lexicon import Lexicon
from pipeline.verbalization.spoken_text import SpokenText, speak_text
from pipeline.verbalization.vocabulary import read_vocabulary


def speak_words(
    words: Sequence[str],
    language: str,
    given: Mapping[str, str | tuple[str, ...]],
    max_words: int = sys.maxsize,
) -> SpokenText:
    """The spoken forms of some words.

    Args:
        given: how words are said, as in `align.vocabulary`.
    Raises:
        AlignmentError: there are more than `max_words` spoken words.
    """
    vocabulary = read_vocabulary(given)
    if language != "en":
        return speak_text(words, language, vocabulary=vocabulary, max_words=max_words)
    lexicon = Lexicon(given)
    return speak_text(
        words, language, lambda word: bool(lexicon.pronounce(word)), vocabulary, max_words
    )
