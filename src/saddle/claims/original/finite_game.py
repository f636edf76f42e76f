"""The game on finitely many points, solved by optimization: what each player can reach, told no formula."""

from itertools import product

import numpy as np
from scipy.optimize import linprog, minimize
from scipy.special import expit, log_expit, softmax

LEVELS = np.linspace(0.1, 0.9, 9)
"""What D may answer at a point of the finite game."""


def best_response(p: np.ndarray, q: np.ndarray) -> tuple[float, np.ndarray]:
    """The greatest Σ p log D + q log(1 - D) over logits of D, and these logits; by quasi-Newton steps from D = 1/2."""

    def loss(logits: np.ndarray) -> tuple[float, np.ndarray]:
        d = expit(logits)
        return -float(p @ log_expit(logits) + q @ log_expit(-logits)), q * d - p * (1 - d)

    options = {"maxiter": 10_000, "ftol": 0, "gtol": 1e-10}
    found = minimize(loss, np.zeros(len(p)), jac=True, method="L-BFGS-B", options=options)
    return -float(found.fun), found.x


def best_model(p: np.ndarray, start: np.ndarray) -> tuple[float, np.ndarray]:
    """The least value that a model reaches against best responses, and its probabilities; by descent from a start."""

    def loss(logits: np.ndarray) -> tuple[float, np.ndarray]:
        q = softmax(logits)
        reached, scores = best_response(p, q)
        slope = log_expit(-scores)  # of the value by q; the response itself is at its maximum and adds nothing
        return reached, q * (slope - q @ slope)

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"ftol": 0, "gtol": 1e-9})
    return float(found.fun), softmax(found.x)


def against(p: np.ndarray, discriminator: np.ndarray) -> float:
    """The least value that a model reaches against a fixed D; linear in its probabilities, so by linear programming."""
    found = linprog(np.log(1 - discriminator), A_eq=np.ones((1, len(p))), b_eq=[1.0])
    return float(p @ np.log(discriminator) + found.fun)


def payoffs(p: np.ndarray) -> np.ndarray:
    """Of the finite game: V where the model puts everything on one point (rows), and D takes a level at each."""
    columns = np.array(list(product(LEVELS, repeat=len(p)))).T
    return p @ np.log(columns) + np.log(1 - columns)


def mixed(payoff: np.ndarray) -> float:
    """What the player of the rows pays at most when it draws its row with the best chances; by linear programming."""
    rows, columns = payoff.shape
    found = linprog(
        np.append(np.zeros(rows), 1.0),
        A_ub=np.hstack([payoff.T, -np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return float(found.fun)
