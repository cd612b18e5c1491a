"""Duration outliers: words stretched over a laugh or cry before them, searched for again after it.

The decoder has no model of phone durations: `I` may be found on a second of laughter. Tokens
without a time are decoded again in `gaps.py`.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.alignment.decoding import decode_windows
from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.alignment.windows import Window
from pipeline.verbalization.spoken_text import SpokenText

LONGEST_MS, LONGEST_LETTER_MS = 300, 100
"""A word is an outlier above LONGEST_MS + letters · LONGEST_LETTER_MS."""
CONTEXT = 5
"""Words after it that are searched for with it: alone, it could be found anywhere."""
MAX_WINDOW_MS = 8_000


def shorten_long_words(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Move duration outliers to after their present end, if they are found and score better there.

    Invariants: no token loses its time.
    """
    moved = list(found.times)
    outliers = [time for time in moved if time and _is_duration_outlier(text, time)]
    windows = [window for time in outliers if (window := _window_after(moved, time))]
    paths = decode_windows(text, windows, observed.decoder)
    for window, times in zip(windows, paths, strict=True):
        again = {time.token: time for time in times}
        known = [time for token in window.tokens if (time := moved[token])]
        if _is_better(again.get(window.first_token), moved[window.first_token]) and all(
            time.token in again for time in known
        ):
            for time in times:
                moved[time.token] = time
    return replace(found, times=tuple(moved))


def _is_duration_outlier(text: SpokenText, time: TokenTime) -> bool:
    longest_ms = LONGEST_MS + LONGEST_LETTER_MS * text.count_letters(time.token)
    return time.end_ms - time.start_ms > longest_ms


def _window_after(found: Sequence[TokenTime | None], time: TokenTime) -> Window | None:
    """A window from the token's present end to the end of one of the next tokens."""
    after = found[time.token + 1 : time.token + 1 + CONTEXT]
    last = next((other for other in reversed(after) if other), None)
    if last is None or not 0 < last.end_ms - time.end_ms <= MAX_WINDOW_MS:
        return None
    n_tokens = last.token + 1 - time.token
    return Window(time.end_ms, last.end_ms, time.token, n_tokens, is_open=False)


def _is_better(there: TokenTime | None, here: TokenTime | None) -> bool:
    """Whether a token scores better in the first place than in the second."""
    if there is None or here is None or there.score is None or here.score is None:
        return False
    return there.score > here.score
