"""Runs with planted faults, whether each fault occurred, and what `saddle diagnose` calls them."""
