"""What a job may ask of the aligner."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from pipeline.records import record


@record
class AlignOptions:
    """The `align:` section.

    `vocabulary` gives words their ARPABET pronunciations, one string each:
    `{Kardashev: [K AA1 R D AH0 SH EH2 V]}`; stress digits may be left out.
    """

    engine: Literal["auto", "pocketsphinx", "recognizer"] = "auto"
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
