"""A word-graph decoder in NumPy over PocketSphinx's acoustic model. In reading order: `model`
(triphones), `features` (MFCC, deltas), `likelihoods` (of senones), `adaptation` (MLLR, MAP),
`network` (HMM states), `builder` (a word graph as a network), `batching` (several networks as one),
`search` (Viterbi), `phone_loop` (garbage model), `scores` (likelihood ratios), `phone_alignment`
(the best path by phone), `decoder` (the engine).
"""
