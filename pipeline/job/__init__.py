"""The job engine: plans, runs and seals the stages of each item. Knows no stage and no speech.

In reading order: `stage` (stages, items, jobs, step requests), `options` (the `run:` section),
`select` (a part of a job), `preflight` (checks before anything runs), `plan` (what has to run, and
why) with `sources` and `hashing` (digests of files), `runner` (runs the plan) with `item_run` and
`cpus`, `executors` (where steps run), `step` (one step, in a worker) with `context` (what a stage's
function is given) and `scratch` (its working folder), `store` (seals) with `ownership` (which files
are cuecast's) and `disk`; `lock`, `events`, `estimate` (time left),
`report` (run.json), `status`.
"""
