"""Measures of arrays of probabilities: values, conventions, and what is refused."""

import math

import mpmath
import numpy as np
import pytest
import torch
from scipy.special import rel_entr
from scipy.stats import entropy as scipy_entropy

from saddle import measures
from saddle.core.errors import InputError
from saddle.measures import F_DIVERGENCES

P, Q = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.4, 0.25, 0.25, 0.1])
LEFT, RIGHT = np.array([0.25, 0.75, 0.0, 0.0, 0.0]), np.array([0.0, 0.0, 0.1, 0.2, 0.7])


def generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def laws() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    g = generator(0)
    p = g.dirichlet(np.ones(30))
    tiny, other = (np.append(10.0 ** (-g.random(19) * 300), 1.0) for _ in range(2))
    return {
        "any": (p, g.dirichlet(np.ones(30))),
        "nearly equal": (p, p * (1 + 1e-8 * g.standard_normal(30))),
        "down to 1e-300": (tiny / tiny.sum(), other / other.sum()),
        "tiny and nearly equal": (tiny / tiny.sum(), tiny / tiny.sum() * (1 + 1e-8 * g.standard_normal(20))),
        "one nearly certain": (np.array([1.0, 1e-20]), np.array([1.0, 3e-22])),
        "equal to rounding": (p, p * (1 + 1e-15)),
    }


def normalized(p: np.ndarray) -> list[mpmath.mpf]:
    exact = [mpmath.mpf(float(x)) for x in p]
    total = mpmath.fsum(exact)
    return [x / total for x in exact]


@pytest.mark.parametrize("name", laws())
def test_twelve_digits_of_the_normalized_arguments(name: str) -> None:
    p, q = laws()[name]
    with mpmath.workdps(60):
        a, b = normalized(p), normalized(q)
        pairs = list(zip(a, b, strict=True))
        kl = mpmath.fsum(x * mpmath.log(x / y) for x, y in pairs)
        reverse = mpmath.fsum(y * mpmath.log(y / x) for x, y in pairs)
        half = mpmath.fsum(x * mpmath.log(2 * x / (x + y)) + y * mpmath.log(2 * y / (x + y)) for x, y in pairs)
        truth = {
            "kl": kl,
            "reverse-kl": reverse,
            "pearson": mpmath.fsum((x - y) ** 2 / y for x, y in pairs),
            "neyman": mpmath.fsum((x - y) ** 2 / x for x, y in pairs),
            "jeffreys": kl + reverse,
            "squared-hellinger": mpmath.fsum((mpmath.sqrt(x) - mpmath.sqrt(y)) ** 2 for x, y in pairs),
            "jensen-shannon": half / 2,
            "jensen-shannon-nowozin": half,
            "total-variation": mpmath.fsum(abs(x - y) for x, y in pairs) / 2,
            "gan": half - mpmath.log(4),
        }
        assert set(truth) == set(F_DIVERGENCES)
        for member, value in truth.items():
            found = float(measures.f_divergence(p, q, member))
            assert abs(found - value) <= 1e-12 * abs(value), member
        assert abs(measures.entropy(p) + mpmath.fsum(x * mpmath.log(x) for x in a)) <= 1e-12 * measures.entropy(p)
        cross = -mpmath.fsum(x * mpmath.log(y) for x, y in pairs)
        assert abs(measures.cross_entropy(p, q) - cross) <= 1e-12 * cross
        for order in (1e-6, 0.3, 0.5, 0.9, 1 - 1e-9, 1 + 1e-9, 1.5, 4.0):
            alpha = mpmath.mpf(order)
            value = mpmath.log(mpmath.fsum(x**alpha * y ** (1 - alpha) for x, y in pairs)) / (alpha - 1)
            assert abs(measures.renyi_divergence(p, q, order) - value) <= 1e-12 * value, order


def test_agrees_with_scipy() -> None:
    assert measures.kl_divergence(P, Q) == pytest.approx(rel_entr(P, Q).sum(), rel=1e-14)
    assert measures.entropy(P, base=2) == pytest.approx(scipy_entropy(P, base=2), rel=1e-14)
    assert measures.cross_entropy(P, Q) == pytest.approx(scipy_entropy(P) + scipy_entropy(P, Q), rel=1e-14)


def test_disjoint_supports_give_the_bounds_to_the_last_bit() -> None:
    assert measures.js_divergence(LEFT, RIGHT) == math.log(2)
    assert measures.js_divergence(LEFT, RIGHT, base=2) == 1.0
    assert measures.total_variation(LEFT, RIGHT) == 1.0
    assert measures.f_divergence(LEFT, RIGHT, "squared-hellinger") == 2.0
    assert measures.f_divergence(LEFT, RIGHT, "gan") == 0.0
    assert measures.kl_divergence(LEFT, RIGHT) == math.inf
    assert measures.renyi_divergence(LEFT, RIGHT, 0.5) == math.inf


def test_nothing_weighs_nothing_and_infinite_is_infinite() -> None:
    p, q = np.array([0.0, 0.5, 0.5]), np.array([0.2, 0.3, 0.5])
    assert measures.entropy(p) == pytest.approx(math.log(2), rel=1e-15)
    assert measures.kl_divergence(p, q) == pytest.approx(0.5 * math.log(5 / 3), rel=1e-15)
    assert measures.kl_divergence(q, p) == math.inf
    assert measures.cross_entropy(q, p) == math.inf
    assert measures.f_divergence(p, q, "reverse-kl") == math.inf
    assert measures.f_divergence(p, q, "neyman") == math.inf
    assert measures.f_divergence(p, q, "pearson") == pytest.approx(0.2 + 0.04 / 0.3, rel=1e-15)
    assert measures.renyi_divergence(q, p, 1.5) == math.inf
    assert measures.renyi_divergence(p, q, 0) == pytest.approx(-math.log(0.8), rel=1e-15)
    assert measures.renyi_divergence(p, q, math.inf) == pytest.approx(math.log(5 / 3), rel=1e-15)
    assert measures.renyi_divergence(p, q, 1) == measures.kl_divergence(p, q)


def test_ratios_to_1e300_do_not_overflow() -> None:
    p, q = np.array([1.0, 1e-300]), np.array([1e-300, 1.0])
    assert measures.kl_divergence(p, q) == pytest.approx(300 * math.log(10), rel=1e-13)
    assert measures.f_divergence(p, q, "pearson") == pytest.approx(1e300, rel=1e-13)
    assert measures.js_divergence(p, q) == pytest.approx(math.log(2), rel=1e-15)
    assert measures.renyi_divergence(p, q, 50) == pytest.approx(300 * math.log(10) * 50 / 49 - 0, rel=0.03)
    smallest = np.array([1.0, 5e-324])
    assert measures.kl_divergence(np.array([0.5, 0.5]), smallest) == pytest.approx(
        0.5 * math.log(0.5) + 0.5 * (math.log(0.5) - math.log(5e-324)), rel=1e-12
    )


def test_information_and_mutual_information() -> None:
    np.testing.assert_allclose(measures.information(np.array([1.0, 0.5, 0.25, 0.0]), base=2), [0, 1, 2, math.inf])
    assert not np.signbit(measures.information(np.array(1.0)))
    assert measures.mutual_information(np.diag([0.5, 0.25, 0.25]), base=2) == pytest.approx(1.5, rel=1e-15)
    joint = np.array([[0.1, 0.2], [0.3, 0.4]])
    expected = scipy_entropy(joint.sum(0)) + scipy_entropy(joint.sum(1)) - scipy_entropy(joint.ravel())
    assert measures.mutual_information(joint) == pytest.approx(expected, rel=1e-11)
    assert measures.mutual_information(np.full((4, 8), 1 / 32)) == 0.0


def test_mutual_information_near_independence() -> None:
    g = generator(1)
    for scale in (1e-8, 1e-13):
        joint = np.outer(g.dirichlet(np.ones(5)), 10.0 ** -np.arange(0.0, 250, 50)) * (
            1 + scale * g.standard_normal((5, 5))
        )
        joint = joint / joint.sum()
        with mpmath.workdps(400):
            exact = np.array(normalized(joint.ravel())).reshape(5, 5)
            rows, columns = exact.sum(1), exact.sum(0)
            truth = mpmath.fsum(
                exact[i, j] * mpmath.log(exact[i, j] / (rows[i] * columns[j])) for i in range(5) for j in range(5)
            )
            assert abs(measures.mutual_information(joint) - truth) <= 1e-12 * truth


def test_batches_and_broadcasting() -> None:
    g = generator(2)
    p, q = g.dirichlet(np.ones(5), size=(2, 3)), g.dirichlet(np.ones(5), size=3)
    for found in (measures.kl_divergence(p, q), measures.js_divergence(q, p), measures.renyi_divergence(p, q, 2)):
        assert found.shape == (2, 3)
    assert measures.kl_divergence(p, q)[1, 2] == measures.kl_divergence(p[1, 2], q[2])
    assert measures.entropy(p).shape == (2, 3)
    assert measures.mutual_information(p / 3).shape == (2,)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numpy_in_numpy_out_in_the_same_dtype(dtype: type) -> None:
    p = P.astype(dtype)
    for found in (measures.kl_divergence(p, Q.astype(dtype)), measures.entropy(p), measures.information(p)):
        assert isinstance(found, np.ndarray | np.generic)
        assert found.dtype == dtype
    assert measures.kl_divergence(np.array([[0, 1]]), np.array([[0, 1]])).dtype == np.float64


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_torch_in_torch_out_in_the_same_dtype(dtype: torch.dtype) -> None:
    p, q = torch.tensor(P, dtype=dtype), torch.tensor(Q, dtype=dtype)
    found = measures.js_divergence(p, q)
    assert isinstance(found, torch.Tensor)
    assert found.dtype == dtype
    assert found.shape == ()
    assert measures.js_divergence(p, torch.tensor(Q)).dtype == torch.float64


def test_sums_of_float32_are_divided_out_in_float64() -> None:
    p = torch.softmax(torch.randn(1000, generator=torch.Generator().manual_seed(0)), 0)
    scaled = p.double() * (1 + 3e-7)
    assert float(measures.kl_divergence(p.double(), scaled)) < 1e-30


BAD = {
    "negative": (np.array([-0.1, 1.1]), "negative probabilities; found -0.1"),
    "NaN": (np.array([math.nan, 1.0]), "finite numbers"),
    "infinite": (np.array([math.inf, 1.0]), "finite numbers"),
    "sum": (np.array([0.5, 0.4]), "sum to one"),
    "a row's sum": (np.array([[0.5, 0.5], [0.5, 0.6]]), "found 1.1 in distribution 1 of 2"),
    "empty": (np.zeros((0,)), "at least one probability"),
    "a number": (np.array(1.0), "one probability per outcome"),
    "text": (np.array(["a", "b"]), "real numbers"),
    "complex": (np.array([0.5 + 0j, 0.5]), "real numbers"),
    "a word": ("half", "array or tensor"),
    "None": (None, "array or tensor"),
    "ragged": ([[0.5, 0.5], [1.0]], "rows of one length"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_distribution_is_refused(name: str) -> None:
    bad, message = BAD[name]
    fine = np.array([0.5, 0.5])
    calls = [
        lambda: measures.entropy(bad),
        lambda: measures.kl_divergence(bad, fine),
        lambda: measures.js_divergence(fine, bad),
        lambda: measures.f_divergence(fine, bad, "pearson"),
        lambda: measures.renyi_divergence(bad, fine, 2),
    ]
    for call in calls:
        with pytest.raises(InputError, match=message) as caught:
            call()
        assert str(caught.value).count(".") >= 1
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: measures.kl_divergence(P, Q[:3] / Q[:3].sum()), "equally many outcomes; found 4 and 3"),
        (lambda: measures.kl_divergence(np.stack([P, P]), np.stack([Q, Q, Q])), "leading axes"),
        (lambda: measures.kl_divergence(P, torch.tensor(Q)), "both be arrays or both tensors"),
        (lambda: measures.kl_divergence(P, torch.distributions.Normal(0.0, 1.0)), "both be arrays or both be densit"),
        (lambda: measures.kl_divergence(P, Q, base=1.0), "base must be"),
        (lambda: measures.entropy(P, base=-2), "base must be"),
        (lambda: measures.renyi_divergence(P, Q, -1.0), "order must be"),
        (lambda: measures.renyi_divergence(P, Q, math.nan), "order must be"),
        (lambda: measures.renyi_divergence(P, Q, "two"), "order must be"),
        (lambda: measures.f_divergence(P, Q, "chi"), "name must be one of kl, reverse-kl"),
        (lambda: measures.information(np.array([1.5])), "above one"),
        (lambda: measures.information(np.array([-0.5])), "negative"),
        (lambda: measures.mutual_information(P), "table"),
        (lambda: measures.mutual_information(np.ones((2, 2))), "sum to one"),
        (lambda: measures.mutual_information(torch.distributions.Normal(0.0, 1.0)), "found a density"),
    ],
)
def test_other_wrong_calls(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
