"""PMI of English word pairs, by the language model in PocketSphinx's wheel."""

import math
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pocketsphinx import NGramModel

LOG_BASE = math.log(1.0001)
"""Unit of PocketSphinx's log-probabilities, in nats."""
LEAST_LOG = -100.0
"""Log-probability below which a word is unknown to the model, or a sentence mark."""
MAX_LIFT = 6.0


def measure_pmi(first: str, second: str) -> float:
    """Pointwise mutual information of a word and the one before it, in nats, within ±6.

    0 if the model does not know both.
    Source: Church & Hanks 1990, "Word association norms, mutual information, and lexicography".
    """
    alone = find_log(second)
    if min(alone, find_log(first)) < LEAST_LOG:
        return 0.0
    return max(-MAX_LIFT, min(MAX_LIFT, find_log(second, first) - alone))


@lru_cache(2**16)
def find_log(*words: str) -> float:
    """The log-probability of a word, after the one that is given second."""
    return float(_load_model().prob(list(words))) * LOG_BASE


@cache
def _load_model() -> "NGramModel":
    from pocketsphinx import NGramModel, get_model_path

    return NGramModel.readfile(get_model_path("en-us/en-us.lm.bin"))
