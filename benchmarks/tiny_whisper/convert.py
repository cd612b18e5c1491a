"""Writes a checkpoint as the folder that faster-whisper reads: int8 weights, tokenizer, config.

`convert.py CHECKPOINT FOLDER`. The converter knows transformers' Whisper, so that comes between.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import (
    GenerationConfig,
    WhisperConfig,
    WhisperForConditionalGeneration,
    WhisperTokenizer,
)  # fmt: skip

from benchmarks.tiny_whisper import network
from benchmarks.tiny_whisper.tokens import LANGUAGES, make_tokenizer
from benchmarks.tiny_whisper.train import N_ALIGNMENT_HEADS

ALIGNMENT_HEADS = [[network.N_DECODER_LAYERS - 1, head] for head in range(N_ALIGNMENT_HEADS)]


def convert(checkpoint: Path, folder: Path) -> None:
    """Replace what lies in the folder by the model."""
    tokenizer = make_tokenizer()
    with tempfile.TemporaryDirectory() as made_in:
        source, made = Path(made_in) / "source", Path(made_in) / "made"
        source.mkdir()
        save_weights(checkpoint, source, tokenizer)
        save_tokenizer(source, tokenizer)
        converter = Path(sys.executable).with_name("ct2-transformers-converter")
        command = [converter, "--model", source, "--output_dir", made, "--quantization", "int8"]
        subprocess.run(command, check=True)
        finish_config(made / "config.json", tokenizer)
        mark_multilingual(made / "vocabulary.json")
        stored = json.loads(tokenizer.to_str())
        (made / "tokenizer.json").write_text(json.dumps(stored, separators=(",", ":")))
        (made / "preprocessor_config.json").write_text('{"feature_size": 80}\n')
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)


def save_weights(checkpoint: Path, folder: Path, tokenizer: Tokenizer) -> None:
    """The averaged weights as transformers stores them, the teaching aids left out."""
    stored = torch.load(checkpoint)["averaged"]
    weights = {f"model.{name}": value for name, value in stored.items() if "phones" not in name}
    weights["proj_out.weight"] = weights["model.decoder.embed_tokens.weight"]
    end = tokenizer.token_to_id("<|endoftext|>")
    config = WhisperConfig(
        vocab_size=tokenizer.get_vocab_size(),
        d_model=network.D_MODEL,
        encoder_layers=network.N_ENCODER_LAYERS,
        decoder_layers=network.N_DECODER_LAYERS,
        encoder_attention_heads=network.N_HEADS,
        decoder_attention_heads=network.N_HEADS,
        encoder_ffn_dim=network.D_INNER,
        decoder_ffn_dim=network.D_INNER,
        max_target_positions=network.N_TEXT_POSITIONS,
        pad_token_id=end,
        bos_token_id=end,
        eos_token_id=end,
        decoder_start_token_id=tokenizer.token_to_id("<|startoftranscript|>"),
        suppress_tokens=[],
        begin_suppress_tokens=[],
    )
    model = WhisperForConditionalGeneration(config)
    model.load_state_dict(weights)
    model.generation_config = GenerationConfig(
        alignment_heads=ALIGNMENT_HEADS,
        lang_to_id={f"<|{name}|>": tokenizer.token_to_id(f"<|{name}|>") for name in LANGUAGES},
        no_timestamps_token_id=tokenizer.token_to_id("<|notimestamps|>"),
        suppress_tokens=[],
        begin_suppress_tokens=[],
    )
    model.save_pretrained(folder)


def save_tokenizer(folder: Path, tokenizer: Tokenizer) -> None:
    """The files that the converter asks for."""
    plain = json.loads(tokenizer.to_str())["model"]
    (folder / "vocab.json").write_text(json.dumps(plain["vocab"]))
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in plain["merges"]]
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n")
    WhisperTokenizer(tokenizer_object=tokenizer).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))


def finish_config(file: Path, tokenizer: Tokenizer) -> None:
    """What the converter leaves out: which heads align, which tokens are languages."""
    config = json.loads(file.read_text())
    config["alignment_heads"] = ALIGNMENT_HEADS
    config["lang_ids"] = [tokenizer.token_to_id(f"<|{name}|>") for name in LANGUAGES]
    config["suppress_ids"] = []
    config["suppress_ids_begin"] = []
    file.write_text(json.dumps(config, indent=2) + "\n")


def mark_multilingual(file: Path) -> None:
    """CTranslate2 takes a model for multilingual if its vocabulary holds the empty token."""
    tokens = json.loads(file.read_text())
    tokens[tokens.index("<|startoflm|>")] = ""
    file.write_text(json.dumps(tokens, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
