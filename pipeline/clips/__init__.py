"""Which stretches become clips; pure.

In reading order: `options` and `requests` say what a job may ask for, `select` chooses. By time and
text: `times`, `quotes`, `queries`, `sentences` (what is chosen from), `answers`. Highlights:
`passages` (candidates), `ratings` (how good each is), `highlights` (the best). `cuts` cuts in
pauses, `window` cuts a timed text to a clip.
"""
