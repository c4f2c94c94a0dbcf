"""Figures about the quality and the fairness of a run."""

from matchmaker.audit.summary import summarise

__all__ = ["summarise"]
