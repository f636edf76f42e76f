"""What is left when no fault is found."""

from saddle.diagnosis.evidence import Evidence
from saddle.diagnosis.finding import Finding, Limit
from saddle.diagnosis.trend import falling


def converged(evidence: Evidence) -> Finding:
    """The distance has settled or is small; how near to the data is part of what is said."""
    trend = "still falls" if falling(evidence) else "no longer falls"
    facts = [f"The energy distance is {evidence.distance.text()}, and {trend}."]
    if evidence.coverage:
        facts.append(f"Samples reach {evidence.coverage.median():.0%} of the training data.")
    if evidence.spread:
        facts.append(f"They lie {evidence.spread.median():.2f} times as far from each other as the data do.")
    if evidence.far:
        facts.append("They stay measurably apart from the data, at the best that these networks and rates come to.")
        advice = ("Wider or deeper networks, smaller rates at the end, or another recipe: see saddle recipes.",)
    else:
        advice = ("Nothing is at fault. More rounds, a larger model or more data may still bring it nearer.",)
    return Finding("converged", tuple(facts), advice, (Limit("distance", 0.0, "equal laws, on average"),))
