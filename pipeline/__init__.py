"""cuecast: word-timed captions and captioned clips from recordings and their text.

Reading order, packages first. What a user calls: `cli` (the commands), `api` (the library),
`config` (a job file to a `Job`; its keys in `job_file`), `single_item` (a job without a file),
`server` (`cuecast serve`). What runs: `stages` (the table of
stages, one module each), `job` (plans, runs and seals the stages; knows no speech).

Sound to words: `media` (ffmpeg, decoding, rendering), `speech` (voice activity, dereverberation),
`recognizers` (speech to text), `verbalization` (a text to its spoken forms), `alignment` (forced
alignment of a text), `aligners` (acoustic models and decoders), `speakers` (speaker attribution),
`pronunciation`, `language_models`, `models` (model files and devices).

Words to results: `captions` (cues, formats, lint), `topics` (topic segmentation), `clips` (choice
of clips), `clipmaking` (their files, drawn and checked), `preview` (the HTML report).

What all share: `text` (letters, abbreviations, sentence ends, times), `documents` (HTML, Markdown,
RTF, DOCX as plain text), `records` (the data that stages pass
on), `contracts` (the protocols of engines), `codec` (records to JSON), `errors`, `log`, `paths`,
`slugs`, `text_file` (texts of the user), `yaml_file` over `yaml_text` over `yaml_mistakes`,
`process_pool`, `levels` (of sound, over time), `memory` (freeing it).
"""

__version__ = "0.1.0"
