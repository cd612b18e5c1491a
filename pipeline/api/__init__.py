"""The library: what Python programs import by the name `cuecast`, each function when it is used.

In reading order: `keywords` (what may be given, by function), `arguments` (checks of what else is),
`recordings` (transcribe, align, cut_clips: stages in worker processes), `jobs` (run_job), `words`
(read_words, find_topics), `captions` (make_captions, read_captions).
"""

import logging

# Silent unless the program configures logging; without a handler Python would print warnings.
logging.getLogger("pipeline").addHandler(logging.NullHandler())
