"""Parts of `calibrate.py`.

In reading order: `evidence` (what the aligner knows of each word), `regression` (its weights).
"""
