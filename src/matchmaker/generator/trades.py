"""The mix of trades: who asks for what, who offers what, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.generator.columns import Floats, running_rows
from matchmaker.reference.lookup import fold, read_table

__all__ = ["LEVELS", "TITLE_SHARES", "Trades", "inclusive", "pair", "read_trades", "titles"]

LEVELS = (3, 4, 5, 6, 7)
# A trade's levels in the file stand in the order of how usual they are.
_LEVEL_SHARES = (0.55, 0.3, 0.15)
# How usual each form of `titles` is.
TITLE_SHARES = (10, 12, 8, 6, 9, 12, 9, 7, 5, 6, 5, 2, 3, 3, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """The rows of ``trade_weights.csv`` as parallel lists.

    Attributes
    ----------
    code, older_code : list of str
        ROME 4.0 code and the older code that stands for it in many sources.
    youth_weight, offer_weight, firm_weight, women_share : float64 arrays
    level_of : float64 array, shape (trades, 5)
        Running shares of the levels 3 to 7.
    other_wish : float64 array, shape (trades x 5, trades)
        Running shares of a youth's further wishes, by first trade and level.
    firm_codes : float64 array, shape (trades, trades)
        Running shares of a firm's further trades.
    masculine, feminine, informal, diploma, naf_code, employer_word : list of str
    """

    code: list[str]
    older_code: list[str]
    youth_weight: Floats
    offer_weight: Floats
    firm_weight: Floats
    women_share: Floats
    level_of: Floats
    other_wish: Floats
    firm_codes: Floats
    masculine: list[str]
    feminine: list[str]
    informal: list[str]
    diploma: list[str]
    naf_code: list[str]
    employer_word: list[str]


def read_trades() -> Trades:
    """Return the trades of the package.

    Returns
    -------
    Trades
    """
    table = read_table("trade_weights.csv")
    count = len(table)
    youth_weight = table["youth_weight"].to_numpy("float64")
    firm_weight = table["firm_weight"].to_numpy("float64")
    level_of = np.zeros((count, len(LEVELS)))
    for i, cell in enumerate(table["levels"]):
        for level, share in zip(cell.split("|"), _LEVEL_SHARES, strict=False):
            level_of[i, LEVELS.index(int(level))] = share

    family = table["code"].str[0].to_numpy()
    domain = table["code"].str[:3].to_numpy()
    is_family = family[:, None] == family
    is_domain = domain[:, None] == domain
    # Further wishes: the same trade elsewhere, else one of its domain or family, else any;
    # always of a level that the youth can aim at.
    near = 0.25 * is_family + 0.75 * is_domain
    near = near * youth_weight
    near /= near.sum(axis=1, keepdims=True)
    anything = np.broadcast_to(youth_weight / youth_weight.sum(), (count, count))
    further = 0.45 * np.eye(count) + 0.37 * near + 0.18 * anything
    fits = (level_of > 0).T[None, :, :]  # (1, levels, trades)
    other_wish = (further[:, None, :] * fits).reshape(count * len(LEVELS), count)
    # A firm's further trades are of its own domain; one whose domain has no other keeps one.
    firm_codes = is_domain * firm_weight
    np.fill_diagonal(firm_codes, np.where(is_domain.sum(axis=1) > 1, 0.0, 1.0))
    return Trades(
        code=table["code"].tolist(),
        older_code=table["older_code"].tolist(),
        youth_weight=youth_weight,
        offer_weight=table["offer_weight"].to_numpy("float64"),
        firm_weight=firm_weight,
        women_share=table["women_share"].to_numpy("float64"),
        level_of=running_rows(level_of),
        other_wish=running_rows(other_wish),
        firm_codes=running_rows(firm_codes),
        masculine=table["masculine"].tolist(),
        feminine=table["feminine"].tolist(),
        informal=table["informal"].tolist(),
        diploma=table["diploma"].tolist(),
        naf_code=table["naf_code"].tolist(),
        employer_word=table["employer_word"].tolist(),
    )


def inclusive(masculine: str, feminine: str) -> str:
    """Return the form of both genders that advertisements use.

    Parameters
    ----------
    masculine, feminine : str
        As many words each.

    Returns
    -------
    str

    Examples
    --------
    >>> inclusive("Boulanger", "Boulangère"), inclusive("Apprenti", "Apprentie")
    ('Boulanger(ère)', 'Apprenti(e)')
    >>> inclusive("Coiffeur", "Coiffeuse"), inclusive("Fleuriste", "Fleuriste")
    ('Coiffeur(euse)', 'Fleuriste')
    """
    pairs = zip(masculine.split(" "), feminine.split(" "), strict=True)
    return " ".join(m if m == f else f"{m}({_ending(m, f)})" for m, f in pairs)


def _ending(masculine: str, feminine: str) -> str:
    """Return the ending of the feminine form that shows the difference."""
    if feminine.startswith(masculine):
        return feminine[len(masculine) :]
    for ending in ("euse", "trice", "ère", "ienne", "esse"):
        if feminine.endswith(ending):
            return ending
    same = 0
    while same < min(len(masculine), len(feminine)) and masculine[same] == feminine[same]:
        same += 1
    return feminine[same:]


def titles(trades: Trades) -> list[str]:
    """Return offer titles, trade by trade, one for each of `TITLE_SHARES`.

    Parameters
    ----------
    trades : Trades

    Returns
    -------
    list of str
    """
    forms: list[str] = []
    for m, f, informal, diploma in zip(
        trades.masculine, trades.feminine, trades.informal, trades.diploma, strict=True
    ):
        both = inclusive(m, f)
        m_low, f_low, both_low = (text[0].lower() + text[1:] for text in (m, f, both))
        forms += [
            f"{both.upper()} H/F",
            f"{m} H/F",
            pair(m, f, " / "),
            f"Apprenti {m_low} / Apprentie {f_low}",
            f"apprenti {informal}",
            f"Alternance - {m} (H/F)",
            f"Apprenti(e) {both_low}",
            f"{m} en alternance F/H",
            f"{diploma} en apprentissage H/F",
            f"{informal.upper()} - ALTERNANCE",
            f"Alternance {m} - {diploma} - H/F",
            f"Contrat d&#39;apprentissage : {m} &amp; formation",
            f"Recherche {pair(f_low, m_low, ' ou ')} en contrat d'apprentissage",
            f"{fold(m)} hf",
            f"Offre d'apprentissage {both}",
        ]
    return forms


def pair(one: str, other: str, between: str) -> str:
    """Return both forms, or one when they are the same.

    Parameters
    ----------
    one, other : str
    between : str

    Returns
    -------
    str
    """
    return one if one == other else f"{one}{between}{other}"
