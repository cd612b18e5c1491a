"""Moonshine, an English recogniser whose model lies in a wheel.

In reading order: `vocabulary.py` (text and tokens), `model.py` (sound to tokens, and how likely
given tokens are), `recognizer.py` (a recording to words).
"""
