"""The laws of optimizers, for saddle's own and for yours."""

from collections.abc import Mapping

import torch
from torch import Tensor

from saddle.testing.demand import attempt, demand
from saddle.testing.trial import demand_training
from saddle.training.optimizers import OptimizerSpec

STEPS = 5
FIRST_ROUNDS = (0, 1, 7, 1000, 10**6)


def check_optimizer(optimizer: OptimizerSpec) -> None:
    """Prove that a value is an optimizer that saddle can use.

    Its settings must be finite numbers that its parameter groups know, a stack of parameters must move as each of them
    alone, and a GAN must train with it, also when it is stopped and resumed.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    kind = type(optimizer).__name__
    demand(isinstance(optimizer, OptimizerSpec), f"{kind} needs methods build(parameters) and settings(round).")
    weight = torch.zeros(2, requires_grad=True)
    built = attempt(lambda: optimizer.build([weight]), f"{kind}.build fails")
    demand(isinstance(built, torch.optim.Optimizer), f"{kind}.build must return a torch.optim.Optimizer.")
    for round in FIRST_ROUNDS:
        settings = attempt(lambda t=round: optimizer.settings(t), f"{kind}.settings fails in round {round}")
        _demand_settings(kind, settings, built, round)
        demand(settings == optimizer.settings(round), f"{kind}.settings must be a function of the round.")
    starts = torch.randn(3, 4, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    together = _descend(optimizer, starts)
    alone = torch.stack([_descend(optimizer, start) for start in starts])
    close = torch.allclose(together, alone, rtol=1e-10, atol=1e-12)
    demand(close, f"{kind} does not step element by element: stacked parameters move otherwise than each alone.")
    demand_training(kind, {"critic_optimizer": optimizer, "generator_optimizer": optimizer})


def _demand_settings(kind: str, settings: Mapping[str, float], built: torch.optim.Optimizer, round: int) -> None:
    known = built.param_groups[0]
    for name, value in settings.items():
        demand(name in known, f"{kind}.settings has {name!r}, which its parameter groups do not know.")
        demand(value - value == 0, f"{kind}.settings gives {name} = {value} in round {round}.")


def _descend(spec: OptimizerSpec, start: Tensor) -> Tensor:
    """Where some steps down sum x^4/4 lead."""
    parameter = start.clone().requires_grad_()
    optimizer = spec.build([parameter])
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group.update(spec.settings(step))
        parameter.grad = parameter.detach() ** 3
        optimizer.step()
    return parameter.detach()
