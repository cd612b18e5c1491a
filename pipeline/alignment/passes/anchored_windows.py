"""All tokens, decoded in windows between the anchors of the first pass.

The windows are chosen in `windows.py`.
"""

from dataclasses import replace

from pipeline.alignment.decoding import decode_windows
from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.alignment.windows import make_windows
from pipeline.verbalization.spoken_text import SpokenText

SHARE = 0.9
"""This pass's share of the progress."""


def decode_between_anchors(
    text: SpokenText, found: TokenTimes, observed: Observations
) -> TokenTimes:
    """Candidates from windows that cover all speech and all text."""
    windows = make_windows(observed.match.anchored, observed.speech, text.n_tokens)
    candidates: list[TokenTime] = []
    for done, times in enumerate(decode_windows(text, windows, observed.decoder)):
        observed.progress(SHARE * done / len(windows))
        candidates += times
    return replace(found, candidates=tuple(candidates), windows=windows)
