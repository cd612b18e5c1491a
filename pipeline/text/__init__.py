"""Properties of written text that several packages need. Pure.

In reading order: `letters` (compatibility forms), `graphemes` (combining characters, scripts
without spaces), `abbreviations` (English ones by kind), `sentence_ends` (punctuation that ends a
sentence), `bare_words` (words as they are compared), `capitals` (capitals in titles), `languages`
(language names to ISO 639 codes), `times` (times as text), `brackets` (tables of sounds and
headings), `names` (the form of names), `labels` (turn marks, time codes and speaker labels of
lines).
"""
