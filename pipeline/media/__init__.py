"""Recordings in, sound and clips out: the only room that imports ffmpeg-python, pydub and av.

In reading order: `ffmpeg` runs the binary, `probe` looks, `decode` ingests, `wav` reads samples;
`render` cuts a clip from the graphs of `picture` and `sound`, in the shapes of `frames`, with the
letters of `fonts`.
"""
