"""Solutions: what was changed to cure the original GAN."""
