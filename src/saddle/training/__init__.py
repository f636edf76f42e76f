"""Training: state, step, loop, the ways to play rounds, checkpoint and run folder. Knows `Problem`, and no model."""
