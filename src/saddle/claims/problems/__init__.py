"""Its problems: laws that do not meet, gradients that vanish or explode, orbits that never end, modes that are lost."""
