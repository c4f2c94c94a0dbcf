"""The same problem as a flow of least cost, solved exactly by OR-tools.

OR-tools is an extra (``exact``), since it pins protobuf.  It returns the flow without its
prices, so these are found here: as shortest paths in what the flow leaves open, where no
cycle of negative cost is left exactly if the flow is optimal (Ahuja, Magnanti and Orlin,
Network Flows, 1993, theorem 9.1).  So the prices also prove OR-tools' own answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import CheckError, InfeasibleError, UsageError
from matchmaker.jit import jit
from matchmaker.solvers.network import Network
from matchmaker.solvers.problem import BMatching, Solution
from matchmaker.words import said

__all__ = ["check_installed", "min_cost_flow"]


def min_cost_flow(
    problem: BMatching, *, epsilon: int = 0, price: NDArray[np.int64] | None = None
) -> Solution:
    """Solve `problem` exactly with OR-tools' SimpleMinCostFlow.

    Parameters
    ----------
    problem : BMatching
    epsilon, price
        Ignored: the answer is exact.

    Returns
    -------
    Solution
        With prices whose bound equals the value.

    Raises
    ------
    UsageError
        OR-tools is not installed.
    InfeasibleError
        OR-tools gave up: its costs, times the nodes, must fit 64 bits.
    CheckError
        OR-tools' flow is not of least cost.
    """
    del epsilon, price
    check_installed()
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # an extra

    network = Network.of(problem)
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tail.astype(np.int32),
        network.head.astype(np.int32),
        network.capacity,
        network.cost,
    )
    solver.set_nodes_supplies(np.arange(len(network.supply), dtype=np.int32), network.supply)
    status = solver.solve()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise InfeasibleError(said("usage.no_solution", status=status.name))
    flow = solver.flows(arcs).astype(np.int64)
    potential, is_settled = _potentials(
        network.tail,
        network.head,
        network.cost,
        flow < network.capacity,
        flow > 0,
        len(network.supply),
    )
    if not is_settled:
        raise CheckError(said("refused.cheaper_flow"))
    return Solution(
        is_taken=flow[: len(problem.column)] > 0,
        price=network.prices(potential, len(problem.column_capacity)),
    )


def check_installed() -> None:
    """Raise unless OR-tools can be imported.

    Raises
    ------
    UsageError
        With the line that installs it.
    """
    try:
        import ortools.graph.python.min_cost_flow  # noqa: F401 - to see whether it is there
    except ImportError:
        raise UsageError(said("usage.no_or_tools")) from None


@jit
def _potentials(
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    cost: NDArray[np.int64],
    may_rise: NDArray[np.bool_],
    may_fall: NDArray[np.bool_],
    n_nodes: int,
) -> tuple[NDArray[np.int64], bool]:
    """Return the length of a shortest open path to each node, and whether there is one.

    Bellman-Ford: passes over all arcs, both ways, until none improves a node; a path of
    more arcs than there are nodes runs in a cycle of negative cost.
    """
    potential = np.zeros(n_nodes, dtype=np.int64)
    for _ in range(n_nodes + 1):
        is_settled = True
        for a in range(len(tail)):
            t, h = tail[a], head[a]
            if may_rise[a] and potential[t] + cost[a] < potential[h]:
                potential[h] = potential[t] + cost[a]
                is_settled = False
            if may_fall[a] and potential[h] - cost[a] < potential[t]:
                potential[t] = potential[h] - cost[a]
                is_settled = False
        if is_settled:
            return potential, True
    return potential, False
