"""Assignment: one offer at most for each youth, as admission systems give it.

``deferred_acceptance`` on ids and `stable_matching` on arrays give stable matchings, with
lotteries, reserves, quotas and employers' caps; `optimal_assignment` the highest weight;
`compare_methods` all of them side by side; `call_order` is Parcoursup's.
Which one to choose: ``docs/explanation/mechanisms.md``.
"""

from matchmaker.assignment.arrays import Matching, Preferences, order_lists, stable_matching
from matchmaker.assignment.call_order import call_order
from matchmaker.assignment.compare import MethodFigures, compare_methods, rank_weights, solve
from matchmaker.assignment.deferred_acceptance import Assignment, deferred_acceptance
from matchmaker.assignment.encode import encode
from matchmaker.assignment.optimal import OptimalAssignment, optimal_assignment
from matchmaker.assignment.outcome import cutoffs, missed_wishes
from matchmaker.assignment.preference_files import read_capacities, read_preferences
from matchmaker.assignment.priorities import PointScale, lexicographic_priority
from matchmaker.assignment.result_tables import method_table, offer_table, youth_table
from matchmaker.assignment.rules import Rules, spread_reserve
from matchmaker.assignment.stability import (
    blocking_pairs,
    bound_faults,
    check_matching,
    envied_pairs,
)

__all__ = [
    "Assignment",
    "Matching",
    "MethodFigures",
    "OptimalAssignment",
    "PointScale",
    "Preferences",
    "Rules",
    "blocking_pairs",
    "bound_faults",
    "call_order",
    "check_matching",
    "compare_methods",
    "cutoffs",
    "deferred_acceptance",
    "encode",
    "envied_pairs",
    "lexicographic_priority",
    "method_table",
    "missed_wishes",
    "offer_table",
    "optimal_assignment",
    "order_lists",
    "rank_weights",
    "read_capacities",
    "read_preferences",
    "solve",
    "spread_reserve",
    "stable_matching",
    "youth_table",
]
