"""Cases of `saddle.measures`: transport."""

from case import Case, SampleCase

EXACT: list[Case] = []
SAMPLED: list[SampleCase] = []
