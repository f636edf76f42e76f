<<<<<<< HEAD
"""The solutions: noise that makes supports meet, and a distance that does not need them to."""
=======
"""Solutions: what was changed to cure the original GAN."""
>>>>>>> claims-modern
