"""The original GAN: its optimum, its game and its algorithm."""
