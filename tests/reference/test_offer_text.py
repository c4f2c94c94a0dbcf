"""Levels and starts in the words of offers: the judged postings, and what misleads."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from benchmarks.levels import read
from matchmaker.reference import text_levels, text_starts
from matchmaker.reference.offer_text import read_offers
from matchmaker.reference.plain_text import sentences

AS_OF = dt.date(2026, 6, 15)


def levels(text):
    return text_levels.read_levels(sentences(text))[0]


def start(text, as_of=AS_OF):
    found = text_starts.read_start(sentences(text), as_of=as_of)
    return found and (found.how if found.how == "at_once" else (found.how, found.day.isoformat()))


@pytest.mark.parametrize("what", ["levels", "start"])
def test_judged_postings(what):
    rows = read()
    judged, found = rows[what], rows[f"found_{what}"]
    stated = judged != ""
    assert (found[stated] != "").mean() >= 0.90
    assert (judged == found)[found != ""].mean() >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        "Scrum Master",
        "Master data manager",
        "bac à graisse et bacs de rétention",
        "Restaurant avec licence IV",
        "licence Microsoft fournie",
        "Cap d'Agde, Cap-Breton, Cap emploi, Capgemini",
        "dans le but de vendre",
        "chez BUT à Rennes",
        "400 m2 de vente",
        "BP 123, 56000 Vannes",
        "Titulaire d'un Bac+2",
        "Diplômé(e) d'un BTS ou d'un DUT",
        "après un bac pro",
        "CAP/BEP exigé",
        "niveau Bac requis",
        "Niveau d'études requis : BTS",
        "Titre professionnel, CQP ou mention complémentaire",
        "anglais niveau 4",
    ],
)
def test_what_is_no_level_of_the_contract(text):
    assert levels(text) == ()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Bac +2 à +5", (5, 6, 7)),
        ("Bac+2/Bac+3", (5, 6)),
        ("Bac 3/5", (6, 7)),
        ("BAC + 4", (6,)),
        ("Bac+2, 3 jours en entreprise", (5,)),
        ("du CAP au Bac+5", (3, 4, 5, 6, 7)),
        ("Diplôme de niveau Bac à Bac+2", (4, 5)),
        ("un diplôme de BTS", (5,)),
        ("niveau V", (3,)),
        ("niveaux 3 et 4", (3, 4)),
        ("Bac+2 minimum", (5, 6, 7)),
        ("Titulaire du CAP, vous préparez un BP", (4,)),
        ("Notre école va du CAP au Bac+5. Vous préparez un BTS", (5,)),
        ("Bac&nbsp;pro <b>TISEC</b>", (4,)),
        ("école d’ingénieurs", (7,)),
    ],
)
def test_levels(text, due):
    assert levels(text) == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Prise de poste le 01/09/2026", ("day", "2026-09-01")),
        ("Démarrage : 09/2026", ("month", "2026-09-01")),
        ("Début 2026-09-07", ("day", "2026-09-07")),
        ("Début entre septembre et novembre 2027", ("month", "2027-09-01")),
        ("Contrat du 1er octobre 2026 au 30 juin 2027", ("day", "2026-10-01")),
        ("Candidatures avant le 30 juin", None),
        ("Poste à pourvoir, candidatures avant le 30 juin", None),
        ("Salon de l'alternance le 12 septembre", None),
        ("Publié le 12/07/2026", None),
        ("Fondée en septembre 1998", None),
        ("jusqu'en août 2027", None),
        ("à pourvoir le 31/09/2026", None),
        ("poste à pourvoir dès que possible", "at_once"),
        ("vous répondez rapidement", None),
    ],
)
def test_starts(text, due):
    assert start(text) == due


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        ("2026-06-15", "2026-09-01"),
        ("2026-12-31", "2026-09-01"),  # three months ago: the one that has begun
        ("2027-01-01", "2027-09-01"),
    ],
)
def test_a_month_without_a_year_is_the_nearest(as_of, due):
    assert start("Contrat dès septembre", dt.date.fromisoformat(as_of)) == ("month", due)


def test_sieves_let_all_through_that_is_read():
    rows = read()
    for text in rows["title"].tolist() + rows["description"].tolist():
        for sieve, found in ((text_levels.SIEVE, levels(text)), (text_starts.SIEVE, start(text))):
            passes = pc.match_substring_regex(pa.array([text]), sieve)[0].as_py()
            assert passes or not found, text


def test_any_order_of_rows_reads_the_same():
    rows = read()
    order = np.random.default_rng(0).permutation(len(rows))
    told = read_offers(rows["title"], rows["description"], as_of=AS_OF)
    mixed = rows.iloc[order]
    again = read_offers(mixed["title"], mixed["description"], as_of=AS_OF)
    pd.testing.assert_frame_equal(again, told.iloc[order])


def test_words_are_quoted_as_written():
    told = read_offers(
        pd.Series(["Alternance"]),
        pd.Series(["Œuvre d’art : Bac  Pro ou BTS. Début : Septembre 2026"]),
        as_of=AS_OF,
    )
    assert told[["level_words", "start_words"]].to_numpy().tolist() == [
        ["Bac Pro ou BTS", "Septembre 2026"]
    ]
