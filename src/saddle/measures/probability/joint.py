"""A joint table of probabilities beside the product of its marginals."""

import torch
from torch import Tensor

from saddle.measures.probability.comparison import Comparison, balanced, from_parts
from saddle.measures.probability.twofold import difference_of_products, twofold_sum

SMALL, LIFT = 2.0**-350, 2.0**700


def compare_joint(joint: Tensor) -> Comparison:
    """A table, shape (..., n, m), and the product of its marginals, both normalized exactly; shape (..., n m).

    The difference J T - r c of cell times total and row times column keeps twice the digits of float64, so that nearly
    independent tables keep theirs.
    """
    rows, columns, total = twofold_sum(joint), twofold_sum(joint.mT), twofold_sum(joint.flatten(-2))
    rows, columns = ((x[..., :, None], y[..., :, None]) for x, y in (rows, columns))
    columns = columns[0].mT, columns[1].mT
    whole = total[0][..., None, None], total[1][..., None, None]
    of_row, of_column = (torch.where(x[0] < SMALL, torch.full_like(x[0], LIFT), 1.0) for x in (rows, columns))
    cell = joint * of_row * of_column
    row, column = (rows[0] * of_row, rows[1] * of_row), (columns[0] * of_column, columns[1] * of_column)
    numerator = difference_of_products((cell, torch.zeros_like(cell)), whole, row, column)
    # A cell too large for the lifted range is far from the product of its marginals: a plain quotient will do.
    quotient = joint / rows[0] / columns[0] * whole[0]
    relative = torch.where(numerator.isfinite(), numerator / (row[0] * column[0]), quotient - 1)
    reverse = torch.where(numerator.isfinite(), -numerator / (cell * whole[0]), 1 / quotient - 1)
    log_p = joint.log() - whole[0].log()
    log_q = rows[0].log() + columns[0].log() - 2 * whole[0].log()
    p, q = joint / whole[0], (rows[0] / whole[0]) * (columns[0] / whole[0])
    difference = torch.where(relative.abs() < 0.5, q * relative, p - q)
    # Rows and columns of the differences sum to zero.
    settled = balanced(balanced(difference, p).mT, p.mT).mT
    moved = settled != difference
    relative, reverse = torch.where(moved, settled / q, relative), torch.where(moved, -settled / p, reverse)
    difference = settled
    return from_parts(*(x.flatten(-2) for x in (p, q, log_p, log_q, difference, relative, reverse)))
