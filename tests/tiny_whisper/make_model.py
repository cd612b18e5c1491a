"""Makes `model/`: a Whisper of random weights, small enough to commit, real enough to run.

It hears nonsense; tests use it to take faster-whisper's real path with nothing downloaded. Needs
torch and transformers, which nothing else here does: `pip install torch transformers ctranslate2`.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MODEL = Path(__file__).parent / "model"
SEED = 2
LOUDER = 5.0
"""Weight of whole words, so that they are heard more often than bytes and timestamps."""
N_TIMESTAMPS = 1501
LANGUAGES = ("en", "de")
SPECIAL = (
    "<|endoftext|>", "<|startoftranscript|>", *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>",
    "<|notimestamps|>",
)  # fmt: skip
SENTENCE = "and so my fellow listeners ask not what the sea can do for you " * 3


def main() -> None:
    """Build, convert, and put the four files that faster-whisper reads beside this one."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "source", Path(folder) / "made"
        source.mkdir()
        vocabulary = save_tokenizer(source)
        save_weights(source, vocabulary)
        converter = Path(sys.executable).with_name("ct2-transformers-converter")
        command = [converter, "--model", source, "--output_dir", made, "--quantization", "int8"]
        subprocess.run(command, check=True)
        tokenizer = json.loads((source / "tokenizer.json").read_text())
        (made / "tokenizer.json").write_text(json.dumps(tokenizer, separators=(",", ":")))
        finish_config(made / "config.json", vocabulary)
        mark_multilingual(made / "vocabulary.json")
        shutil.rmtree(MODEL, ignore_errors=True)
        shutil.copytree(made, MODEL)
    (MODEL / "preprocessor_config.json").write_text('{"feature_size": 80}\n')


def save_tokenizer(folder: Path) -> dict[str, int]:
    """A byte-level BPE with Whisper's special tokens behind it; returns its vocabulary."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import WhisperTokenizer

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=320, initial_alphabet=sorted(alphabet))
    tokenizer.train_from_iterator([SENTENCE], trainer)
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.add_special_tokens([f"<|{step * 0.02:.2f}|>" for step in range(N_TIMESTAMPS)])
    tokenizer.save(str(folder / "tokenizer.json"))
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    plain = json.loads((folder / "tokenizer.json").read_text())["model"]
    (folder / "vocab.json").write_text(json.dumps(plain["vocab"]))
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in plain["merges"]]
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n")
    WhisperTokenizer(tokenizer_object=tokenizer).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return vocabulary


def save_weights(folder: Path, vocabulary: dict[str, int]) -> None:
    """Random weights in Whisper's shape, as transformers stores them."""
    import torch
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    torch.manual_seed(SEED)
    end = vocabulary["<|endoftext|>"]
    config = WhisperConfig(
        vocab_size=len(vocabulary),
        d_model=64,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        pad_token_id=end,
        bos_token_id=end,
        eos_token_id=end,
        decoder_start_token_id=vocabulary["<|startoftranscript|>"],
        suppress_tokens=[],
        begin_suppress_tokens=[end],
    )
    model = WhisperForConditionalGeneration(config)
    with torch.no_grad():
        for token, index in vocabulary.items():
            if token.startswith("Ġ") and token[1:].isalpha():
                model.model.decoder.embed_tokens.weight[index] *= LOUDER
    model.generation_config = GenerationConfig(
        alignment_heads=[[1, 0], [1, 1]],
        lang_to_id={f"<|{language}|>": vocabulary[f"<|{language}|>"] for language in LANGUAGES},
        no_timestamps_token_id=vocabulary["<|notimestamps|>"],
        suppress_tokens=[],
        begin_suppress_tokens=[end],
    )
    model.save_pretrained(folder)


def finish_config(file: Path, vocabulary: dict[str, int]) -> None:
    """What the converter leaves out: which heads align, which tokens are languages."""
    config = json.loads(file.read_text())
    config["alignment_heads"] = [[1, 0], [1, 1]]
    config["lang_ids"] = [vocabulary[f"<|{language}|>"] for language in LANGUAGES]
    config["suppress_ids"] = []
    config["suppress_ids_begin"] = [vocabulary["<|endoftext|>"]]
    file.write_text(json.dumps(config, indent=2) + "\n")


def mark_multilingual(file: Path) -> None:
    """CTranslate2 takes a model for multilingual if its vocabulary holds the empty token."""
    tokens = json.loads(file.read_text())
    tokens[tokens.index("<|startoflm|>")] = ""
    file.write_text(json.dumps(tokens, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
