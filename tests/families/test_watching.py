"""How often a training measures its distance to held-out data."""

import pytest

import saddle


@pytest.mark.parametrize(("steps", "rounds_apart"), [(1, 1), (8, 8), (100, 20)])
def test_chains_are_sampled_no_more_often_than_they_are_long(steps: int, rounds_apart: int) -> None:
    """A chain costs as much as that many rounds; 20 rounds with a distance after each would take minutes."""
    machine = saddle.BoltzmannMachine(hidden=4, rounds=20, sample_steps=steps, threads=1, device="cpu")
    machine.fit(saddle.open("digits", labels=False))
    watched = [row["round"] for row in machine.history if "energy distance" in row]
    assert watched == sorted({0, *range(rounds_apart, 21, rounds_apart), 20})


def test_a_mixture_is_not_fitted_every_round() -> None:
    """Each distance takes a new density of the codes; 30 of them would take longer than 60 rounds."""
    model = saddle.Autoencoder(layers=4, rounds=60, threads=1, device="cpu").fit("ring")
    assert [row["round"] for row in model.history if "energy distance" in row] == [0, 50, 60]


def test_samples_made_at_once_are_measured_40_times() -> None:
    gan = saddle.GAN(rounds=80, threads=1, device="cpu", generator=saddle.MLP(4, 1), critic=saddle.MLP(4, 1))
    gan.fit("ring")
    assert len([row for row in gan.history if "energy distance" in row]) == 41
