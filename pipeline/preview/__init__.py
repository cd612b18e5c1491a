"""HTML pages: the report on one recording, and the list of all reports.

Pure: records in, HTML out. In reading order: `options` (the `report:` section), `page` (the
report), `transcript` (its paragraphs), `timeline`, `listing` (all reports), `html` (templates,
escaping, content security policy), then `assets/`: the templates with their styles and scripts.
"""
