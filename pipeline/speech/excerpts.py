"""Copy parts of a recording, which may be longer than memory."""

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.memory import let_go

PER_MS = SAMPLE_RATE_HZ // 1000
"""Samples in a millisecond."""


def cut_out(samples: Samples, start_ms: int, end_ms: int) -> Samples:
    """A copy of the samples between two times, clipped to the recording.

    The recording's own pages don't stay in memory.
    """
    excerpt = samples[max(0, start_ms) * PER_MS : max(0, end_ms) * PER_MS].copy()
    let_go(samples)
    return excerpt
