"""Are a run's samples what its data show? A classifier trained on the real labels reads them.

    python benchmarks/recognizable.py RUN [--classifier FILE]

Prints the classifier's accuracy on real data it has not seen (for a folder of idx files the publisher's test set),
the share of 1,000 samples to which it gives a top probability of .9 or more, the share of each class among them, and,
for a conditional run, how often it agrees with the requested label; then, within each class, the mean pairwise distance
of samples over that of real data, and whether samples lie closer to training pictures than held-out pictures do.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import saddle
from saddle.evaluation import Classifier, classifier_network, train_classifier
from saddle.measures import copying

N = 1000


def classifier_for(train: "saddle.Dataset", cache: Path | None) -> Classifier:
    """A classifier trained on the data, or the one kept in a file."""
    if cache is None or not cache.exists():
        made = train_classifier(train)
        if cache is not None:
            save_file(made.network.state_dict(), cache)
        return made
    assert train.classes is not None
    network = classifier_network(train.model_shape, len(train.classes))
    network.load_state_dict(load_file(cache))
    return Classifier(network.eval(), len(train.classes))


def unseen(gan: "saddle.GAN") -> "saddle.Dataset":
    """Labeled data that neither the model nor the classifier saw."""
    source = gan.trained.table["data"]["reopen"]["source"]
    if Path(source).is_dir() and any(Path(source).glob("t10k*")):
        return saddle.open(source, split="test")
    return labeled(gan).split(gan.holdout, seed=gan.seed)[1]


def labeled(gan: "saddle.GAN") -> "saddle.Dataset":
    """The run's data with their labels, also where the model was trained without."""
    reopen = {key: value for key, value in gan.trained.table["data"]["reopen"].items() if key != "labels"}
    return saddle.open(**reopen)


def spread(x: torch.Tensor) -> float:
    """Mean pairwise distance."""
    return torch.pdist(x.flatten(1)).mean().item()


def within_classes(gan: "saddle.GAN", train: "saddle.Dataset", count: int = 200) -> list[float]:
    """Of each class, the mean pairwise distance of samples over that of real examples."""
    assert train.y is not None and train.classes is not None
    ratios = []
    for index, label in enumerate(train.classes):
        rows = torch.from_numpy((train.y == index).nonzero()[0][:count])
        made, _ = gan.sample_model(len(rows), y=label, seed=2)
        ratios.append(spread(made) / spread(train.batch(rows)))
    return ratios


def main() -> None:
    """Measure one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--classifier", type=Path, help="a safetensors file to keep the classifier in")
    options = parser.parse_args()
    gan = saddle.GAN.load(options.run)
    train, held_out = labeled(gan).split(gan.holdout, seed=gan.seed)
    judge = classifier_for(train, options.classifier)
    print(f"classifier on unseen real data: {judge.accuracy(unseen(gan))}")
    x, y = gan.sample_model(N, seed=1)
    probabilities = judge.probabilities(x)
    top, read = probabilities.max(1)
    shares = torch.bincount(read, minlength=judge.classes) / N
    print(f"samples with a top probability of .9 or more: {(top >= 0.9).float().mean():.3f}")
    real = judge.probabilities(held_out.batch(torch.arange(min(len(held_out), N)))).max(1).values
    print(f"the same share of held-out real data: {(real >= 0.9).float().mean():.3f}")
    print("share of each class:", " ".join(f"{share:.3f}" for share in shares.tolist()))
    if y is not None:
        print(f"agreement with the requested label: {(read == y).float().mean():.3f}")
        ratios = within_classes(gan, train)
        print("within-class distance over real data's:", " ".join(f"{ratio:.2f}" for ratio in ratios))
    rows = torch.arange(min(len(train), 20_000))
    others = held_out.batch(torch.arange(min(len(held_out), N)))
    print("nearest training picture, samples against held-out:", copying(x, train.batch(rows), others))


if __name__ == "__main__":
    main()
