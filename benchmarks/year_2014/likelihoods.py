"""The families' own likelihoods, on all test pictures."""

from typing import Any

from saddle.families import Estimator
from year_2014.measuring import Protocol

RUNS, TEMPERATURES = 400, 20_000  # of annealed importance sampling; more runs bring the pessimistic end nearer


def vae_likelihood(model: Estimator, rules: Protocol) -> dict[str, Any]:
    """The test negative log-likelihood by importance sampling, in nats."""
    found = model.log_likelihood(rules.test, samples=rules.likelihood_samples, seed=0)  # type: ignore[attr-defined]
    record = found.to_record()
    low, high = record["interval"]
    note = record["note"].replace("low in expectation", "high in expectation")
    return {"NLL": {**record, "value": -record["value"], "interval": [-high, -low], "note": note}}


def boltzmann_bound(model: Estimator, rules: Protocol) -> dict[str, Any]:
    """The bound on the test set and the log partition functions that tell what it is worth, all in nats.

    Beside the forward estimate that the bound takes the pessimistic end of stand one with twice the temperatures, which
    should agree, and one backwards from chains that began at pictures, which is too high where the other is too low.
    With one hidden layer the bound is the log-likelihood itself.
    """
    machine: Any = model
    runs, temperatures = (20, 200) if rules.quick else (RUNS, TEMPERATURES)
    forward = machine.log_partition(runs=runs, temperatures=temperatures, seed=0)
    twice = machine.log_partition(runs=runs, temperatures=2 * temperatures, seed=1)
    back = machine.log_partition_from_data(rules.test, runs=runs, temperatures=temperatures, seed=0)
    bound = machine.log_likelihood_bound(rules.test, log_partition=forward, seed=0)
    name = "bound" if len(machine.checked().hidden) > 1 else "log-likelihood"
    found = {name: bound, "log Z": forward, "log Z, twice the temperatures": twice, "log Z backwards": back}
    return {name: one.to_record() for name, one in found.items()}
