"""`cuecast serve`: the files below one folder over HTTP, and a list of the reports among them.

Reads only. Reading order: `site` (the HTTP server), `ranges` (byte ranges), `recording` (that of an
item). The pages are made by `pipeline/preview`, the list by `pipeline/stages/overview.py`.
"""
