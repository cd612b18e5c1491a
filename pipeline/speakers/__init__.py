"""Who says what. Pure.

`channels` names speakers where each has a channel of their own.
"""
