"""What summary.json says of a proof in words: one language, and what was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.lists.figures import proof_figures
from matchmaker.lists.make import make_lists
from matchmaker.settings import Settings
from tests.candidates.test_engines import prepared

SAID = ("objective", "constraints", "over")
PLAIN = Settings(other_sector_lines=0, lines_per_employer=0)


def said(settings, **asked):
    """The sentences of each proof of one small market, in both languages."""
    lists = make_lists(prepared(1, settings, n_youths=20, n_offers=40)[2], settings, **asked)
    both = {}
    for lang in ("fr", "en"):
        figures = proof_figures(lists, replace(settings, lang=lang), rechecked=0)
        both[lang] = {name: [one[key] for key in SAID] for name, one in figures.items()}
    return both


@pytest.mark.parametrize(
    ("settings", "asked", "proof", "french", "english"),
    [
        (
            PLAIN, {}, "lists",
            [("le plus de jeunes servis, puis le plus d'offres publiées montrées à au moins un jeune, puis la plus"
              " grande somme des scores"),
             "listes sous les plafonds d'exposition",
             "tous les couples possibles d'un jeune et d'une offre"],
            ["most youths served, then most published offers shown to a youth, then the largest sum of scores",
             "lists under the exposure caps",
             "all eligible pairs of a youth and an offer"],
        ),
        (
            replace(
                PLAIN, lines_per_employer=3, competition_costs=(0, 9_000), show_every_offer=False
            ),
            {}, "lists",
            [("le plus de jeunes servis, puis la plus grande somme des scores, moins les coûts"
             " de la concurrence"),
             "listes sous les plafonds d'exposition, de secteur et d'employeur",
             "tous les couples possibles d'un jeune et d'une offre"],
            ["most youths served, then the largest sum of scores less the costs of competition",
             "lists under the caps on exposure, sectors and employers",
             "all eligible pairs of a youth and an offer"],
        ),
        (
            replace(PLAIN, assignment_objective="best"), {"assignment": True}, "assignment",
            ["la plus grande somme des scores", "une offre par jeune, un jeune par place",
             "tous les couples possibles d'un jeune et d'une offre"],
            ["the largest sum of scores", "one offer a youth, one youth a seat",
             "all eligible pairs of a youth and an offer"],
        ),
        (
            replace(PLAIN, objective="fair"), {}, "first_lines",
            [("le plus de jeunes servis, puis le plus de jeunes dont la meilleure ligne est au-dessus de chaque"
             " seuil, du plus bas au plus haut, puis la plus grande somme des scores"),
             "une ligne par jeune, sous les plafonds d'exposition",
             "tous les couples possibles d'un jeune et d'une offre"],
            [("most youths served, then most youths whose best line is above each floor, the lowest floor"
             " first, then the largest sum of scores"),
             "one line a youth, under the exposure caps",
             "all eligible pairs of a youth and an offer"],
        ),
    ],
    ids=["lists", "varied, with costs", "best assignment", "fair"],
)  # fmt: skip
def test_a_proof_says_what_it_is_about(settings, asked, proof, french, english):
    both = said(settings, **asked)
    assert both["fr"][proof] == french
    assert both["en"][proof] == english
