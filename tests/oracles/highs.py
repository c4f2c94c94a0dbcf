"""The problem of solvers as a linear program, solved by HiGHS: exact, for small cases."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from matchmaker.errors import InfeasibleError
from matchmaker.solvers.network import Network
from matchmaker.solvers.problem import BMatching, Solution

__all__ = ["highs"]


def highs(
    problem: BMatching, *, epsilon: int = 0, price: NDArray[np.int64] | None = None
) -> Solution:
    """Solve `problem` exactly: a flow's constraint matrix makes every vertex whole.

    Parameters
    ----------
    problem : BMatching
    epsilon, price
        Ignored: the answer is exact.

    Returns
    -------
    Solution
        Prices come from the duals of the nodes, rounded to whole numbers: with whole
        costs the duals of a vertex are whole.

    Raises
    ------
    InfeasibleError
        HiGHS gave up.
    """
    del epsilon, price
    network = Network.of(problem)
    arcs, nodes = len(network.tail), len(network.supply)
    one, at = np.ones(arcs), np.arange(arcs)
    # The stubs of scipy do not know that sparse matrices are welcome here.
    balance: Any = csr_array(
        (
            np.concatenate([one, -one]),
            (np.concatenate([network.tail, network.head]), np.concatenate([at, at])),
        ),
        shape=(nodes, arcs),
    )
    answer = linprog(
        network.cost.astype(np.float64),
        A_eq=balance,
        b_eq=network.supply,
        bounds=[(0, most) for most in network.capacity.tolist()],
        method="highs-ds",  # a vertex, so a whole one
    )
    if answer.status != 0 or answer.x is None:
        raise InfeasibleError(f"HiGHS did not solve the problem: {answer.message}")
    potential = -np.rint(answer.eqlin.marginals).astype(np.int64)
    return Solution(
        is_taken=answer.x[: len(problem.column)] > 0.5,
        price=network.prices(potential, len(problem.column_capacity)),
    )
