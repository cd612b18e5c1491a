"""Decodes recordings and renders clips; no other package imports ffmpeg-python, pydub or av.

In reading order: `ffmpeg` (runs the binary), `streams` (opens a file, chooses picture and sound),
`probe` (what is known of them), `options` (the `audio:` section), `decode` (a recording to
`audio.wav`), `wav`.
A clip: `frames` (frame sizes), `cut` (the request), `mastering` (loudness) with `sound` (audio
filters, meter) and `beds` (music), `picture` (video filters) or `audiogram` (drawn picture) with
`layout` and `waveform`, `fonts`, `encoder`, joined by `render`; then `tracks` (muxing), `stills`.
A whole recording: `small_copy`.
"""
