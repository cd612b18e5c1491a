"""HTTP byte ranges, with which a player seeks in a recording.

Source: RFC 9110 §14.
"""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(?:([0-9]+)-([0-9]*)|-([0-9]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes of a file from `first` to `last`, inclusive."""

    first: int
    last: int

    @property
    def n_bytes(self) -> int:
        """The number of bytes."""
        return self.last - self.first + 1


def parse_range(header: str, n_bytes: int) -> Span | None:
    """The range of a file that a Range header asks for.

    Returns:
        None if the header has to be ignored: it is malformed, or asks for several ranges.
    Raises:
        ValueError: the file has no byte in that range.
    """
    found = _RANGE.fullmatch("".join(header.split()))
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        span = Span(max(0, n_bytes - int(suffix)), n_bytes - 1)
    elif last and int(last) < int(first):
        return None
    else:
        span = Span(int(first), min(int(last), n_bytes - 1) if last else n_bytes - 1)
    if span.n_bytes < 1:
        raise ValueError(f"{header} of {n_bytes} bytes")
    return span
