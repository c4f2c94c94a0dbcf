"""Why a youth has no line: the one rule which, lifted alone, would give a candidate.

For each rule the market is changed as if the rule did not exist, and the search runs
again for the youths concerned.  So the reason named is true by construction, and a test
lifts it again by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.geometry import fixed_points
from matchmaker.candidates.index import build_index
from matchmaker.candidates.market import OFFER_STATES, YOUTH_STATES, Market, first_rule
from matchmaker.candidates.pairs import FORBIDDEN, ScoreTables
from matchmaker.candidates.search import find_pairs
from matchmaker.settings import Settings

__all__ = ["SENTENCES", "unserved"]

# Rules in the order in which they are tried; the first that alone gives a candidate is named.
OFFER_RULES = ("full", "expired", "cancelled", "contract_type", "flagged", "place_unknown")
CRITERION_RULES = {"start": "start", "level": "level", "region": "region", "contract": "age"}

SENTENCES = {
    "fr": {
        "opted_out": "A demandé à ne plus être contacté.",
        "placed": "A déjà trouvé une solution.",
        "withdrawn": "Ne cherche plus.",
        "home_unknown": "Le domicile n'a pas pu être situé : ni commune ni code postal utilisable.",
        "no_wish": "N'a formulé aucun vœu.",
        "wish_unresolved": "Aucun de ses vœux n'a pu être rattaché à un métier.",
        "all_full": "Des offres conviennent, mais toutes figurent déjà dans le nombre de listes permis.",
        "all_sent": "Toutes les offres qui conviennent lui ont déjà été envoyées.",
        "full": "Des offres conviennent, mais toutes leurs places sont prises.",
        "expired": "Des offres conviennent, mais elles expirent trop tôt ou ont expiré.",
        "cancelled": "Des offres convenaient, mais elles ont été annulées.",
        "contract_type": "Des offres conviennent, mais sous un contrat que la campagne ne propose pas.",
        "flagged": "Des offres conviennent, mais un signalement les a fait écarter (voir le rapport).",
        "place_unknown": "Des offres conviennent peut-être, mais leur lieu n'a pas pu être situé.",
        "start": "Des offres conviennent, mais leurs dates de début sont incompatibles avec sa disponibilité.",
        "level": "Des offres conviennent, mais à un autre niveau de diplôme que celui visé.",
        "region": "Des offres conviennent, mais dans une autre région que celle du vœu.",
        "age": "Des offres conviennent, mais la loi ne les ouvre pas à son âge.",
        "out_of_reach": "Des offres existent dans ses métiers ou proches, mais au-delà de la distance acceptée.",
        "no_trade_offer": "Aucune offre n'existe dans ses métiers ni dans un métier proche.",
        "several": "Aucune règle seule n'en est la cause : plusieurs s'opposent à chaque offre.",
    },
    "en": {
        "opted_out": "Asked not to be contacted any more.",
        "placed": "Has found a solution already.",
        "withdrawn": "No longer seeks.",
        "home_unknown": "The home could not be placed: no usable commune or postal code.",
        "no_wish": "Gave no wish.",
        "wish_unresolved": "None of the wishes could be linked to a trade.",
        "all_full": "Offers fit, but all stand in as many lists as is allowed.",
        "all_sent": "All offers that fit have been sent before.",
        "full": "Offers fit, but all their seats are taken.",
        "expired": "Offers fit, but they expire too soon or have expired.",
        "cancelled": "Offers fitted, but they were cancelled.",
        "contract_type": "Offers fit, but under a contract that the campaign does not propose.",
        "flagged": "Offers fit, but a flag left them out (see the report).",
        "place_unknown": "Offers may fit, but their place is unknown.",
        "start": "Offers fit, but their start does not go with the availability.",
        "level": "Offers fit, but at another diploma level than the one aimed at.",
        "region": "Offers fit, but in another region than that of the wish.",
        "age": "Offers fit, but the law does not open them to this age.",
        "out_of_reach": "Offers exist in these trades or near ones, but beyond the accepted distance.",
        "no_trade_offer": "No offer exists in these trades or near ones.",
        "several": "No single rule is the cause: several stand against each offer.",
    },
}  # fmt: skip


def unserved(
    market: Market,
    tables: ScoreTables,
    settings: Settings,
    *,
    without_line: NDArray[np.int32],
    has_candidate: NDArray[np.bool_],
    threads: int | None = None,
) -> pd.DataFrame:
    """Name the reason of each youth without a line.

    Parameters
    ----------
    market, tables, settings
    without_line : ndarray of int32
        Rows of the youths table.
    has_candidate : ndarray of bool, shape (n_youths,)
        Whether each youth has an eligible pair that was not sent before.
    threads : int, optional

    Returns
    -------
    DataFrame
        ``youth_id``, ``reason_code``, ``reason``, ``departement``, in the order of
        `without_line`.
    """
    code = np.array(YOUTH_STATES, dtype=object)[market.youth_state[without_line]]
    is_seeking = market.youth_state[without_line] == 0
    code[is_seeking & has_candidate[without_line]] = "all_full"
    open_question = without_line[is_seeking & ~has_candidate[without_line]]
    found: dict[int, str] = {}
    for name, lift in _LIFTS:
        left = np.array([y for y in open_question if y not in found], dtype=np.int32)
        if len(left) == 0:
            break
        lifted_market, lifted_tables = lift(market, tables)
        pairs = find_pairs(
            lifted_market,
            lifted_tables,
            build_index(lifted_market, lifted_tables),
            k=1,
            who=left,
            threads=threads,
        )
        found.update(dict.fromkeys(pairs.youth.tolist(), name))
    for i, youth in enumerate(without_line.tolist()):
        code[i] = code[i] or found.get(youth, "no_trade_offer")
    sentences = SENTENCES[settings.lang]
    return pd.DataFrame(
        {
            "youth_id": market.youths["youth_id"].to_numpy()[without_line],
            "reason_code": pd.Series(code, dtype="str"),
            "reason": pd.Series([sentences[c] for c in code], dtype="str"),
            "departement": market.youths["departement"].to_numpy()[without_line],
        }
    ).astype({"youth_id": "str", "departement": "str"})


Lift = Callable[[Market, ScoreTables], tuple[Market, ScoreTables]]


def _as_it_is(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
    """Lift no rule: the search itself knows nothing of what was sent before."""
    return market, tables


def _without_offer_rule(name: str) -> Lift:
    bit = np.uint8(1 << (OFFER_STATES.index(name) - 1))

    def lift(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
        if name == "place_unknown":
            # Nobody knows how far they are: they alone, as if next door.
            return _next_door(_opened(market, market.offer_rules ^ bit)), tables
        return _opened(market, market.offer_rules & ~bit), tables

    return lift


def _opened(market: Market, rules: NDArray[np.uint8]) -> Market:
    return replace(market, offer_rules=rules, offer_state=first_rule(rules))


def _without_criterion(criterion: str) -> Lift:
    def lift(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
        cube = tables.pair_table.copy()
        c = tables.names.index(criterion)
        cube[c][cube[c] == FORBIDDEN] = 0
        return market, replace(tables, pair_table=cube)

    return lift


def _without_reach(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
    return _next_door(market), tables


def _without_any(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
    tradeless = np.uint8(1 << (OFFER_STATES.index("trade_unknown") - 1))
    cube = np.where(tables.pair_table == FORBIDDEN, 0, tables.pair_table)
    opened = _opened(market, market.offer_rules & tradeless)
    return _next_door(opened), replace(tables, pair_table=cube)


def _next_door(market: Market) -> Market:
    """Return the market as if everybody lived and worked at one point."""
    here = {"latitude": 0.0, "longitude": 0.0}
    point = fixed_points(np.zeros(1), np.zeros(1))
    return replace(
        market,
        youths=market.youths.assign(**here),
        offers=market.offers.assign(**here),
        youth_point=np.repeat(point, len(market.youth_point), axis=0),
        offer_point=np.repeat(point, len(market.offer_point), axis=0),
    )


# In the order in which they are tried; the last one lifts all rules but the trade.
_LIFTS: tuple[tuple[str, Lift], ...] = (
    ("all_sent", _as_it_is),
    *((name, _without_offer_rule(name)) for name in OFFER_RULES),
    *((name, _without_criterion(criterion)) for criterion, name in CRITERION_RULES.items()),
    ("out_of_reach", _without_reach),
    ("several", _without_any),
)
