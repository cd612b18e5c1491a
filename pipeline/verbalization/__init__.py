"""How a written text is said (text normalisation): each token's spoken forms. Pure.

In reading order: `tokens` (words, acronyms, symbols), `numbers`, `quantities` (with units and
currency), `notations` (clocks, dates, versions), `addresses`, `vocabulary` (what the job says),
`forms` (what holds for all of them), `spoken_text` (a whole text).
"""
