"""One unbiased two-sample statistic for every kernel, a block of pairs at a time, with its interval."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from torch import Tensor

from saddle.measures import pairwise
from saddle.measures.estimate import Estimate
from saddle.measures.score_interval import SquareSpread

Kernel = Callable[[Tensor, Tensor], Tensor]
"""Maps rows of shapes (a, d) and (b, d) to the kernel of all pairs, shape (a, b); symmetric in its arguments."""

SMALLEST = 4
"""The fewest examples per set for which an error can be given."""


def two_sample_statistic(x: Tensor, y: Tensor, kernel: Kernel, name: str) -> Estimate:
    """The U-statistic of E k(X,X') + E k(Y,Y') - 2 E k(X,Y), with its error and interval.

    Its variance has a second-order part, which is all there is at equal laws, and a first-order part (Hoeffding, 1948).
    The second comes without bias from the doubly centered kernel; the delete-one jackknife gives the first plus twice
    the second. Error and interval are those of `SquareSpread`.

    Args:
        x: examples, shape (n, d), float64.
        y: examples, shape (m, d), float64.
        kernel: of any two rows; conditionally positive definite is enough.
        name: of the kernel, for the estimate's `method`.

    Returns:
        The statistic; without an error where n or m is below 4.
    """
    n, m = len(x), len(y)
    xx, yy, xy = _sums_within(x, kernel), _sums_within(y, kernel), _sums_across(x, y, kernel)
    value = xx.total / (n * (n - 1)) + yy.total / (m * (m - 1)) - 2 * xy.total / (n * m)
    method = f"unbiased U-statistic, {name}; score interval of the variance to second order"
    if min(n, m) < SMALLEST:
        return Estimate(value, None, None, method, (n, m), "too few examples for an error")
    second = 2 * _centered_within(xx) / (n * (n - 1)) + 2 * _centered_within(yy) / (m * (m - 1))
    second = max(second + 4 * _centered_across(xy) / (n * m), 0.0)
    jackknife = _jackknife(xx.rows, xy.rows / m) + _jackknife(yy.rows, xy.columns / n)
    spread = SquareSpread(value, xx.bias + yy.bias, jackknife, second)
    return Estimate(value, spread.error, spread.interval, method, (n, m))


@dataclass
class PairSums:
    """Sums of a kernel over pairs.

    Attributes:
        rows: the sum over each row, shape (n,).
        columns: the sum over each column, shape (m,).
        squares: the sum of all squares.
        bias: by how much the mean would rise if it counted each example's pair with itself.
    """

    rows: Tensor
    columns: Tensor
    squares: float = 0.0
    bias: float = 0.0

    @property
    def total(self) -> float:
        """The sum over all pairs."""
        return float(self.rows.sum())


def _sums_across(x: Tensor, y: Tensor, kernel: Kernel) -> PairSums:
    sums = PairSums(x.new_zeros(len(x)), y.new_zeros(len(y)))
    for rows in _slices(len(x)):
        for columns in _slices(len(y)):
            block = kernel(x[rows], y[columns])
            sums.rows[rows] += block.sum(1)
            sums.columns[columns] += block.sum(0)
            sums.squares += _square_sum(block)
    return sums


def _sums_within(x: Tensor, kernel: Kernel) -> PairSums:
    """Sums over the pairs of different examples: from half of the blocks, since the other half mirrors them."""
    n = len(x)
    rows_sum, squares, own = x.new_zeros(n), 0.0, 0.0
    for rows in _slices(n):
        block = kernel(x[rows], x[rows])
        own += float(block.diagonal().sum())
        block.fill_diagonal_(0.0)
        rows_sum[rows] += block.sum(1)
        squares += _square_sum(block)
        for columns in _slices(n, rows.stop):
            block = kernel(x[rows], x[columns])
            rows_sum[rows] += block.sum(1)
            rows_sum[columns] += block.sum(0)
            squares += 2 * _square_sum(block)
    bias = (own / n - float(rows_sum.sum()) / (n * (n - 1))) / n
    return PairSums(rows_sum, rows_sum, squares, bias)


def _slices(n: int, start: int = 0) -> Iterator[slice]:
    for i in range(start, n, pairwise.BLOCK):
        yield slice(i, min(i + pairwise.BLOCK, n))


def _square_sum(block: Tensor) -> float:
    flat = block.flatten()
    return float(flat.dot(flat))


def _centered_within(sums: PairSums) -> float:
    """The variance of the doubly centered kernel between two examples of one law, unbiased.

    The centering is that of Székely & Rizzo, "Partial distance correlation with methods for dissimilarities", 2014.
    """
    n = len(sums.rows)
    marginals = 2 * float(sums.rows.square().sum()) / (n - 2) - sums.total**2 / ((n - 1) * (n - 2))
    return (sums.squares - marginals) / (n * (n - 3))


def _centered_across(sums: PairSums) -> float:
    """The variance of the doubly centered kernel between examples of the two laws, unbiased."""
    n, m = len(sums.rows), len(sums.columns)
    marginals = float(sums.rows.square().sum()) / m + float(sums.columns.square().sum()) / n - sums.total**2 / (n * m)
    return (sums.squares - marginals) / ((n - 1) * (m - 1))


def _jackknife(within: Tensor, across: Tensor) -> float:
    """The delete-one jackknife variance over one set: F plus twice S on average.

    Args:
        within: each example's sum of kernels with the others of its set.
        across: each example's mean kernel with the other set.
    """
    n = len(within)
    # Leaving out example i changes the statistic by this, up to a constant.
    change = 2 * within / ((n - 1) * (n - 2)) - 2 * across / (n - 1)
    return (n - 1) / n * float((change - change.mean()).square().sum())
