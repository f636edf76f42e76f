"""Cases of `saddle.measures`: kernels."""

from case import Case, SampleCase

EXACT: list[Case] = []
SAMPLED: list[SampleCase] = []
