"""`load`: the same fault found in any column and format, all at once; repairs mean the same."""

from __future__ import annotations

import datetime as dt
import gc
import importlib
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.errors import InputError, MatchmakerError, UsageError
from matchmaker.settings import Settings
from matchmaker.tables import Tables, load, load_referents, schemas
from matchmaker.tables.checks import to_issues
from matchmaker.tables.raw import RawTable

AS_OF = dt.date(2023, 9, 15)
YOUTHS = {
    "youth_id": ["Y1", "Y2", "Y3"],
    "birth_date": ["2007-03-01", "2006-11-20", "2005-07-14"],
    "postal_code": ["01000", "45000", "20000"],
    "commune_code": ["01053", "45234", "2A004"],
    "level": ["3", "4", "5"],
    "max_distance_km": ["30", "25.5", "40"],
    "available_from": ["2023-10-02", "", ""],
    "is_mobile": ["1", "0", "0"],
    "has_rqth": ["0", "0", "1"],
    "opt_out": ["0", "0", "0"],
    "status": ["seeking", "seeking", "placed"],
    "email": ["a@example.org", "b@example.org", ""],
}
WISHES = {
    "youth_id": ["Y1", "Y1", "Y2", "Y3"],
    "rank": ["1", "2", "1", ""],
    "trade_code": ["D1102", "F1703", "G1602", "M1607"],
    "trade_label": ["Boulanger", "Maçon", "", "Secrétaire"],
    "level": ["3", "", "4", "5"],
    "region_code": ["84", "84", "24", "94"],
}
OFFERS = {
    "offer_id": ["O1", "O2", "O3"],
    "title": ["Boulanger", "Maçon", "Commis de cuisine"],
    "trade_code": ["D1102", "F1703", "G1602"],
    "postal_code": ["01000", "45000", "20000"],
    "commune_code": ["01053", "45234", "2A004"],
    "level": ["3", "3", "4"],
    "capacity": ["1", "2", "0"],
    "start_date": ["2023-10-02", "2023-10-16", ""],
    "expiry_date": ["2023-12-31", "", "2023-11-30"],
    "contract_type": ["apprentissage", "professionnalisation", ""],
    "employer": ["Martin", "Bâti Loire", "Hôtel du Golfe"],
}
TABLES = {"youths": YOUTHS, "wishes": WISHES, "offers": OFFERS}


def changed(table: str, column: str, row: int, value: str) -> dict[str, pd.DataFrame]:
    frames = {name: pd.DataFrame(columns, dtype="str") for name, columns in TABLES.items()}
    frames[table].loc[row, column] = value
    return frames


def run(frames: dict[str, object], **options: object) -> Tables:
    return load(**frames, as_of=AS_OF, settings=Settings(**options))


def files(frames: dict[str, pd.DataFrame], folder: Path, suffix: str) -> dict[str, Path]:
    paths = {}
    for name, frame in frames.items():
        path = paths[name] = folder / f"{name}{suffix}"
        if suffix == ".csv":
            frame.to_csv(path, index=False)
        elif suffix == ".xlsx":
            frame.to_excel(path, index=False)
        elif suffix == ".parquet":
            frame.to_parquet(path)
        else:
            path.write_text(json.dumps(frame.to_dict("records")), "utf-8")
    return paths


def same(left: Tables, right: Tables) -> None:
    for name in ("youths", "wishes", "offers"):
        pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name))


BASE = {name: pd.DataFrame(columns, dtype="str") for name, columns in TABLES.items()}
CLEAN = run(BASE)

FAULTS = [
    ("youths", "youth_id", "", "missing_id"),
    ("youths", "youth_id", "a\x07b", "id_control_characters"),
    ("youths", "youth_id", "lea@example.org", "id_is_email"),
    ("youths", "youth_id", "2 07 03 75 123 456 11", "id_is_nir"),
    ("youths", "birth_date", "03/31/2007", "month_first"),
    ("youths", "birth_date", "2007-02-29", "impossible_date"),
    ("youths", "birth_date", "1/3/07", "two_digit_year"),
    ("youths", "birth_date", "2031-01-01", "date_out_of_bounds"),
    ("youths", "available_from", "bientôt", "not_a_date"),
    ("youths", "max_distance_km", "-5", "out_of_bounds"),
    ("youths", "max_distance_km", "loin", "not_a_number"),
    ("youths", "level", "9", "level_out_of_bounds"),
    ("youths", "opt_out", "peut-être", "unclear_opt_out"),
    ("youths", "status", "seekin", "unknown_choice"),
    ("youths", "postal_code", "13008", "contradiction"),
    ("youths", "commune_code", "99138", "abroad"),
    ("youths", "email", "a\x00b", "nul_byte"),
    ("wishes", "youth_id", "Y9", "unknown_youth"),
    ("wishes", "rank", "0", "out_of_bounds"),
    ("wishes", "rank", "1.5", "not_whole"),
    ("wishes", "rank", "9" * 30, "out_of_bounds"),
    ("wishes", "level", "2", "level_out_of_bounds"),
    ("wishes", "region_code", "Bretange", "region_unknown"),
    ("wishes", "region_code", "59", "region_departement"),
    ("wishes", "trade_label", "x" * 600, "too_long"),
    ("offers", "offer_id", "  ", "missing_id"),
    ("offers", "capacity", "-1", "out_of_bounds"),
    ("offers", "capacity", "1.000", "ambiguous_number"),
    ("offers", "capacity", "inf", "not_a_number"),
    ("offers", "start_date", "0000-00-00", "impossible_date"),
    ("offers", "expiry_date", "31/31/2023", "impossible_date"),
    ("offers", "level", "0", "level_out_of_bounds"),
    ("offers", "postal_code", "75001", "contradiction"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "value", "reason"), FAULTS)
def test_fault_costs_its_row_and_is_named(table, column, value, reason):
    result = run(changed(table, column, 1, value))

    rejects = result.rejects[result.rejects["table"] == table]  # wishes may have lost their youth
    fault = rejects.iloc[0]
    assert (fault["reason"], fault["column"]) == (reason, column)
    assert fault["line"] == 2
    assert fault["message"]
    hidden = reason in {"id_is_email", "id_is_nir", "id_control_characters", "nul_byte", "too_long"}
    assert hidden or fault["value"] == value
    assert len(rejects) == 1
    assert len(getattr(result, table)) == len(TABLES[table]["level"]) - 1


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".json"])
def test_every_format_gives_the_same_tables_and_faults(tmp_path, suffix):
    frames = changed("offers", "capacity", 1, "-1")
    expected = run(frames)

    clean = run(files(BASE, tmp_path, suffix))
    result = run(files(frames, tmp_path, suffix))

    same(clean, CLEAN)
    same(result, expected)
    line = 3 if suffix in {".csv", ".xlsx"} else 2  # frames, Parquet and JSON have no header line
    assert result.rejects[["file", "line", "column", "value"]].to_numpy().tolist() == [
        [f"offers{suffix}", line, "capacity", "-1"]
    ]


def test_all_faults_of_a_row_and_of_all_files_are_named_and_the_row_falls_once():
    frames = changed("offers", "capacity", 1, "-1")
    frames["offers"].loc[1, ["level", "start_date"]] = ["9", "demain"]
    frames["youths"].loc[2, "birth_date"] = "hier"
    frames["wishes"].loc[0, "rank"] = "premier"

    result = run(frames)

    assert result.rejects[["table", "line", "column"]].to_numpy().tolist() == [
        ["offers", 2, "capacity"], ["offers", 2, "level"], ["offers", 2, "start_date"],
        ["wishes", 1, "rank"], ["youths", 3, "birth_date"],
    ]  # fmt: skip
    assert result.offers["offer_id"].tolist() == ["O1", "O3"]
    left_out = result.quality.query("kind == 'left_out' and reason == 'youth_rejected'")
    assert left_out["count"].tolist() == [1]  # the wish of Y3 goes with him, and is no fault


def test_faults_of_headers_are_named_together():
    frames = {name: frame.copy() for name, frame in BASE.items()}
    frames["youths"] = frames["youths"].rename(columns={"youth_id": "youht_id"})
    frames["wishes"] = frames["wishes"].drop(columns="rank")
    frames["offers"] = frames["offers"].iloc[:0]

    with pytest.raises(InputError) as error:
        run(frames)

    text = error.value.text("en")
    assert "column 'youth_id': is missing" in text
    assert "youht_id, birth_date" in text
    assert "column 'rank': is missing" in text
    assert "has a header and no row" in text


def test_swapped_tables_are_recognised():
    with pytest.raises(InputError) as error:
        run({**BASE, "youths": BASE["wishes"], "wishes": BASE["youths"]})

    assert "DataFrame youths, line 1: has the columns of wishes" in error.value.text("en")
    assert "DataFrame wishes, line 1: has the columns of youths" in error.value.text("en")


def test_header_that_holds_data_is_not_echoed(tmp_path):
    paths = files(BASE, tmp_path, ".csv")
    BASE["youths"].to_csv(paths["youths"], index=False, header=False)

    with pytest.raises(InputError, match="ligne 1 : cette ligne n'est pas l'en-tête") as error:
        run(paths)

    assert "a@example.org" not in str(error.value)


def test_columns_twice_are_refused_and_unknown_ones_ignored(tmp_path):
    frames = {**BASE, "youths": BASE["youths"].assign(hobby="chess")}
    result = run(frames)
    same(result, CLEAN)
    assert "hobby" in result.quality.query("reason == 'unknown_column'")["column"].tolist()

    with pytest.raises(InputError, match="colonne 'level' : cette colonne est là plusieurs fois"):
        run({**BASE, "youths": BASE["youths"].assign(**{"Level ": "3"})})


def test_file_with_too_many_faulty_rows_is_refused_with_all_faults():
    frames = changed("offers", "capacity", 1, "-1")

    with pytest.raises(InputError) as error:
        run(frames, max_rejected_rows=0)

    assert "1 ligne fautive sur 3" in str(error.value)
    assert "column 'capacity': '-1' is not between" in error.value.text("en")
    frames["offers"]["capacity"] = "-1"
    with pytest.raises(InputError, match="aucune ligne utilisable sur 3"):
        run(frames)


def test_missing_files_are_one_usage_error(tmp_path):
    with pytest.raises(UsageError) as error:
        run({name: tmp_path / f"{name}.csv" for name in TABLES})

    assert [name in str(error.value) for name in TABLES] == [True, True, True]


@pytest.mark.parametrize("table", TABLES)
def test_one_synthetic_row_makes_synthetic_tables(table):
    assert not run(BASE).is_synthetic
    source = ["synthetic", *[""] * (len(BASE[table]) - 1)]
    assert run({**BASE, table: BASE[table].assign(source=source)}).is_synthetic


def test_unknown_format_and_youths_left_out():
    with pytest.raises(UsageError, match="Vouliez-vous dire 'affelnet' "):
        load(
            None,
            BASE["wishes"],
            BASE["offers"],
            as_of=AS_OF,
            settings=Settings(),
            formats={"wishes": "afelnet"},
        )
    with pytest.raises(InputError, match="ne contient pas la table des jeunes"):
        load(None, BASE["wishes"], BASE["offers"], as_of=AS_OF, settings=Settings())


def test_personal_values_are_masked_in_sentences_and_ids_never_kept():
    frames = changed("youths", "birth_date", 1, "1990-13-45")
    frames["youths"].loc[0, "youth_id"] = "lea@example.org"

    rejects = run(frames).rejects

    said = "\n".join(issue.sentence() for issue in to_issues(rejects))
    assert "1990-13-45" not in said
    assert "1990-13-45" in rejects["value"].tolist()
    assert "lea@" not in rejects.to_csv() + said


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({}, "same_row_twice"),
        ({"max_distance_km": "99"}, "duplicate_id"),
        ({"youth_id": "y1"}, "ids_differ_by_case"),
    ],
)
def test_ids_that_stand_twice(second, reason):
    again = BASE["youths"].iloc[[0]].assign(**second)
    result = run({**BASE, "youths": pd.concat([BASE["youths"], again], ignore_index=True)})

    assert reason in result.quality["reason"].tolist()
    assert (reason == "duplicate_id") == (result.rejects["line"].tolist() == [4])
    if reason != "ids_differ_by_case":
        same(result, CLEAN)


def test_look_alike_id_is_said():
    rejects = run(changed("wishes", "youth_id", 0, "\u04231")).rejects

    assert rejects["hint"].tolist() == ["Il ressemble seulement à 'Y1'."]


def test_wish_made_twice_counts_once_at_its_better_rank():
    again = BASE["wishes"].iloc[[0, 0]].assign(rank=["1", "5"])
    result = run({**BASE, "wishes": pd.concat([again.iloc[[1]], BASE["wishes"], again.iloc[[0]]])})

    same(result, CLEAN)
    reasons = result.quality.query("kind == 'left_out'").set_index("reason")["count"]
    assert reasons.to_dict() == {"wish_twice": 1, "trade_at_two_ranks": 1}


def test_siblings_who_share_an_address_both_stay():
    result = run(changed("youths", "email", 1, " A@Example.org"))

    same(result, CLEAN)
    assert result.quality.query("reason == 'shared_address'")["count"].tolist() == [2]


def test_row_order_does_not_matter():
    result = run({name: frame.iloc[::-1] for name, frame in BASE.items()})

    same(result, CLEAN)


def test_defaults():
    youths = pd.DataFrame({"youth_id": ["Y1", "Y2", "Y3"], "birth_year": ["2007", "", ""]})
    result = run({**BASE, "youths": youths}, reach_km=17)

    clean = result.youths
    assert clean["max_distance_km"].tolist() == [17.0] * 3
    assert clean["birth_date"].tolist() == [pd.Timestamp(2007, 12, 31), pd.NaT, pd.NaT]
    assert clean["birth_is_year"].tolist() == [True, False, False]
    assert not clean[["opt_out", "is_mobile", "has_rqth", "can_email"]].any(axis=None)
    assert clean["latitude"].isna().all()
    assert set(clean["status"]) == {"seeking"}
    counted = result.quality.query("kind == 'default' and table == 'youths'")
    assert set(counted["count"]) == {3}


REPAIRS = [
    lambda t: f"  {t} " if t else t,
    lambda t: f"\ufeff{t}\u200b" if t else t,
    lambda t: unicodedata.normalize("NFD", t),
    lambda t: t.translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
]
REPAIRS_OF = {
    "birth_date": [lambda t: "/".join(reversed(t.split("-"))), lambda t: t + "T00:00:00",
                   lambda t: str((dt.date.fromisoformat(t) - dt.date(1899, 12, 30)).days)],
    "start_date": [lambda t: "-".join(reversed(t.split("-"))) if t else "dès que possible"],
    "postal_code": [lambda t: t.removeprefix("0"), lambda t: f"F-{t}", lambda t: f"{t[:2]} {t[2:]}"],
    "commune_code": [str.lower, lambda t: t.removeprefix("0")],
    "max_distance_km": [lambda t: t.replace(".", ","), lambda t: f"{t} km"],
    "capacity": [lambda t: f"{t},0", lambda t: f"{t}.0"],
    "rank": [lambda t: f"{t}.0" if t else t],
    "trade_code": [lambda t: f"{t[0]} {t[1:]}", str.lower],
    "region_code": [{"84": "Auvergne Rhone Alpes", "24": "CENTRE-VAL DE LOIRE", "94": "corse"}.get],
    "level": [{"3": "CAP", "4": "IV", "5": "Bac+2", "": ""}.get],
    "opt_out": [lambda _: "FAUX", lambda _: "non", lambda _: ""],
    "is_mobile": [{"1": "OUI", "0": "Non"}.get, {"1": "x", "0": ""}.get],
    "contract_type": [lambda t: f"Contrat d’{t}" if t == "apprentissage" else t.upper()],
    "status": [{"seeking": "En recherche", "placed": "Placé"}.get],
}  # fmt: skip


@settings(max_examples=20)
@given(data=st.data())
def test_table_with_one_repairable_fault_reads_back_the_same(data):
    table = data.draw(st.sampled_from(sorted(TABLES)))
    column = data.draw(st.sampled_from(sorted(TABLES[table])))
    row = data.draw(st.integers(0, len(TABLES[table][column]) - 1))
    # Full-width letters of a free text are the writer's own: only its form is repaired.
    general = REPAIRS[:3] if column in {"title", "employer", "trade_label", "email"} else REPAIRS
    repair = data.draw(st.sampled_from(general + REPAIRS_OF.get(column, [])))

    result = run(changed(table, column, row, repair(TABLES[table][column][row])))

    assert result.rejects.empty
    same(result, CLEAN)


@settings(max_examples=30)
@given(
    data=st.binary(max_size=100) | st.text(max_size=60).map(str.encode),
    start=st.sampled_from([b"", b"offer_id,capacity,start_date,trade_code,latitude\nO1,", b"[{"]),
    suffix=st.sampled_from([".csv", ".json", ".jsonl"]),
)
def test_any_bytes_as_offers_give_tables_or_a_sentence(tmp_path_factory, data, start, suffix):
    path = tmp_path_factory.mktemp("any") / f"offers{suffix}"
    path.write_bytes(start + data)

    try:
        run({**BASE, "offers": path})
    except MatchmakerError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


def test_referents_are_read_and_faults_refuse_them(tmp_path):
    frame = pd.DataFrame(
        {"departement": ["1", "2A"], "referent_name": ["A", "B"], "referent_contact": ["", "b"],
         "capacity": ["", "7"]}
    )  # fmt: skip
    people = load_referents(frame).frame
    assert people["departement"].tolist() == ["01", "2A"]
    assert people["capacity"].tolist() == [100, 7]
    with pytest.raises(InputError, match="'-1' n'est pas compris entre") as error:
        load_referents(frame.assign(capacity="-1", referent_name=["", "B"]))
    assert "line 1, column 'referent_name': '' is empty" in error.value.text("en")


def test_a_firm_is_given_a_trade_by_its_activity_and_an_offer_is_not():
    offers = pd.DataFrame(OFFERS, dtype="str").assign(
        title="Entretien et réparation de véhicules automobiles légers",
        trade_code=["", "", "F1703"],
        naf_code="45.20A",
        kind=["spontaneous", "offer", "spontaneous"],
    )
    result = run({**BASE, "offers": offers})

    assert result.offers["trade_how"].tolist() == ["naf", "", "code"]
    assert "I1604" in result.offers["trade_codes"][0].split("|")
    by_activity = result.quality[result.quality["reason"] == "trade_from_activity"]
    assert by_activity[["column", "count", "example_line"]].to_numpy().tolist() == [
        ["naf_code", 1, 1]
    ]


def test_schema_speaks_of_every_column():
    for role, columns in schemas.TABLES.items():
        fields = schemas.table_schema(role)["fields"]
        assert [field["name"] for field in fields] == [column.name for column in columns]
        assert all(column.name in schemas.markdown(role) for column in columns)
    assert schemas.table_schema("youths")["primaryKey"] == "youth_id"


def test_neutral_columns_of_the_clean_tables_do_not_depend_on_the_files():
    bare = {
        "youths": pd.DataFrame({"youth_id": ["Y1"]}),
        "wishes": pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"]}),
        "offers": pd.DataFrame({"offer_id": ["O1"], "kind": ["offer"]}),
    }
    result = run(bare)

    for name in bare:
        pd.testing.assert_series_equal(getattr(result, name).dtypes, getattr(CLEAN, name).dtypes)


def test_settings_are_not_changed_by_a_run():
    chosen = Settings(reach_km=12)
    load(**BASE, as_of=AS_OF, settings=chosen)

    assert chosen == replace(Settings(), reach_km=12)


def test_what_was_written_is_let_go_before_offers_are_pooled(tmp_path, monkeypatch):
    # Half of the memory that a national export takes.
    for name, table in TABLES.items():
        pd.DataFrame(table).to_csv(tmp_path / f"{name}-let-go.csv", index=False)
    module = importlib.import_module("matchmaker.tables.load")
    pool, alive = module.pool, []

    def pool_and_look(*given):
        gc.collect()
        raws = [thing for thing in gc.get_objects() if isinstance(thing, RawTable)]
        alive.extend(
            raw.file for raw in raws if raw.file.endswith("-let-go.csv") and len(raw.frame)
        )
        return pool(*given)

    monkeypatch.setattr(module, "pool", pool_and_look)
    files = [tmp_path / f"{name}-let-go.csv" for name in TABLES]
    found = load(*files, as_of=AS_OF, settings=Settings())
    assert len(found.offers) == 3
    assert alive == []
