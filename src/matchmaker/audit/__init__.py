"""Figures about the quality and the fairness of a run."""

from matchmaker.audit.summary import summarise, table_figures

__all__ = ["summarise", "table_figures"]
