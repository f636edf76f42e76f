"""Evaluation: a trained model against data, with references beside every number, and a run's history in words."""

from saddle.evaluation.classifier import Classifier, train_classifier
from saddle.evaluation.diagnosis import diagnose
from saddle.evaluation.model import evaluate
from saddle.evaluation.rows import Evaluation, Row
from saddle.evaluation.table import compare, untrained_rows

__all__ = [
    "Classifier",
    "Evaluation",
    "Row",
    "compare",
    "diagnose",
    "evaluate",
    "train_classifier",
    "untrained_rows",
]
