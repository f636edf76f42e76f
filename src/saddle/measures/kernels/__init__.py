"""Distances that are means over pairs: the energy distance, maximum mean discrepancies."""
