"""Claim 28: the variational bound of an f-divergence is tight at the best critic."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, Normal

from saddle.claims.check import at_most, equal, furthest, greatest, least, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.playing import critic_between, member, play
from saddle.core.noise import Draws, Noise
from saddle.measures import F_DIVERGENCES, FDivergence, f_divergence, js_divergence
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Scalar = Callable[[Tensor], Tensor]
BATCH = 256
WIDTH = 0.6
SHARES = {"p": 0.85, "q": 0.25}
"""How much of each law lies about 1; the rest lies about -1."""
REACH = 20.0
"""Plain outputs v of a critic are searched up to this size."""
SHOWN = ("kl", "pearson", "jensen-shannon")
PRINTED_AS_JENSEN_SHANNON = list(F_DIVERGENCES).index("jensen-shannon-nowozin")
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Theory:
    """What is claimed.

    Attributes:
        rows: of the table, each with its f, the slope of f, the conjugate f* and the output activation.
        nowozin: how many Jensen-Shannon divergences the paper's row of that name is worth.
    """

    rows: tuple[FDivergence, ...]
    nowozin: float = 2.0

    def but(self, name: str, **changes: Any) -> "Theory":
        """The same with one row changed."""
        return replace(self, rows=tuple(replace(one, **changes) if one.name == name else one for one in self.rows))


TRUE = Theory(tuple(F_DIVERGENCES.values()))


def law(name: str) -> MixtureSameFamily:
    """p or q: normals about -1 and 1 with its shares, so that p/q stays between 1/5 and 17/5."""
    share = SHARES[name]
    means = torch.tensor([-1.0, 1.0], dtype=torch.float64)
    sides = Categorical(torch.tensor([1 - share, share], dtype=torch.float64))
    return MixtureSameFamily(sides, Normal(means, torch.full_like(means, WIDTH)))


def drawn(name: str) -> Callable[[Draws], Tensor]:
    """Examples of p or q, shape (n, 1)."""
    share = SHARES[name]
    return lambda draws: ((draws[f"{name} side"] < share) * 2 - 1) + WIDTH * draws[name]


@cache
def nodes() -> tuple[Tensor, Tensor, Tensor]:
    """Points x, and what p and q weigh there, of a Gauss-Legendre rule on either side of 0, where p = q."""
    x, weights = np.polynomial.legendre.leggauss(200)
    x = torch.from_numpy(np.concatenate([3.5 * x - 3.5, 3.5 * x + 3.5]))
    weights = torch.from_numpy(np.tile(3.5 * weights, 2))
    return x, weights * law("p").log_prob(x).exp(), weights * law("q").log_prob(x).exp()


def bound(row: FDivergence, t: Tensor) -> float:
    """E_P T - E_Q f*(T) of a critic with values t at the nodes."""
    _, p, q = nodes()
    return float(p @ t - q @ row.conjugate(t))


def searched(row: FDivergence) -> Tensor:
    """At each node the output v that raises p T - q f*(T) most, by golden section; no slope of f is used."""
    _, p, q = nodes()

    def gain(v: Tensor) -> Tensor:
        t = row.link(v)
        return p * t - q * row.conjugate(t)

    low, high = torch.full_like(p, -REACH), torch.full_like(p, REACH)
    for _ in range(90):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        rising = gain(left) < gain(right)
        low, high = torch.where(rising, left, low), torch.where(rising, high, right)
    return (low + high) / 2


@cache
def trained(trial: Trial) -> list[list[Tensor]]:
    """T at the nodes of critics trained on samples, for each seed and each row of saddle's table."""
    rounds = trial.pick(400, 5_000)
    rows = list(F_DIVERGENCES.values())

    def loss(real: Tensor, fake: Tensor) -> Tensor:
        bounds = [
            row.link(real[:, place]).mean() - row.conjugate_of_link(fake[:, place]).mean()
            for place, row in enumerate(rows)
        ]
        return -torch.stack(bounds).sum()

    noise = {name: Noise("normal", (BATCH, 1)) for name in SHARES}
    noise |= {f"{name} side": Noise("uniform", (BATCH, 1)) for name in SHARES}
    problem = critic_between(
        drawn("p"),
        drawn("q"),
        noise,
        loss=loss,
        network=lambda: MLP(width=32, depth=2, activation="silu").encoder((1,), len(rows), 0),
        optimizer=Adam(1e-2, beta1=0.9, schedule=Cosine(rounds)),
        average=0.99,
    )
    state = play(problem, trial.seeds, rounds)
    x = nodes()[0].float().unsqueeze(1)
    outputs = [member(state, place)["critic"](x).double() for place in range(len(trial.seeds))]
    return [[row.link(one[:, place]) for place, row in enumerate(rows)] for one in outputs]


def experiment(theory: Theory, trial: Trial) -> Result:
    """The bound, by search and by training, against the divergence by adaptive quadrature."""
    x, p, q = nodes()
    exact = [f_divergence(law("p"), law("q"), name).value for name in F_DIVERGENCES]
    best = [row.link(searched(row)) for row in theory.rows]
    at_slope = [bound(row, row.slope(p / q)) - d for row, d in zip(theory.rows, exact, strict=True)]
    critics = trained(trial)
    # The share of what lies between the value of equal laws, which a constant critic reaches, and the divergence.
    shares = [
        [(bound(row, t) - row.at_one) / (d - row.at_one) for row, t, d in zip(theory.rows, critic, exact, strict=True)]
        for critic in critics
    ]
    jensen_shannon = js_divergence(law("p"), law("q")).value
    checks = (
        *(
            equal(f"{row.name}: greatest bound of all critics, and ∫ q f(p/q)", bound(row, t), d)
            for row, t, d in zip(theory.rows, best, exact, strict=True)
        ),
        equal("bound of the critic f'(p/q) less the divergence, greatest of the table", furthest(at_slope), 0),
        equal(
            "the row that f-GAN calls Jensen-Shannon", exact[PRINTED_AS_JENSEN_SHANNON], theory.nowozin * jensen_shannon
        ),
        on_every_seed(
            "share of the divergence that trained critics reach, least of the table",
            list(map(least, shares)),
            "≥",
            0.95,
        ),
        at_most("the same, greatest of the table and of all seeds", greatest(map(greatest, shares)), 1, within=1e-9),
    )
    shown = (x.abs() < 3).nonzero().flatten()[::2]
    series = {
        "x": x[shown],
        "best": {row.name: row.slope(p / q)[shown] for row in theory.rows if row.name in SHOWN},
        "trained": {name: [critic[list(F_DIVERGENCES).index(name)][shown] for critic in critics[:3]] for name in SHOWN},
        "names": list(F_DIVERGENCES),
        "shares": shares,
    }
    return Result(checks, series)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Tangents under a convex function, trained critics on the best ones, and what they reach."""
    first, second, third = panels(figure, 3)
    u = np.linspace(0.02, 3, 120)
    for t in np.linspace(-1, 2, 7):
        first.plot(u, t * u - np.exp(t - 1), color=SOFT, lw=0.8, label="t u - f*(t)" if t == -1 else None)
    first.plot(u, u * np.log(u), color=DATA, label="f(u) = u log u")
    first.set(xlabel="u = p/q", ylim=(-1.2, 3.5), title="f is the envelope of its tangents")
    first.legend(loc="upper left")
    for (name, best), color in zip(series["best"].items(), (DATA, MADE, THIRD), strict=True):
        for one in series["trained"][name]:
            second.plot(series["x"], one, color=color, lw=0.8, alpha=0.6)
        second.plot(series["x"], best, color=color, ls="--", label=name)
    second.set(xlabel="x", ylabel="T(x)", title="Trained critics (thin) lie on f'(p/q)")
    second.legend(loc="upper left")
    for place, name in enumerate(series["names"]):
        reached = [100 * one[place] for one in series["shares"]]
        third.plot(reached, [place] * len(reached), "o", color=MADE, ms=4, alpha=0.7)
        third.text(94.4, place, name, ha="right", va="center", fontsize=8)
    third.axvline(100, color=DATA, lw=1)
    third.set(xlim=(94.5, 100.3), yticks=[], xlabel="% of the divergence, each seed", title="What they reach")
    third.invert_yaxis()


CLAIM = Claim(
    slug="f-gan",
    title="The variational bound of an f-divergence is tight at the best critic",
    statement=r"""
A convex $f$ lies above its tangents and is their envelope: $f(u) = \sup_t\, t u - f^*(t)$, where $f^*$ is its
conjugate. With $u = p/q$ and a slope $t = T(x)$ at each point this makes of a divergence, whose formula needs both
densities, a greatest value over critics $T$ of two expectations, which need samples only. Every critic gives a lower
bound. The best is $T = f'(p/q)$, and its bound is the divergence itself.

A network's plain output $v$ must first be brought into the domain of $f^*$, by an output activation $g_f$ that belongs
to $f$. With an activation whose range is too small the bound stays below the divergence; with one that leaves the
domain it is no bound any more.

Every divergence here is the one that its $f$ defines, for the names of the published table need care. The one called
Jensen-Shannon is twice that divergence, the one called GAN is $2\,\mathrm{JSD} - \log 4$, which is no divergence, since
equal laws give $-\log 4$, and Pearson's has $q$ below the line.
""",
    formulas=(
        r"D_f(P \| Q) = \int q(x)\, f\!\left(\frac{p(x)}{q(x)}\right) dx"
        r" = \sup_T\; \mathbb{E}_{x \sim P}[T(x)] - \mathbb{E}_{x \sim Q}[f^*(T(x))]",
        r"T^*(x) = f'\!\left(\frac{p(x)}{q(x)}\right), \qquad T(x) = g_f(v(x))",
    ),
    reference="Nowozin, Cseke & Tomioka 2016, f-GAN, equation 4 and tables 1, 2 and 6, arXiv 1606.00709",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "conjugate",
            "The conjugate of u log u is exp(t), without the 1 in the exponent.",
            TRUE.but("kl", conjugate=torch.exp),
            r"f(u) = u \log u, \qquad f^*(t) = e^t",
        ),
        Control(
            "activation-too-narrow",
            "The Jensen-Shannon divergence needs the output activation of the original GAN, without the log 2.",
            TRUE.but("jensen-shannon-nowozin", link=F_DIVERGENCES["gan"].link),
            r"g_f(v) = -\log(1 + e^{-v})",
        ),
        Control(
            "activation-too-wide",
            "The output activation of the total variation is tanh(v), twice what it should be.",
            TRUE.but("total-variation", link=torch.tanh),
            r"g_f(v) = \tanh v",
        ),
        Control(
            "best-critic",
            "The best critic of KL is log(p/q), one less than f'(p/q).",
            TRUE.but("kl", slope=torch.log),
            r"T^*(x) = \log \frac{p(x)}{q(x)}",
        ),
        Control(
            "jensen-shannon",
            "The row of f-GAN's table that is called Jensen-Shannon is the Jensen-Shannon divergence.",
            replace(TRUE, nowozin=1.0),
            r"\int q\, f(p/q)\, dx = \mathrm{JSD}(P, Q), \qquad f(u) = u \log u - (u + 1) \log \frac{u + 1}{2}",
            misprint=True,
        ),
    ),
    draw=draw,
    size=(10.2, 3.1),
)
