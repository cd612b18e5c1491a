"""Forced aligners: they find a known text in sound, by decoding word graphs window by window.

In reading order: `table` (a row an aligner), `options` (the job's `align:` section), `catalog`
(loads them, and chooses for `auto`), `spoken_words` (what is pronounced), `window_decoding` (many
windows over many processes), `segments` (what one of them is given), `network` (a word graph as
states), `search` (Viterbi), `hmm` (English, by PocketSphinx's triphones), `recording` (adapted to
the recording, boundaries realigned), `ctc` (any language, by a Wav2Vec2 model), `whisper_attention`
(by Whisper's cross-attention).
"""
