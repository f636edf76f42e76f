"""The ways to play rounds (operation by operation, compiled, as a GPU's graphs), and which of them a run takes."""
