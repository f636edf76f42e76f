"""Speed and memory beside what a user would take instead, side by side in one run.

    python benchmarks/measures/speed.py [--of NAME] [--quick]

For each measure one line per competitor: seconds (the best of the repeats, taken in turns), how many times slower it is
than saddle, and the memory it takes beyond its inputs, each player alone in a process of its own. Then every sample
measure at n = 50,000, where a matrix of all pairs would take 20 GB. `--quick` takes smaller sizes.
"""

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
import torch

from saddle import measures
from saddle.core.errors import InputError

Player = Callable[..., Any]
MANY = 50_000


@dataclass(frozen=True)
class Contest:
    """One task and those who do it, saddle first.

    Attributes:
        name: of the measure.
        size: n, m and d.
        quick: the same, smaller.
        players: by name.
        repeats: of each player.
    """

    name: str
    size: tuple[int, int, int]
    quick: tuple[int, int, int]
    players: dict[str, Player]
    repeats: int = 5


def clouds(n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of points."""
    generator = np.random.default_rng(0)
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) + 0.3


def parzen(x: np.ndarray, y: np.ndarray) -> float:
    return measures.parzen_log_likelihood(x, y, sigma=0.2).log_likelihood.value


def parzen_scikit(x: np.ndarray, y: np.ndarray) -> float:
    from sklearn.neighbors import KernelDensity

    # In many dimensions the default leaves give wrong values; a single leaf is right, and three times as fast.
    return float(KernelDensity(bandwidth=0.2, leaf_size=len(x)).fit(x).score_samples(y).mean())


def parzen_scipy(x: np.ndarray, y: np.ndarray) -> float:
    from scipy.stats import gaussian_kde

    return float(gaussian_kde(x.T).logpdf(y.T).mean())


def transport(x: np.ndarray, y: np.ndarray) -> float:
    return measures.wasserstein(x, y, 2).value


def transport_pot(x: np.ndarray, y: np.ndarray) -> float:
    import ot

    _, log = ot.emd([], [], ot.dist(x, y), numItermax=10_000_000, log=True)
    return float(np.sqrt(log["cost"]))


def precision(x: np.ndarray, y: np.ndarray) -> float:
    return measures.precision_recall(x, y).precision.value


def precision_plain(x: np.ndarray, y: np.ndarray, k: int = 3) -> tuple[float, float]:
    """As the formula reads, with all distances at once."""
    from scipy.spatial.distance import cdist

    across = cdist(x, y)
    within_x, within_y = np.sort(cdist(x, x), 1)[:, k], np.sort(cdist(y, y), 1)[:, k]
    return float((across <= within_y).any(1).mean()), float((across <= within_x[:, None]).any(0).mean())


def frechet(x: np.ndarray, y: np.ndarray) -> float:
    return measures.frechet_distance(x, y).raw.value


def frechet_torchmetrics(x: np.ndarray, y: np.ndarray) -> float:
    from torchmetrics.image.fid import FrechetInceptionDistance

    class Given(torch.nn.Module):
        num_features = x.shape[1]

        def forward(self, features: torch.Tensor) -> torch.Tensor:
            return features

    metric = FrechetInceptionDistance(feature=Given(), input_img_size=(3, 8, 8)).set_dtype(torch.float64)
    for cloud, real in ((x, False), (y, True)):
        metric.update(torch.from_numpy(cloud), real=real)
    return float(metric.compute())


CONTESTS = (
    Contest(
        "parzen_log_likelihood",
        (10_000, 10_000, 784),
        (2_000, 2_000, 784),
        {"saddle": parzen, "scikit-learn KernelDensity, one leaf": parzen_scikit, "scipy gaussian_kde": parzen_scipy},
        repeats=1,
    ),
    Contest("wasserstein", (2_000, 2_000, 8), (500, 500, 8), {"saddle": transport, "POT": transport_pot}, repeats=9),
    Contest(
        "precision_recall",
        (5_000, 5_000, 64),
        (1_000, 1_000, 64),
        {"saddle": precision, "plain, all pairs at once": precision_plain},
    ),
    Contest(
        "frechet_distance",
        (5_000, 5_000, 512),
        (2_000, 2_000, 64),
        {"saddle (corrected too, with error)": frechet, "torchmetrics (raw only)": frechet_torchmetrics},
        repeats=3,
    ),
)

LARGE: dict[str, Player] = {
    "energy_distance": measures.energy_distance,
    "mmd": lambda x, y: measures.mmd(x, y, bandwidth=1.0),
    "kernel_distance": measures.kernel_distance,
    "sliced_wasserstein": measures.sliced_wasserstein,
    "sinkhorn_divergence": measures.sinkhorn_divergence,
    "frechet_distance": measures.frechet_distance,
    "precision_recall": measures.precision_recall,
    "density_coverage": measures.density_coverage,
    "kl_from_samples": measures.kl_from_samples,
    "js_from_samples": measures.js_from_samples,
    "classifier_two_sample": measures.classifier_two_sample,
    "intrinsic_dimension": lambda x, y: measures.intrinsic_dimension(x),
    "parzen_log_likelihood": lambda x, y: measures.parzen_log_likelihood(x, y, sigma=0.2),
    "copying": lambda x, y: measures.copying(x[:1000], x[1000:], y[:1000]),
    "wasserstein (one dimension)": lambda x, y: measures.wasserstein(x[:, 0], y[:, 0]),
    "wasserstein (more dimensions)": measures.wasserstein,
}


def peak() -> float:
    """The most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def race(place: int, quick: bool, repeats: int) -> dict[str, float]:
    """Best seconds of each player, taken in turns."""
    contest = CONTESTS[place]
    data = clouds(*(contest.quick if quick else contest.size))
    best = dict.fromkeys(contest.players, np.inf)
    for _ in range(repeats):
        for name, play in contest.players.items():
            start = time.perf_counter()
            play(*data)
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def memory(place: int, quick: bool, name: str) -> tuple[float, float]:
    """Memory beyond the inputs that one player takes, in MiB, and the seconds of that one run."""
    contest = CONTESTS[place]
    contest.players[name](*clouds(60, 60, 4))  # what it imports is not counted
    data = clouds(*(contest.quick if quick else contest.size))
    before, start = peak(), time.perf_counter()
    contest.players[name](*data)
    return peak() - before, time.perf_counter() - start


def large(name: str, n: int) -> tuple[float, float, str]:
    """Seconds, memory in MiB, and what was refused, of one measure of many examples."""
    data = clouds(n, n, 8)
    try:
        LARGE[name](*clouds(60, 60, 8))
        before, start = peak(), time.perf_counter()
        LARGE[name](*data)
        return time.perf_counter() - start, peak() - before, ""
    except InputError as error:
        return 0.0, 0.0, str(error)


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function's result, computed in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def contests(places: Sequence[int], quick: bool) -> None:
    print(f"{'measure':24}{'n x m x d':24}{'by':38}{'seconds':>9}{'ratio':>9}{'MiB':>9}")
    for place in places:
        contest = CONTESTS[place]
        size = " x ".join(f"{one:,}" for one in (contest.quick if quick else contest.size))
        # What takes minutes is run once only, one player after the other.
        times = alone(race, place, quick, contest.repeats) if contest.repeats > 1 else {}
        first = None
        for name in contest.players:
            taken, once = alone(memory, place, quick, name)
            seconds = times.get(name, once)
            first = seconds if first is None else first
            print(f"{contest.name:24}{size:24}{name:38}{seconds:9.3f}{seconds / first:9.2f}{taken:9.0f}", flush=True)


def main() -> None:
    """Run the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", help="only this measure")
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    options = parser.parse_args()
    contests([i for i, one in enumerate(CONTESTS) if options.of in (None, one.name)], options.quick)
    n = MANY // 10 if options.quick else MANY
    print(f"\nn = m = {n:,}, d = 8; all pairs would take {8 * n * n / 2**20:,.0f} MiB")
    for name in LARGE:
        if options.of in (None, name.split()[0]):
            seconds, taken, refused = alone(large, name, n)
            print(f"{name:34}{f'refused: {refused}' if refused else f'{seconds:9.1f} s{taken:9.0f} MiB'}", flush=True)


if __name__ == "__main__":
    main()
