"""How long tests wait for what should happen: a guard against hanging, never a measure of speed."""

PATIENCE_S = 300.0
"""Many times what anything takes on a machine with ten busy programs on every CPU."""
