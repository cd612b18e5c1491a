"""The pages a person looks at: one recording's report, and the list of all of them.

Pure: records in, HTML out. Reading order: `page.py`, `transcript.py`, `timeline.py`, `listing.py`,
then `assets/`: the templates with their styles and script.
"""
