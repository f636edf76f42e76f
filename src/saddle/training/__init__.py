"""Training: state, step, loop, population, checkpoint and run folder. Knows `Problem`, and no model."""
