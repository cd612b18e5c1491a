"""Which stretches become clips; pure.

In reading order: `select` chooses, `quotes` finds words that are quoted, `times` reads times,
`window` cuts a timed text to a stretch.
"""
