"""Captions: cues made from timed words, and caption files read, checked and repaired; pure, but for
`formats.read_document` and `CaptionDocument.write`.

In reading order. Cues: `options` (the job's `captions:` section), `fragments` (words and sounds as
pieces), `unspaced` and `phrases` (scripts without spaces), `text` (what can be shown, and its
width), `direction` (right-to-left text), `cues` (the whole path from words to cues), `timing`
(in-times and out-times), `typeset` (pieces as lines), `reflow` (lines as running text).

Breaks: `grammar` (small words by language), `breaks` (cost of each break), `script` (arrays that
the search reads), `split` (which words make a cue), `lines` (line breaks within a cue).

Profiles: `profile` (figures of each standard), `problems` (a broken rule), `lint` (which rules cues
break), `sarif` (the report for code hosts).

Formats: `formats` (the table), `vtt` with `hls` and `karaoke`, `srt`, `ass` with `burned`
(styles of clips) and `fitting` (text in a box of the picture), `plain`, `podcast`, `words_json`;
`markup` (escapes, tags and places), `style_sheet` (STYLE blocks), `looks` (italics and colours).

Files: `document` (a file without loss: all below read and write it), `blocks` (its lines by cue),
`parsed_cue` (a cue as a file has it), `conformance` (a format's grammar), `synced` (cues against
word times), `check` (all checks), `mend` (what browsers drop), `repair` (cues under a profile) with
`tagged` (tags over new lines), `rewrite` (the repaired file), `time_shift` (shift, stretch, cut).

Scripts: `caption_text` (words and speakers of a caption file), `rolling` (roll-up captions),
`retimed_cues` (a file's own cues at newly aligned times).
"""
