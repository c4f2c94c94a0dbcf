"""What a single word of an adviser costs its youth, at the prices of a sharing-out.

At fixed prices of the offers each youth does best alone: the best lines, one after another, as
long as they add something and the caps leave room (`matchmaker.solvers.row_kernels`).  A word
costs what the youth could do without it, less what it can do with it: 0 or more.  Together words
cost something else, since prices would move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import ScoreTables
from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists.advised import Advised
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.pins import BLOCK, barred_by
from matchmaker.lists.terms import Terms

__all__ = ["costs_of_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What one youth may choose from, dearest first."""

    net: Mapping[int, int]  # score less price by row of the offer, best first
    most: int
    sector: NDArray[np.int32]
    employer: NDArray[np.int32]
    most_of_sector: int
    most_of_employer: int

    def best(self, kept: frozenset[int], barred: frozenset[int]) -> int:
        """Return the most that the youth earns with some lines kept and some offers barred."""
        sectors = Counter(int(self.sector[o]) for o in kept)
        firms = Counter(int(self.employer[o]) for o in kept)
        total, lines = sum(self.net[o] for o in kept), len(kept)
        for offer, net in self.net.items():
            if lines >= self.most or net <= 0:
                break
            its, firm = int(self.sector[offer]), int(self.employer[offer])
            if (
                offer in kept
                or offer in barred
                or sectors[its] >= self.most_of_sector
                or firms[firm] >= self.most_of_employer
            ):
                continue
            sectors[its] += 1
            firms[firm] += 1
            total += net
            lines += 1
        return total


def costs_of_words(
    advice: pd.DataFrame,
    advised: Advised,
    market: Market,
    tables: ScoreTables,
    whole: Terms,
    earlier: Excluded,
    price: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what each line kept or barred costs its youth, in units of score.

    Parameters
    ----------
    advice : DataFrame
        The words, with the verdict on each.
    advised : Advised
        What they come to.
    market, tables
    whole : Terms
        Of whole lists.
    earlier : Excluded
        Pairs that earlier waves sent.
    price : ndarray of int64, shape (n_offers,)
        Of the certificate of the lists.

    Returns
    -------
    ndarray of int64, shape (n_words,)
        -1 for a word that has no price: none about a line, or one that is not heeded.
    """
    costs = np.full(len(advice), -1, dtype=np.int64)
    is_of_lines = advice["state"].eq("heeded") & advice["word"].isin(["pin", "ban", "broken"])
    rows = np.flatnonzero(is_of_lines.to_numpy(dtype=bool))
    youth = pd.Index(market.youths["youth_id"]).get_indexer(pd.Index(advice["youth_id"]))
    about = barred_by(advice, rows, market)
    of_youth: dict[int, list[int]] = {}
    for row in rows.tolist():
        of_youth.setdefault(int(youth[row]), []).append(row)
    word = advice["word"].tolist()
    for y, choice in _choices(sorted(of_youth), market, tables, whole, price):
        pins = advised.pins
        kept = frozenset(pins.offer[pins.indptr[y] : pins.indptr[y + 1]].tolist())
        bans = [row for row in of_youth[y] if word[row] != "pin"]
        gone = _of_youth(earlier, y)
        barred = gone.union(*(about[row] for row in bans)) - kept
        reached = choice.best(kept, barred)
        for row in of_youth[y]:
            others = gone.union(*(about[other] for other in bans if other != row)) - kept
            is_pin = word[row] == "pin"
            alone = choice.best(kept - about[row] if is_pin else kept, barred if is_pin else others)
            costs[row] = alone - reached if word[row] in ("pin", "ban") else -1
    return costs


def _of_youth(pairs: Excluded, youth: int) -> frozenset[int]:
    first, last = np.searchsorted(pairs.key, [youth * pairs.n_offers, (youth + 1) * pairs.n_offers])
    return frozenset((pairs.key[first:last] - youth * pairs.n_offers).tolist())


def _choices(
    who: list[int],
    market: Market,
    tables: ScoreTables,
    whole: Terms,
    price: NDArray[np.int64],
) -> Iterator[tuple[int, _Choice]]:
    """Yield what each youth may choose from, whatever advisers said."""
    caps = whole.laminar_caps
    alone = np.arange(len(market.offer_hash), dtype=np.int32)
    for start in range(0, len(who), BLOCK):
        some = np.array(who[start : start + BLOCK], dtype=np.int32)
        pairs = plain_pairs(market, tables, k=None, who=some)
        net = pairs.score.astype(np.int64) - price[pairs.offer]
        for y in some.tolist():
            here = np.arange(pairs.indptr[y], pairs.indptr[y + 1])
            here = here[np.argsort(-net[here], kind="stable")]
            yield (
                y,
                _Choice(
                    net=dict(zip(pairs.offer[here].tolist(), net[here].tolist(), strict=True)),
                    most=int(whole.youth_capacity[y]),
                    sector=alone if caps is None else caps.outer,
                    employer=alone if caps is None else caps.inner,
                    most_of_sector=len(alone) if caps is None else int(caps.outer_caps[y]),
                    most_of_employer=len(alone) if caps is None else caps.inner_cap,
                ),
            )
