"""Whisper on CTranslate2, through faster-whisper. In reading order: `windows` cuts speech, `model`
decodes it, `words` reads its words, `languages` (which a model knows), `child` (a model on a GPU in
its own process), `gpu` (its memory), `geometry` (a model's size), `filtering` rejects
hallucinations, `passes` decodes again what failed, `recognizer` joins them.
"""
