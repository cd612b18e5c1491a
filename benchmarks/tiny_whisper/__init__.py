"""Trains the small Whisper of `tests/tiny_whisper/` from speech made here. README.md has the order."""
