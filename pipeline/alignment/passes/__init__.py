"""Passes: steps of the alignment, each from token times to better ones (`aligner.PASSES`).

In reading order: `anchored_windows` (all tokens, between anchors), `first_pass_times` (the first
pass's own times, or its agreement), `gaps` (tokens without a time), `long_words` (duration
outliers), `isolated_words` (words far from their neighbours in the text, reattached to them),
`rescoring` (a second recogniser on doubtful words), `onsets` (starts after pauses, by level).
"""
