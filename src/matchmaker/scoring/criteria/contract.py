"""Contract: a rule only; the legal age of each kind of contract."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.reference.contracts import age_rules
from matchmaker.scoring.criterion import BEST, Context, Lang, Lines, PairPoints, Phrases, positions

__all__ = ["Contract"]

CONTRACTS = ("", "apprentissage", "professionnalisation")
OLDEST = 99
UNKNOWN_AGE = 100
CLASSES = UNKNOWN_AGE + 1  # years 0 to 99, then unknown; as many again for RQTH
# Youths of a campaign have left the 3e. Conditions that no table of ours can tell
# (registered as job seeker, top athlete, ...) are not assumed.
CONDITIONS = ("", "after_3e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Rules out contracts that the law does not open to the youth's age on the day of the run.

    The bounds come from the table of age rules, each with its article.  An unknown age is
    eligible, and so is an offer without contract type.
    """

    name: str = "contract"
    weight: int = 0
    steps: dict[str, int] = field(default_factory=dict)

    def table(self, context: Context) -> PairPoints:
        """Return 10,000 where the law allows the contract at that age."""
        market = context.market
        table = np.full((2 * CLASSES, len(CONTRACTS)), BEST, dtype=np.int32)
        for has_rqth in (False, True):
            for column, contract in enumerate(CONTRACTS[1:], start=1):
                allowed = _allowed_ages(contract, has_rqth=has_rqth)
                table[has_rqth * CLASSES + np.flatnonzero(~allowed), column] = FORBIDDEN
        age = self._ages(context)
        rqth = market.youths["has_rqth"].to_numpy(dtype=bool)
        age_class = np.where(rqth, age + CLASSES, age).astype(np.uint8)
        return PairPoints(
            entry=age_class[market.entry_youth],
            offer=positions(market.offers["contract_type"], CONTRACTS),
            points=table,
        )

    @staticmethod
    def _ages(context: Context) -> NDArray[np.int64]:
        """Return whole years on the day of the run, `UNKNOWN_AGE` where unknown."""
        birth = context.market.youths["birth_date"]
        as_of = context.market.as_of
        month_day = birth.dt.month * 100 + birth.dt.day
        had_birthday = month_day <= as_of.month * 100 + as_of.day
        years = as_of.year - birth.dt.year - 1 + had_birthday
        known = years.fillna(UNKNOWN_AGE).to_numpy(dtype=np.int64)
        ages: NDArray[np.int64] = np.clip(known, 0, UNKNOWN_AGE)
        return ages

    def phrases(self, lines: Lines, context: Context, lang: Lang) -> Phrases:
        """Say it only where it is not an apprenticeship."""
        kind = context.market.offers["contract_type"].to_numpy(dtype=str)[lines.offer]
        word = "contrat de professionnalisation" if lang == "fr" else "professionalisation contract"
        code = (kind == "professionnalisation").astype(np.int64)
        return Phrases(code=code, text=("", word))


def _allowed_ages(contract: str, *, has_rqth: bool) -> NDArray[np.bool_]:
    """Return, for 0 to 99 years, whether the law opens the contract."""
    rules = age_rules()
    conditions = [*CONDITIONS, "rqth"] if has_rqth else list(CONDITIONS)
    rules = rules[(rules["contract_type"] == contract) & rules["condition"].isin(conditions)]
    years = np.arange(OLDEST + 1)[:, None]
    low = rules["min_age"].fillna(0).to_numpy(dtype=np.int64)
    high = rules["max_age"].fillna(OLDEST).to_numpy(dtype=np.int64)
    return np.asarray(((low <= years) & (years <= high)).any(axis=1), dtype=np.bool_)
