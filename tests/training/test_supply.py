"""Noise and rows made for many rounds at once: the same numbers whoever asks, and from wherever."""

import pytest
import torch

from saddle.core import noise
from saddle.core.noise import BLOCK_NUMBERS, BLOCK_ROUNDS, Noise, rounds_at_once
from saddle.core.randomness import Stream
from saddle.training.feed import Order
from saddle.training.supply import Block, Supply

NOISE = {"latent": Noise("normal", (5, 3)), "mix": Noise("uniform", (1500,))}
CPU = torch.device("cpu")


def supply(seeds: tuple[int, ...] = (0,), repeats: int = 2, **more: Noise) -> Supply:
    orders = [Order(Stream(seed, ("data",)), torch.arange(40), 5) for seed in seeds]
    return Supply("critic", repeats, {**NOISE, **more}, seeds, orders, torch.float64, CPU)


def drawn(one: Supply, round: int, repeat: int) -> list[torch.Tensor]:
    held = [block.at(round, repeat) for block in (*one.noise.values(), one.rows)]
    return [tensor.clone() for tensor in held]


def test_a_draw_does_not_depend_on_where_one_begins_or_goes_back() -> None:
    forward = supply()
    seen = {(round, repeat): drawn(forward, round, repeat) for round in range(150) for repeat in range(2)}
    for place in ((149, 1), (3, 0), (64, 0), (63, 1), (21, 1), (22, 0)):
        for ours, theirs in zip(drawn(supply(), *place), seen[place], strict=True):
            assert torch.equal(ours, theirs)
        for ours, theirs in zip(drawn(forward, *place), seen[place], strict=True):
            assert torch.equal(ours, theirs)


def test_draws_differ_between_updates_players_seeds_and_names() -> None:
    one = supply(twin=NOISE["latent"])
    draws = [one.noise["latent"].at(round, repeat).clone() for round in range(130) for repeat in range(2)]
    draws += [one.noise["twin"].at(0, 0), supply((1,)).noise["latent"].at(0, 0)]
    other = Supply("generator", 2, NOISE, (0,), [Order(Stream(0), torch.arange(40), 5)], torch.float64, CPU)
    draws.append(other.noise["latent"].at(0, 0))
    assert len({tuple(draw.flatten().tolist()) for draw in draws}) == len(draws)


def test_a_member_gets_what_its_seed_gets_alone() -> None:
    together = supply((3, 1, 2))
    for round, repeat in ((0, 0), (70, 1)):
        for place, seed in enumerate((3, 1, 2)):
            for ours, alone in zip(drawn(together, round, repeat), drawn(supply((seed,)), round, repeat), strict=True):
                assert torch.equal(ours[place], alone)


def test_rows_follow_the_order_step_by_step() -> None:
    order, one = Order(Stream(0, ("data",)), torch.arange(40), 5), supply()
    for round in (0, 1, 63, 64, 65):
        for repeat in range(2):
            assert torch.equal(one.rows.at(round, repeat), order.rows(2 * round + repeat))


@pytest.mark.parametrize("in_place", [False, True])
def test_gathered_examples_are_those_at_the_rows(in_place: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their blocks, of 10 rounds, do not end where those of rows do, of 64, whose memory a GPU writes over."""
    monkeypatch.setattr(noise, "BLOCK_NUMBERS", 1000)
    examples, one = torch.arange(400.0).reshape(40, 10), supply()
    one.rows._in_place = in_place
    block = one.gathered(examples)
    assert block is not None and (block.rounds, one.rows.rounds) == (10, 64)
    for round in (0, 9, 10, 58, 62, 63, 64, 65, 70, 3):
        for repeat in range(2):
            assert torch.equal(block.at(round, repeat), examples[one.rows.at(round, repeat)])


def test_large_examples_are_not_gathered() -> None:
    assert supply().gathered(torch.zeros(40, BLOCK_NUMBERS // 10)) is None


def test_a_block_in_place_stays_where_it_is_and_others_are_nobody_elses() -> None:
    """A graph of kernels reads it there; elsewhere a loss may keep what it was given."""
    for in_place in (True, False):
        block = Block(2, lambda number: torch.full((2, 1, 3), float(number)), in_place=in_place)
        first = block.around(0)
        assert (block.around(2).data_ptr() == first.data_ptr()) is in_place
        assert first[0, 0, 0] == (1 if in_place else 0) and block.at(3, 0).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("repeats", "shape", "rounds"),
    [(1, (), BLOCK_ROUNDS), (1, (BLOCK_NUMBERS,), 1), (1, (BLOCK_NUMBERS // 2,), 2), (4, (BLOCK_NUMBERS // 8,), 2),
     (5, (10 * BLOCK_NUMBERS,), 1), (2, (0,), BLOCK_ROUNDS)],
)  # fmt: skip
def test_a_block_is_bounded_in_rounds_and_numbers(repeats: int, shape: tuple[int, ...], rounds: int) -> None:
    assert rounds_at_once(repeats, shape) == rounds


def test_noise_has_its_law() -> None:
    one = supply()
    normal = torch.cat([one.noise["latent"].at(round, 0).flatten() for round in range(400)])
    uniform = torch.cat([one.noise["mix"].at(round, 0) for round in range(10)])
    assert abs(normal.mean()) < 0.06 and abs(normal.std() - 1) < 0.05
    assert uniform.min() >= 0 and uniform.max() < 1 and abs(uniform.mean() - 0.5) < 0.02
