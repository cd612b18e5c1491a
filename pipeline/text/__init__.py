"""Text as such, for every room: told once.

In reading order: `graphemes` (characters, scripts without spaces), `sentence_ends`, `capitals`,
`languages` (as people name them).
"""
