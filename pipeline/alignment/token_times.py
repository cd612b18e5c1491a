"""Where the tokens of a text were found.

How they are looked for is `aligner.py`'s matter, what follows for their status `verdict.py`'s.
"""

from collections.abc import Sequence

from pipeline.records import record
from pipeline.verbalization.spoken_text import SpokenText

RIGHT_SHARE = 0.99
"""Of a text found to this share, the rest is likely to be there as well."""


@record
class TokenTime:
    """A token found in the sound; `score` is its mean acoustic log-probability a frame.

    `run`: how many neighbouring tokens were found with it, in one stretch. `fit`: its mean
    log-posterior under the recording's own models, if it has any. `extra_before`, `extra_behind`:
    speech that is not in the text touches it there, between it and the token next to it.
    `rescored`: how much likelier it is, in nats, than what a second recogniser heard in its place;
    None where that was not asked.
    """

    token: int
    start_ms: int
    end_ms: int
    score: float | None
    run: int
    fit: float | None = None
    extra_before: bool = False
    extra_after: bool = False
    rescored: float | None = None


@record
class TokenTimes:
    """What was found, by token.

    `anchored`: the first pass heard them at that place too; `skipped`: it did not listen there;
    `undecided`: they have no time, and may have been said all the same: only the first pass
    listened, or a second recogniser heard them.
    """

    times: tuple[TokenTime | None, ...]
    anchored: frozenset[int]
    skipped: frozenset[int] = frozenset()
    undecided: frozenset[int] = frozenset()


def share_found(text: SpokenText, found: Sequence[TokenTime | None]) -> float:
    """How much of what can be said was found, 0..1."""
    sayable = [token for token in range(text.n_tokens) if text.forms[token][0]]
    return sum(found[token] is not None for token in sayable) / max(1, len(sayable))
