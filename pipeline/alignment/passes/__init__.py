"""Passes that correct the token times which the windows gave.

In reading order: `gaps` (tokens without a time), `long_words` (duration outliers), `isolated_words`
(words far from their neighbours in the text, reattached to them).
"""
