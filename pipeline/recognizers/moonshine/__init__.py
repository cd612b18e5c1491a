"""Moonshine, an English recogniser whose model lies in a wheel.

In reading order: `vocabulary` (text and tokens), `model` (sound to tokens, and how likely given
tokens are). For speech without a text: `sounds` cuts it into what is heard at a time, `hearing`
hears, `words` places words, `marks` lends them punctuation, `judgement` says what is believed,
`passes` hears again what went wrong; `recognizer` joins them. `rescorer` compares words in doubt
with what was heard.
"""
