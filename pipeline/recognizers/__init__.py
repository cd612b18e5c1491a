"""What turns sound into words with rough times: Whisper, Moonshine, PocketSphinx.

In reading order: `options` (what a job may ask), `catalog` (the table, and the choice for `auto`),
`pocketsphinx` (embedded, guided by a text), `moonshine` (embedded, without one), `whisper` (where a
model is at hand), `scripted` (words that a file holds), `english` (what those share that know
English alone), `hallucinations` (loops and echoes in what a network writes).
"""
