"""Which stretches become clips; pure.

In reading order: `requests` and `options` say what may be asked for, `select` chooses. `times`
reads times, `quotes` finds words that are quoted, `queries` what is asked about, `answers` a whole
answer; `sentences` and `passages` are what highlights are made of, `emphasis` and `ratings` say how
good each is, `highlights` takes the best. `cuts` cuts in pauses, `window` a timed text to a clip.
"""
