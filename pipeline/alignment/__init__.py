"""Forced alignment of a text with a first pass: word times, status, confidence. Pure: no disk.

In reading order: `parsed_text` (words, turns and brackets), `unsaid_marks` (bullets, rules, page
numbers), `transcript` (the grammar of a text), `brackets` (those that may be words or sounds),
`words_text` (a words.json as text), `first_pass` (which speech has to be recognised), `anchors`
(where text and first pass agree), `windows` (stretches of sound with their stretch of text),
`matching` (tokens that the first pass recognised), `word_graph` (what may be spoken in a window),
`disfluencies` (fillers, words said again), `decoding` (windows through a decoder), `paths` (a best
path as token times), `token_times` (the record of these), `observations` (what is known of the
sound), `passes` (steps that find and correct token times), `conflicts` (one time for each token),
`aligner` (all passes in order), `calibration` (what evidence weighs), `confidence`,
`recognized_text` (the recogniser's words where there is no text), `estimates` (times for tokens
without evidence), `status` (`aligned`, `estimated`, `unspoken`, and speech that the text lacks),
`summary` (how well text and recording match), `translation` (turns of a translation), `spot_checks`
(some words searched for again in other sound).
"""
