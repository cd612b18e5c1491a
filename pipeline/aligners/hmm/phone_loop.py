"""The garbage model's reference: the best path through a loop of all phones.

A word's likelihood ratio against it tells whether it was spoken, for any voice and noise.
"""

import math
from collections.abc import Sequence

import numpy as np

from pipeline.aligners.hmm.builder import TriphoneBuilder
from pipeline.aligners.hmm.model import AcousticModel
from pipeline.aligners.network import Floats
from pipeline.aligners.search import find_best_paths


def follow_loops(model: AcousticModel, scores: Sequence[Floats]) -> list[Floats]:
    """(n_frames,) log-likelihoods along the best path, for each of several sounds.

    Any context-independent phone of speech, or silence, may follow any, equally probably.

    Args:
        scores: (n_frames, n_senones) of all context-independent senones, in their order.
    Source: Wessel et al. 2001, "Confidence measures for large vocabulary continuous speech
        recognition" (normalisation by an unconstrained phone recogniser).
    """
    phones = [
        phone
        for phone in range(len(model.phone_names))
        if phone == model.silence or phone not in model.fillers
    ]
    builder = TriphoneBuilder(model)
    for _ in scores:
        start = builder.network.begin_graph(final_state=0)
        for phone in phones:
            first, last = builder.add_phone(phone, phone)
            builder.network.entries.append((first, [(start, -math.log(len(phones)))]))
            builder.network.leave(last, start)
            if phone == model.silence:
                builder.network.silences.append(last)
    network = builder.finish()
    emissions = [each[:, network.labels_of(sound)] for sound, each in enumerate(scores)]
    paths = find_best_paths(network, emissions, [len(each) for each in scores])
    states = [np.concatenate([one.states for one in path]) for path in paths]
    return [each[np.arange(len(own)), own] for each, own in zip(emissions, states, strict=True)]
