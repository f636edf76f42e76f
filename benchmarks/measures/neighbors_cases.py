"""Cases of `saddle.measures`: neighbors."""

from case import Case, SampleCase

EXACT: list[Case] = []
SAMPLED: list[SampleCase] = []
