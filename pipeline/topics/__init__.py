"""What a recording talks about, and from when to when; pure.

In reading order: `options` (the `topics:` section), `find` joins the steps; `words` (stems and stop
words), `boundary_candidates` (where a topic may begin, with evidence); `split` (one stretch into
topics), by `segment` (cheapest split for every count), `count` (how many), `boundaries` (refined
and scored); `titles` names topics, by `clauses` (what a phrase may hold), `usage` (nouns and verbs
by their neighbours), `phrases` (ranked candidates), `questions` (subtitles); `prompts` (titles by a
language model); `chapters` and `edl` write files for players and editing programs.
"""
