"""The parts of `benchmarks/people.py` and `benchmarks/conversations.py`.

In reading order: `recordings` (sound, words and true times from folders; several joined), `runs`
(the texts aligned by cuecast and by bare PocketSphinx), `measures` (errors, shares, intervals),
`wrong_words` (mistakes put into texts), `confidence` (what it promises, what holds), `kinds`
(errors by kind of word), `untimed` (what recognisers tell of recordings without true times),
`viter_peer` (a peer), `disfluencies` (fillers and noises put into talks), `tables` (the columns and
how they are printed).
"""
