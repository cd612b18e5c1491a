"""A word-graph decoder in NumPy over PocketSphinx's acoustic model. In reading order: `model`
(triphones), `features` (MFCC, deltas), `reductions` (phones lost or merged in connected speech),
`builder` (a word graph as triphones), `likelihoods` (of senones), `adaptation` (MLLR, MAP),
`phone_loop` (garbage model), `phone_alignment` (the best path by phone), `decoder` (the engine).
"""
