"""How many windows a card decodes at a time, and which process has it; no card is needed."""

import tempfile
import threading
from pathlib import Path

import pytest

from pipeline.models.devices import read_memory_bytes
from pipeline.recognizers.whisper.geometry import Geometry
from pipeline.recognizers.whisper.gpu import (
    BATCH_SIZES,
    UNKNOWN_CARD_BATCH,
    choose_batch_size,
    take_turn,
)
from tests.patience import PATIENCE_S

GB = 2**30
LARGE = Geometry(32, 20, 1280, 1_540_000_000)
TURBO = Geometry(4, 20, 1280, 800_000_000)
SMALL = Geometry(12, 12, 768, 240_000_000)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns of these tests alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.parametrize(
    ("memory", "geometry", "kind", "size"),
    [
        (8, LARGE, "float16", 8),
        (8, LARGE, "int8_float16", 12),
        (4, LARGE, "float16", 1),
        (24, LARGE, "float16", 32),
        (8, TURBO, "float16", 32),
        (4, SMALL, "float16", 24),
        (80, LARGE, "float32", 32),
    ],
)
def test_the_cards_memory_says_how_many(
    memory: int, geometry: Geometry, kind: str, size: int
) -> None:
    assert choose_batch_size(memory * GB, geometry, kind) == size


def test_more_memory_never_means_fewer() -> None:
    sizes = [choose_batch_size(memory * GB, LARGE, "float16") for memory in range(1, 90)]
    assert sizes == sorted(sizes)
    assert set(sizes) <= set(BATCH_SIZES)


def test_of_an_unknown_card_little_is_asked() -> None:
    assert choose_batch_size(None, LARGE, "float16") == UNKNOWN_CARD_BATCH
    assert choose_batch_size(8 * GB, None, "float16") == UNKNOWN_CARD_BATCH


def test_a_card_that_is_not_there_has_no_memory() -> None:
    assert read_memory_bytes(999) is None


@pytest.mark.gpu
def test_a_card_has_memory() -> None:
    assert (read_memory_bytes(0) or 0) > GB


def test_two_cards_are_two_turns() -> None:
    with take_turn(2) as first, take_turn(2) as second:
        assert {first, second} == {0, 1}


def test_one_card_is_one_turn_at_a_time() -> None:
    has_turn = threading.Event()

    def wait_for_turn() -> None:
        with take_turn(1):
            has_turn.set()

    waiting = threading.Thread(target=wait_for_turn, daemon=True)
    with take_turn(1):
        waiting.start()
        assert not has_turn.wait(0.5)
    assert has_turn.wait(PATIENCE_S)


def test_without_a_card_nobody_waits() -> None:
    with take_turn(0) as first, take_turn(0) as second:
        assert first == second == 0
