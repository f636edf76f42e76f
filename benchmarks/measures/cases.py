"""All cases, in the order of the documentation."""

import kernels_cases
import neighbors_cases
import probability_cases
import transport_cases
from case import Case, SampleCase

PARTS = (probability_cases, transport_cases, kernels_cases, neighbors_cases)
EXACT: list[Case] = [case for part in PARTS for case in part.EXACT]
SAMPLED: list[SampleCase] = [case for part in PARTS for case in part.SAMPLED]
