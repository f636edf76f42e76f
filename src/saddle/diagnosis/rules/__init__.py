"""One rule a file: a function from evidence to a finding, or None where the fault is not there."""
