"""`cuecast serve`: the files below one folder over HTTP, and a list of the reports among them.

Reads only. Reading order: `site.py`, `ranges.py`, `items.py`; pages are the `preview` room's.
"""
