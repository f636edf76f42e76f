"""The Parzen log-likelihood of MNIST's own images, and of cluster centers of them: why it cannot judge a model.

    SADDLE_DATA=folder python benchmarks/measures/parzen.py [--many-clusters] [--seed 0]

Reads the raw idx files of folder/mnist. The protocol is that of Goodfellow et al., "Generative adversarial nets", 2014:
pixels in [0, 1], a Gaussian window whose width is the best of ten on 1,000 validation images, all 10,000 test images.
In place of a model stand 10,000 images drawn from the training set, which must score 242.7 ± 2.1 nats, and k-means
centers of it: 1,000 must come near 286, and 10,000 (`--many-clusters`, some minutes more) near 335. Exits with 1 where
they do not. Centers are blurred, all alike between runs, and would be thrown out by any eye; that they score above the
images they were computed from, and more of them higher still, shows that the number rewards closeness to the mean of
many images rather than likeness to any: "Parzen estimates should generally be avoided" (Theis et al., 2016).
"""

import argparse
import gzip
import os
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from saddle.measures import parzen_log_likelihood

EXPECTED = {"real": (242.7, 2.1), "1,000 k-means centers": (286.0, 3.0), "10,000 k-means centers": (335.0, 4.0)}
TRAINED, VALIDATED = 50_000, 1_000


def images(path: Path) -> np.ndarray:
    """The pictures of an idx file as rows of numbers in [0, 1]."""
    with gzip.open(path) as file:
        raw = np.frombuffer(file.read(), dtype=np.uint8)
    magic, count, height, width = raw[:16].view(">u4")
    if magic != 2051:
        sys.exit(f"{path} must be an idx file of pictures (magic number 2051); found {magic}.")
    return raw[16:].reshape(count, height * width) / 255.0


def centers(data: np.ndarray, clusters: int, steps: int, generator: np.random.Generator) -> np.ndarray:
    """Means of clusters, by Lloyd's algorithm from randomly chosen examples."""
    x = torch.from_numpy(data.astype(np.float32))
    means = x[torch.from_numpy(generator.choice(len(x), clusters, replace=False))]
    for _ in range(steps):
        norms = means.square().sum(1)
        nearest = torch.cat([torch.addmm(norms, part, means.T, alpha=-2).argmin(1) for part in x.split(2048)])
        counts = torch.bincount(nearest, minlength=clusters)
        sums = torch.zeros_like(means).index_add_(0, nearest, x)
        means = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], means)
    return means.double().numpy()


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many-clusters", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if "SADDLE_DATA" not in os.environ:
        sys.exit("SADDLE_DATA must name the folder that holds mnist/; it is not set.")
    folder = Path(os.environ["SADDLE_DATA"]) / "mnist"
    train, test = (images(folder / f"{name}-images-idx3-ubyte.gz") for name in ("train", "t10k"))
    validation = train[TRAINED : TRAINED + VALIDATED]
    generator = np.random.default_rng(options.seed)
    made = {"real": lambda: train[generator.choice(TRAINED, 10_000, replace=False)]}
    made["1,000 k-means centers"] = lambda: centers(train[:TRAINED], 1_000, 15, generator)
    if options.many_clusters:
        made["10,000 k-means centers"] = lambda: centers(train[:TRAINED], 10_000, 8, generator)
    bad = []
    for name, make in made.items():
        samples, start = make(), perf_counter()
        found = parzen_log_likelihood(samples, test, validation=validation)
        score, (expected, allowed) = found.log_likelihood, EXPECTED[name]
        fine = abs(score.value - expected) <= allowed
        seconds = perf_counter() - start
        label = "10,000 training images" if name == "real" else name
        print(
            f"{label:24} {score.value:7.2f} ± {score.error:.2f} nats at sigma {found.sigma:.4f}   "
            f"expected {expected} ± {allowed}   {seconds:5.1f} s   {'ok' if fine else 'WRONG'}",
            flush=True,
        )
        if not fine:
            bad.append(name)
    print("Cluster centers score above the images they are the means of, so a high score does not mean good samples.")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
