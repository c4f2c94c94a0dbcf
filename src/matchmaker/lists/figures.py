"""What a sharing-out says of itself, as plain values that JSON can hold."""

from __future__ import annotations

from typing import Any

from matchmaker.lists.lines import Lists
from matchmaker.lists.share import Proof
from matchmaker.lists.waves import Sent
from matchmaker.settings import Settings

__all__ = ["objective_figures", "proof_figures", "wave_figures"]

_CONSTRAINTS = {
    "lists": "lists under exposure caps",
    "assignment": "one offer a youth, one youth a seat",
    "first_lines": "one line a youth under exposure caps",
}


def proof_figures(lists: Lists, settings: Settings, *, rechecked: int) -> dict[str, Any]:
    """Return what is certified, with the objective, the constraints and the pairs it is about.

    Parameters
    ----------
    lists : Lists
    settings : Settings
    rechecked : int
        Youths whose bounds were derived again by the plain engine.
    """
    figures = {name: _proof(name, proof, settings) for name, proof in lists.proofs.items()}
    for name, figure in figures.items():
        figure["youths_rechecked"] = rechecked
        bands = lists.terms[name].bands
        if bands is not None:  # what a line of a band earns more; read by the check
            floors, bonuses = bands.floor.tolist(), bands.bonus.tolist()
            figure["bands"] = {"floors": floors, "bonuses": bonuses}
    if lists.blocking_pairs is not None:
        figures["assignment"]["blocking_pairs"] = lists.blocking_pairs
    return figures


def _proof(name: str, proof: Proof, settings: Settings) -> dict[str, Any]:
    is_sum_alone = name == "assignment" and settings.assignment_objective == "best"
    varied = name == "lists" and (settings.other_sector_lines or settings.lines_per_employer)
    return {
        "objective": ("" if is_sum_alone else "most youths served, then ")
        + ("the most above each floor of the bands, then " if name == "first_lines" else "")
        + "the largest sum of plain scores"
        + (" less the costs of competition" if proof.costs else ""),
        "constraints": _CONSTRAINTS[name]
        + (" and caps on sectors and employers" if varied else ""),
        "over": "all eligible pairs",
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


def objective_figures(lists: Lists, settings: Settings, *, other: Lists | None) -> dict[str, Any]:
    """Return the objective, the bands of first lines, and what the other objective would give.

    Parameters
    ----------
    lists : Lists
    settings : Settings
    other : Lists or None
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


def _objective(name: str, lists: Lists) -> dict[str, Any]:
    return {
        "name": name,
        "score": int(lists.pairs.score.sum(dtype="int64")),
        "bands": [
            {"floor": level.floor, "youths": level.youths, "at_most": level.at_most}
            for level in lists.levels
        ],
    }


def wave_figures(lists: Lists, sent: Sent, *, remembering: Lists | None) -> dict[str, Any]:
    """Return what earlier waves sent, and what remembering them costs where that is asked for.

    Parameters
    ----------
    lists : Lists
        The lists that are published.
    sent : Sent
    remembering : Lists or None
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


def _size(lists: Lists) -> dict[str, int]:
    served = lists.pairs.indptr[1:] > lists.pairs.indptr[:-1]
    return {
        "youths": int(served.sum()),
        "lines": len(lists.pairs),
        "score": int(lists.pairs.score.sum(dtype="int64")),
    }
