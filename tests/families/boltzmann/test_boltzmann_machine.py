"""The estimator: what it learns, what it draws, what it says of data, and what it refuses."""

from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.families.binarization import Binarization
from saddle.families.boltzmann.machine import machine_of
from saddle.families.boltzmann.visible import Visible
from saddle.measures import Estimate
from saddle.training.schedules import Linear

SIDE = 3


def bars() -> np.ndarray:
    """Bars and stripes of 3 by 3: each row or each column one color, 14 pictures, each 30 times."""
    rows = [np.repeat(np.array(list(np.binary_repr(n, SIDE)), dtype=int)[:, None], SIDE, axis=1) for n in range(8)]
    pictures = np.unique(np.stack([*rows, *(one.T for one in rows)]), axis=0)
    return np.tile(pictures, (30, 1, 1)).astype(np.uint8) * 255


def fitted(hidden: Any, rounds: int, y: Any = None, **more: Any) -> saddle.BoltzmannMachine:
    settings: dict[str, Any] = {
        "optimizer": saddle.SGD(0.4, momentum=0.5, schedule=Linear(until=rounds)),
        "batch": 70,
        "chains": 70,
        "device": "cpu",
        "threads": 1,
        "average": 0.99,
        "gibbs_steps": 2,
        "sample_steps": 100,
    }
    return saddle.BoltzmannMachine(hidden=hidden, rounds=rounds, **{**settings, **more}).fit(bars(), y)


@pytest.fixture(scope="module")
def restricted() -> saddle.BoltzmannMachine:
    return fitted(8, 800)


@pytest.fixture(scope="module")
def deep() -> saddle.BoltzmannMachine:
    return fitted((8, 6), 800)


@pytest.fixture(scope="module")
def conditional() -> saddle.BoltzmannMachine:
    return fitted((6, 4), 400, y=(bars().mean((1, 2)) > 127).astype(int))


def test_one_layer_learns_bars_and_stripes(restricted: saddle.BoltzmannMachine) -> None:
    """The best log-likelihood is -log 14 = -2.639; independent pixels have -6.2. Exact, by enumeration."""
    assert -2.95 < restricted.exact_log_likelihood(bars()).value < -2.63


def test_two_layers_learn_them_from_a_random_start(deep: saddle.BoltzmannMachine) -> None:
    exact = deep.exact_log_likelihood(bars()).value
    assert -3.2 < exact < -2.63
    bound = deep.log_likelihood_bound(bars(), temperatures=300)
    assert exact - 0.6 < bound.value < exact


def test_samples_come_from_the_law_at_full_share() -> None:
    """Their first two moments against those of E(v | h) by enumeration of h, of a machine that mixes well.

    Catches annealing that ends before the machine's own law, and hidden means in place of drawn hidden units.
    """
    model = fitted(8, 350)
    shown = torch.from_numpy(np.asarray(model.sample(4000, seed=0)).reshape(4000, -1) / 255)
    machine = machine_of(model.networks()).double()
    hidden = ((torch.arange(2**8).unsqueeze(1) >> torch.arange(8)) & 1).double()
    with torch.no_grad():
        inputs = machine.biases[0] + hidden @ machine.weights[0].T
        chances = torch.softmax(hidden @ machine.biases[1] + torch.nn.functional.softplus(inputs).sum(1), 0)
        means = inputs.sigmoid()
    wanted = means.T @ (chances.unsqueeze(1) * means)
    base = torch.outer(machine.usual(0), machine.usual(0))
    assert float((wanted - base).abs().max()) > 0.1
    torch.testing.assert_close(shown.mean(0), chances @ means, rtol=0, atol=0.03)
    torch.testing.assert_close(shown.T @ shown / 4000, wanted, rtol=0, atol=0.03)


def test_log_partition_is_estimated_from_both_ends(deep: saddle.BoltzmannMachine) -> None:
    exact = deep.exact_log_partition()
    for found in (
        deep.log_partition(temperatures=500),
        deep.log_partition_from_data(bars(), temperatures=500, gibbs_steps=300),
    ):
        assert found.error is not None and found.n == 100
        assert abs(found.value - exact) < 5 * found.error + 0.02


def test_an_estimate_of_log_partition_can_be_given(restricted: saddle.BoltzmannMachine) -> None:
    """Catches a given value that is not used; for one layer bound and exact value differ by log Z alone."""
    z = Estimate(restricted.exact_log_partition(), 0.0, None, "enumeration", 1)
    bound = restricted.log_likelihood_bound(bars(), log_partition=z)
    exact = restricted.exact_log_likelihood(bars())
    assert bound.value == pytest.approx(exact.value, abs=1e-9)
    assert bound.error == pytest.approx(exact.error)
    higher = Estimate(z.value, 0.5, (z.value - 1, z.value + 1), "x", 1)
    shifted = restricted.log_likelihood_bound(bars(), log_partition=higher)
    assert shifted.value == pytest.approx(bound.value - 1)


def test_without_one_a_small_machine_is_enumerated(restricted: saddle.BoltzmannMachine) -> None:
    """Catches the hundred chains of twenty thousand laws, which take minutes and an interval's upper end."""
    bound, exact = restricted.log_likelihood_bound(bars()), restricted.exact_log_likelihood(bars())
    assert bound.value == pytest.approx(exact.value, abs=1e-9) and "log Z is exact" in bound.note
    assert bound.n == len(bars()) and bound.method.endswith("enumeration")


def test_that_of_another_machine_is_refused(restricted: saddle.BoltzmannMachine, deep: saddle.BoltzmannMachine) -> None:
    others = deep.log_partition(runs=2, temperatures=2)
    with pytest.raises(saddle.InputError, match="of another machine than this one as it is now"):
        restricted.log_likelihood_bound(bars(), log_partition=others)
    own = restricted.log_partition(runs=2, temperatures=2)
    assert np.isfinite(restricted.log_likelihood_bound(bars(), log_partition=own).value)


def test_labels(conditional: saddle.BoltzmannMachine) -> None:
    y = (bars().mean((1, 2)) > 127).astype(int)
    exact = conditional.exact_log_likelihood(bars(), y)
    assert exact.value > -3.2  # each class has seven pictures: the best is -log 7 = -1.95
    given = {0: conditional.log_partition(label=0, temperatures=200)}
    with pytest.raises(saddle.InputError, match="none for 1"):
        conditional.log_likelihood_bound(bars(), y, log_partition=given)
    given[1] = conditional.log_partition(label=1, temperatures=200)
    assert given[0].value != pytest.approx(given[1].value, abs=1e-3)
    bound = conditional.log_likelihood_bound(bars(), y, log_partition=given)
    assert exact.value - 0.6 < bound.value < exact.value
    as_text = {str(label): one for label, one in given.items()}
    assert conditional.log_likelihood_bound(bars(), y, log_partition=as_text) == bound
    with pytest.raises(saddle.InputError, match=r"label must be one label, and got \[1, 0\]"):
        conditional.log_partition(label=[1, 0])
    with pytest.raises(saddle.InputError, match="or another label than 0"):
        conditional.log_likelihood_bound(bars(), y, log_partition={0: given[1], 1: given[0]})
    with pytest.raises(saddle.InputError, match="give one as label"):
        conditional.log_partition(temperatures=2)
    with pytest.raises(saddle.InputError, match="give y"):
        conditional.log_likelihood_bound(bars(), log_partition=given)
    with pytest.raises(saddle.InputError, match="one Estimate for each label"):
        conditional.log_likelihood_bound(bars(), y, log_partition=given[0])
    white = np.asarray(conditional.sample(200, y=1, seed=0)).mean()
    assert white > np.asarray(conditional.sample(200, y=0, seed=0)).mean() + 60


def test_reconstruction_mends_a_pixel(restricted: saddle.BoltzmannMachine) -> None:
    pictures = bars()[:14].copy()
    again = np.asarray(restricted.reconstruct(pictures))
    assert again.shape == pictures.shape and np.abs(again.astype(float) - pictures).mean() < 60
    spoiled = pictures.copy()
    spoiled[:, 1, 1] = 127
    once, often = (
        np.abs(np.asarray(restricted.reconstruct(spoiled, steps=n)) - pictures.astype(float)) for n in (1, 9)
    )
    assert often.mean() != once.mean() and once[:, 1, 1].mean() < 110


def test_gaussian_units_learn_points() -> None:
    """Two clusters, in model units at about 1 and -1 with deviation .15: catches variances that do not shrink.

    One normal law with the data's covariance has -1.26; two with their own -.1.
    """
    generator = np.random.default_rng(0)
    points = generator.choice([-2.0, 2.0], (600, 1)) + 0.3 * generator.standard_normal((600, 2))
    optimizer = saddle.SGD(0.005, momentum=0.9, schedule=Linear(2000))
    model = saddle.BoltzmannMachine(
        hidden=4, rounds=2000, gibbs_steps=2, sample_steps=50, optimizer=optimizer, device="cpu", threads=1
    ).fit(points)
    exact = model.exact_log_likelihood(points)
    assert -0.9 < exact.value < -0.1
    given = model.log_partition(runs=400, temperatures=20_000, seed=0)
    assert model.log_likelihood_bound(points, log_partition=given).value == pytest.approx(exact.value, abs=0.1)
    samples = np.asarray(model.sample(300, seed=0))
    assert np.abs(np.abs(samples) - 2).mean() < 0.4


@pytest.mark.parametrize("how", ["dynamic", "static", "threshold", "none"])
def test_binarization(how: Any) -> None:
    visible = Visible((1, 2, 2), False, how)
    x = torch.tensor([[[[-1.0, 1.0], [0.2, -0.2]]]])
    states = visible.states(x, torch.full((1, 4), 0.5) if visible.drawn else None)
    assert states.shape == (1, 4) and states[0, :2].tolist() == [0, 1]
    assert (how == "none") == (states[0, 2].item() not in (0, 1))
    torch.testing.assert_close(visible.examples(visible.states(x, torch.zeros(1, 4)))[0, 0, 0], x[0, 0, 0])


def test_dynamic_binarization_changes_with_the_seed_and_static_does_not() -> None:
    gray = (bars() * 0.5 + 60).astype(np.uint8)
    ways: tuple[tuple[Binarization, bool], ...] = (("dynamic", False), ("static", True))
    for how, same in ways:
        model = saddle.BoltzmannMachine(hidden=3, rounds=2, binarize=how, device="cpu", threads=1).fit(gray)
        values = [model.exact_log_likelihood(gray, seed=seed).value for seed in (0, 1)]
        assert (values[0] == values[1]) == same


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"hidden": ()}, "hidden"),
        ({"hidden": (4, 0)}, "hidden"),
        ({"visible": "bernoulli"}, "is for pictures"),
        ({"visible": "binary"}, "visible"),
        ({"binarize": "sometimes"}, "binarize"),
        ({"chains": 0}, "chains"),
        ({"gibbs_steps": 0}, "gibbs_steps"),
        ({"mean_field": 0}, "mean_field"),
        ({"weight_cost": -1.0}, "weight_cost"),
        ({"sample_steps": 0}, "sample_steps"),
        ({"read": "median"}, "read"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, Any], match: str) -> None:
    with pytest.raises(saddle.InputError, match=match) as caught:
        saddle.BoltzmannMachine(**settings, rounds=1, device="cpu").fit("ring")
    assert "\n" not in str(caught.value)


def test_fewer_chains_than_classes_are_refused() -> None:
    with pytest.raises(saddle.InputError, match="number of classes, 10"):
        saddle.BoltzmannMachine(chains=9, rounds=1, device="cpu").fit("digits")


def test_bad_questions_are_refused(restricted: saddle.BoltzmannMachine) -> None:
    for call, match in (
        (lambda: restricted.log_partition(runs=1), "runs must be at least 2"),
        (lambda: restricted.log_partition(temperatures=0), "temperatures must be at least 1"),
        (lambda: restricted.log_partition(label=1), "label is for a model trained with labels"),
        (lambda: restricted.log_partition(member=1), "member must be"),
        (lambda: restricted.log_partition_from_data(bars(), gibbs_steps=-1), "gibbs_steps must be at least 0"),
        (lambda: restricted.log_likelihood_bound(np.zeros((5, 2, 2), np.uint8)), "shape"),
        (lambda: restricted.log_likelihood_bound(bars(), log_partition={}), "one Estimate"),
        (lambda: restricted.reconstruct(bars(), steps=0), "steps must be at least 1"),
        (lambda: saddle.BoltzmannMachine().log_partition(), "not fitted"),
    ):
        with pytest.raises(saddle.InputError, match=match):
            call()


@pytest.mark.parametrize("bad", ["a", 2.5, None, [3], True, float("nan")])
def test_what_is_no_whole_number_is_refused_in_one_sentence(restricted: saddle.BoltzmannMachine, bad: Any) -> None:
    """Every numeric argument of every question. Catches a seed that is hashed whatever it is."""
    annealing = ("runs", "temperatures", "seed", "member")
    methods: tuple[tuple[Any, tuple[Any, ...], tuple[str, ...]], ...] = (
        (restricted.log_partition, (), annealing),
        (restricted.log_partition_from_data, (bars(),), (*annealing, "gibbs_steps")),
        (restricted.exact_log_partition, (), ("member",)),
        (restricted.log_likelihood_bound, (bars(),), annealing),
        (restricted.exact_log_likelihood, (bars(),), ("seed", "member")),
        (restricted.reconstruct, (bars(),), ("steps", "seed", "member")),
    )
    for method, given, names in methods:
        for name in names:
            with pytest.raises(saddle.InputError, match=f"{name} must be a whole number, and got") as caught:
                method(*given, **{name: bad})
            assert "\n" not in str(caught.value)


def test_whole_numbers_of_numpy_are_whole_numbers(restricted: saddle.BoltzmannMachine) -> None:
    """Catches a seed whose text, np.int64(3), makes other chains than 3, and a count of runs that cannot be summed."""
    ours: dict[str, Any] = {"runs": 5, "temperatures": 4, "seed": 3, "member": 0}
    theirs: dict[str, Any] = {name: np.int64(one) for name, one in ours.items()}
    assert restricted.log_partition(**ours) == restricted.log_partition(**theirs)
    assert restricted.log_likelihood_bound(bars(), **ours) == restricted.log_likelihood_bound(bars(), **theirs)


def test_log_partition_must_be_estimates(
    restricted: saddle.BoltzmannMachine, conditional: saddle.BoltzmannMachine
) -> None:
    y = (bars().mean((1, 2)) > 127).astype(int)
    number: Any = 7.39
    with pytest.raises(saddle.InputError, match="must be one Estimate for this model, and got float"):
        restricted.log_likelihood_bound(bars(), log_partition=number)
    with pytest.raises(saddle.InputError, match="one Estimate for each label for this model, and got float"):
        conditional.log_likelihood_bound(bars(), y, log_partition=number)
    numbers: Any = {0: 7, 1: 8}
    with pytest.raises(saddle.InputError, match="and has 7 for 0"):
        conditional.log_likelihood_bound(bars(), y, log_partition=numbers)
