"""A word-graph decoder of our own over PocketSphinx's acoustic model, in NumPy.

In reading order: `model` (the files of the wheel), `cepstra` (sound to features), `senones`
(features to log-likelihoods), `adaptation` (the model moved to the recording), `network` (a word
graph as HMM states), `search` (the best path), `phone_loop` (what any speech at all would score),
`decoder` (the engine).
"""
