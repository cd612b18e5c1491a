"""Clips made of a recording: their text, their files, how they are cut and drawn, and checked.

In reading order: `source` (what clips are cut from, and the text of one clip), `files` (which files
a clip has, and its caption tracks), `drawing` (text over a picture), `cutting` (what is rendered),
`finishing` (what is made from rendered files), `checks` (finished clips checked).

Which stretches become clips is chosen in `pipeline/clips/`; ffmpeg is run in `pipeline/media/`.
"""
