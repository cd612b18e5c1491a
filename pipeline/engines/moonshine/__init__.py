"""Moonshine, an English recogniser whose model lies in a wheel.

In reading order: `vocabulary.py` (text and tokens), `model.py` (sound to tokens, and how likely
given tokens are), `rescorer.py` (words in doubt against what was heard).
"""
