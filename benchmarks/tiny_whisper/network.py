"""Whisper's network in plain torch, with transformers' parameter names, and two teaching aids.

The aids are phone logits from the encoder and the last layer's cross-attention; neither is kept.
Positions can start anywhere, so that short windows teach all of the thirty seconds.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as nf

D_MODEL = 128
N_HEADS = 4
D_INNER = 512
N_ENCODER_LAYERS = 3
N_DECODER_LAYERS = 2
N_POSITIONS = 1500
N_TEXT_POSITIONS = 448


def sinusoids(n_positions: int, n_channels: int) -> Tensor:
    """(n_positions, n_channels): sines, then cosines, as in Whisper's encoder."""
    step = math.log(10_000) / (n_channels // 2 - 1)
    rates = torch.exp(-step * torch.arange(n_channels // 2))
    angles = torch.arange(n_positions)[:, None] * rates[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Multi-head attention over itself or over `source`."""

    def __init__(self) -> None:
        super().__init__()
        self.q_proj = nn.Linear(D_MODEL, D_MODEL)
        self.k_proj = nn.Linear(D_MODEL, D_MODEL, bias=False)
        self.v_proj = nn.Linear(D_MODEL, D_MODEL)
        self.out_proj = nn.Linear(D_MODEL, D_MODEL)

    def forward(self, x: Tensor, source: Tensor, is_causal: bool = False) -> Tensor:
        query, key, value = self._project(x, source)
        mixed = nf.scaled_dot_product_attention(query, key, value, is_causal=is_causal)
        return self._join(mixed)

    def with_weights(self, x: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
        """Also the log of the weights, (batch, heads, queries, keys)."""
        query, key, value = self._project(x, source)
        scores = (query @ key.transpose(2, 3)).float() / math.sqrt(query.shape[-1])
        log_weights = scores.log_softmax(-1)
        return self._join(log_weights.exp().to(value.dtype) @ value), log_weights

    def _project(self, x: Tensor, source: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return _heads(self.q_proj(x)), _heads(self.k_proj(source)), _heads(self.v_proj(source))

    def _join(self, mixed: Tensor) -> Tensor:
        joined: Tensor = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return joined


def _heads(x: Tensor) -> Tensor:
    return x.unflatten(2, (N_HEADS, -1)).transpose(1, 2)


class Layer(nn.Module):
    """One layer of the encoder or, with cross-attention, of the decoder."""

    def __init__(self, is_decoder: bool) -> None:
        super().__init__()
        self.self_attn = Attention()
        self.self_attn_layer_norm = nn.LayerNorm(D_MODEL)
        if is_decoder:
            self.encoder_attn = Attention()
            self.encoder_attn_layer_norm = nn.LayerNorm(D_MODEL)
        self.fc1 = nn.Linear(D_MODEL, D_INNER)
        self.fc2 = nn.Linear(D_INNER, D_MODEL)
        self.final_layer_norm = nn.LayerNorm(D_MODEL)

    def attend(self, x: Tensor, is_causal: bool) -> Tensor:
        normed = self.self_attn_layer_norm(x)
        return x + self.self_attn(normed, normed, is_causal)

    def feed(self, x: Tensor) -> Tensor:
        fed: Tensor = self.fc2(nf.gelu(self.fc1(self.final_layer_norm(x))))
        return x + fed


class Encoder(nn.Module):
    """Log-mel frames to one vector per 20 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(80, D_MODEL, 3, padding=1)
        self.conv2 = nn.Conv1d(D_MODEL, D_MODEL, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(N_POSITIONS, D_MODEL)
        self.embed_positions.weight.data = sinusoids(N_POSITIONS, D_MODEL)
        self.embed_positions.requires_grad_(False)
        self.layers = nn.ModuleList(Layer(is_decoder=False) for _ in range(N_ENCODER_LAYERS))
        self.layer_norm = nn.LayerNorm(D_MODEL)

    def teach(self, is_learning: bool) -> None:
        """Learn in the next step, or only be used."""
        for name, weight in self.named_parameters():
            weight.requires_grad_(is_learning and "embed_positions" not in name)

    def forward(self, mel: Tensor, offsets: Tensor) -> Tensor:
        """mel: (batch, 80, n_frames); offsets: (batch,) first position of each window."""
        x = nf.gelu(self.conv2(nf.gelu(self.conv1(mel)))).transpose(1, 2)
        x = x + self.embed_positions(offsets[:, None] + torch.arange(x.shape[1]))
        for layer in self.layers:
            x = layer.feed(layer.attend(x, is_causal=False))
        normed: Tensor = self.layer_norm(x)
        return normed


class Decoder(nn.Module):
    """Tokens so far and the encoder's vectors to the next token."""

    def __init__(self, n_tokens: int) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(n_tokens, D_MODEL)
        self.embed_positions = nn.Embedding(N_TEXT_POSITIONS, D_MODEL)
        self.layers = nn.ModuleList(Layer(is_decoder=True) for _ in range(N_DECODER_LAYERS))
        self.layer_norm = nn.LayerNorm(D_MODEL)

    def forward(self, tokens: Tensor, source: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits, and every layer's log cross-attention weights.

        tokens: (batch × n, length) for a source of (batch, ...): n texts a window, side by side,
        ask the same keys.
        """
        x = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        log_weights = []
        for layer in self.layers:
            x = layer.attend(x, is_causal=True)
            asked = layer.encoder_attn_layer_norm(x).reshape(len(source), -1, D_MODEL)
            heard, weights = layer.encoder_attn.with_weights(asked, source)
            x = layer.feed(x + heard.reshape(x.shape))
            # (batch, heads, n × length, keys) to (batch × n, heads, length, keys)
            split = weights.unflatten(2, (-1, tokens.shape[1])).transpose(1, 2)
            log_weights.append(split.flatten(0, 1))
        return self.layer_norm(x) @ self.embed_tokens.weight.T, log_weights


class TinyWhisper(nn.Module):
    """Encoder, decoder and the phone aid."""

    def __init__(self, n_tokens: int, n_phones: int, first_timestamp: int) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder(n_tokens)
        self.phones = nn.Linear(D_MODEL, n_phones)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.05)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.normal_(self.decoder.embed_tokens.weight, std=0.05)
        nn.init.normal_(self.decoder.embed_positions.weight, std=0.02)
        # A timestamp begins as the encoder's own mark of that position, only smaller.
        times = sinusoids(N_POSITIONS + 1, D_MODEL) * 0.1
        self.decoder.embed_tokens.weight.data[first_timestamp : first_timestamp + len(times)] = (
            times
        )

    def forward(
        self, mel: Tensor, offsets: Tensor, tokens: Tensor
    ) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Token logits, phone logits, every decoder layer's log cross-attention weights."""
        source = self.encoder(mel, offsets)
        logits, log_weights = self.decoder(tokens, source)
        return logits, self.phones(source), log_weights
