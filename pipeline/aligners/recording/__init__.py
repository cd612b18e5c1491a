"""Phone models made from the recording itself: they know its voices, its room and its noise.

A first alignment labels the frames, small Gaussian mixtures learn each phone's states from them,
and a second alignment, at twice the frame rate and with shorter windows, puts the edges where
these models see them. The same models say how well a word fits.

In reading order: `spectra` (sound to features), `mixtures` (a state's frames to a density),
`boundaries` (the best edges of a known sequence of states), `models` (trained in turns with the
edges), `classifier` (what a frame is of, seen with those around it), `hearing` (what both say of a
piece, also for the search of its words), `fit` (edges and fit of a window's words).
"""
