"""log Z: by enumeration against all states, and annealed against enumeration."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import torch
from scipy.integrate import dblquad
from scipy.stats import chisquare
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.families.boltzmann import enumeration
from saddle.families.boltzmann.annealing import Path, backwards, forwards, shares_of
from saddle.families.boltzmann.energy import log_mass
from saddle.families.boltzmann.enumeration import exact_log_mass, exact_log_partition
from saddle.families.boltzmann.likelihood import enumerated as mean_of_exact
from saddle.families.boltzmann.likelihood import log_mass_bound, pessimistic
from saddle.families.boltzmann.machine import Machine
from saddle.families.boltzmann.partition import annealed_log_partition, log_mean, reverse_log_partition
from saddle.measures import Estimate

Make = Callable[..., Machine]
Law = Callable[[Any], Any]
SIZES = [(4, 3), (3, 4), (4, 3, 2), (2, 3, 4), (3, 2, 3, 2)]


def drawn_states(law: Any, count: int, seed: int = 0) -> list[Tensor]:
    """States from the machine's own law."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.multinomial(law.probabilities().detach(), count, replacement=True, generator=generator)
    return [state[rows] for state in law.states]


@torch.no_grad()
@pytest.mark.parametrize("sizes", SIZES)
def test_every_other_layer_suffices(sizes: tuple[int, ...], make_machine: Make, enumerated: Law) -> None:
    """Catches layers summed out that are neighbors of one another, and a side counted twice."""
    machine = make_machine(*sizes)
    law = enumerated(machine)
    assert exact_log_partition(machine, None) == pytest.approx(float(law.log_partition()), abs=1e-12)
    visible = law.states[0][:9]
    exact = exact_log_mass(machine, visible, None) - exact_log_partition(machine, None)
    torch.testing.assert_close(exact, law.log_likelihood(visible), rtol=0, atol=1e-12)


@torch.no_grad()
def test_classes_have_their_own_log_partition(make_machine: Make, enumerated: Law) -> None:
    """Catches class biases read for some layers only."""
    machine = make_machine(4, 3, 2, classes=3)
    law = enumerated(machine)
    for label in range(3):
        y = torch.tensor([label])
        assert exact_log_partition(machine, y) == pytest.approx(float(law.log_partition(label)), abs=1e-12)
        found = annealed_log_partition(machine, y, runs=500, temperatures=300, stream=Stream(label))
        assert found.error is not None and abs(found.value - float(law.log_partition(label))) < 5 * found.error


@torch.no_grad()
def test_gaussian_units_are_integrated_out(make_machine: Make) -> None:
    """exp(-E(v)) / Z integrates to one. Catches a lost 2 pi, and a Jacobian left out."""
    machine = make_machine(2, 3, gaussian=True, scale=0.6)
    log_z = exact_log_partition(machine, None)

    def density(a: float, b: float) -> float:
        v = torch.tensor([[a, b]], dtype=torch.float64)
        return math.exp(float(exact_log_mass(machine, machine.standardized(v), None)) - log_z)

    assert dblquad(density, -9, 9, -9, 9, epsabs=1e-4)[0] == pytest.approx(1, abs=1e-3)
    found = annealed_log_partition(machine, None, runs=500, temperatures=300, stream=Stream(0))
    assert found.error is not None and abs(found.value - log_z) < 5 * found.error


@torch.no_grad()
@pytest.mark.parametrize("sizes", [(6, 5), (5, 4, 3), (4, 3, 3, 2)])
def test_the_interval_covers(sizes: tuple[int, ...], make_machine: Make) -> None:
    """In 92 to 98 % of 600 repeats of 100 runs, all in one pass. Catches the error of log weights for that of weights.

    Few temperatures let log weights differ by .3 to .8, so that the interval has something to do.
    """
    machine, repeats, runs = make_machine(*sizes), 600, 100
    exact = exact_log_partition(machine, None)
    path = Path(machine, None, Stream(2))
    weights = forwards(path, shares_of(30), repeats * runs).reshape(repeats, runs)
    assert 0.2 < float(weights.std(1).mean()) < 1
    intervals = [log_mean(one)[2] for one in weights]
    base = path.base_log_partition()
    covered = sum(base + low <= exact <= base + high for low, high in intervals) / repeats
    assert 0.92 <= covered <= 0.98


@torch.no_grad()
def test_it_starts_from_units_with_the_means_and_variances_of_the_data(make_machine: Make) -> None:
    """Any start gives the right log Z in the end. Catches one that is far away, which takes more temperatures."""
    machine = make_machine(2, 3, gaussian=True)
    states = Path(machine, None, Stream(0)).start(40_000)
    visible = machine.restored(states[0])
    torch.testing.assert_close(visible.mean(0), machine.usual(0), rtol=0, atol=0.03)
    torch.testing.assert_close(visible.var(0), machine.variance, rtol=0, atol=0.06)
    torch.testing.assert_close(states[1].mean(0), machine.usual(1), rtol=0, atol=0.02)


@torch.no_grad()
@pytest.mark.parametrize("sizes", [(6, 5), (5, 4, 3)])
def test_backwards_from_the_machines_own_law_it_covers_too(
    sizes: tuple[int, ...], make_machine: Make, enumerated: Law
) -> None:
    """Catches steps at the share they come to instead of the one they leave."""
    machine, repeats, runs = make_machine(*sizes), 600, 100
    law = enumerated(machine)
    path = Path(machine, None, Stream(3))
    weights = backwards(path, shares_of(30), drawn_states(law, repeats * runs)).reshape(repeats, runs)
    intervals = [log_mean(one)[2] for one in weights]
    base, exact = path.base_log_partition(), float(law.log_partition())
    covered = sum(base - high <= exact <= base - low for low, high in intervals) / repeats
    assert 0.92 <= covered <= 0.98


@torch.no_grad()
def test_with_too_few_temperatures_it_is_too_low_forwards_and_too_high_backwards(
    make_machine: Make, enumerated: Law
) -> None:
    """Of a machine of strong weights: catches the two directions swapped. The notes say that intervals are narrow."""
    machine = make_machine(5, 5, scale=5.0, seed=4)
    law = enumerated(machine)
    exact = float(law.log_partition())
    below = annealed_log_partition(machine, None, runs=100, temperatures=1, stream=Stream(0))
    above = reverse_log_partition(machine, None, drawn_states(law, 100), temperatures=1, stream=Stream(0))
    assert below.value < exact < above.value
    assert "too narrow" in below.note
    assert "too narrow" not in annealed_log_partition(machine, None, runs=50, temperatures=2000, stream=Stream(0)).note


@torch.no_grad()
@pytest.mark.parametrize("share", [0.4, 1.0])
def test_a_step_leaves_its_law_as_it_is(share: float, make_machine: Make, enumerated: Law) -> None:
    """40,000 chains from the exact law of the odd layer at a share, one step on. Catches inputs tempered twice."""
    machine = make_machine(4, 3)
    path = Path(machine, None, Stream(5))
    odd = enumerated(machine).states[1].unique(dim=0)
    base = torch.zeros(len(odd), dtype=torch.float64)
    states = [machine.usual(0).expand(len(odd), -1), odd]
    logs = base + odd @ machine.base_logit(1) + path.gain(states, path.inputs(states), 0.0, share)
    chances = torch.softmax(logs, 0)
    rows = torch.multinomial(chances, 40_000, replacement=True, generator=torch.Generator().manual_seed(1))
    before = [machine.usual(0).expand(40_000, -1), odd[rows]]
    after = path.moved(before, path.inputs(before), share)[1]
    counts = torch.bincount((after @ torch.tensor([4.0, 2.0, 1.0], dtype=torch.float64)).long(), minlength=8)
    numbers = (odd @ torch.tensor([4.0, 2.0, 1.0], dtype=torch.float64)).long()
    assert chisquare(counts[numbers].numpy(), 40_000 * chances.numpy()).pvalue > 1e-3


@torch.no_grad()
def test_gains_along_the_way_add_up_to_the_whole(make_machine: Make) -> None:
    """From 0 to 1 a fixed state gains log p*_1 - log p*_0. Catches biases of odd layers that do not pass over."""
    machine = make_machine(4, 3, 2)
    path = Path(machine, None, Stream(0))
    states = path.start(7)
    shares = shares_of(50)
    inputs = path.inputs(states)
    steps = sum(path.gain(states, inputs, one, two) for one, two in pairwise(shares))
    independent = sum(float(machine.log_sum(layer, machine.usual(layer)[None], 0.0)) for layer in (0, 2))
    start = independent + states[1] @ machine.base_logit(1)
    torch.testing.assert_close(start + steps, log_mass(machine, states, None, free=(0, 2)), rtol=0, atol=1e-11)


@torch.no_grad()
def test_the_bound_is_below_and_exact_for_one_layer(make_machine: Make) -> None:
    """Catches an entropy with the wrong sign, and a bound of one layer that is not the sum itself."""
    for sizes in SIZES:
        machine = make_machine(*sizes)
        visible = (torch.rand(20, sizes[0], generator=torch.Generator().manual_seed(0)) < 0.5).double()
        slack = exact_log_mass(machine, visible, None) - log_mass_bound(machine, visible, None)
        assert float(slack.min()) > -1e-9
        assert (float(slack.abs().max()) < 1e-9) == (len(sizes) == 2)
        assert float(slack.mean()) < 0.5


@torch.no_grad()
@pytest.mark.parametrize("sizes", [(4, 3), (4, 3, 2), (3, 2, 3, 2), (2, 2, 4, 3)])
def test_exact_values_of_many_examples_in_blocks(
    sizes: tuple[int, ...], make_machine: Make, enumerated: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With labels, and fewer pairs at a time than there are. Catches labels of one block read beside another's rows,
    and states of examples mixed up where every pair of both is gone through.
    """
    machine = make_machine(*sizes, classes=2)
    law, y = enumerated(machine), torch.arange(9) % 3 % 2
    visible = (torch.rand(9, sizes[0], generator=torch.Generator().manual_seed(0)) < 0.5).double()
    each = torch.stack([law.log_likelihood(one[None], int(label))[0] for one, label in zip(visible, y, strict=True)])
    partitions = torch.tensor([float(law.log_partition(label)) for label in range(2)], dtype=torch.float64)
    for pairs in (2**14, 16, 4):
        monkeypatch.setattr(enumeration, "PASS", pairs)
        found = exact_log_mass(machine, visible, y) - partitions[y]
        torch.testing.assert_close(found, each, rtol=0, atol=1e-11)


@torch.no_grad()
def test_exact_values_take_many_examples_at_once(make_machine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a loop over examples: 10,000 of one hidden layer take one call, of two with 4 units on top ten."""
    calls = []

    def counted(*given: Any, **more: Any) -> Tensor:
        calls.append(1)
        return log_mass(*given, **more)

    monkeypatch.setattr(enumeration, "log_mass", counted)
    for sizes, most in (((2, 8), 1), ((2, 5, 4), 10)):
        calls.clear()
        exact_log_mass(make_machine(*sizes, gaussian=True), torch.randn(10_000, 2, dtype=torch.float64), None)
        assert len(calls) <= most


def test_exact_values_say_what_they_are() -> None:
    """Catches the note of an estimated log Z, "log Z = 2.00 -. ... at the upper end", and runs counted as none."""
    masses = torch.tensor([1.0, 3.0], dtype=torch.float64)
    found = mean_of_exact(masses, None, {0: 2.0})
    assert found.value == 0.0 and found.error == pytest.approx(1.0) and found.n == 2
    assert "log Z = 2.00 are exact" in found.note and "end of its interval" not in found.note
    assert mean_of_exact(masses, torch.tensor([2, 0]), {0: 1.0, 2: 5.0}).value == pytest.approx((1 - 5 + 3 - 1) / 2)
    one = mean_of_exact(masses[:1], None, {0: 2.0})
    assert one.interval is None and "interval" not in one.note
    given = pessimistic(masses, None, {0: Estimate(2.0, 0.0, None, "enumeration", 1)}, exact=True)
    assert "log Z is exact." in given.note and " -." not in given.note and "end of its interval" not in given.note


def test_the_pessimistic_end_counts() -> None:
    """Catches the lower end, which would flatter the machine."""
    masses = torch.tensor([1.0, 3.0], dtype=torch.float64)
    found = pessimistic(masses, None, {0: Estimate(10.0, 0.5, (9.0, 11.5), "x", 7)}, exact=False)
    assert found.value == pytest.approx(-9.5) and found.n == (2, 7) and "-8.00" in found.note
    both = {0: Estimate(1.0, 0.0, None, "x", 7), 2: Estimate(5.0, 0.1, (4.0, 6.0), "x", 7)}
    by_class = pessimistic(masses, torch.tensor([2, 0]), both, exact=False)
    assert by_class.value == pytest.approx((1 - 6 + 3 - 1) / 2) and by_class.n == (2, 14)


def test_too_many_units_are_refused(make_machine: Make) -> None:
    machine = make_machine(22, 21, 3)
    with pytest.raises(InputError, match="at most 20 units"):
        exact_log_partition(machine, None)
    with pytest.raises(InputError, match="at most 20 units"):
        exact_log_partition(make_machine(2, 21, gaussian=True), None)
