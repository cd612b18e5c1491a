"""How well English words follow each other, by the language model in PocketSphinx's wheel."""

import math
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pocketsphinx import NGramModel

LOG_BASE = math.log(1.0001)
"""PocketSphinx counts log-probabilities in these."""
LEAST_LOG = -100.0
"""Words that the model does not know, and its marks of sentences, are less likely than this."""
MAX_LIFT = 6.0


class Bigrams:
    """The pairs of words that a language model has seen."""

    def __init__(self) -> None:
        self._model = _load_model()
        self._find_log = cache(self._ask)

    def measure_pmi(self, first: str, second: str) -> float:
        """How much likelier a word is behind another than anywhere, as a logarithm within ±6.

        Nothing, 0, where the model does not know both.
        Source: Church & Hanks 1990, "Word association norms, mutual information, and lexicography".
        """
        alone = self._find_log(second)
        if min(alone, self._find_log(first)) < LEAST_LOG:
            return 0.0
        return max(-MAX_LIFT, min(MAX_LIFT, self._find_log(second, first) - alone))

    def _ask(self, *words: str) -> float:
        """The log-probability of a word, behind the one that is given second."""
        return float(self._model.prob(list(words))) * LOG_BASE


@cache
def _load_model() -> "NGramModel":
    from pocketsphinx import NGramModel, get_model_path

    return NGramModel.readfile(get_model_path("en-us/en-us.lm.bin"))
