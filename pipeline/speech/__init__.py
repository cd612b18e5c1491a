"""Processing of the sound that needs no words.

In reading order: `voice_activity` (where speech is), `energy` (levels and pauses),
`dereverberation` (WPE), `excerpts` (parts of a recording that may be longer than memory).
"""
