"""Texts whose topics are known, and how far off a segmentation of them is; for `topics.py`."""
