"""Level: the diploma level aimed at by the wish and by the offer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import KINDS
from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.reference.aims import FAR_ABOVE, Aims, aims
from matchmaker.reference.levels import LEVEL_NAMES_EN, LEVEL_NAMES_FR
from matchmaker.reference.offer_levels import LOWEST, N_SETS, READ, levels_in
from matchmaker.scoring.criterion import Context, PairPoints, Phrases
from matchmaker.tables.territories import by_row
from matchmaker.words import Lang, say

__all__ = ["Level"]

KEYS = {"spontaneous": "phrase.firm_level", "job": "phrase.job_level"}  # else "phrase.level"
KEYS_READ = {"job": "phrase.job_level_read"}  # else "phrase.level_read"
MOST_LEVEL = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Same level, one apart, farther; unknown on one side has points of its own.

    83 % of real offers carry no level: an unknown level stands between "same" and
    "one apart", so that a stated right level is worth something and silence costs little.
    Of several levels ("Bac+2 à Bac+5") the one nearest to the aim counts.
    With ``strict_level`` another level that is given is ruled out, one that was read from title
    or text is not.  Bac+2 and more, given or read, is ruled out for a wish of a CAP or a Bac pro:
    it is open to those who have the baccalauréat.  Another trade than the wished one, two levels
    off the aim (of several levels the nearest), is two faults in one, and ruled out.  A wish without a level may aim at
    two of them (`matchmaker.reference.aims`); an offer far above the aim costs
    ``level_doubt_cost`` besides.
    """

    name: str = "level"
    weight: int = 15
    steps: dict[str, int] = field(
        default_factory=lambda: {"same": 10_000, "unknown": 7_000, "one_apart": 4_000, "farther": 0}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by level aimed at (wish, else youth, else source) and of the offer.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        market, points, settings = context.market, context.points, context.settings
        youth = market.entry_youth
        wish = market.wishes["level"].to_numpy()[market.entry_wish]
        own = market.youths["level"].to_numpy()[youth]
        every = aims(wish, own, market.youths["source"].take(youth), settings.source_levels)
        # Each aim that occurs is a row of the table, and whether the rule of the home is strict.
        base = MOST_LEVEL + 2
        key = (every.low * base + every.high) * base + every.far
        key += by_row(settings, "strict_level", market.youths)[youth] * base**3
        used, entry = np.unique(key, return_inverse=True)
        is_strict, used = used >= base**3, used % base**3
        low, high, far = used // base**2, used // base % base, used % base
        each = Aims(low=low, high=high, far=far)
        apart = each.apart_of_sets()
        table = np.where(apart == 0, points["same"], points["farther"])
        table = np.where(apart == 1, points["one_apart"], table)
        # What was read from words may be misread: it closes nothing.
        is_given = np.arange(N_SETS) < READ
        table = np.where((apart > 0) & is_given & is_strict[:, None], FORBIDDEN, table)
        table[(low == 0)[:, None] | (LOWEST == 0)] = points["unknown"]
        table[each.is_barred_of_sets()] = FORBIDDEN
        # The whole set lies far above where its lowest level does.
        cost = np.where(far[:, None] <= LOWEST, settings.level_doubt_cost, 0)
        # Behind the aims for wished trades stand the same for others.
        for_near = np.where(apart >= FAR_ABOVE, FORBIDDEN, table)
        return PairPoints(
            entry=entry.astype(np.uint8),
            near=(entry + len(used)).astype(np.uint8),
            offer=market.offer_levels,
            points=np.concatenate([table, for_near]).astype(np.int32),
            cost=np.concatenate([cost, cost]).astype(np.int32),
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Name the level of the diploma; nothing where it is unknown.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        market = context.market
        kind = market.offer_kind[lines.offer].astype(np.int64)
        code, used = pd.factorize(kind * N_SETS + market.offer_levels[lines.offer])
        text = tuple(_said(KINDS[k // N_SETS], k % N_SETS, lang) for k in used.tolist())
        return Phrases(code=code.astype(np.int64), text=text)


def _said(kind: str, bits: int, lang: Lang) -> str:
    """Return the words for a set of levels of an offer of a kind; nothing where it is empty."""
    if not LOWEST[bits]:
        return ""
    if bits & READ:
        key = KEYS_READ.get(kind, "phrase.level_read")
    else:
        key = KEYS.get(kind, "phrase.level")
    return say(lang, key, name=_named(levels_in(bits), lang))


def _named(levels: tuple[int, ...], lang: Lang) -> str:
    """Return the name of a set: "Bac+2 à Bac+5" of three and more in a row, else each."""
    names = LEVEL_NAMES_FR if lang == "fr" else LEVEL_NAMES_EN
    if len(levels) > 2 and levels[-1] - levels[0] == len(levels) - 1:
        return say(lang, "phrase.levels_from", low=names[levels[0]], high=names[levels[-1]])
    *others, last = [names[level] for level in levels]
    if not others:
        return last
    return say(lang, "phrase.levels_or", names=", ".join(others), last=last)
