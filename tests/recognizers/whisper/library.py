"""What faster-whisper hands over for a written text: its own tokenizer and its own way to cut."""

from pathlib import Path

from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import Segment, Word, merge_punctuations
from tokenizers import Tokenizer as Vocabulary

TOKENS = Path(__file__).parents[2] / "tiny_whisper" / "model" / "tokenizer.json"
WORD_MS = 200
PREPENDED, APPENDED = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"
"""The library's defaults."""


def write_down(text: str, language: str) -> Segment:
    """A segment of the library, as it is when a model wrote this text; a word lasts 0.2 s."""
    tokenizer = Tokenizer(Vocabulary.from_file(str(TOKENS)), False)
    tokenizer.language_code = language
    tokens = tokenizer.encode(text)
    words, _ = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
    parts: list[dict[str, object]] = [{"word": word, "tokens": []} for word in words[:-1]]
    merge_punctuations(parts, PREPENDED, APPENDED)
    retained = [str(part["word"]) for part in parts if part["word"]]
    timed = [
        Word(number * WORD_MS / 1000, (number + 1) * WORD_MS / 1000, word, 0.9)
        for number, word in enumerate(retained)
    ]
    return Segment(0, 0, 0.0, len(timed) * WORD_MS / 1000, text, tokens, -0.2, 1.0, 0.0, timed, 0.0)
