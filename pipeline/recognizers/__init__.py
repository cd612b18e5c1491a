"""Recognisers turn sound into words with rough times: Whisper, Moonshine, PocketSphinx.

In reading order: `table` (a row a recogniser), `options` (the job's options), `catalog` (loads
them, and chooses for `auto`), `pocketsphinx` (embedded, guided by a text), `moonshine` (embedded,
without one), `whisper` (where a model is at hand), `scripted` (words from a file, for tests),
`hallucinations` (loops and echoes in a network's output, and decoding again what looped).
"""
