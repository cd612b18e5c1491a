"""Pronunciations of words, in ARPABET.

In reading order: `lexicon` (the job's vocabulary, the CMU dictionary, then rules), `espeak` (eSpeak
NG's phonemes for words no dictionary has), `arpabet` (its IPA in ARPABET).
"""
