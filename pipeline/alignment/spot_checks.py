"""Spot checks: a few words of a timed text are searched for again in other sound.

Used on finished clips (`pipeline/clipmaking/checks.py`), which also rates the differences.
"""

from collections.abc import Sequence

from pipeline.alignment.decoding import Decoder, decode_windows
from pipeline.alignment.windows import Window
from pipeline.records import TimedText, Word, record
from pipeline.verbalization.spoken_text import SpokenText

CONTEXT = 3
"""Words on each side that are searched for with one: alone, it could be found anywhere."""

PAD_MS = 400
"""Sound before and after these, so that words that are early or late are still found."""

GOOD_CONFIDENCE = 0.9
PAUSE_MS = 60
"""After a longer pause, a decoder without models of the recording may set the start into the pause:
in the samples, one in nineteen of such words is found 140 ms early or more, of other words
none."""
_CLEAR_LETTERS = 4


@record
class SpotChecked:
    """A text timed from the start of its own sound, and the indices of the words to search for.

    `sound_ms` is where that sound begins in the sound that is decoded.
    """

    timed: TimedText
    spot_checks: tuple[int, ...]
    sound_ms: int


def choose_spot_checks(
    timed: TimedText, n_spot_checks: int, has_music: tuple[bool, bool] = (False, False)
) -> tuple[int, ...]:
    """Choose the first and the last word, and some clear ones (see `_is_clear`) between them.

    Args:
        has_music: whether music lies under the beginning, and under the end. Music in a pause may
            be taken for the beginning of the next word, so there the first or last word is chosen
            only if it is clear.
    Returns:
        Indices of words, in order.
    """
    spoken = [index for index, word in enumerate(timed.words) if word.status == "aligned"]
    if not spoken:
        return ()
    clear = [index for index in spoken[1:-1] if _is_clear(timed.words, index)]
    n_between = max(0, min(n_spot_checks - 2, len(clear)))
    step = len(clear) / n_between if n_between else 1.0
    between = [clear[int((number + 0.5) * step)] for number in range(n_between)]
    ends = {
        index
        for index, is_unsure in zip((spoken[0], spoken[-1]), has_music, strict=True)
        if not is_unsure or (index > 0 and _is_clear(timed.words, index))
    }
    return tuple(sorted({*between, *ends}))


def find_spot_checks(
    parts: Sequence[SpotChecked], text: SpokenText, decoder: Decoder
) -> list[list[int | None]]:
    """The start of each chosen word in the sound of its part; None where it was not found.

    Args:
        text: the spoken forms of the words of all parts, concatenated.
        decoder: over the sounds of all parts, concatenated.
    """
    windows = []
    n_before = 0
    for part in parts:
        windows += [_window_around(part, index, n_before) for index in part.spot_checks]
        n_before += len(part.timed.words)
    paths = decode_windows(text, windows, decoder)
    found: list[list[int | None]] = []
    n_before = 0
    for part in parts:
        times = [
            next((time.start_ms for time in path if time.token == n_before + index), None)
            for index, path in zip(part.spot_checks, paths, strict=False)
        ]
        found.append([None if time is None else time - part.sound_ms for time in times])
        n_before += len(part.timed.words)
    return found


def _is_clear(words: Sequence[Word], index: int) -> bool:
    """Whether a word is long, has a high confidence, follows no pause, and has no number beside it
    (numbers have several spoken forms)."""
    word, before = words[index], words[index - 1]
    beside = "".join(each.text for each in words[index - 1 : index + 2])
    has_number = any(character.isdigit() for character in beside)
    n_letters = sum(character.isalpha() for character in word.text)
    is_sure = word.confidence >= GOOD_CONFIDENCE and n_letters >= _CLEAR_LETTERS
    return is_sure and not has_number and not _has_pause_between(before, word)


def _has_pause_between(before: Word, word: Word) -> bool:
    if before.end_ms is None or word.start_ms is None:
        return True
    return word.start_ms - before.end_ms > PAUSE_MS


def _window_around(part: SpotChecked, index: int, n_before: int) -> Window:
    words = part.timed.words
    first, last = max(0, index - CONTEXT), min(len(words), index + CONTEXT + 1)
    spans = [span for word in words[first:last] if (span := word.span)]
    start_ms = max(0, min(start_ms for start_ms, _ in spans) - PAD_MS)
    end_ms = min(part.timed.duration_ms, max(end_ms for _, end_ms in spans) + PAD_MS)
    place_ms = part.sound_ms
    return Window(
        place_ms + start_ms, place_ms + end_ms, n_before + first, last - first, is_open=True
    )
