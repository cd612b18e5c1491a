"""Recording adaptation: phone models trained on the recording itself, from its first alignment.

The first alignment labels the frames for them. They realign the boundaries at twice its frame rate,
and give each word's goodness of pronunciation. In reading order: `adapted_windows` (when which
segments are decoded, and adaptation), `segment_worker` (one segment, in one process), `features`
(MFCC at 5 ms), `mixtures` (GMMs), `realignment` (segmental Viterbi), `phone_models` (GMMs trained
in turns with realignment), `classifier` (a network, frames to phones), `posteriors` (its output,
and scaled likelihoods for the search), `boundary_correction` (a network that corrects word starts),
`goodness` (a window's words timed and scored), `acoustic_model` (the record of the models as text,
and the level they need).
"""
