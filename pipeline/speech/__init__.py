"""Sound before any word is known.

In reading order: `voice_activity` (where speech is), `energy` (how loud it is), `dereverberation`
(late echoes taken out, WPE), `excerpts` (parts of a recording that is longer than memory).
"""
