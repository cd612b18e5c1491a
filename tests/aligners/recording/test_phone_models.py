"""Models made from the recording itself: features, mixtures, boundaries, the classifier."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.aligners.hmm.model import load_model
from pipeline.aligners.hmm.phone_alignment import SILENT, PhoneAlignment
from pipeline.aligners.network import Floats
from pipeline.aligners.recording.classifier import splice_frames, train_classifier
from pipeline.aligners.recording.features import FRAME_MS, make_cepstra, measure_powers
from pipeline.aligners.recording.goodness import (
    MAX_CORRECTION_MS,
    PRIOR_S,
    find_starts,
    time_words,
)
from pipeline.aligners.recording.mixtures import Mixture, fit_mixture
from pipeline.aligners.recording.phone_models import LATE_MS, PhoneModels, read_states
from pipeline.aligners.recording.posteriors import (
    GARBAGE_LIKELIHOOD,
    LEAST_RATING,
    Posteriors,
    rate_phones,
)
from pipeline.aligners.recording.realignment import realign_boundaries
from pipeline.contracts import Samples

RATE_HZ = 16_000
ROUNDING = 1e-3


def noise(n_samples: int, amplitude: float, seed: int = 0) -> Samples:
    return (np.random.default_rng(seed).standard_normal(n_samples) * amplitude).astype(np.int16)


# --- spectra -----------------------------------------------------------------------------------


@pytest.mark.parametrize("click_ms", [200, 203, 457])
def test_a_click_is_loudest_in_the_frame_it_lies_in(click_ms: int) -> None:
    sound = np.zeros(RATE_HZ, np.int16)
    sound[click_ms * RATE_HZ // 1000 + 8] = 20_000
    powers = measure_powers(sound).sum(axis=1)
    assert int(powers.argmax()) == click_ms // FRAME_MS


def test_an_echo_that_dies_away_is_taken_off() -> None:
    burst = np.zeros(RATE_HZ, np.float64)
    burst[2_000:4_000] = noise(2_000, 3_000)
    time_s = np.arange(RATE_HZ // 4) / RATE_HZ
    room = np.random.default_rng(1).standard_normal(len(time_s)) * 10 ** (-3 * time_s / 0.35)
    room *= 0.7 / np.sqrt((room**2).sum())
    room[0] = 1.0
    ringing = np.convolve(burst, room)[:RATE_HZ].astype(np.int16)
    inside, after = slice(30, 48), slice(60, 70)
    levels = 10 * np.log10(measure_powers(ringing).mean(axis=1) + 1)
    n_fft_power = np.square(ringing.astype(float)).reshape(-1, RATE_HZ * FRAME_MS // 1000)
    raw = 10 * np.log10(n_fft_power.mean(axis=1) + 1)
    fall_db = levels[inside].mean() - levels[after].mean()
    assert fall_db > raw[inside].mean() - raw[after].mean() + 5


@pytest.mark.parametrize("n_samples", [0, 1, 79, 80, 400])
def test_hardly_any_sound_has_hardly_any_frames(n_samples: int) -> None:
    powers = measure_powers(np.zeros(n_samples, np.int16))
    assert make_cepstra(powers, np.ones(26, np.float32)).shape == (n_samples // 80, 39)


# --- mixtures ----------------------------------------------------------------------------------


def test_a_mixture_tells_its_own_frames_from_others() -> None:
    rng = np.random.default_rng(0)
    own = np.concatenate([rng.normal(-2, 0.5, (300, 5)), rng.normal(2, 0.5, (300, 5))])
    others = rng.normal(0, 0.5, (300, 5)).astype(np.float32)
    mixture = fit_mixture(own.astype(np.float32), 4, rng)
    assert mixture.score(own.astype(np.float32)).mean() > mixture.score(others).mean() + 5


def test_few_frames_make_one_gaussian_with_their_mean() -> None:
    frames = np.array([[0.0, 1.0], [2.0, 3.0]], np.float32)
    mixture = fit_mixture(frames, 8, np.random.default_rng(0))
    assert len(mixture.constants) == 1
    assert mixture.score(np.array([[1.0, 2.0]], np.float32)) > mixture.score(frames[:1])


# --- boundaries ---------------------------------------------------------------------------------


def table(scores: Floats, state: int) -> Mixture:
    """A mixture that gives a frame, which is its number one-hot, the score of a table."""
    n_frames = len(scores)
    constants = np.zeros(1, np.float32)
    return Mixture(np.zeros((n_frames, 1), np.float32), scores[:, state : state + 1], constants)


def best_of_all(scores: Floats, boundaries: list[int], reach: int) -> float:
    """The best score of all ways to move the inner boundaries."""
    n_frames, n_states = scores.shape
    best = -math.inf
    for inner in itertools.combinations(range(1, n_frames), n_states - 1):
        moved = [0, *inner, n_frames]
        if all(abs(a - b) <= reach for a, b in zip(moved, boundaries, strict=True)):
            best = max(best, score_of(scores, moved))
    return best


def score_of(scores: Floats, boundaries: list[int]) -> float:
    return sum(
        float(scores[first:behind, state].sum())
        for state, (first, behind) in enumerate(itertools.pairwise(boundaries))
    )


@given(st.integers(1, 4), st.integers(0, 5), st.integers(1, 4), st.integers(0, 10_000))
def test_boundaries_are_the_best_of_all_within_reach(
    n_states: int, n_more: int, reach: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    n_frames = n_states + n_more
    scores = rng.normal(0, 3, (n_frames, n_states)).astype(np.float32)
    inner = sorted(rng.choice(np.arange(1, n_frames), n_states - 1, replace=False).tolist())
    boundaries = [0, *inner, n_frames]
    states = [(state, 0) for state in range(n_states)]
    (found,) = realign_boundaries(
        np.eye(n_frames, dtype=np.float32),
        [(states, np.array(boundaries))],
        lambda state: table(scores, state[0]),
        reach,
    )
    moved = found.tolist()
    assert moved[0] == 0 and moved[-1] == n_frames
    assert all(a < b for a, b in itertools.pairwise(moved))
    assert score_of(scores, moved) >= best_of_all(scores, boundaries, reach) - ROUNDING


def test_more_states_than_frames_stay_where_they_are() -> None:
    boundaries = np.array([0, 1, 2, 3])
    frames = np.eye(2, dtype=np.float32)
    states = [(0, 0), (0, 1), (0, 2)]
    (moved,) = realign_boundaries(frames, [(states, boundaries)], lambda _: None, 3)
    assert moved.tolist() == [0, 1, 2, 3]


def test_paths_of_a_piece_are_moved_each_by_itself() -> None:
    scores = np.random.default_rng(3).normal(0, 3, (12, 3)).astype(np.float32)
    frames = np.eye(12, dtype=np.float32)
    paths = [
        ([(0, 0), (1, 0)], np.array([0, 2, 5])),
        ([], np.array([5])),
        ([(1, 0), (2, 0), (0, 0)], np.array([6, 8, 10, 12])),
    ]
    mixture_of = lambda state: table(scores, state[0])  # noqa: E731
    together = realign_boundaries(frames, paths, mixture_of, 2)
    alone = [realign_boundaries(frames, [path], mixture_of, 2)[0] for path in paths]
    assert [boundaries.tolist() for boundaries in together] == [
        boundaries.tolist() for boundaries in alone
    ]
    assert together[1].tolist() == [5]


# --- the classifier ----------------------------------------------------------------------------


def test_a_classifier_learns_what_differs() -> None:
    rng = np.random.default_rng(0)
    phones = rng.integers(0, 3, 3_000) * 7
    features = rng.normal(0, 1, (3_000, 13)).astype(np.float32)
    features[:, 0] += phones
    inputs = splice_frames(features, np.arange(3_000))
    classifier = train_classifier(inputs, phones)
    logs = classifier.find_logs(features)
    found = classifier.phones[logs.argmax(axis=1)]
    assert classifier.phones.tolist() == [0, 7, 14]
    assert np.exp(logs).sum(axis=1) == pytest.approx(np.ones(3_000), abs=1e-4)
    assert (found == phones).mean() > 0.95


def test_training_twice_gives_the_same_weights() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(0, 1, (400, 143)).astype(np.float32)
    phones = rng.integers(0, 2, 400)
    first, second = (train_classifier(inputs, phones) for _ in range(2))
    assert np.array_equal(first.inner, second.inner)


# --- what it says in the search ----------------------------------------------------------------


def make_posteriors(shares: list[list[float]]) -> Posteriors:
    """Frames of 5 ms, in each of which phones 1 and 4 have these probabilities."""
    logs = np.log(np.array(shares, np.float32).reshape(-1, 2))
    return Posteriors(np.zeros((len(shares), 39), np.float32), np.array([1, 4]), logs)


def test_the_likeliest_phone_of_a_frame_is_rated_zero_and_unknown_ones_as_anything() -> None:
    rated = rate_phones(
        make_posteriors([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9]]), n_phones=6
    )
    assert rated.shape == (2, 7)
    assert rated[:, [1, 4]] == pytest.approx(np.array([[0, -2.197], [-2.197, 0]]), abs=1e-2)
    assert (rated[:, [0, 2, 3, 5, 6]] == np.float32(GARBAGE_LIKELIHOOD)).all()


def test_a_phone_that_is_rare_needs_less_to_be_the_likeliest() -> None:
    frames = [[0.95, 0.05]] * 18 + [[0.6, 0.4]] * 2
    rated = rate_phones(make_posteriors(frames), n_phones=6)
    assert rated[0, 1] == 0 and rated[-1, 4] == 0 and rated[-1, 1] < 0


def test_a_frame_that_speaks_against_a_phone_is_not_all_that_counts() -> None:
    rated = rate_phones(make_posteriors([[1 - 1e-9, 1e-9], [0.5, 0.5]] * 2), n_phones=6)
    assert rated.min() >= LEAST_RATING


@pytest.mark.parametrize("n_frames", [0, 1])
def test_less_than_a_frame_has_no_ratings(n_frames: int) -> None:
    assert rate_phones(make_posteriors([[0.5, 0.5]] * n_frames), n_phones=6).shape == (0, 7)


# --- when a word is said -----------------------------------------------------------------------


NAMES = ["SIL", "AH", "T", "OW", "SIL", "S"]
FRAMES = 3
"""Of 10 ms, that each state lasts."""


@pytest.fixture
def path() -> PhoneAlignment:
    """Three words of a phone each, a pause, and one more."""
    return PhoneAlignment(
        first_frame=0,
        arcs=np.array([SILENT, 7, 8, 9, SILENT, 10]),
        phones=np.array([load_model().phone_names.index(name) for name in NAMES]),
        n_frames=np.full((6, 3), FRAMES),
        scores=np.zeros(6),
    )


SURE_S = 1e9
"""So much speech that the decoder's boundaries count for nothing."""


def make_models(frames: Floats, n_trained: int, spoken_s: float = SURE_S) -> PhoneModels:
    """Models that know nothing of where boundaries lie, and a classifier of two phones."""
    trained = np.arange(n_trained)
    return PhoneModels(
        noise=np.zeros(26, np.float32),
        mean=np.zeros(39, np.float32),
        scale=np.ones(39, np.float32),
        mixtures={},
        classifier=train_classifier(splice_frames(frames, trained), trained % 2),
        silence=load_model().silence,
        spoken_s=spoken_s,
    )


@pytest.fixture
def models() -> PhoneModels:
    return make_models(np.zeros((200, 39), np.float32), 99)


def test_starts_of_words_are_looked_at_with_the_sounds_on_both_sides(
    path: PhoneAlignment, models: PhoneModels
) -> None:
    times = read_states(path, models.silence)
    places, boundaries = find_starts(path, times)
    assert places.tolist() == [1, 2, 3, 5]
    phones = [load_model().phone_names[phone] for phone in boundaries.after]
    assert phones == ["AH", "T", "OW", "S"]
    assert [load_model().phone_names[phone] for phone in boundaries.before] == [
        "SIL",
        "AH",
        "T",
        "SIL",
    ]
    assert (
        boundaries.n_before.tolist()
        == boundaries.n_after.tolist()
        == [FRAMES * 3 * 10 // FRAME_MS] * 4
    )
    assert boundaries.frames.tolist() == times.boundaries[times.first_states][places].tolist()


@given(seed=st.integers(0, 50), loud=st.floats(0.1, 30))
def test_corrected_words_stay_in_order_and_last(seed: int, loud: float) -> None:
    rng = np.random.default_rng(seed)
    names = rng.integers(0, len(load_model().phone_names), 12)
    path = PhoneAlignment(0, np.arange(12), names, rng.integers(1, 4, (12, 3)), np.zeros(12))
    features = (rng.standard_normal((200, 39)) * loud).astype(np.float32)
    models = make_models(features, 9)
    sound = Posteriors(features, np.array([1, 4]), np.zeros((200, 2), np.float32))
    (steps,) = time_words(models, sound, [path])
    assert [step.arc for step in steps] == list(range(12))
    for step, after in itertools.pairwise(steps):
        assert step.start_ms < step.end_ms == after.start_ms
    (times,) = models.move_states(features, [read_states(path, models.silence)])
    moved_ms = [step.start_ms for step in steps] - times.boundaries[times.first_states][
        :-1
    ] * FRAME_MS
    assert 0 < np.abs(moved_ms).max() <= MAX_CORRECTION_MS


def test_a_pause_ends_a_word_where_the_models_say(
    path: PhoneAlignment, models: PhoneModels
) -> None:
    sound = Posteriors(
        np.zeros((200, 39), np.float32), np.array([1, 4]), np.zeros((200, 2), np.float32)
    )
    (steps,) = time_words(models, sound, [path])
    (times,) = models.move_states(sound.features, [read_states(path, models.silence)])
    assert steps[2].end_ms == times.boundaries[times.first_states][4] * FRAME_MS


def test_the_less_speech_models_were_trained_on_the_nearer_times_are_to_the_decoders(
    path: PhoneAlignment,
) -> None:
    features = np.random.default_rng(3).standard_normal((200, 39)).astype(np.float32) * 20
    sound = Posteriors(features, np.array([1, 4]), np.zeros((200, 2), np.float32))

    def find_starts_ms(spoken_s: float) -> Floats:
        (steps,) = time_words(make_models(features, 99, spoken_s), sound, [path])
        return np.array([step.start_ms for step in steps], np.float32)

    decoded, half, models = map(find_starts_ms, (0.0, PRIOR_S, SURE_S))
    assert decoded.tolist() == [LATE_MS + 10 * FRAMES * 3 * phone for phone in (1, 2, 3, 5)]
    assert np.abs(models - decoded).max() > 10
    assert np.abs(half - (decoded + models) / 2).max() <= 1
