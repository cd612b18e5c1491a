"""Recordings in, sound and clips out: the only room that imports ffmpeg-python, pydub and av.

In reading order: `ffmpeg` runs the binary, `probe` looks, `decode` ingests, `wav` reads samples.
A clip: `frames` (shapes), `cut` (what is asked for), `mastering` (its loudness, with the graphs of
`sound` and the music of `beds`), `picture` or `audiogram` (what is seen, laid out by `layout`),
`fonts` and `encoder`, joined by `render`; then `tracks`, `stills`, and `finished` to look again.
"""
