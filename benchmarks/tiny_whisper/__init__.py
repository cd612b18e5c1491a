"""Trains the small Whisper of `tests/tiny_whisper/`; README.md has the reading order."""
