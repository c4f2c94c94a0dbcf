"""OR-tools as a solver: without the package, and when it should not be believed."""

from __future__ import annotations

import sys

import numpy as np
from ortools.graph.python import min_cost_flow as or_tools

from matchmaker.errors import CheckError, InfeasibleError, UsageError
from matchmaker.solvers.by_name import solver_named
from matchmaker.solvers.min_cost_flow import min_cost_flow
from tests.languages import raises
from tests.solvers.problems import ladder


def test_without_or_tools_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.graph.python.min_cost_flow", None)
    with raises(UsageError, r"pip install 'matchmaker-apprentissage\[exact\]'"):
        min_cost_flow(ladder())
    with raises(UsageError, "pip install"):
        solver_named("exact")
    assert solver_named("auction")


def test_costs_too_large_for_or_tools_are_said():
    with raises(InfeasibleError, "BAD_COST_RANGE"):
        min_cost_flow(ladder(bonus=1 << 61))


def test_a_flow_that_is_not_of_least_cost_is_refused(monkeypatch):
    class Lazy(or_tools.SimpleMinCostFlow):
        """Sends every unit past the edges: feasible, and far from best."""

        def flows(self, arcs):
            flow = np.zeros(len(arcs), dtype=np.int64)
            flow[-2:] = 1  # both rows leave their one unit unused
            return flow

    monkeypatch.setattr(or_tools, "SimpleMinCostFlow", Lazy)
    with raises(CheckError, "cheaper flow"):
        min_cost_flow(ladder())
