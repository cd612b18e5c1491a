"""Whisper on CTranslate2, through faster-whisper: what it hears, and where words lie.

In reading order: `windows` cuts speech into what is heard at a time, `model` hears, `child` does
so in a process of its own on a GPU (`gpu`, `geometry`), `judgement` says what is believed, `passes`
hears again what went wrong; `recognizer` joins them. `graph_decoder` aligns a text that is known.
"""
