"""Evaluation: a trained model against data, with references beside every number, and a run's history in words."""

from saddle.evaluation.classifier import Classifier, classifier_network, train_classifier
from saddle.evaluation.features import Extractor, find_features
from saddle.evaluation.menu import MENU
from saddle.evaluation.model import evaluate
from saddle.evaluation.remarks import remarks
from saddle.evaluation.rows import ClassRows, Evaluation, Row
from saddle.evaluation.sources import measure
from saddle.evaluation.table import compare, untrained_rows

__all__ = [
    "MENU",
    "ClassRows",
    "Classifier",
    "Evaluation",
    "Extractor",
    "Row",
    "classifier_network",
    "compare",
    "evaluate",
    "find_features",
    "measure",
    "remarks",
    "train_classifier",
    "untrained_rows",
]
