"""Measures of densities: closed forms, exact sums, quadrature and Monte Carlo, each against another way."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm
from torch import distributions as td

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures import (
    Density,
    Estimate,
    cross_entropy,
    entropy,
    f_divergence,
    js_divergence,
    kl_divergence,
    renyi_divergence,
    total_variation,
)

TIGHT = 1e-9


@dataclass(frozen=True)
class Mixture:
    """Equally likely round normals: a law that no closed form knows."""

    means: tuple[tuple[float, ...], ...]
    std: float = 1.0

    def sample(self, n: int, source: Stream | np.random.Generator) -> np.ndarray:
        g = source.numpy() if isinstance(source, Stream) else source
        centers = np.array(self.means)
        return centers[g.integers(len(centers), size=n)] + self.std * g.standard_normal((n, centers.shape[1]))

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        centers = np.array(self.means)
        square = -0.5 * (((x[:, None] - centers) / self.std) ** 2).sum(-1)
        return (
            np.logaddexp.reduce(square, axis=1)
            - math.log(len(centers))
            - len(centers[0]) * math.log(self.std * math.sqrt(2 * math.pi))
        )


def circle() -> Mixture:
    return Mixture(tuple((math.cos(a), math.sin(a)) for a in np.arange(8) * math.pi / 4), 0.01)


def line(mean: float, std: float = 1.0) -> Mixture:
    return Mixture(((mean,),), std)


def close(found: Estimate, truth: float, rel: float = TIGHT) -> bool:
    """Whether value and interval say the truth, and the error is not hidden."""
    assert found.interval is not None and found.error is not None
    low, high = found.interval
    slack = 1e-13 * abs(truth)
    return abs(found.value - truth) <= rel * abs(truth) and low - slack <= truth <= high + slack


P, Q = td.Normal(0.0, 1.0), td.Normal(1.5, 2.0)
PLAIN_P, PLAIN_Q = line(0.0), line(1.5, 2.0)


@pytest.mark.parametrize("name", ["kl", "reverse-kl", "pearson", "neyman", "jeffreys", "squared-hellinger"])
def test_closed_forms_of_normals_agree_with_quadrature(name: str) -> None:
    for a, b, x, y in ((P, Q, PLAIN_P, PLAIN_Q), (Q, P, PLAIN_Q, PLAIN_P)):
        exact, found = f_divergence(a, b, name), f_divergence(x, y, name)
        assert (exact.method, found.method) == ("closed form", "adaptive quadrature")
        assert math.isinf(exact.value) == math.isinf(found.value)
        if math.isfinite(exact.value):
            assert close(found, exact.value)


@pytest.mark.parametrize("order", [0, 0.01, 0.3, 0.5, 0.9, 1, 1.2, 1.3])
def test_renyi_of_normals_agrees_with_quadrature(order: float) -> None:
    exact = renyi_divergence(P, Q, order)
    assert exact.value == pytest.approx(renyi_divergence(PLAIN_P, PLAIN_Q, order).value, rel=TIGHT, abs=1e-12)
    swapped = renyi_divergence(Q, P, order).value
    if order < 4 / 3:  # where α σ_p² + (1 - α) σ_q² reaches zero
        assert swapped == pytest.approx(renyi_divergence(PLAIN_Q, PLAIN_P, order).value, rel=TIGHT, abs=1e-12)


def test_infinite_renyi_of_normals() -> None:
    assert renyi_divergence(Q, P, 1.34).value == math.inf
    assert renyi_divergence(PLAIN_Q, PLAIN_P, 2).value == math.inf
    assert renyi_divergence(Q, P, math.inf).value == math.inf
    x = np.linspace(-20, 20, 400_001)
    largest = (norm.logpdf(x) - norm.logpdf(x, 1.5, 2)).max()
    assert renyi_divergence(P, Q, math.inf).value == pytest.approx(largest, rel=1e-8)
    with pytest.raises(InputError, match="order must be finite"):
        renyi_divergence(PLAIN_P, PLAIN_Q, math.inf)


def test_closed_forms_in_several_dimensions() -> None:
    g = torch.Generator().manual_seed(0)
    a, b = (torch.randn(3, 3, generator=g, dtype=torch.float64) for _ in range(2))
    p = td.MultivariateNormal(torch.zeros(3, dtype=torch.float64), a @ a.T + torch.eye(3))
    q = td.MultivariateNormal(torch.ones(3, dtype=torch.float64), b @ b.T + torch.eye(3))
    assert kl_divergence(p, q).value == pytest.approx(float(td.kl_divergence(p, q)), rel=1e-12)
    assert entropy(p).value == pytest.approx(float(p.entropy()), rel=1e-12)
    assert cross_entropy(p, q).value == pytest.approx(float(p.entropy() + td.kl_divergence(p, q)), rel=1e-12)
    for order in (0.3, 0.7):  # Gil, Alajaji & Linder's formula, as it stands
        mixed = order * q.covariance_matrix + (1 - order) * p.covariance_matrix
        away = p.loc - q.loc
        logs = [torch.logdet(x) for x in (mixed, p.covariance_matrix, q.covariance_matrix)]
        formula = order / 2 * away @ torch.linalg.solve(mixed, away)
        formula = formula - (logs[0] - (1 - order) * logs[1] - order * logs[2]) / (2 * (order - 1))
        assert renyi_divergence(p, q, order).value == pytest.approx(float(formula), rel=1e-11)
    diagonal = td.Independent(td.Normal(torch.zeros(3), torch.tensor([0.5, 1.0, 2.0])), 1)
    full = td.MultivariateNormal(torch.zeros(3), torch.diag(torch.tensor([0.25, 1.0, 4.0])))
    assert kl_divergence(diagonal, q).value == pytest.approx(kl_divergence(full, q).value, rel=1e-12)


def test_nearly_equal_normals_keep_their_digits() -> None:
    step = 1e-9
    p, q = (td.Normal(torch.tensor(0.0).double(), torch.tensor(s).double()) for s in (1.0, 1.0 + step))
    s = float(q.scale) - 1
    assert kl_divergence(p, q).value == pytest.approx(s**2 - 5 / 3 * s**3, rel=1e-12)


def test_parameters_in_float32_are_taken_at_their_word() -> None:
    p, q = td.Normal(0.1, 0.3), td.Normal(0.2, 0.7)
    m, s, n, t = (float(x.double()) for x in (p.loc, p.scale, q.loc, q.scale))
    expected = math.log(t / s) + (s**2 + (m - n) ** 2) / (2 * t**2) - 0.5
    assert kl_divergence(p, q).value == pytest.approx(expected, rel=1e-13)
    assert entropy(td.Gumbel(0.1, 0.3)).value == pytest.approx(
        math.log(float(torch.tensor(0.3).double())) + 1 + np.euler_gamma, rel=1e-12
    )


def test_narrow_peaks_are_found() -> None:
    truth = math.log(8) + math.log(2 * math.pi * math.e * 1e-4)
    assert close(entropy(circle()), truth)
    seven = Mixture(circle().means[:7], 0.01)
    # The modes are 70 standard deviations apart, so that each is alone with its weight.
    expected = 0.5 * (7 / 8 * math.log(14 / 15) + math.log(2) / 8) + 0.5 * math.log(16 / 15)
    assert close(js_divergence(circle(), seven), expected)
    assert close(entropy(Mixture(((-1.0,), (1.0,), (1e4,)), 1e-5)), math.log(3e-5 * math.sqrt(2 * math.pi * math.e)))


def test_laws_of_very_different_widths_and_places() -> None:
    """Where one law is a point to the other, TV is one but for the wide law's mass under the narrow peak."""
    for narrow in (1e-12, 1e-6):
        found = total_variation(line(0.0), line(0.0, narrow))
        reach = narrow * math.sqrt(-2 * math.log(narrow))  # where the narrow density falls below the wide one
        assert found.value == pytest.approx(1 - 2 * reach / math.sqrt(2 * math.pi), abs=5 * narrow)
    assert close(kl_divergence(line(0.0), line(1e6, 1e6)), math.log(1e6) + (1e-12 + 1) / 2 - 0.5)


def test_one_dimension_against_scipy() -> None:
    a, b = Mixture(((-2.0,), (2.0,)), 0.7), Mixture(((-1.0,), (3.0,), (4.0,)), 1.1)

    def densities(x: float) -> tuple[float, float]:
        point = np.array([[x]])
        return math.exp(a.log_prob(point)[0]), math.exp(b.log_prob(point)[0])

    def half(x: float) -> float:
        p, q = densities(x)
        m = (p + q) / 2
        return 0.5 * sum(u * math.log(u / m) for u in (p, q) if u > 0)

    options = {"epsabs": 1e-13, "epsrel": 1e-13, "limit": 500, "points": [-2, 0, 2, 4]}
    assert close(js_divergence(a, b), quad(half, -15, 15, **options)[0])
    variation = 0.5 * quad(lambda x: abs(np.subtract(*densities(x))), -15, 15, **options)[0]
    assert total_variation(a, b).value == pytest.approx(variation, rel=1e-8)


def test_two_dimensions_with_a_kink() -> None:
    found = total_variation(Mixture(((0.0, 0.0),)), Mixture(((1.0, 0.0),)))
    assert close(found, math.erf(0.5 / math.sqrt(2)))


PAIRS_OF_TORCH = [
    (td.Beta(2.0, 3.0), td.Uniform(-0.5, 1.5)),
    (td.Gamma(2.0, 1.5), td.Exponential(0.5)),
    (td.Laplace(0.2, 0.5), td.Normal(0.0, 2.0)),
    (td.Cauchy(0.0, 1.0), td.Cauchy(1.0, 2.0)),
    (td.Gumbel(0.3, 0.6), td.Gumbel(0.0, 1.6)),
    (td.LogNormal(0.0, 0.5), td.LogNormal(0.3, 0.9)),
    (td.Uniform(0.0, 1.0), td.Beta(1.5, 1.2)),
]


@pytest.mark.parametrize(("p", "q"), PAIRS_OF_TORCH, ids=lambda law: type(law).__name__)
def test_torch_and_quadrature_agree(p: td.Distribution, q: td.Distribution) -> None:
    """KL by torch's closed form is H(P, Q) - H(P), by quadrature of a law that hides what it is."""
    known = kl_divergence(p, q)
    assert known.method == "closed form of torch.distributions"
    assert close(kl_divergence(Hidden(p), Hidden(q)), known.value)


@dataclass(frozen=True)
class Hidden:
    """A torch distribution of numbers as a law that is only points and log densities."""

    law: td.Distribution

    def sample(self, n: int, source: Stream) -> np.ndarray:
        with source.governing_torch():
            return self.law.sample((n, 1)).double().numpy()

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        points = torch.from_numpy(x[:, 0])
        inside = self.law.support.check(points)
        logs = torch.full_like(points, -math.inf)
        from saddle.measures.probability.torch_laws import in_double

        logs[inside] = in_double(self.law).log_prob(points[inside])
        return logs.numpy()


def test_supports_that_do_not_meet_or_do_not_contain() -> None:
    a, b, wide = td.Uniform(0.0, 1.0), td.Uniform(2.0, 3.0), td.Uniform(0.0, 2.0)
    assert js_divergence(a, b).value == math.log(2)
    assert js_divergence(a, b, base=2).value == 1.0
    assert total_variation(a, b).value == 1.0
    assert kl_divergence(a, b).value == math.inf
    assert kl_divergence(wide, a).value == math.inf
    assert kl_divergence(a, wide).value == pytest.approx(math.log(2), rel=1e-12)
    assert kl_divergence(td.Normal(0.0, 1.0), a).value == math.inf
    assert close(js_divergence(a, wide), 0.5 * math.log(4 / 3) + 0.25 * math.log(2 / 3) + 0.25 * math.log(2))
    assert f_divergence(wide, a, "pearson").value == math.inf
    assert close(f_divergence(a, wide, "pearson"), 1.0)
    assert close(renyi_divergence(a, wide, 0), math.log(2))


def test_finite_distributions_are_summed() -> None:
    a, b = td.Categorical(torch.tensor([0.0, 0.5, 0.5])), td.Categorical(torch.tensor([0.25, 0.25, 0.5]))
    found = kl_divergence(a, b)
    assert (found.value, found.error, found.n) == (pytest.approx(0.5 * math.log(2), rel=1e-7), 0.0, 3)
    # torch takes a probability of zero for 1e-7, and would say 3.6.
    assert kl_divergence(b, a).value == math.inf
    assert js_divergence(td.Categorical(torch.tensor([1.0, 0.0])), td.Categorical(torch.tensor([0.0, 1.0]))).value == (
        math.log(2)
    )
    assert kl_divergence(td.Bernoulli(0.25), td.Categorical(torch.tensor([0.5, 0.5]))).value == pytest.approx(
        0.25 * math.log(0.5) + 0.75 * math.log(1.5), rel=1e-12
    )
    assert renyi_divergence(td.Bernoulli(0.25), td.Bernoulli(0.5), math.inf).value == pytest.approx(math.log(1.5))
    few, many = td.Binomial(3, torch.tensor(0.5)), td.Binomial(5, torch.tensor(0.5))
    assert kl_divergence(many, few).value == math.inf
    assert entropy(few).value == pytest.approx(2 * (3 / 8 * math.log(8 / 3) + 1 / 8 * math.log(8)), rel=1e-12)
    assert entropy(td.OneHotCategorical(torch.ones(4))).value == pytest.approx(math.log(4))
    poisson = kl_divergence(td.Poisson(3.0), td.Poisson(4.0))
    assert poisson.value == pytest.approx(3 * math.log(3 / 4) + 1, rel=1e-12)
    assert math.isfinite(entropy(td.Poisson(3.0)).value)


def far_apart(dimension: int) -> tuple[Mixture, Mixture]:
    return Mixture(((0.0,) * dimension,)), Mixture(((0.5,) * dimension,))


@pytest.mark.parametrize("measure", [kl_divergence, js_divergence, total_variation, cross_entropy, entropy])
def test_monte_carlo_covers_what_one_dimension_knows(measure) -> None:
    """Two round normals differ along one line only, where quadrature sees them."""
    p, q = far_apart(4)
    flat_p, flat_q = line(0.0), line(1.0)
    rest = 3 * 0.5 * math.log(2 * math.pi * math.e)
    if measure is entropy:
        truth, runs = entropy(flat_p).value + rest, [entropy(p, draws=2000, seed=s) for s in range(60)]
    else:
        truth = measure(flat_p, flat_q).value + (rest if measure is cross_entropy else 0)
        runs = [measure(p, q, draws=2000, seed=s) for s in range(60)]
    assert all(run.method.startswith("Monte Carlo") for run in runs)
    values = np.array([run.value for run in runs])
    assert values.mean() == pytest.approx(truth, abs=4 * values.std(ddof=1) / math.sqrt(60))
    assert np.mean([run.error for run in runs if run.error]) == pytest.approx(values.std(ddof=1), rel=0.35)
    assert np.mean([run.interval[0] <= truth <= run.interval[1] for run in runs if run.interval]) > 0.85


def test_monte_carlo_has_little_spread_between_nearly_equal_laws() -> None:
    p, q = Mixture(((0.0,) * 3,)), Mixture(((1e-4, 0.0, 0.0),))
    found = kl_divergence(p, q, draws=10_000)
    assert found.value == pytest.approx(0.5e-8, rel=0.1)
    assert found.error is not None and found.error < 0.05 * found.value


def test_monte_carlo_is_reproducible_counts_and_warns() -> None:
    p, q = far_apart(3)
    one, same, other = (f_divergence(p, q, "pearson", draws=1001, seed=s) for s in (0, 0, 1))
    assert one == same != other
    assert one.n == (501, 500)
    assert "heavy" in one.note
    box = td.Independent(td.Uniform(torch.zeros(3), torch.ones(3)), 1)
    moved = td.Independent(td.Uniform(torch.zeros(3) + 2, torch.ones(3) + 2), 1)
    assert js_divergence(box, moved, draws=100).value == math.log(2)
    assert kl_divergence(moved, td.Independent(td.Uniform(torch.zeros(3), 2.5 * torch.ones(3)), 1)).value == math.inf


def test_simplex_is_left_to_torch_or_to_sampling() -> None:
    p, q = td.Dirichlet(torch.tensor([2.0, 3.0, 4.0])), td.Dirichlet(torch.tensor([1.0, 2.0, 2.0]))
    exact = kl_divergence(p, q)
    found = js_divergence(p, q, draws=20_000)
    assert exact.method == "closed form of torch.distributions"
    assert found.method.startswith("Monte Carlo")
    assert 0 < found.value < exact.value


def test_densities_are_recognized() -> None:
    assert isinstance(P, Density)
    assert isinstance(PLAIN_P, Density)
    assert not isinstance(torch.zeros(2), Density)


@dataclass(frozen=True)
class Wrong:
    """A law with something wrong with it."""

    log: float = 0.0
    shape: tuple[int, ...] = ()

    def sample(self, n: int, source: Stream) -> np.ndarray:
        return source.numpy().standard_normal((n, 1))

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        return np.full((len(x), *self.shape), self.log) - 0.5 * x[:, 0].reshape(-1, *[1 for _ in self.shape]) ** 2


class Unsampled(Wrong):
    """A law whose sample takes no count."""

    def sample(self) -> np.ndarray:  # type: ignore[override]
        return np.zeros((1, 1))


@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        (td.Normal(torch.zeros(3), torch.ones(3)), P, r"Independent makes one of a batch\); found a batch of shape"),
        (PLAIN_P, Mixture(((0.0, 0.0),)), "one dimension; found 1 and 2"),
        (td.Poisson(2.0), P, "found discrete and continuous"),
        (Wrong(), PLAIN_P, "p must integrate to one; found 2.506"),
        (PLAIN_P, Wrong(), "q must integrate to one; found 2.506"),
        (Wrong(math.nan), PLAIN_P, "log_prob must be finite or -inf"),
        (Wrong(shape=(1,)), PLAIN_P, "one number per point"),
        (Unsampled(), PLAIN_P, "sample must take a count n, or n and a source"),
    ],
)
def test_what_is_no_density_is_refused(p: Density, q: Density, message: str) -> None:
    with pytest.raises(InputError, match=message):
        js_divergence(p, q)


@pytest.mark.parametrize(("draws", "seed", "message"), [(1, 0, "draws"), (10.5, 0, "draws"), (100, 0.5, "seed")])
def test_wrong_numbers_of_draws(draws: int, seed: int, message: str) -> None:
    with pytest.raises(InputError, match=f"{message} must be a whole number"):
        kl_divergence(*far_apart(3), draws=draws, seed=seed)
