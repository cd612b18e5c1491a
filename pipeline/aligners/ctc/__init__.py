"""A word-graph decoder over the emissions of any Wav2Vec2 model converted for CTranslate2.

In reading order: `folder` (where a model is), `letters` (its alphabet, and words spelled in it),
`emissions` (each frame's letter posteriors), `network` (a word graph as states, and its best path),
`decoder` (all of it as a graph decoder).
"""
