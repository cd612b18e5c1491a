"""The times at which the tokens of a text were found, with the evidence for each.

They are made in `paths.py` and joined in `aligner.py`; `status.py` turns them into statuses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.alignment.calibration import UNCALIBRATED, Calibration
from pipeline.alignment.windows import Window
from pipeline.records import Filler, record
from pipeline.verbalization.spoken_text import SpokenText

RIGHT_SHARE = 0.99
"""A text of which this share was found counts as right nearly everywhere."""


@record
class TokenTime:
    """A token found in the sound; `score` is its mean acoustic score (a logarithm) per frame.

    `run`: the number of consecutive tokens found together with it. `fit`: its goodness of
    pronunciation under the models of the recording, if there are any. `extra_before`,
    `extra_after`: speech that the text lacks lies directly before or after it. `rescored`: its
    log-likelihood ratio to what a second recogniser recognised in its place; None if not rescored.
    `fillers`: those directly before it; of a window's last token, those after it too.
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
    fillers: tuple[Filler, ...] = ()


@record
class TokenTimes:
    """The time of each token, None where it was not found.

    `anchored`: tokens that the first pass recognised there too; `skipped`: tokens in speech that it
    did not decode; `undecided`: tokens that keep their place though they have no time or a doubtful
    one, as there was only a first pass, as a second recogniser found them likely, or as the text
    is a recogniser's. `candidates`: other times, in any order, that conflict resolution has not
    seen yet; `windows`: those decoded, in order of time; `calibration`: what the evidence for a
    token weighs.
    """

    times: tuple[TokenTime | None, ...]
    anchored: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()
    undecided: frozenset[int] = frozenset()
    candidates: tuple[TokenTime, ...] = ()
    windows: tuple[Window, ...] = ()
    calibration: Calibration = UNCALIBRATED

    def keep(self, tokens: Sequence[int]) -> "TokenTimes":
        """The times of some tokens, numbered anew, without windows and candidates."""
        number = {token: new for new, token in enumerate(tokens)}

        def select(chosen: frozenset[int]) -> frozenset[int]:
            return frozenset(number[token] for token in chosen if token in number)

        times = (
            time and replace(time, token=number[time.token])
            for time in map(self.times.__getitem__, tokens)
        )
        return TokenTimes(
            tuple(times),
            select(self.anchored),
            select(self.skipped),
            select(self.undecided),
            calibration=self.calibration,
        )


def share_found(text: SpokenText, found: Sequence[TokenTime | None]) -> float:
    """Share of the speakable tokens that were found, 0..1."""
    sayable = [token for token in range(text.n_tokens) if text.forms[token][0]]
    return sum(found[token] is not None for token in sayable) / max(1, len(sayable))


def find_runs(is_member: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Runs of true values, as (first, last + 1)."""
    start = None
    for index, member in enumerate([*is_member, False]):
        if member and start is None:
            start = index
        elif not member and start is not None:
            yield start, index
            start = None
