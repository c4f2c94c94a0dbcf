"""What clerks, spreadsheets and exports do to a table: each kind, where, and what it leaves.

``left`` says what evidence remains in the files: the ``form`` of the cell or file, another
``column``, another ``row``, another ``table``, a ``checksum``; "" where none does, and no reader
can see that anything happened.  `What no reader can see` in docs is the kinds that leave none.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.damage.changes import (
    all_month_first,
    as_bytes,
    blank_row,
    cedex,
    cell,
    column_twice,
    copied_down,
    copied_once,
    cut,
    cut_between,
    doubled,
    filled_down,
    filled_from,
    header_again,
    header_lost,
    header_lost_in_workbook,
    in_workbook,
    inserted,
    merged,
    minus,
    mojibake,
    neighbour,
    of_another_region,
    of_next_row,
    one_bad_byte,
    other_level,
    other_sheet,
    renamed,
    semicolons,
    serial,
    shifted,
    sorted_alone,
    swapped_headers,
    title,
    total_between,
    under,
    unquoted,
    whole,
)
from tests.damage.kind import DATES, IDS, NUMBERS, PLACE, POINT, TABLES, Kind, Where
from tests.damage.unseen import unseen

__all__ = ["KINDS"]


def _kinds() -> Iterator[Kind]:
    yield from _of_spreadsheets()
    yield from _of_cells()
    yield from _of_codes()
    yield from _of_places()
    yield from _of_tables()
    yield from unseen()


def _of_spreadsheets() -> Iterator[Kind]:
    yield Kind(name="error #N/A", change=in_workbook("#N/A"))
    yield Kind(name="error #VALEUR! in CSV", change=cell(lambda _: "#VALEUR!"))
    yield Kind(name="formula never computed", change=in_workbook("=VLOOKUP(A2,Feuil2!A:B,2)"))
    yield Kind(name="formula as text", change=cell(lambda _: "=RECHERCHEV(A2;Feuil2!A:B;2)"))
    yield Kind(name="1,23E+13", change=cell(lambda _: "1,23E+13"),
               where={**IDS, "offers": ("offer_id", "siret")})  # fmt: skip
    yield Kind(name="number shown as hashes", change=cell(lambda _: "########"),
               where={"youths": ("birth_date", "max_distance_km", "available_from"),
                      "offers": ("capacity", "start_date", "expiry_date")})  # fmt: skip
    yield Kind(name="date out of a number", change=cell(lambda _: "02/01/1900"),
               where={"youths": ("level", "max_distance_km"), "wishes": ("rank", "level"),
                      "offers": ("capacity", "level")})  # fmt: skip
    yield Kind(name="day 0 of Excel", change=cell(lambda _: "00/01/1900"), where=DATES)
    yield Kind(name="date without century", change=cell(lambda t: f"{t[8:]}/{t[5:7]}/{t[2:4]}"),
               where=DATES)  # fmt: skip
    yield Kind(name="dates as serial numbers", where=DATES, change=cell(serial))
    yield Kind(name="merged over two rows", change=merged, where={"wishes": ("youth_id",)})
    yield Kind(name="last year's sheet, hidden", change=other_sheet(is_hidden=True), where=TABLES)
    yield Kind(name="read-me sheet first", change=other_sheet(is_hidden=False), where=TABLES)
    yield Kind(name="title above", change=title, where=TABLES)


def _of_cells() -> Iterator[Kind]:
    yield Kind(name="no id", change=cell(lambda _: ""), where=IDS)
    yield Kind(name="mojibake", change=mojibake,
               where={"youths": ("place_name",), "wishes": ("trade_label",),
                      "offers": ("title", "place_name", "employer")})  # fmt: skip
    yield Kind(name="sign that cannot be read", change=cell(lambda t: t[:3] + "\ufffd" + t[4:]),
               where={"youths": ("place_name", "youth_id"), "wishes": ("trade_label", "youth_id"),
                      "offers": ("title", "employer", "offer_id")})  # fmt: skip
    yield Kind(name="no-break spaces around", change=cell(lambda t: f"\u00a0{t}\u202f"))
    yield Kind(name="invisible sign inside", change=cell(lambda t: t[:1] + "\u200b" + t[1:]))
    yield Kind(name="unit in the number", where={"youths": ("max_distance_km",)},
               change=cell(lambda t: f"{t} km"))  # fmt: skip
    yield Kind(name="metres", where={"youths": ("max_distance_km",)},
               change=cell(lambda t: f"{t}000 m"))  # fmt: skip
    yield Kind(name="another unit", where=NUMBERS, change=cell(lambda t: f"{t} min"))
    yield Kind(name="a word beside the number", change=cell(lambda t: f"{t} environ"),
               where=NUMBERS)  # fmt: skip
    yield Kind(name="footnote", where=NUMBERS, change=cell(lambda t: f"{t}²"))
    yield Kind(name="number with three decimals", where=NUMBERS, change=cell(lambda _: "1.000"))
    yield Kind(name="letter O for zero", change=cell(lambda t: t.replace("0", "O")),
               where={"youths": ("postal_code", "max_distance_km"), "wishes": ("youth_id",),
                      "offers": ("postal_code", "siret")})  # fmt: skip
    yield Kind(name="decimal comma", where={"youths": POINT, "offers": POINT}, change=cell(
        lambda t: t.replace(".", ",")))  # fmt: skip
    yield Kind(name="no such day", where=DATES, change=cell(lambda t: f"{t[:4]}-02-31"))
    yield Kind(name="year mistyped", where={"youths": ("birth_date",)},
               change=cell(lambda t: f"0{t[1:]}"))  # fmt: skip
    yield Kind(name="neither yes nor no", change=cell(lambda _: "peut-être"),
               where={"youths": ("is_mobile", "has_rqth", "opt_out")})  # fmt: skip
    yield Kind(name="a word of no list", change=cell(lambda _: "à voir"),
               where={"youths": ("status", "level"), "wishes": ("rank", "level"),
                      "offers": ("kind", "status", "contract_type", "level")})  # fmt: skip
    yield Kind(name="negated contract", change=cell(lambda _: "Hors apprentissage"),
               where={"offers": ("contract_type",)})  # fmt: skip
    yield Kind(name="no address of the web", where={"offers": ("url",)},
               change=cell(lambda _: "javascript:alert(1)"))  # fmt: skip
    yield Kind(name="address cut", where={"youths": ("email",)}, change=cell(lambda t: t[:4]))
    yield Kind(name="rank in words", where={"wishes": ("rank",)}, change=cell(lambda t: f"V{t}"))
    yield Kind(name="two values in a cell", change=cell(lambda t: f"{t} / 29200"), where={
        "youths": ("postal_code", "level", "max_distance_km"), "wishes": ("rank", "level"),
        "offers": ("postal_code", "capacity")})  # fmt: skip
    yield Kind(name="year alone", where=DATES, change=cell(lambda t: t[:4]))
    yield Kind(name="month in words", where=DATES, change=cell(lambda _: "sept. 2026"))
    yield Kind(name="negative number", where=NUMBERS, change=cell(lambda t: f"-{t}"))
    yield Kind(name="address as an id", change=cell(lambda t: f"{t}@example.org"),
               where={"youths": ("youth_id",), "wishes": ("youth_id",)})  # fmt: skip
    yield Kind(name="number of a person as an id", change=cell(lambda _: "105032923200158"),
               where={"youths": ("youth_id",), "wishes": ("youth_id",)})  # fmt: skip
    yield Kind(name="telephone number for a SIRET", where={"offers": ("siret",)},
               change=cell(lambda _: "02 98 00 00 00"))  # fmt: skip
    yield Kind(name="one date month first", where=DATES, left="row", change=all_month_first)


def _of_codes() -> Iterator[Kind]:
    yield Kind(name="wrong digit in SIRET", left="checksum", where={"offers": ("siret",)},
               change=cell(neighbour))  # fmt: skip
    yield Kind(name="digit lost in SIRET", where={"offers": ("siret",)},
               change=cell(lambda t: t[:-1]))  # fmt: skip
    yield Kind(name="SIRET that is none", where={"offers": ("siret",)},
               change=whole(lambda _: "EN COURS"))  # fmt: skip
    yield Kind(name="one SIRET copied down", left="column", where={"offers": ("siret",)},
               change=copied_down)  # fmt: skip
    yield Kind(name="SIRET copied once", left="column", where={"offers": ("siret",)},
               change=copied_once)  # fmt: skip
    yield Kind(name="zeros lost in the wishes", left="table", where={"wishes": ("youth_id",)},
               change=whole(lambda t: t.lstrip("0")))  # fmt: skip
    yield Kind(name="zeros lost among the youths", left="table", where={"youths": ("youth_id",)},
               change=whole(lambda t: t.lstrip("0")))  # fmt: skip
    yield Kind(name="slip in the id", left="table", where={"wishes": ("youth_id",),
               "youths": ("youth_id",)}, change=cell(lambda t: f"9{t[1:]}"))  # fmt: skip
    yield Kind(name="no ROME code", where={"wishes": ("trade_code",), "offers": ("trade_code",)},
               change=cell(lambda _: "Z9999"))  # fmt: skip
    yield Kind(name="NAF code for a trade", change=cell(lambda _: "10.71C"),
               where={"wishes": ("trade_code",), "offers": ("trade_code",)})  # fmt: skip
    yield Kind(name="trade of another domain", left="column", change=cell(
        lambda t: "M1607" if t[0] != "M" else "F1703"),
               where={"wishes": ("trade_code",), "offers": ("trade_code",)})  # fmt: skip
    yield Kind(name="ROME code lost, label there", left="column", change=cell(lambda _: ""),
               where={"wishes": ("trade_code",), "offers": ("trade_code",)})  # fmt: skip
    yield Kind(name="region of another row", left="column", where={"wishes": ("region_code",)},
               change=of_another_region)  # fmt: skip
    yield Kind(name="region that is none", where={"wishes": ("region_code",)},
               change=cell(lambda t: t[:3] + "z"))  # fmt: skip


def _of_places() -> Iterator[Kind]:
    place: Where = {"youths": PLACE, "offers": PLACE}
    postal: Where = {"youths": ("postal_code",), "offers": ("postal_code",)}
    named: Where = {"youths": ("place_name",), "offers": ("place_name",)}
    point: Where = {"youths": POINT, "offers": POINT}
    alone = ("commune_code", "place_name", *POINT)
    nameless = ("postal_code", "commune_code", *POINT)
    yield Kind(name="zero lost in a code", where=postal, change=whole(lambda t: t.lstrip("0")))
    yield Kind(name="commune code in the postal column", where=postal, left="row",
               change=filled_from("commune_code"), without=alone[1:])  # fmt: skip
    yield Kind(name="postal codes in the commune column", left="row", change=filled_from("postal_code"),
               where={"youths": ("commune_code",), "offers": ("commune_code",)},
               without=("place_name", *POINT))  # fmt: skip
    yield Kind(name="place of another row", where=place, left="column", change=of_next_row)
    yield Kind(name="postal code counted up", where=postal, left="column", change=filled_down)
    yield Kind(name="column of places sorted alone", where=place, left="column",
               change=sorted_alone)  # fmt: skip
    yield Kind(name="CEDEX code alone", where=postal, left="row", change=cell(lambda _: "35042"),
               without=alone)  # fmt: skip
    yield Kind(name="CEDEX beside the town", where=postal, left="column", change=cedex,
               without=("commune_code", *POINT))  # fmt: skip
    yield Kind(name="department as town", where=named, change=cell(lambda _: "Vienne (86)"),
               without=nameless)  # fmt: skip
    yield Kind(name="department in the postal column", where=postal, without=alone,
               change=cell(lambda t: t[:2]))  # fmt: skip
    yield Kind(name="six digits in a postal code", where=postal, without=alone,
               change=cell(lambda t: t + "1"))  # fmt: skip
    yield Kind(name="no such postal code", where=postal, without=alone,
               change=cell(lambda _: "99999"))  # fmt: skip
    yield Kind(name="town mistyped beyond doubt", where=named, without=nameless,
               change=cell(lambda _: "Xyzzy"))  # fmt: skip
    yield Kind(name="sign of a coordinate lost", where={"youths": ("longitude",),
               "offers": ("longitude",)}, left="column", change=minus)  # fmt: skip
    yield Kind(name="decimal mark lost", where=point, change=cell(lambda t: t.replace(".", "")))
    yield Kind(name="latitude and longitude swapped", where={"youths": ("",), "offers": ("",)},
               left="column", change=swapped_headers("latitude", "longitude"))  # fmt: skip


def _of_tables() -> Iterator[Kind]:
    yield Kind(name="cells moved left", change=shifted, where=_MOVED)
    yield Kind(name="cells moved right", change=inserted, where=_MOVED)
    yield Kind(name="separator in a cell", change=unquoted, where={
        "youths": ("max_distance_km",), "wishes": ("trade_label",), "offers": ("employer",)})  # fmt: skip
    yield Kind(name="row twice", left="row", where=TABLES,
               change=doubled(lambda cells, _: cells))  # fmt: skip
    yield Kind(name="row twice, differently", left="row", change=doubled(other_level),
               where={"youths": ("",), "offers": ("",)})  # fmt: skip
    yield Kind(name="total below", where=TABLES, change=under(["Total", "", "", "12"]))
    yield Kind(name="subtotal between", where=TABLES, change=total_between)
    yield Kind(name="source below", where=TABLES, change=under([], ["Source : rectorat"]))
    yield Kind(name="remark below", where=TABLES,
               change=under(["Liste arrêtée au 14 septembre par le service"]))  # fmt: skip
    yield Kind(name="file cut within a row", change=cut, where=TABLES)
    yield Kind(name="file of youths cut between rows", left="table", change=cut_between,
               where={"youths": ("",)})  # fmt: skip
    yield Kind(name="level and reach swapped", left="form", where={"youths": ("",)},
               change=swapped_headers("level", "max_distance_km"))  # fmt: skip
    yield Kind(name="code and label swapped", left="form", where={"wishes": ("",)},
               change=swapped_headers("trade_code", "trade_label"))  # fmt: skip
    yield Kind(name="postal and commune codes swapped", left="row",
               where={"youths": ("",), "offers": ("",)},
               change=swapped_headers("postal_code", "commune_code"))  # fmt: skip
    yield Kind(name="header in words", change=renamed("date de naissance"),
               where={"youths": ("birth_date",)})  # fmt: skip
    yield Kind(name="header mistyped", change=renamed("opt_outt"), where={"youths": ("opt_out",)})
    yield Kind(name="header lost", change=header_lost, where={
        "youths": ("level",), "offers": ("expiry_date",)})  # fmt: skip
    yield Kind(name="header lost in a workbook", where={"offers": ("expiry_date",)},
               change=header_lost_in_workbook)  # fmt: skip
    yield Kind(name="semicolons", change=semicolons, where=TABLES)
    yield Kind(name="header again in the middle", change=header_again, where=TABLES)
    yield Kind(name="blank row", change=blank_row, where=TABLES)
    yield Kind(name="column twice", change=column_twice, where={
        "youths": ("birth_date", "opt_out"), "wishes": ("rank",), "offers": ("capacity",)})  # fmt: skip
    yield Kind(name="Windows-1252", where=TABLES, change=as_bytes(
        lambda data: data.decode().encode("cp1252")))  # fmt: skip
    yield Kind(name="UTF-16", where=TABLES, change=as_bytes(
        lambda data: data.decode().encode("utf-16")))  # fmt: skip
    yield Kind(name="one bad byte", where=TABLES, change=as_bytes(one_bad_byte))
    yield Kind(name="quote never closed", change=as_bytes(lambda data: data.replace(b",", b',"', 20)),
               where=TABLES)  # fmt: skip


_MOVED: Where = {
    "youths": ("birth_date", "commune_code", "level", "is_mobile", "opt_out"),
    "wishes": ("rank", "trade_code", "level"),
    "offers": ("title", "postal_code", "level", "capacity", "start_date", "employer", "kind"),
}


KINDS = tuple(_kinds())
