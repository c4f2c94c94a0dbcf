"""OR-tools as a solver: without the package, and when it should not be believed."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from ortools.graph.python import min_cost_flow as or_tools

from matchmaker.errors import CheckError, InfeasibleError, UsageError
from matchmaker.solvers.min_cost_flow import min_cost_flow
from tests.solvers.problems import ladder


def test_without_or_tools_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.graph.python.min_cost_flow", None)
    with pytest.raises(UsageError, match=r"pip install 'matchmaker-apprentissage\[exact\]'"):
        min_cost_flow(ladder())


def test_costs_too_large_for_or_tools_are_said():
    with pytest.raises(InfeasibleError, match="BAD_COST_RANGE"):
        min_cost_flow(ladder(bonus=1 << 61))


def test_a_flow_that_is_not_of_least_cost_is_refused(monkeypatch):
    class Lazy(or_tools.SimpleMinCostFlow):
        """Sends every unit past the edges: feasible, and far from best."""

        def flows(self, arcs):
            flow = np.zeros(len(arcs), dtype=np.int64)
            flow[-2:] = 1  # both rows leave their one unit unused
            return flow

    monkeypatch.setattr(or_tools, "SimpleMinCostFlow", Lazy)
    with pytest.raises(CheckError, match="cheaper flow"):
        min_cost_flow(ladder())
