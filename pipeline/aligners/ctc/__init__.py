"""A word-graph decoder over the emissions of any Wav2Vec2 model that CTranslate2 has converted.

Reading order: `folder` (where a model lies), `letters` (what it writes, and words spelled so),
`emissions` (how likely each letter is in each frame), `trellis` (a word graph as states),
`search` (its best path), `decoder` (all of it as a graph decoder).
"""
