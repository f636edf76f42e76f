"""Cases of `saddle.measures`: information."""

from case import Case, SampleCase
from probability_density_cases import DENSITY_CASES, DENSITY_SAMPLED
from probability_discrete_cases import DISCRETE_CASES

EXACT: list[Case] = [*DISCRETE_CASES, *DENSITY_CASES]
SAMPLED: list[SampleCase] = DENSITY_SAMPLED
