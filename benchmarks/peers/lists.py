"""Lists of ten under exposure caps: five ways of sharing offers out, and a chart.

Run with ``python -m benchmarks.peers.lists [W1 W1s W1r]``; it needs the extras ``exact`` and
``bench``.  The chart, of the scarce world W1s, goes to docs/images/exposure.png.

The ways, each with the product's default caps, and without its caps on sectors and employers
within a list, which the others do not know:

- *naive*: each youth's ten best offers, caps ignored. Nobody's list depends on others'.
- *greedy*: all eligible pairs from the best score down, kept where list and cap have room.
- *Sinkhorn*: the entropic relaxation: maximise the sum of (score x share) plus temperature x
  entropy, each pair's share at most 1, under lists and caps, over each youth's 50 best
  pairs; by Dykstra's iterations in the Kullback-Leibler sense (Benamou, Carlier, Cuturi,
  Nenna and Peyre, SIAM J. Sci. Comput. 37, 2015). Temperature: a 50th of the best score;
  100 sweeps over the three sets of constraints. Rounded like greedy, by share instead of
  score.
- *OR-tools*: the exact optimum (SimpleMinCostFlow) of the last problem that our rounds
  posed: the same pairs, the same bonus on a first line. Its seconds leave out the search
  for these pairs.
- *ours*: `make_lists`, all rounds; and once more with the default settings, lists varied.

Seconds of the others count their search for pairs.  All scores are compared with the bound
that our prices prove over all eligible pairs, for lists that serve as many youths as ours.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import machine
from benchmarks.worlds import SEED, WORLDS, generated_market
from matchmaker.candidates.fused import FusedEngine, fused_engine
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs
from matchmaker.jit import jit
from matchmaker.lists.exposure import exposure_caps
from matchmaker.lists.make import make_lists
from matchmaker.lists.proof import Proof
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from matchmaker.solvers.auction import auction
from matchmaker.solvers.min_cost_flow import min_cost_flow
from matchmaker.solvers.problem import BMatching, Solution

CHART = Path(__file__).parents[2] / "docs" / "images" / "exposure.png"
CHARTED = "W1s"
SETTINGS = Settings(other_sector_lines=0, lines_per_employer=0)
TEMPERATURES = 50  # the temperature is the best score over this
SWEEPS = 100

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A market with everything that the ways need."""

    market: Market
    engine: FusedEngine
    rows: NDArray[np.int32]
    caps: NDArray[np.int32]

    @classmethod
    def of(cls, market: Market) -> World:
        return cls(
            market=market,
            engine=fused_engine(market, score_tables(market, SETTINGS)),
            rows=np.where(market.takes_part, SETTINGS.lines_per_youth, 0).astype(np.int32),
            caps=exposure_caps(market, SETTINGS),
        )

    def pairs(self, k: int) -> Pairs:
        return self.engine.best(k=k).pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Lines, as (youth, offer, score)."""

    youth: NDArray[np.int32]
    offer: NDArray[np.int32]
    score: NDArray[np.int32]

    @classmethod
    def of(cls, pairs: Pairs, keep: NDArray[np.bool_] | None = None) -> Chosen:
        keep = np.ones(len(pairs), dtype=np.bool_) if keep is None else keep
        return cls(youth=pairs.youth[keep], offer=pairs.offer[keep], score=pairs.score[keep])


def naive(world: World) -> Chosen:
    return Chosen.of(world.pairs(SETTINGS.lines_per_youth))


def greedy(world: World) -> Chosen:
    pairs = world.pairs(len(world.caps))
    return Chosen.of(pairs, keep_in_order(world, pairs, np.argsort(-pairs.score, kind="stable")))


def sinkhorn(world: World) -> Chosen:
    pairs = world.pairs(SETTINGS.candidates_per_youth)
    youth, offer = pairs.youth, pairs.offer
    share = np.exp(pairs.score * (TEMPERATURES / max(1, int(pairs.score.max(initial=1)))))
    owed = [np.ones(len(pairs)) for _ in range(3)]  # Dykstra's corrections, one a set
    for _ in range(SWEEPS):
        for one, correction in enumerate(owed):
            before = share * correction
            if one == 0:
                share = np.minimum(before, 1.0)
            else:
                side, most = ((youth, world.rows), (offer, world.caps))[one - 1]
                total = np.bincount(side, before, minlength=len(most))
                share = before * np.minimum(1.0, most / np.maximum(total, 1e-300))[side]
            owed[one] = before / np.maximum(share, 1e-300)
    order = np.lexsort((-pairs.score, -share))
    return Chosen.of(pairs, keep_in_order(world, pairs, order))


def keep_in_order(world: World, pairs: Pairs, order: NDArray[np.int64]) -> NDArray[np.bool_]:
    return _keep(order, pairs.youth, pairs.offer, world.rows.copy(), world.caps.copy())


@jit
def _keep(
    order: NDArray[np.int64],
    youth: NDArray[np.int32],
    offer: NDArray[np.int32],
    row_room: NDArray[np.int32],
    column_room: NDArray[np.int32],
) -> NDArray[np.bool_]:
    keep = np.zeros(len(order), dtype=np.bool_)
    for p in order:
        if row_room[youth[p]] > 0 and column_room[offer[p]] > 0:
            keep[p] = True
            row_room[youth[p]] -= 1
            column_room[offer[p]] -= 1
    return keep


def ours(world: World) -> tuple[Chosen, Proof, BMatching]:
    """Return our lines, their proof, and the last problem that the rounds posed."""
    posed: list[BMatching] = []

    def recording(
        problem: BMatching, *, epsilon: int, price: NDArray[np.int64] | None = None
    ) -> Solution:
        posed[:] = [problem]
        return auction(problem, epsilon=epsilon, price=price)

    lists = make_lists(world.engine, SETTINGS, solver=recording)
    return Chosen.of(lists.pairs), lists.proofs["lists"], posed[0]


def varied(world: World) -> Chosen:
    return Chosen.of(make_lists(world.engine, Settings()).pairs)


def exact(problem: BMatching) -> Chosen:
    taken = min_cost_flow(problem).is_taken
    return Chosen(
        youth=problem.row[taken], offer=problem.column[taken], score=problem.weight[taken]
    )


def timed(way: Callable[[], Answer]) -> tuple[Answer, float]:
    """Return the answer and seconds of the second run: the first may compile or read a cache."""
    way()
    start = time.perf_counter()
    answer = way()
    return answer, time.perf_counter() - start


def per_seat(world: World, chosen: Chosen) -> NDArray[np.float64]:
    """Return the lists that a seat of each offer stands in, for offers that somebody may get."""
    load = np.bincount(chosen.offer, minlength=len(world.caps))
    seats = world.market.seats
    eligible = np.zeros(len(seats), dtype=np.bool_)
    eligible[world.pairs(len(seats)).offer] = True
    return load[eligible] / seats[eligible]


def gini(exposure: NDArray[np.float64]) -> float:
    """0: all stand in equally many lists; 1: one stands in all."""
    ordered, n = np.sort(exposure), len(exposure)
    return float(2 * (np.arange(1, n + 1) * ordered).sum() / (n * ordered.sum()) - (n + 1) / n)


def row(world: World, name: str, chosen: Chosen, seconds: float, bound: int, servable: int) -> str:
    exposure = per_seat(world, chosen)
    score = int(chosen.score.sum(dtype=np.int64))
    load = np.bincount(chosen.offer, minlength=len(world.caps))
    over = int(np.maximum(load - world.caps, 0).sum())
    # Lines over the caps are worth nothing, so their sum compares with nothing.
    to_bound = f"{100 * (score / bound - 1):+.4f} %" if over == 0 else "not under the caps"
    return (
        f"| {name} | {score / 1e6:,.1f} | {to_bound}"
        f" | {len(chosen.offer):,} | {over:,} | {exposure.max():,.0f} | {gini(exposure):.2f}"
        f" | {servable - len(np.unique(chosen.youth)):,} | {100 * (exposure > 0).mean():.1f} %"
        f" | {seconds:.2f} |"
    )


def compare(name: str) -> None:
    """Print the table of one world, and draw the chart where it is the one."""
    world = World.of(generated_market(*WORLDS[name]))
    (our, proof, problem), our_s = timed(lambda: ours(world))
    print(
        f"**{name}**: {len(world.rows):,} youths, {len(world.caps):,} offers,"
        f" {len(world.pairs(len(world.caps))):,} eligible pairs; {proof.servable:,} youths have"
        " one.\n"
    )
    print(
        "| way | sum of scores, M | to the bound | lines | lines over the caps"
        " | most lists a seat | Gini | youths empty | offers reached | s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    others = {"naive top ten": naive, "greedy": greedy, "Sinkhorn": sinkhorn}
    found = {way: timed(lambda f=f: f(world)) for way, f in others.items()}
    found["OR-tools, our last pairs"] = timed(lambda: exact(problem))
    found["ours"] = our, our_s
    found["ours, lists varied"] = timed(lambda: varied(world))
    for way, (chosen, seconds) in found.items():
        print(row(world, way, chosen, seconds, proof.bound, proof.servable), flush=True)
    best, _ = found["OR-tools, our last pairs"]
    best_score = int(best.score.sum(dtype=np.int64))
    print(
        f"\nBound over all eligible pairs: {proof.bound:,}. Ours: {proof.score:,}, gap"
        f" {100 * proof.gap:.4f} %. OR-tools on the {len(problem.column):,} pairs of the last"
        f" problem: {best_score:,}, so no more than"
        f" {100 * (proof.bound - best_score) / best_score:.4f} % below the best over all pairs."
        f" Most youths served: {'proved' if proof.is_most_served else 'not proved'}.\n"
    )
    print("| round | pairs | youths served | sum of scores | bound | gap |")
    print("|---|---|---|---|---|---|")
    for number, one in enumerate(proof.rounds, start=1):
        gap = 100 * (one.bound - one.score) / one.score
        print(
            f"| {number} | {one.pairs:,} | {one.served:,} | {one.score:,} | {one.bound:,}"
            f" | {gap:.4f} % |"
        )
    print(flush=True)
    if name == CHARTED:
        draw(per_seat(world, found["naive top ten"][0]), per_seat(world, our))


def draw(before: NDArray[np.float64], after: NDArray[np.float64]) -> None:
    """Draw how many lists a seat of each offer stands in, most shown first."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # the extra `bench`
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 3.8), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    share = 100 * np.arange(len(before)) / len(before)
    for exposure, colour, label in (
        (before, "#b5541c", "each youth's ten best offers (naive)"),
        (after, "#1f5f8b", "shared out under caps (matchmaker)"),
    ):
        axes.step(share, np.sort(exposure)[::-1], where="post", color=colour, lw=2, label=label)
    axes.set_xlabel("offers, the most shown first (%)")
    axes.set_ylabel("lists in which one seat stands")
    axes.set_xlim(0, 100)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    axes.text(2, 2, f"cap: {SETTINGS.lists_per_seat} lists a seat", color="#1f5f8b", fontsize=9)
    axes.legend(frameon=False)
    axes.set_title(
        f"25,000 youths, 10,000 offers (synthetic, seed {SEED}): who gets seen",
        loc="left", fontsize=10,
    )  # fmt: skip
    # No version of the tool in the file: the same figures give the same bytes.
    figure.savefig(CHART, metadata={"Software": None})
    print(f"Chart: {CHART.relative_to(Path.cwd())}\n")


def main(names: list[str]) -> None:
    print(f"Synthetic data, seed {SEED}; {machine()}. Lists of {SETTINGS.lines_per_youth}.\n")
    for name in names:
        compare(name)


if __name__ == "__main__":
    main(sys.argv[1:] or ["W1", "W1s", "W1r"])
