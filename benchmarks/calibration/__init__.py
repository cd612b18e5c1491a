"""Parts of `calibrate.py`: texts with wrong words, the evidence for each word, the regression.

In reading order: `recordings` (folders with truth), `wrong_words`, `evidence` (what the aligner
knows of each word), `regression`.
"""
