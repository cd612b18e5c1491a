"""Trains boundary correction: `python -m benchmarks.corrector.train TARGET.npz EXAMPLES.npz …`.

Examples behind `--judge` are not learnt from: of them it is told how many boundaries
are near before and after. A minute on one core; the same examples make the same network.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from benchmarks.correction.examples import Examples, find_centres, load_examples
from torch import nn

from pipeline.aligners.network import Floats
from pipeline.aligners.recording.boundary_correction import (
    MAX_SHIFT,
    OFFSET_MS,
    Boundaries,
    BoundaryCorrection,
    make_inputs,
    pack_correction,
)
from pipeline.aligners.recording.features import FRAME_MS
from pipeline.aligners.recording.goodness import SHRINKAGE

N_HIDDEN, N_MIDDLE = 128, 64
N_ROUNDS = 40
BATCH = 256
PEAK_RATE, DECAY = 2e-3, 1e-3
FORGETS_INPUT, FORGETS_HIDDEN = 0.2, 0.3
BEND = 0.25
"""Up to so much of `OFFSET_MS` an error counts squared, from there on as it is."""
NEAR_MS = 20
SEED = 0


def main() -> None:
    """Train, tell how well it went, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("examples", type=Path, nargs="+")
    parser.add_argument("--judge", type=Path, nargs="*", default=[])
    given = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    correction = train([load_examples(path) for path in given.examples])
    given.target.write_bytes(pack_correction(correction))
    for path in given.judge:
        judge(path.stem, correction, load_examples(path))


def train(talks: list[Examples]) -> BoundaryCorrection:
    """Learn from the boundaries of some talks, each looked at from frames beside it."""
    features = np.concatenate([talk.features for talk in talks])
    boundaries = replace(
        Boundaries.join([talk.boundaries for talk in talks]), frames=find_centres(features)
    )
    offsets_ms = np.concatenate([talk.offsets_ms for talk in talks])
    phones = np.unique(np.concatenate([boundaries.before, boundaries.after]))
    frames = features.reshape(-1, features.shape[2])
    rng = np.random.default_rng(SEED)
    n_inputs = make_inputs(phones, frames, boundaries.choose([0]), np.zeros(1, np.intp)).shape[1]
    network = nn.Sequential(
        nn.Dropout(FORGETS_INPUT), nn.Linear(n_inputs, N_HIDDEN), nn.ReLU(),
        nn.Dropout(FORGETS_HIDDEN), nn.Linear(N_HIDDEN, N_MIDDLE), nn.ReLU(),
        nn.Linear(N_MIDDLE, 1),
    )  # fmt: skip
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=DECAY)
    n_batches = -(-len(features) // BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, total_steps=N_ROUNDS * n_batches
    )
    for number in range(N_ROUNDS):
        losses = []
        for own in np.array_split(rng.permutation(len(features)), n_batches):
            moved = rng.integers(-MAX_SHIFT, MAX_SHIFT + 1, len(own))
            inputs = torch.from_numpy(make_inputs(phones, frames, boundaries.choose(own), moved))
            wanted = torch.from_numpy((offsets_ms[own] - FRAME_MS * moved) / OFFSET_MS).float()
            loss = nn.functional.smooth_l1_loss(network(inputs)[:, 0], wanted, beta=BEND)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            pace.step()
            losses.append(loss.item())
        print(f"round {number + 1}: {np.mean(losses):.4f}", flush=True)
    return BoundaryCorrection(phones, *_read_layers(network))


def judge(name: str, correction: BoundaryCorrection, talk: Examples) -> None:
    """Tell how many of the boundaries are near, and how many if the product moves them."""
    frames = talk.features.reshape(-1, talk.features.shape[2])
    offsets_ms = correction.find_offsets(frames, talk.boundaries)
    before, after = talk.offsets_ms, talk.offsets_ms - SHRINKAGE * offsets_ms
    print(f"{name}: {_describe(before)} -> {_describe(after)}")


def _describe(errors_ms: Floats) -> str:
    sizes = np.abs(errors_ms)
    near, median, bias = np.mean(sizes <= NEAR_MS), np.median(sizes), np.median(errors_ms)
    return f"{near:.1%} near, median {median:.1f}, bias {bias:.1f}"


def _read_layers(network: nn.Sequential) -> list[Floats]:
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    arrays = [
        values.detach().numpy() for layer in layers for values in (layer.weight.T, layer.bias)
    ]
    return [np.ascontiguousarray(array) for array in arrays]


if __name__ == "__main__":
    main()
