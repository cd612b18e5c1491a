"""Trains the network for a given number of minutes: short windows first, thirty seconds at the end.

`train.py SPEECH CHECKPOINT MINUTES`; goes on from the checkpoint if there is one.
"""

from __future__ import annotations

import copy
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as nf

from benchmarks.tiny_whisper.network import TinyWhisper
from benchmarks.tiny_whisper.tokens import N_TIMESTAMPS, make_tokenizer
from benchmarks.tiny_whisper.windows import IGNORED, NO_SPAN, POSITIONS_PER_S, Corpus, Window

CURRICULUM = (
    (0.22, {5: 1.0}), (0.30, {10: 1.0}), (0.65, {8: 0.3, 15: 0.35, 30: 0.35}),
    (1.0, {10: 0.1, 15: 0.15, 30: 0.75}),
)  # fmt: skip
"""Up to which share of the time, and how often a step has windows of so many seconds."""
N_WINDOWS = {5: 24, 8: 16, 10: 13, 15: 8, 30: 4}
PEAK_RATE = 2e-3
WARM_UP = 0.02
N_PHONES = 64
PHONE_WEIGHT, ATTENTION_WEIGHT = 0.5, 0.8
LAYER_BEFORE = 1.0
N_ALIGNMENT_HEADS = 2
AVERAGE = 0.998
SAVE_EVERY_S = 180
TOKEN_STEP = 32
"""Tokens are padded to a multiple: kernels are compiled anew for every shape."""
TIME_BLUR = (0.1, 0.2, 0.4, 0.2, 0.1)


def main() -> None:
    """Train, saving every few minutes."""
    folder, checkpoint, minutes = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    torch.set_num_threads(1)
    torch.manual_seed(3)
    tokenizer = make_tokenizer()
    corpus = Corpus(folder, tokenizer)
    network = TinyWhisper(tokenizer.get_vocab_size(), N_PHONES, corpus.first_timestamp)
    averaged = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(
        [weight for weight in network.parameters() if weight.requires_grad],
        lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01,
    )  # fmt: skip
    spent_s, n_steps = 0.0, 0
    if checkpoint.exists():
        stored = torch.load(checkpoint)
        network.load_state_dict(stored["network"])
        averaged.load_state_dict(stored["averaged"])
        optimizer.load_state_dict(stored["optimizer"])
        spent_s, n_steps = stored["spent_s"], stored["n_steps"]
    chance = random.Random(n_steps)
    started_s, saved_s, shown = time.monotonic() - spent_s, time.monotonic(), []
    while (share := (time.monotonic() - started_s) / (minutes * 60)) < 1:
        lengths = next(lengths for until, lengths in CURRICULUM if share < until)
        length_s = chance.choices(list(lengths), list(lengths.values()))[0]
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * min(
                1, share / WARM_UP, 0.02 + 0.5 * (1 + math.cos(math.pi * share))
            )
        batch = collate([corpus.draw(chance, length_s) for _ in range(N_WINDOWS[length_s])])
        # In long windows the encoder costs most and is nearly done: every other step rests it.
        network.encoder.teach(length_s < 30 or n_steps % 2 == 0)
        losses = measure_losses(network, batch, corpus.first_timestamp)
        loss = losses[0] + PHONE_WEIGHT * losses[1] + ATTENTION_WEIGHT * losses[2]
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        n_steps += 1
        with torch.no_grad():
            keep = min(AVERAGE, n_steps / (n_steps + 10))
            for mean, weight in zip(averaged.parameters(), network.parameters(), strict=True):
                mean.lerp_(weight, 1 - keep)
        if length_s == max(lengths):
            shown.append([float(value.detach()) for value in losses])
        if n_steps % 40 == 0:
            means = " ".join(f"{value:.3f}" for value in np.mean(shown, axis=0))
            spent_s = time.monotonic() - started_s
            print(f"{share:.3f} {spent_s:.0f}s step {n_steps} {length_s}s {means}", flush=True)
            shown = []
        if time.monotonic() - saved_s > SAVE_EVERY_S:
            saved_s = time.monotonic()
            save(checkpoint, network, averaged, optimizer, saved_s - started_s, n_steps)
            corpus.read_new()
    save(checkpoint, network, averaged, optimizer, time.monotonic() - started_s, n_steps)


def save(
    checkpoint: Path, network: TinyWhisper, averaged: TinyWhisper,
    optimizer: torch.optim.Optimizer, spent_s: float, n_steps: int,
) -> None:  # fmt: skip
    """Write beside the checkpoint and move it there, so that it is always whole."""
    stored = {
        "network": network.state_dict(), "averaged": averaged.state_dict(),
        "optimizer": optimizer.state_dict(), "spent_s": spent_s, "n_steps": n_steps,
    }  # fmt: skip
    part = checkpoint.with_suffix(".part")
    torch.save(stored, part)
    part.replace(checkpoint)


def collate(windows: list[Window]) -> dict[str, Tensor]:
    """Windows of one length as tensors, their texts one under the other and padded at the end."""
    texts = [text for window in windows for text in window.texts]
    longest = max(len(text.tokens) for text in texts)
    n_tokens = -(-longest // TOKEN_STEP) * TOKEN_STEP

    def pad(rows: list[list[Any]], length: int, filler: Any) -> Tensor:
        return torch.tensor([row + [filler] * (length - len(row)) for row in rows])

    return {
        "mel": torch.from_numpy(np.stack([window.mel for window in windows])).transpose(1, 2),
        "offsets": torch.tensor([window.offset for window in windows]),
        "phones": torch.from_numpy(np.stack([window.phones for window in windows])),
        "tokens": pad([text.tokens for text in texts], n_tokens, 0),
        "targets": pad([text.targets for text in texts], n_tokens, IGNORED),
        "spans": pad([text.spans for text in texts], n_tokens + 1, NO_SPAN),
    }


def measure_losses(
    network: TinyWhisper, batch: dict[str, Tensor], first_timestamp: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Of the text, the phones and the attention, each a mean.

    In the last layer the alignment heads are to look at the token that comes, in the layer before
    it at the one that was: that is where the next is to be looked for.
    """
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, phones, log_weights = network(batch["mel"], batch["offsets"], batch["tokens"])
    before, last = (weights[:, :N_ALIGNMENT_HEADS] for weights in log_weights)
    looked = _attention_loss(last, batch["spans"][:, 1:])
    return (
        _text_loss(logits.float(), batch["targets"], first_timestamp),
        nf.cross_entropy(phones.float().flatten(0, 1), batch["phones"].flatten()),
        looked + LAYER_BEFORE * _attention_loss(before, batch["spans"][:, :-1]),
    )


def _text_loss(logits: Tensor, targets: Tensor, first_timestamp: int) -> Tensor:
    """Cross-entropy; a timestamp's neighbours are a little right too."""
    is_asked = targets != IGNORED
    log_shares, targets = logits[is_asked].log_softmax(-1), targets[is_asked]
    right = -log_shares.gather(1, targets[:, None])[:, 0]
    blurred = torch.zeros_like(right)
    for shift, part in enumerate(TIME_BLUR, start=-2):
        near = (targets + shift).clamp(first_timestamp, first_timestamp + N_TIMESTAMPS - 1)
        blurred -= part * log_shares.gather(1, near[:, None])[:, 0]
    return torch.where(targets >= first_timestamp, blurred, right).mean()


def _attention_loss(log_weights: Tensor, spans: Tensor) -> Tensor:
    """Cross-entropy of the alignment heads against even weight on the frames a token stands for."""
    starts, ends = (spans * POSITIONS_PER_S).round().unbind(-1)
    ends = torch.maximum(ends, starts + 1)
    frames = torch.arange(log_weights.shape[-1])
    inside = (frames >= starts[..., None]) & (frames < ends[..., None]) & (starts >= 0)[..., None]
    inside = inside.float()
    even = inside / inside.sum(-1, keepdim=True).clamp(min=1)
    n_rows = (inside.sum(-1) > 0).sum().clamp(min=1)
    return -(even[:, None] * log_weights).sum() / (n_rows * log_weights.shape[1])


if __name__ == "__main__":
    main()
