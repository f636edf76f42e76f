"""A generative adversarial network on one page, with nothing but PyTorch.

Two networks play a game. The generator G turns random numbers z into points G(z). The critic D sees data x and made
points G(z), and says how likely each of them is to be data. The critic wants to be right, the generator wants it to be
wrong, and what they share is one number, the value of the game:

    V(D, G) = E[log D(x)] + E[log(1 - D(G(z)))]

The critic climbs V and the generator descends it; at the saddle point the made points are distributed as the data are
(Goodfellow et al. 2014, Generative Adversarial Nets, Algorithm 1).

Run it: python examples/one_page_gan.py
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

MODES = 8


def perceptron(inputs: int, outputs: int, *, width: int = 64) -> nn.Sequential:
    """Two hidden layers of rectifiers."""
    return nn.Sequential(
        nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs)
    )


def ring(batch: int) -> Iterator[Tensor]:
    """Data without end: eight narrow Gaussians on the unit circle."""
    while True:
        angle = torch.randint(MODES, (batch,)) * (2 * torch.pi / MODES)
        centers = torch.stack([angle.cos(), angle.sin()], dim=1)
        yield centers + 0.01 * torch.randn(batch, 2)


def normal(batch: int, dimension: int) -> Iterator[Tensor]:
    """Latents without end: z ~ N(0, 1)."""
    while True:
        yield torch.randn(batch, dimension)


def train(
    generator: nn.Module,
    critic: nn.Module,
    data: Iterator[Tensor],
    latents: Iterator[Tensor],
    *,
    rounds: int,
    k: int = 1,
    rate: float = 1e-3,
    saturating: bool = False,
) -> Iterator[tuple[float, float]]:
    """Algorithm 1: in each round k updates of the critic, then one of the generator. Yields their losses."""
    move_critic = torch.optim.Adam(critic.parameters(), lr=rate, betas=(0.5, 0.999))
    move_generator = torch.optim.Adam(generator.parameters(), lr=rate, betas=(0.5, 0.999))

    for _ in range(rounds):
        critic_loss = torch.zeros(())
        for _ in range(k):
            # The critic gives a score s, and D = sigmoid(s). Since log D = -softplus(-s) and log(1 - D) = -softplus(s),
            # the loss below is -V, safe for any score. Detached, the made points tell the generator nothing.
            real, made = next(data), generator(next(latents)).detach()
            critic_loss = softplus(-critic(real)).mean() + softplus(critic(made)).mean()
            move_critic.zero_grad()
            critic_loss.backward()
            move_critic.step()

        # The generator may descend V itself. But while the critic wins, D(G(z)) is near 0, where log(1 - D) is flat:
        # the loss saturates. To climb log D(G(z)) instead has the same fixed point and a steep slope just there.
        scores = critic(generator(next(latents)))
        generator_loss = -softplus(scores).mean() if saturating else softplus(-scores).mean()
        move_generator.zero_grad()
        generator_loss.backward()
        move_generator.step()
        yield critic_loss.item(), generator_loss.item()


def modes_found(points: Tensor) -> tuple[int, float]:
    """How many of the eight centers have a made point within .1, and the share of points that are so near to one."""
    angle = torch.arange(MODES) * (2 * torch.pi / MODES)
    near = torch.cdist(points, torch.stack([angle.cos(), angle.sin()], dim=1)) < 0.1
    return int(near.any(dim=0).sum()), near.any(dim=1).float().mean().item()


def main(rounds: int = 3000) -> None:
    torch.set_num_threads(1)  # for networks this small, threads cost more than they bring
    torch.manual_seed(0)
    generator, critic = perceptron(2, 2), perceptron(2, 1)
    losses = train(generator, critic, ring(128), normal(128, 2), rounds=rounds)
    print("round  critic loss  generator loss  centers found  points near one")
    for round, (critic_loss, generator_loss) in enumerate(losses, start=1):
        if round % (rounds // 6) == 0:
            with torch.no_grad():
                found, share = modes_found(generator(torch.randn(1000, 2)))
            print(f"{round:5d}  {critic_loss:11.3f}  {generator_loss:14.3f}  {found:8d} of 8  {share:15.0%}")
    print("A critic that cannot tell data from made points has the loss log 4 = 1.386.")


if __name__ == "__main__":
    main()
