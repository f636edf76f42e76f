"""The counting of stacked digits against what is known without it.

Each check would fail for the wrong formula or wiring that its sentence names.
"""

import sys
from typing import Any

import numpy as np
from scipy.stats import chi2, entropy

from finding_modes.stacked import pools
from finding_modes.stacked.counting import (
    UNIFORM,
    count,
    expected_modes,
    incomplete,
    kl,
    mode_of,
    perfect,
    product_law,
    read_law,
)
from finding_modes.stacked.reader import SURE, Reader, believed
from finding_modes.stacked.stacking import DIGITS, MODES, stacked, unstacked
from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.evaluation import Classifier, classifier_network, train_classifier

N = 26_000


def check() -> None:
    """Run all; the first that fails ends the process with its sentence."""
    pool = pools.digits()
    reader = believed(pool, train_classifier(pool.train, epochs=15))
    divergence()
    misreading()
    floors()
    law_of_stacks(pool)
    errors_of_the_reader(reader)
    refusal(pool)
    print("counting of stacked digits: all checks hold")


def must(holds: Any, sentence: str) -> None:
    """End the process with a sentence that does not hold."""
    if not holds:
        sys.exit(f"This does not hold: {sentence}")


def divergence() -> None:
    """Not the other direction, not in bits, no mode that was never seen counted with a logarithm of zero."""
    generator = np.random.default_rng(0)
    law = product_law(*generator.dirichlet(np.ones(DIGITS), size=3))
    counts = generator.multinomial(500, law)
    must(abs(kl(counts, law) - entropy(counts / 500, law)) < 1e-12, "KL is scipy's, of the shares from the law")
    one = np.zeros(MODES)
    one[123] = 7
    must(abs(kl(one, UNIFORM) - np.log(MODES)) < 1e-12, "one mode of a thousand is log 1000 from uniform")
    numbered = law.reshape(DIGITS, DIGITS, DIGITS)[1, 2, 3]
    must(mode_of(np.array([1, 2, 3])) == 123 and law[123] == numbered, "modes are numbered alike")


def misreading() -> None:
    """A three always read as a five: a confusion with rows and columns exchanged makes threes of fives."""
    law = product_law(*np.random.default_rng(0).dirichlet(np.ones(DIGITS), size=3))
    confusion = np.eye(DIGITS)
    confusion[3] = confusion[5]
    read = read_law(law, confusion)
    both = law.reshape(DIGITS, DIGITS, DIGITS)[[3, 5]][:, [3, 5]][:, :, [3, 5]].sum()
    must(read[333] == 0 and abs(read[555] - both) < 1e-15, "what is misread counts as what it is read as")


def floors() -> None:
    """By the expansion (K - 1)/2n + (Σ 1/q - 1)/12n² of the mean, and by what a lost share must add."""
    mean, deviation = perfect(UNIFORM, UNIFORM, N)
    expected = (MODES - 1) / (2 * N) + (MODES**2 - 1) / (12 * N**2)
    must(abs(mean.kl - expected) < deviation.kl / 3, "the floor is that of the expansion")
    lossy, spread = perfect(incomplete(UNIFORM), UNIFORM, N)
    expected = np.log(MODES / 900) + 899 / (2 * N)
    must(expected_modes(incomplete(UNIFORM), 10**6) == 900, "900 modes are expected of it")
    must(lossy.modes == 900 and abs(lossy.kl - expected) < spread.kl, "without 100 modes it is higher by log 10/9")


def law_of_stacks(pool: pools.Pool) -> None:
    """Colors independent of each other, digits as rare as in the pool, and unstacking gives back what was stacked."""
    count_of, truth = 100_000, pool.train.y
    assert truth is not None
    labels = stacked(truth[:, None, None], count_of, Stream(0).child("check"))
    counts = np.bincount(mode_of(labels[:, 0, 0]), minlength=MODES)
    expected = count_of * product_law(*[pool.frequencies] * 3)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    must(statistic < chi2.ppf(1 - 1e-4, MODES - 1), "a mode is as likely as the product of its digits")
    pictures = np.arange(2 * 4 * 5 * 3).reshape(2, 4, 5, 3)
    must(np.array_equal(unstacked(pictures)[4], pictures[1, ..., 1]), "colors come one after the other")


def errors_of_the_reader(reader: Reader) -> None:
    """What its confusions predict is what it reads in held-out stacks."""
    pool, law = reader.pool, product_law(*[reader.pool.frequencies] * 3)
    truth = pool.held_out.y
    assert truth is not None
    chosen = np.random.default_rng(0).integers(len(pool.held_out), size=(N, 3))
    pictures = np.stack([pool.held_out.x[chosen[:, color]] for color in range(3)], axis=-1)
    digits, probabilities = reader.read(pictures)
    right = float((digits == truth[chosen]).all(1).mean())
    must(abs(right - reader.accuracy.value**3) < 0.01, "stacks are read right as often as three digits")
    must(abs(float(probabilities.mean()) - 1) < 0.2, "real stacks are read surely")
    held_out = np.bincount(truth, minlength=DIGITS) / len(truth)
    made = product_law(*[held_out] * 3)
    predicted = read_law(made, reader.confusion)
    found = count(np.bincount(mode_of(digits), minlength=MODES), predicted)
    mean, deviation = perfect(predicted, predicted, N)
    must(abs(found.kl - mean.kl) < 5 * deviation.kl, "held-out stacks are read as the confusions predict")
    must(perfect(read_law(incomplete(law), reader.confusion), law, N)[0].modes > 900, "misreading finds modes")
    surely = read_law(made, reader.sure)
    share = float((probabilities >= SURE).mean())
    must(abs(share - surely.sum()) < 0.02, "held-out stacks are surely read as often as its table says")


def refusal(pool: pools.Pool) -> None:
    """A classifier that guesses is not believed."""
    network = classifier_network(pool.train.model_shape, DIGITS).eval()
    try:
        believed(pool, Classifier(network, DIGITS))
    except InputError as error:
        must("98 %" in str(error), "the refusal names what is demanded")
    else:
        must(False, "a classifier that guesses is refused")
