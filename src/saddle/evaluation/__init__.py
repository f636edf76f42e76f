"""Evaluation: a trained model against data, with references beside every number, and a run's history in words."""
