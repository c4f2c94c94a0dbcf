"""What a sharing-out says of itself, as plain values that JSON can hold."""

from __future__ import annotations

from typing import Any

import pandas as pd

from matchmaker.lists.earlier import Remembered
from matchmaker.lists.make import YouthLists
from matchmaker.lists.proof import Proof
from matchmaker.settings import Settings
from matchmaker.words import Said, said, say

__all__ = ["objective_figures", "order_figures", "proof_figures", "showing_figures", "wave_figures"]

_CONSTRAINTS = {
    "lists": "proof.lists",
    "assignment": "proof.one_to_one",
    "first_lines": "proof.one_line",
}


def proof_figures(
    lists: YouthLists, settings: Settings, *, rechecked: int, obeys: bool = False
) -> dict[str, Any]:
    """Return what is certified, with the objective, the constraints and the pairs it is about.

    Parameters
    ----------
    lists : YouthLists
    settings : Settings
    rechecked : int
        Youths whose bounds were derived again by the plain engine.
    obeys : bool
        Advisers keep or drop lines: the proofs are about all lists that obey.

    Returns
    -------
    dict of str to dict
        By name of the proof; ``objective``, ``constraints`` and ``over`` are sentences in
        ``settings.lang``, all else is figures.  Scores and costs are sums of scores.
    """
    figures = {name: _proof(name, proof, settings) for name, proof in lists.proofs.items()}
    for name, figure in figures.items():
        figure["youths_rechecked"] = rechecked
        if obeys:
            what = figure["constraints"]
            figure["constraints"] = say(settings.lang, "proof.obeying", what=what)
        bands = lists.terms[name].bands
        if bands is not None:  # what a line of a band earns more; read by the check
            floors, bonuses = bands.floor.tolist(), bands.bonus.tolist()
            figure["bands"] = {"floors": floors, "bonuses": bonuses}
    if lists.blocking_pairs is not None:
        figures["assignment"]["blocking_pairs"] = lists.blocking_pairs
    return figures


def _proof(name: str, proof: Proof, settings: Settings) -> dict[str, Any]:
    lang = settings.lang
    varied = name == "lists" and (settings.other_sector_lines or settings.lines_per_employer)
    return {
        "objective": _maximised(name, proof, settings).text(lang),
        "constraints": say(lang, "proof.varied_lists" if varied else _CONSTRAINTS[name]),
        "over": say(lang, "proof.over_all"),
        "youths_servable": proof.servable,
        "youths_served": proof.served,
        "is_most_served": proof.is_most_served,
        "score": proof.score,
        "costs": proof.costs,
        "score_bound": proof.bound,
        "gap": round(proof.gap, 8),
        "rounds": [
            {"pairs": r.pairs, "served": r.served, "score": r.score, "bound": r.bound}
            for r in proof.rounds
        ],
    }


def _maximised(name: str, proof: Proof, settings: Settings) -> Said:
    """Return what the problem of a proof was solved for, the first aim first."""
    score = said("proof.score_less_costs" if proof.costs else "proof.score")
    if name == "first_lines":
        return said("proof.most_served_by_bands", score=score)
    if name == "assignment" and settings.assignment_objective == "best":
        return score
    if proof.offers is not None:
        return said("proof.most_served_and_shown", score=score)
    return said("proof.most_served", score=score)


def objective_figures(
    lists: YouthLists, settings: Settings, *, other: YouthLists | None
) -> dict[str, Any]:
    """Return the objective, the bands of first lines, and what the other objective would give.

    Parameters
    ----------
    lists : YouthLists
    settings : Settings
    other : YouthLists or None
        The lists of the other objective, where they were made too.

    Returns
    -------
    dict
        ``name``; ``score`` of all lines; ``bands``: for each floor the youths whose first
        line reaches it, and ``at_most``: for ``fair`` the proved maximum once the bands
        below are at theirs, for ``best`` the youths with an eligible offer that good,
        which caps may put out of reach; ``other``: the same of the other objective.
    """
    return {
        **_objective(settings.objective, lists),
        "other": None
        if other is None
        else _objective("best" if settings.objective == "fair" else "fair", other),
    }


def _objective(name: str, lists: YouthLists) -> dict[str, Any]:
    return {
        "name": name,
        "score": int(lists.pairs.score.sum(dtype="int64")),
        "bands": [
            {"floor": level.floor, "youths": level.youths, "at_most": level.at_most}
            for level in lists.levels
        ],
    }


def showing_figures(lists: YouthLists, unshown: pd.DataFrame) -> dict[str, Any]:
    """Return what became of the published offers that no earlier wave had shown.

    Parameters
    ----------
    lists : YouthLists
    unshown : DataFrame
        Those in no list; ``reason_code`` is read.

    Returns
    -------
    dict
        ``offers``; ``with_a_youth`` and ``for_nobody``: with an eligible youth or without;
        ``shown`` and ``orphans``: of the former, those in a list and those in none;
        ``is_most_shown``; ``cost_at_most``: points of score that lists which show other offers
        could have more, and ``cost_share_at_most`` of what these could reach; ``reasons``: of
        those in no list. Empty where showing them was no aim.
    """
    showing, to_show = lists.proofs["lists"].offers, lists.whole.to_show
    if showing is None or to_show is None:
        return {}
    proof = lists.proofs["lists"]
    cost = max(showing.bound_without - (proof.score - proof.costs), 0)
    offers, nobody = int(to_show.sum()), int(showing.is_for_nobody.sum())
    orphans = int(showing.is_orphan.sum())
    codes = unshown["reason_code"].value_counts()
    return {
        "offers": offers,
        "with_a_youth": offers - nobody,
        "for_nobody": nobody,
        "shown": offers - nobody - orphans,
        "orphans": orphans,
        "is_most_shown": showing.is_most,
        "cost_at_most": cost,
        "cost_share_at_most": round(cost / showing.bound_without, 8) if cost else 0.0,
        "reasons": {str(name): int(codes[name]) for name in sorted(codes.index)},
    }


def order_figures(lists: YouthLists) -> dict[str, Any]:
    """Return what the order of lines changed beside an order by worth alone.

    Returns
    -------
    dict
        ``lists``; ``first_line_changed``: lists with another first line;
        ``mean_first_score`` and ``mean_first_score_by_worth``: mean score of first lines, and
        what it would be by worth alone, None where there is no list.
    """
    score = lists.pairs.score
    is_first, would_be = lists.rank == 1, lists.would_be_first
    n_lists = int(is_first.sum())
    return {
        "lists": n_lists,
        "first_line_changed": int((is_first & ~would_be).sum()),
        "mean_first_score": round(float(score[is_first].mean())) if n_lists else None,
        "mean_first_score_by_worth": round(float(score[would_be].mean())) if n_lists else None,
    }


def wave_figures(
    lists: YouthLists, sent: Remembered, *, remembering: YouthLists | None
) -> dict[str, Any]:
    """Return what earlier waves sent, and what remembering them costs where that is asked for.

    Parameters
    ----------
    lists : YouthLists
        The lists that are published.
    sent : Remembered
    remembering : YouthLists or None
        Lists that heed what was sent, where the published ones ignore it.

    Returns
    -------
    dict
        ``sent``: lines of earlier waves, and ``still_here``: those whose youth and offer
        are; ``repeated``: published lines among them; ``remembering``: youths, lines and
        score of the lists that heed the memory, None where the published ones do.
    """
    return {
        "sent": sent.rows,
        "still_here": sent.known,
        "repeated": int(sent.pairs.holds(lists.pairs).sum()),
        "published": _size(lists),
        "remembering": None if remembering is None else _size(remembering),
    }


def _size(lists: YouthLists) -> dict[str, int]:
    served = lists.pairs.indptr[1:] > lists.pairs.indptr[:-1]
    return {
        "youths": int(served.sum()),
        "lines": len(lists.pairs),
        "score": int(lists.pairs.score.sum(dtype="int64")),
    }
