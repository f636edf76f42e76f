"""The protocol: which pictures a row is trained on, and what is measured of its samples."""

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import saddle
from saddle.evaluation.features import Extractor, find_features
from saddle.measures import density_coverage, frechet_distance, parzen_log_likelihood

FEATURED = 5_000  # pictures on each side whose features are compared


@dataclass(frozen=True)
class Protocol:
    """Data and sizes.

    Attributes:
        name: of the data.
        train: what rows are trained on, labeled.
        validation: decides the width of the window.
        test: what is measured against.
        samples: how many are drawn of each model.
        likelihood_samples: importance samples or the like for a family's own likelihood.
        quick: small models.
    """

    name: str
    train: "saddle.Dataset"
    everything: "saddle.Dataset"
    validation: "saddle.Dataset"
    test: "saddle.Dataset"
    samples: int
    likelihood_samples: int
    quick: bool

    @cached_property
    def extractor(self) -> Extractor:
        """Features of a classifier of the training set's labels."""
        found = find_features("classifier", self.train)
        assert found is not None
        return found

    @cached_property
    def real_features(self) -> Tensor:
        """Those of test pictures."""
        return self.extractor(model_units(self.test)[:FEATURED])

    def measure(self, x: Tensor) -> dict:
        """What is measured of samples in model units, shape (n, c, h, w)."""
        parzen = parzen_log_likelihood(
            unit(x), unit(model_units(self.test)), validation=unit(model_units(self.validation))
        )
        features = self.extractor(x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))[:FEATURED]])
        frechet = frechet_distance(features, self.real_features).corrected
        coverage = density_coverage(features, self.real_features).coverage
        return {
            "parzen": parzen.log_likelihood.to_record(),
            "sigma": parzen.sigma,
            "frechet": frechet.to_record(),
            "coverage": coverage.to_record(),
        }


def model_units(data: "saddle.Dataset") -> Tensor:
    """All pictures in [-1, 1], shape (n, c, h, w)."""
    return data.batch(torch.arange(len(data)))


def unit(x: Tensor) -> Tensor:
    """Pictures as rows of numbers in [0, 1]."""
    return ((x.flatten(1).double() + 1) / 2).clamp(0, 1)


def protocol(*, quick: bool) -> Protocol:
    """The 2014 protocol on MNIST, or its like on digits."""
    if quick:
        digits = saddle.open("digits")
        order = np.random.default_rng(0).permutation(len(digits))
        train, validation, test = (digits.part(np.sort(part)) for part in np.split(order, [1300, 1500]))
        return Protocol("digits", train, train, validation, test, 500, 50, True)
    if "SADDLE_DATA" not in os.environ:
        sys.exit("SADDLE_DATA must name the folder that holds mnist/; it is not set.")
    folder = Path(os.environ["SADDLE_DATA"]) / "mnist"
    everything, test = saddle.open(folder), saddle.open(folder, split="test")
    train, validation = everything.part(np.arange(50_000)), everything.part(np.arange(50_000, 51_000))
    return Protocol("MNIST", train, everything, validation, test, 10_000, 5_000, False)
