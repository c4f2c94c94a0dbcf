"""Kinds of damage that leave no evidence: the table of the page on what no reader can see."""

from __future__ import annotations

from collections.abc import Iterator

from tests.damage.changes import (
    cell,
    copied_down,
    cut_between,
    cut_late,
    early,
    near_trade,
    neighbour,
    neighbour_trade,
    sorted_alone,
    swapped_headers,
)
from tests.damage.kind import DATES, POINT, Kind

__all__ = ["unseen"]


def unseen() -> Iterator[Kind]:
    alone = ("commune_code", "place_name", *POINT)
    yield Kind(name="optional cell emptied", left="", change=cell(lambda _: ""), where={
        "youths": ("birth_date", "level", "max_distance_km", "opt_out", "status"),
        "wishes": ("rank",), "offers": ("capacity", "start_date", "expiry_date", "siret")},
               words="une case facultative vidée : la valeur par défaut s'applique")  # fmt: skip
    yield Kind(
        name="one date turned round",
        left="",
        change=early,
        where=DATES,
        words="le jour et le mois échangés dans une seule date, le jour étant au plus 12",
    )
    yield Kind(
        name="another valid value",
        left="",
        change=cell(neighbour),
        where={
            "youths": ("birth_date", "level", "max_distance_km"),
            "offers": ("capacity", "level"),
            "wishes": ("level",),
        },
        words="un chiffre de trop, de moins ou à côté, qui donne une autre valeur permise",
    )
    yield Kind(name="flag turned round", left="", where={"youths": ("is_mobile", "opt_out")},
               change=cell(lambda t: "1" if t == "0" else "0"),
               words="un oui devenu non, ou un non devenu oui")  # fmt: skip
    yield Kind(
        name="another existing postal code",
        left="",
        without=alone,
        where={"youths": ("postal_code",), "offers": ("postal_code",)},
        change=cell(lambda t: "29200" if t != "29200" else "29000"),
        words="un autre code postal qui existe, sans commune, nom ni point à côté",
    )
    yield Kind(name="wish of another youth", left="", where={"wishes": ("youth_id",)},
               change=cell(lambda t: "00108" if t != "00108" else "00101"),
               words="l'identifiant d'un autre jeune de la liste")  # fmt: skip
    yield Kind(name="cell copied down", left="", change=copied_down, where={
        "youths": ("birth_date",), "offers": ("capacity", "start_date")},
               words="une valeur recopiée sur les lignes du dessous")  # fmt: skip
    yield Kind(name="column sorted alone", left="", change=sorted_alone, where={
        "youths": ("birth_date", "max_distance_km"), "offers": ("capacity", "expiry_date")},
               words="une colonne triée sans les autres")  # fmt: skip
    yield Kind(name="columns of one form swapped", left="", where={"offers": ("",)},
               change=swapped_headers("start_date", "expiry_date"),
               words="les titres de deux colonnes de même forme échangés")  # fmt: skip
    yield Kind(name="wishes or offers cut between rows", left="", change=cut_between,
               where={"wishes": ("",), "offers": ("",)},
               words="un fichier coupé juste après une ligne")  # fmt: skip
    yield Kind(name="cut in the last cell", left="", change=cut_late,
               where={"offers": ("url",)},
               words="un fichier coupé dans la dernière case de sa dernière ligne")  # fmt: skip
    yield Kind(name="neighbouring trade", left="", change=near_trade,
               where={"offers": ("trade_code",)},
               words="un code ROME voisin, du même grand domaine que l'intitulé : des exports justes"
                     " en sont pleins")  # fmt: skip
    yield Kind(name="trade without its label", left="", change=cell(neighbour_trade),
               without=("trade_label", "title"),
               where={"wishes": ("trade_code",), "offers": ("trade_code",)},
               words="un autre code ROME qui existe, sans intitulé à côté")  # fmt: skip
