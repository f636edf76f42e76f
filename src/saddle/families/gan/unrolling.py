"""A critic some steps ahead, through which the generator is differentiated."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.func import functional_call, grad

Scorer = Callable[[Tensor, Tensor | None], Tensor]
CriticLoss = Callable[[Tensor, Tensor], Tensor]


def unrolled(
    critic: nn.Module, loss: CriticLoss, real: Tensor, fake: Tensor, y: Tensor | None, *, steps: int, rate: float
) -> Scorer:
    """The critic after some steps of gradient descent on its loss at these examples, as a function of them.

    What the generator learns from it includes how the critic would answer, which punishes a generator that puts all its
    samples where the present critic happens to like them. Buffers stay as they are, and parameters are not changed.

    Reference: Metz, Poole, Pfau & Sohl-Dickstein 2017, Unrolled Generative Adversarial Networks, equations 7 to 10,
    arXiv 1611.02163.

    Args:
        critic: called as `critic(x)`, or `critic(x, y)` with labels.
        loss: of the scores of real and generated examples.
        real: examples that the critic sees, shape (n, ...).
        fake: generated ones, which the steps are differentiated by.
        y: class indices, shape (n,), or None.
        steps: how many.
        rate: their length.
    """
    params: dict[str, Tensor] = dict(critic.named_parameters())

    def scores(params: dict[str, Tensor], buffers: dict[str, Tensor], x: Tensor, y: Tensor | None) -> Tensor:
        return functional_call(critic, {**params, **buffers}, (x,) if y is None else (x, y)).flatten()

    def value(params: dict[str, Tensor], buffers: dict[str, Tensor]) -> Tensor:
        return loss(scores(params, buffers, real, y), scores(params, buffers, fake, y))

    def copies() -> dict[str, Tensor]:
        # Functional transforms forbid writing to a captured tensor, so each pass gets copies as an argument.
        return {name: buffer.clone() for name, buffer in critic.named_buffers()}

    for _ in range(steps):
        slopes = grad(value)(params, copies())
        params = {name: held - rate * slopes[name] for name, held in params.items()}
    ahead = params
    return lambda x, y: scores(ahead, copies(), x, y)
