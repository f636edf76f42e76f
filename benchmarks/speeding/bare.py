"""The loop a good engineer writes by hand, and the one that popular scripts write."""

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, softplus
from torch.utils.data import DataLoader, TensorDataset

from saddle.networks import MLP
from speeding.shapes import Shape
from speeding.timing import Contestant, wait

RATE, BETAS = 2e-4, (0.5, 0.999)


def bare(shape: Shape, device: torch.device, *, bfloat16: bool = False, passes: int | None = None) -> Contestant:
    """The strongest plain loop: fused Adam, data on the device, no gradient computed that nobody uses.

    Real and generated examples are scored in so many passes, by default as the engine does it: a perceptron is faster
    in one, and convolutions gain nothing by it.
    """
    torch.manual_seed(0)
    generator, critic = (network.to(device) for network in shape.networks())
    x = shape.examples(device)
    joined = passes == 1 or (passes is None and isinstance(shape.network, MLP))
    fused = {"lr": RATE, "betas": BETAS, "fused": True}
    critic_step = torch.optim.Adam(critic.parameters(), **fused)
    generator_step = torch.optim.Adam(generator.parameters(), **fused)

    def one() -> None:
        real = x[torch.randint(len(x), (shape.batch,), device=device)]
        with torch.no_grad():
            fake = generator(torch.randn(shape.batch, shape.latent, device=device))
        of_real, of_fake = critic(torch.cat([real, fake])).chunk(2) if joined else (critic(real), critic(fake))
        loss = softplus(-of_real).mean() + softplus(of_fake).mean()
        if shape.penalty:
            loss = loss + shape.penalty * _penalty(critic, real, fake)
        critic_step.zero_grad()
        loss.backward()
        critic_step.step()
        critic.requires_grad_(False)
        loss = softplus(-critic(generator(torch.randn(shape.batch, shape.latent, device=device)))).mean()
        generator_step.zero_grad()
        loss.backward()
        generator_step.step()
        critic.requires_grad_(True)

    def play(count: int) -> None:
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            for _ in range(count):
                one()
        wait(device)

    return Contestant(play)


def _penalty(critic: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    mix = torch.rand(len(real), *[1] * (real.dim() - 1), device=real.device)
    between = (mix * real + (1 - mix) * fake).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).square().mean()


def popular(shape: Shape, device: torch.device) -> Contestant:
    """As widely copied scripts have it: a data loader, plain Adam, labels as tensors, and losses read every round."""
    torch.manual_seed(0)
    generator, critic = (network.to(device) for network in shape.networks())
    loader = DataLoader(TensorDataset(shape.examples(torch.device("cpu"))), shape.batch, shuffle=True, drop_last=True)
    critic_step = torch.optim.Adam(critic.parameters(), lr=RATE, betas=BETAS)
    generator_step = torch.optim.Adam(generator.parameters(), lr=RATE, betas=BETAS)
    ones, zeros = torch.ones(shape.batch, device=device), torch.zeros(shape.batch, device=device)

    def one(real: Tensor) -> None:
        real = real.to(device)
        critic_step.zero_grad()
        fake = generator(torch.randn(shape.batch, shape.latent, device=device))
        loss = binary_cross_entropy_with_logits(critic(real), ones)
        loss = loss + binary_cross_entropy_with_logits(critic(fake.detach()), zeros)
        if shape.penalty:
            loss = loss + shape.penalty * _penalty(critic, real, fake.detach())
        loss.backward()
        critic_step.step()
        generator_step.zero_grad()
        second = binary_cross_entropy_with_logits(critic(fake), ones)
        second.backward()
        generator_step.step()
        loss.item(), second.item()

    def play(count: int) -> None:
        left = count
        while left:
            for (real,) in loader:
                one(real)
                left -= 1
                if not left:
                    break
        wait(device)

    return Contestant(play)
