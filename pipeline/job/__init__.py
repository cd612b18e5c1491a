"""Jobs in general: stages, steps, seals, plans, runners. Knows no stage by name and no speech."""
