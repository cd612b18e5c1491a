"""Speaker attribution: who speaks each word. Pure.

`channels` attributes words by level, where each speaker has a channel of their own.
"""
