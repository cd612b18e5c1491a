"""The only importers of recognisers, aligners, phonemisers and voice activity detectors.

`base` has the contracts, `catalog` the table of engines and the choice for `auto`.
"""
