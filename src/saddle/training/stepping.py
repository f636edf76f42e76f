"""An optimizer's step."""

import torch
from torch import _VF
from torch.optim import Adam, Optimizer
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks

UNUSUAL = ("amsgrad", "maximize", "capturable", "differentiable", "decoupled_weight_decay")


def step(optimizer: Optimizer) -> None:
    """Step an optimizer on the gradients at hand, and let them go.

    A plain Adam on a CPU is stepped by the kernel that its own method calls, since for a small network the way there
    takes longer than the kernel.
    """
    if not (_is_plain(optimizer) and _step_plain(optimizer)):
        optimizer.step()
    for group in optimizer.param_groups:
        for parameter in group["params"]:  # as the optimizer's own method does, which takes longer to start
            parameter.grad = None


def _is_plain(optimizer: Optimizer) -> bool:
    """Whether it is Adam itself, fused, with nothing that changes its formula or wants to be called."""
    if type(optimizer) is not Adam or len(optimizer.param_groups) != 1 or "step" in vars(optimizer):
        return False
    group = optimizer.param_groups[0]
    own = optimizer._optimizer_step_pre_hooks or optimizer._optimizer_step_post_hooks
    hooked = own or _global_optimizer_pre_hooks or _global_optimizer_post_hooks
    return group.get("fused") is True and not hooked and not any(group.get(option) for option in UNUSUAL)


def _step_plain(optimizer: Optimizer) -> bool:
    """Step, if every parameter has moved before and has a gradient, all on the CPU; whether it was done."""
    group = optimizer.param_groups[0]
    parameters = group["params"]
    gradients = [one.grad for one in parameters]
    held = [optimizer.state.get(one, {}) for one in parameters]
    if not all(held) or any(one is None for one in gradients) or not all(one.is_cpu for one in parameters):
        return False
    beta1, beta2 = group["betas"]
    steps = [one["step"] for one in held]
    with torch.no_grad():
        _VF._foreach_add_(steps, 1)
        _VF._fused_adam_(
            parameters,
            gradients,
            [one["exp_avg"] for one in held],
            [one["exp_avg_sq"] for one in held],
            [],
            steps,
            lr=group["lr"],
            beta1=beta1,
            beta2=beta2,
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            amsgrad=False,
            maximize=False,
            grad_scale=None,
            found_inf=None,
        )
    return True
