"""The same problem as a linear program, solved by HiGHS: exact, for small cases and tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from matchmaker.errors import InfeasibleError
from matchmaker.solvers.problem import BMatching, Solution

__all__ = ["highs"]


def highs(
    problem: BMatching, *, epsilon: int = 0, price: NDArray[np.int64] | None = None
) -> Solution:
    """Solve `problem` exactly; its constraint matrix is that of a flow, so the optimum is whole.

    Parameters
    ----------
    problem : BMatching
    epsilon, price
        Ignored: the answer is exact.

    Returns
    -------
    Solution
        Prices are the duals of the column capacities, rounded to whole numbers: with whole
        weights an optimal dual is whole.

    Raises
    ------
    InfeasibleError
        HiGHS gave up.
    """
    del epsilon, price
    edges, rows = len(problem.column), len(problem.row_capacity)
    columns = len(problem.column_capacity)
    if edges == 0:
        return Solution(is_taken=np.zeros(0, dtype=bool), price=np.zeros(columns, dtype=np.int64))
    at = np.arange(edges)
    one = np.ones(edges)
    by_row = csr_array((one, (problem.row, at)), shape=(rows, edges))
    by_column = csr_array((one, (problem.column, at)), shape=(columns, edges))
    # One more variable a row, at most the number of its edges: it earns the bonus.
    served = csr_array((np.ones(rows), (np.arange(rows), np.arange(rows))), shape=(rows, rows))
    # The stubs of scipy do not know that sparse matrices are welcome here.
    matrix: Any = vstack(
        [
            hstack([by_column, csr_array((columns, rows))]),
            hstack([by_row, csr_array((rows, rows))]),
            hstack([-by_row, served]),
        ]
    )
    answer = linprog(
        -np.concatenate([problem.weight, problem.first_bonus]).astype(np.float64),
        A_ub=matrix,
        b_ub=np.concatenate([problem.column_capacity, problem.row_capacity, np.zeros(rows)]),
        bounds=(0, 1),
        method="highs-ds",  # a vertex, so a whole one
    )
    if answer.status != 0 or answer.x is None:
        raise InfeasibleError(f"HiGHS did not solve the problem: {answer.message}")
    price = np.rint(-answer.ineqlin.marginals[:columns]).astype(np.int64)
    return Solution(is_taken=answer.x[:edges] > 0.5, price=np.maximum(price, 0))
