"""A small convolutional classifier of the user's own labels, to ask samples what they show."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data import Dataset
from saddle.evaluation.remembered import content_key, remembered
from saddle.measures import Estimate
from saddle.measures.share import share

FEATURES = 128
BATCH = 64
CHUNK = 1000
SMALLEST = 4
EXAMPLES_SEEN = 60_000
RECIPE = 1  # to be counted up when training or network change, so that no older classifier is taken for the new one


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained classifier of pictures.

    Attributes:
        network: features, then logits.
        classes: how many classes it knows.
        identity: what it was trained on and how, where that is known.
        note: what it was trained on, in a sentence.
    """

    network: nn.Sequential
    classes: int
    identity: str | None = None
    note: str = ""

    def features(self, x: Tensor) -> Tensor:
        """The last hidden layer, shape (n, 128), of pictures in model units, shape (n, c, h, w)."""
        return self._through(self.network[:-1], x)

    def probabilities(self, x: Tensor) -> Tensor:
        """Class probabilities, shape (n, classes), of pictures in model units, shape (n, c, h, w)."""
        return self._through(self.network, x).softmax(1)

    def labels(self, x: Tensor) -> Tensor:
        """The likeliest class index of each picture, shape (n,)."""
        return self.probabilities(x).argmax(1)

    def accuracy(self, data: Dataset) -> Estimate:
        """The share of a labeled data set that it gets right.

        Raises:
            InputError: when the data have no labels.
        """
        right = 0
        for start in range(0, len(data), CHUNK):
            x, y = labeled(data, torch.arange(start, min(start + CHUNK, len(data))))
            right += int((self.labels(x) == y).sum())
        return share(right, len(data), "share read as labeled")

    @torch.no_grad()
    def _through(self, network: nn.Module, x: Tensor) -> Tensor:
        return torch.cat([network(part) for part in x.float().split(CHUNK)])


def train_classifier(train: Dataset, *, seed: int = 0, epochs: int | None = None) -> Classifier:
    """Train a classifier of pictures on their labels.

    Adam with a one-cycle learning rate; pictures are shifted by up to a fourteenth of their sides, so that a sample is
    not misread for lying a pixel off. Beside each batch it sees noise and pictures with their pixels shuffled, and
    learns to be undecided about them: otherwise it reads most noise with a probability above 0.9, and its confidence
    says nothing about samples.

    Args:
        train: pictures with labels.
        seed: of the start, the order and the shifts.
        epochs: passes over the data; by default 60,000 pictures are seen, in at least two passes.

    Raises:
        InputError: when the data are not pictures or have fewer than two classes.
    """
    classes = _require_classes(train)
    passes = epochs or max(2, EXAMPLES_SEEN // len(train))
    stream = Stream(seed).child("classifier")
    with stream.child("start").governing_torch():
        network = classifier_network(train.model_shape, classes)
    steps = passes * math.ceil(len(train) / BATCH)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    noise = stream.child("noise").torch()
    for x, y in _batches(train, passes, stream):
        optimizer.zero_grad()
        logits = network(torch.cat([x, meaningless(x[: BATCH // 4], noise)]))
        undecided = -logits[len(x) :].log_softmax(1).mean()
        (functional.cross_entropy(logits[: len(x)], y) + undecided).backward()
        optimizer.step()
        schedule.step()
    return Classifier(network.eval(), classes)


def remembered_classifier(train: Dataset, *, seed: int = 0) -> Classifier:
    """`train_classifier`, from the cache where the same data were learned before.

    Raises:
        InputError: as `train_classifier`.
    """
    _require_classes(train)
    assert train.classes is not None
    key = ("classifier", str(RECIPE), str(seed), *content_key(train))
    weights = remembered(key, lambda: dict(train_classifier(train, seed=seed).network.state_dict()))
    network = classifier_network(train.model_shape, len(train.classes))
    network.load_state_dict(weights)
    note = f"The classifier was trained on {len(train):,} labeled pictures of {train.name}."
    return Classifier(network.eval(), len(train.classes), "/".join(key), note)


def labeled(data: Dataset, indices: Tensor) -> tuple[Tensor, Tensor]:
    """Examples in model units with their class indices.

    Raises:
        InputError: when the data have no labels.
    """
    y = data.labels_of(indices)
    if y is None:
        raise InputError(f"data must have labels; {data.name} has none.")
    return data.batch(indices), y


def _require_classes(train: Dataset) -> int:
    if train.kind != "images" or train.classes is None or len(train.classes) < 2:
        found = 0 if train.classes is None else len(train.classes)
        raise InputError(
            f"A classifier of pictures needs pictures of at least 2 classes; {train.name} holds {train.kind} "
            f"of {found} classes."
        )
    return len(train.classes)


def _batches(train: Dataset, passes: int, stream: Stream) -> Iterator[tuple[Tensor, Tensor]]:
    order, shifts = stream.child("order").torch(), stream.child("shifts").torch()
    for _ in range(passes):
        for chosen in torch.randperm(len(train), generator=order).split(BATCH):
            x, y = labeled(train, chosen)
            yield shifted(x, shifts), y


def meaningless(x: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures of nothing, as many as in `x`: half uniform noise, half pictures of `x` with their pixels shuffled."""
    half = len(x) // 2
    uniform = torch.rand(x[:half].shape, generator=generator) * 2 - 1
    places = torch.rand(len(x) - half, 1, x[0, 0].numel(), generator=generator).argsort(-1)
    pixels = x[half:].flatten(2)
    return torch.cat([uniform, pixels.gather(2, places.expand_as(pixels)).view_as(x[half:])])


def shifted(x: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures, shape (n, c, h, w), each moved by up to a fourteenth of its sides (at least a pixel); edges repeat."""
    n, _, height, width = x.shape
    down, right = max(1, height // 14), max(1, width // 14)
    padded = functional.pad(x, (right, right, down, down), mode="replicate")
    top = torch.randint(2 * down + 1, (n, 1, 1), generator=generator) + torch.arange(height)[:, None]
    left = torch.randint(2 * right + 1, (n, 1, 1), generator=generator) + torch.arange(width)
    return padded[torch.arange(n)[:, None, None], :, top, left].movedim(-1, 1).contiguous()


def classifier_network(shape: tuple[int, ...], classes: int) -> nn.Sequential:
    """An untrained classifier's network, such as kept weights go into.

    It halves the picture until its shorter side is at most four pixels; then one hidden layer.

    Args:
        shape: of a picture in model units, (c, h, w).
        classes: logits.
    """
    channels, height, width = shape
    layers: list[nn.Module] = []
    wide = 16 if min(height, width) >= 16 else 32
    while min(height, width) > SMALLEST or not layers:
        layers += [nn.Conv2d(channels, wide, 3, padding=1, bias=False), nn.BatchNorm2d(wide), nn.ReLU()]
        if min(height, width) > 1:
            layers.append(nn.MaxPool2d(2, ceil_mode=True))
        height, width = math.ceil(height / 2), math.ceil(width / 2)
        channels, wide = wide, min(2 * wide, 64)
    layers += [nn.AdaptiveAvgPool2d((min(height, SMALLEST), min(width, SMALLEST))), nn.Flatten()]
    hidden = channels * min(height, SMALLEST) * min(width, SMALLEST)
    layers += [nn.Linear(hidden, FEATURES, bias=False), nn.BatchNorm1d(FEATURES), nn.ReLU()]
    return nn.Sequential(nn.Sequential(*layers), nn.Linear(FEATURES, classes))
