"""Cases of `saddle.measures`: information."""

from case import Case, SampleCase

EXACT: list[Case] = []
SAMPLED: list[SampleCase] = []
