"""Models on this machine, and where they compute.

In reading order: `kinds` (the files of each kind), `installed` (which are here), `hub_cache` and
`hub` (those of the hub: found, fetched, checked), `packaged` (those that lie in packages),
`devices` (CPU or GPU, in which precision), `packages` (what `cuecast doctor` tells).
"""
