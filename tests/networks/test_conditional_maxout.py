"""The networks of the first conditional GAN against their description."""

import pytest
import torch

import saddle
from saddle.networks import ConditionalMaxout

SHAPE = (1, 28, 28)


def test_sizes_of_the_paper() -> None:
    """z to 200 and y to 1,000 rectifiers, joined by 1,200; x to 240 x 5 and y to 50 x 5 maxout, joined by 240 x 4."""
    generator, critic = ConditionalMaxout().generator(100, SHAPE, 10), ConditionalMaxout().critic(SHAPE, 10)
    assert [tuple(p.shape) for p in generator.parameters() if p.dim() == 2] == [
        (200, 100),
        (1000, 10),
        (1200, 1200),
        (784, 1200),
    ]
    assert [tuple(p.shape) for p in critic.parameters() if p.dim() == 2] == [
        (240 * 5, 784),
        (50 * 5, 10),
        (240 * 4, 290),
        (1, 240),
    ]


def test_without_labels_their_part_is_left_out() -> None:
    generator = ConditionalMaxout(rectifiers=30).generator(5, SHAPE, 0)
    assert generator(torch.zeros(3, 5)).shape == (3, *SHAPE)
    assert all(p.shape[-1] != 0 for p in generator.parameters())


def test_labels_that_are_missing_are_asked_for() -> None:
    for network, x in (
        (ConditionalMaxout().generator(5, SHAPE, 10), torch.zeros(2, 5)),
        (ConditionalMaxout().critic(SHAPE, 10), torch.zeros(2, *SHAPE)),
    ):
        with pytest.raises(saddle.InputError, match="needs labels y"):
            network(x)
