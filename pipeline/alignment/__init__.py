"""A text and what was heard, brought together: word times, verdicts, confidence. Pure: no disk.

Reading order: `transcript` (the grammar of the text), `spoken` and `spoken_text` (how it may be
said), `anchors` (where text and first pass agree), `windows` and `graph` (what may be said between
anchors), `aligner` (the passes, joined), `claims` (which of two times holds), `edges` (onsets after
pauses), `verdict` (status, confidence, unheard stretches), `summary`, `voices` (who speaks, by
channel), `probes` (words looked for once more, in other sound).
"""
