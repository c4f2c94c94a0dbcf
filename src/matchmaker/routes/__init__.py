"""What follows when offers run out: today, a named person to turn to."""

from matchmaker.routes.referents import assign_referents

__all__ = ["assign_referents"]
