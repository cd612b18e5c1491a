"""Benchmarks are programs, not a package: their folder and that of the samples go on the path."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

sys.path += [str(ROOT / folder) for folder in ("benchmarks", "samples")]
