"""The families' own likelihoods, on all test pictures."""

from typing import Any

from saddle.families import Estimator
from year_2014.measuring import Protocol


def vae_likelihood(model: Estimator, rules: Protocol) -> dict[str, Any]:
    """The test negative log-likelihood by importance sampling, in nats."""
    found = model.log_likelihood(rules.test, samples=rules.likelihood_samples, seed=0)  # type: ignore[attr-defined]
    record = found.to_record()
    low, high = record["interval"]
    return {"NLL": {**record, "value": -record["value"], "interval": [-high, -low]}}


def boltzmann_bound(model: Estimator, rules: Protocol) -> dict[str, Any]:
    """The variational bound on the test set and the log partition function it rests on."""
    return {}
