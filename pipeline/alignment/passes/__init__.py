"""Passes over the token times that the windows gave.

In reading order: `gaps` (tokens without a time), `long_words` (duration outliers), `isolated_words`
(words found by themselves, reattached to their neighbours).
"""
