"""Which text is looked for in which sound."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.windows import (
    EDGE_PAD_MS,
    LATE_MS,
    MAX_TOKENS,
    MAX_WINDOW_MS,
    OPEN_WINDOW_MS,
    FixedToken,
    Window,
    make_windows,
)
from pipeline.records import Stretch

STRETCH_MS = 4_000
SILENCE_MS = 500
LONGEST_MS = 30_000
"""No stretch of speech is longer than this (`silero.py`)."""
PADS_MS = 1_000 + LATE_MS


def speak(n_stretches: int, length_ms: int = STRETCH_MS) -> list[Stretch]:
    """Stretches of equal length."""
    step_ms = length_ms + SILENCE_MS
    return [Stretch(i * step_ms, i * step_ms + length_ms) for i in range(n_stretches)]


def fix(n_tokens: int, step_ms: int = 350, run: int = 0) -> list[FixedToken]:
    """Tokens anchored one after the other with 100 ms between them."""
    return [FixedToken(i, i * step_ms, (i + 1) * step_ms - 100, run) for i in range(n_tokens)]


def test_without_speech_or_text_there_is_nothing_to_look_for() -> None:
    assert make_windows([], [], 5) == ()
    assert make_windows([], speak(2), 0) == ()


def test_a_short_recording_is_one_window_with_all_the_text() -> None:
    (window,) = make_windows([], speak(1), 12)
    assert (window.first_token, window.n_tokens, window.is_open) == (0, 12, False)
    assert window.start_ms == 0 and window.end_ms >= STRETCH_MS


def test_an_anchored_recording_is_cut_in_its_pauses() -> None:
    speech = [Stretch(0, 70_000)]
    windows = make_windows(fix(200), speech, 200)
    assert len(windows) > 5
    assert not any(window.is_open for window in windows)
    assert [w.first_token for w in windows] == [
        0, *(w.first_token + w.n_tokens for w in windows[:-1]),
    ]  # fmt: skip
    assert windows[-1].first_token + windows[-1].n_tokens == 200


def test_without_anchors_short_windows_share_the_text() -> None:
    windows = make_windows([], speak(20), 100)
    assert len(windows) == 20
    assert {(w.first_token, w.n_tokens, w.is_open) for w in windows} == {(0, 100, True)}


def test_open_windows_get_the_text_between_the_anchors_around_them() -> None:
    fixed = [FixedToken(10, 0, 300, 0), FixedToken(30, 80_000, 80_300, 1)]
    windows = make_windows(fixed, speak(18), 50)
    middle = [w for w in windows if w.start_ms > 300 and w.end_ms < 80_000]
    assert middle and {(w.first_token, w.n_tokens) for w in middle} == {(11, 19)}


def test_a_page_that_was_not_said_is_not_looked_for_whole() -> None:
    fixed = [
        *(FixedToken(i, i * 350, i * 350 + 250, 0) for i in range(8)),
        *(FixedToken(5000 + i, (8 + i) * 350, (8 + i) * 350 + 250, 1) for i in range(8)),
    ]
    windows = make_windows(fixed, [Stretch(0, 16 * 350)], 5008)
    assert all(window.n_tokens <= MAX_TOKENS for window in windows)
    looked_for = {t for w in windows for t in range(w.first_token, w.first_token + w.n_tokens)}
    assert {*range(8), *range(5000, 5008)} <= looked_for


def test_speech_behind_music_is_looked_for_before_it_was_noticed() -> None:
    behind_music, behind_pause = Stretch(61_300, 65_000), Stretch(65_500, 69_000)
    (window,) = make_windows([], [behind_music, behind_pause], 20)
    assert window.start_ms == behind_music.start_ms - LATE_MS - EDGE_PAD_MS
    (window,) = make_windows([], [Stretch(500, 4_000)], 10)
    assert 0 < window.start_ms < 200


def test_a_text_ten_times_too_long_stays_in_bounds() -> None:
    windows = make_windows(fix(150), [Stretch(0, 150 * 350)], 1500)
    assert all(window.n_tokens <= MAX_TOKENS for window in windows)


ClipSource = tuple[list[FixedToken], list[Stretch], int]


@st.composite
def anchored_talks(draw: st.DrawFn, longest_gap: int) -> ClipSource:
    """Speech, anchors that lie in it in order, and the number of tokens."""
    fixed: list[FixedToken] = []
    token = time_ms = run = 0
    for _ in range(draw(st.integers(0, 60))):
        run += draw(st.booleans())
        token += draw(st.sampled_from([1, 1, 1, 1, 2, longest_gap]))
        time_ms += draw(st.sampled_from([0, 60, 60, 400, 9_000]))
        fixed.append(FixedToken(token, time_ms, time_ms + 250, run))
        time_ms += 250
    n_tokens = token + 1 + draw(st.sampled_from([0, 3, 900]))
    speech: list[Stretch] = []
    at_ms = draw(st.integers(0, 2_000))
    while at_ms < time_ms or not speech:
        length_ms = draw(st.integers(300, LONGEST_MS))
        speech.append(Stretch(at_ms, at_ms + length_ms))
        at_ms += length_ms + draw(st.integers(1, 3_000))
    return fixed, speech, n_tokens


@given(anchored_talks(700))
def test_windows_are_in_order_and_bounded(talk: ClipSource) -> None:
    fixed, speech, n_tokens = talk
    windows = make_windows(fixed, speech, n_tokens)
    for window in windows:
        assert 0 <= window.start_ms < window.end_ms
        assert window.first_token >= 0
        assert 0 < window.n_tokens <= MAX_TOKENS
        assert window.first_token + window.n_tokens <= n_tokens
        longest_ms = max(LONGEST_MS, OPEN_WINDOW_MS) if window.is_open else MAX_WINDOW_MS
        assert window.end_ms - window.start_ms <= longest_ms + PADS_MS
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(windows))


def test_an_open_window_whose_pad_reaches_over_a_short_one_comes_before_it() -> None:
    fixed = [
        *(FixedToken(token, 250 * (token - 1), 250 * token, 0) for token in range(1, 23)),
        FixedToken(23, 14_500, 14_750, 0),
        FixedToken(25, 23_750, 24_000, 0),
        *(FixedToken(26 + n, 33_000 + 250 * n, 33_250 + 250 * n, 0) for n in range(4)),
    ]
    speech = [Stretch(0, 1_504), Stretch(1_505, 20_201), Stretch(23_201, 53_201)]
    windows = make_windows(fixed, speech, 30)
    assert any(window.end_ms - window.start_ms == 250 for window in windows)
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(windows))


@given(anchored_talks(5))
def test_all_anchored_text_is_looked_for_where_it_was_heard(talk: ClipSource) -> None:
    fixed, speech, n_tokens = talk
    windows = make_windows(fixed, speech, n_tokens)
    for token in fixed:
        if any(s.start_ms <= token.start_ms and token.end_ms <= s.end_ms for s in speech):
            assert any(holds(window, token) for window in windows), token


def holds(window: Window, token: FixedToken) -> bool:
    is_in_text = window.first_token <= token.token < window.first_token + window.n_tokens
    return is_in_text and window.start_ms < token.end_ms and token.start_ms < window.end_ms


@given(anchored_talks(700))
def test_all_speech_that_may_hold_text_is_listened_to(talk: ClipSource) -> None:
    fixed, speech, n_tokens = talk
    if fixed:
        return
    windows = make_windows(fixed, speech, n_tokens)
    for stretch in speech:
        assert any(w.start_ms <= stretch.start_ms and stretch.end_ms <= w.end_ms for w in windows)
