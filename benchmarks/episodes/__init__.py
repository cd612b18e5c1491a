"""Long synthetic episodes with true word times: their text, its speakers, their sound."""
