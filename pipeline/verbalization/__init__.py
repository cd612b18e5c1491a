"""Verbalisation (text normalisation): each written token as the words that may be spoken. Pure.

In reading order: `numbers` (bare numbers), `abbreviations` (in full, by letters), `quantities`
(numbers with currency, units, percent), `notations` (clocks, dates, fractions, versions, powers),
`addresses` (web and mail), `forms` (limits on a token's spoken forms), `tokens` (the rules joined:
words, symbols), `vocabulary` (the job's own forms, which come before all rules), `spoken_text` (a
whole text).
"""
