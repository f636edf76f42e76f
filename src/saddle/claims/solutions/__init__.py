"""The solutions: noise that makes supports meet, and a distance that does not need them to."""
