from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import InputError, UsageError
from matchmaker.reference.family_titles import alike
from matchmaker.reference.nearness import nearness, to_frame
from matchmaker.reference.rome import rome
from matchmaker.reference.trades import trade_table
from matchmaker.settings import Settings
from tests.reference.official import official_settings

CODES = trade_table(Settings())["code"].tolist()


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "no-user-tables"))


def row(near, i):
    part = slice(near.indptr[i], near.indptr[i + 1])
    return near.code[part], near.value[part], near.step[part]


def test_the_whole_matrix_is_well_formed():
    near = nearness(CODES, Settings(sector_trades=True))
    assert near.indptr[0] == 0
    assert near.indptr[-1] == len(near.code) == len(near.value) == len(near.step)
    assert [a.dtype.name for a in (near.indptr, near.code, near.value, near.step)] == [
        "int64",
        "int32",
        "int32",
        "uint8",
    ]
    for i in range(len(CODES)):
        code, value, step = row(near, i)
        assert (code[0], value[0], step[0]) == (i, 10_000, 0)
        assert len(set(code.tolist())) == len(code)
        assert all(
            (v1, -c1) >= (v2, -c2)
            for (v1, c1), (v2, c2) in zip(
                zip(value, code, strict=True), list(zip(value, code, strict=True))[1:], strict=False
            )
        )
    inside = near.value[near.step == 1]
    assert inside.min() >= 8000
    assert inside.max() <= 9000
    assert near.value[near.step == 2].min() > near.value[near.step == 3].max()


def test_steps_of_known_trades():
    near = nearness(
        ["D1102", "D1108", "D1104", "D1105", "K1302", "X9999"], Settings(sector_trades=True)
    )
    code, _, step = row(near, 0)
    assert dict(zip(code.tolist(), step.tolist(), strict=True)) == {0: 0, 1: 2, 2: 2, 3: 3}
    assert row(near, 4)[0].tolist() == [4]
    assert row(near, 5)[0].tolist() == [5]


@given(st.lists(st.sampled_from(CODES), unique=True, max_size=30))
def test_a_part_of_the_codes_has_the_values_of_the_whole(chosen):
    whole = to_frame(nearness(CODES, Settings(sector_trades=True)), CODES).set_index(
        ["code", "near"]
    )
    part = to_frame(nearness(chosen, Settings(sector_trades=True)), chosen)
    for code, other, value, step in part.itertuples(index=False):
        assert tuple(whole.loc[(code, other)]) == (value, step)
    inside = whole.index.get_level_values(0).isin(chosen) & whole.index.get_level_values(1).isin(
        chosen
    )
    assert inside.sum() == len(part)


def added(folder, **tables):
    for name, rows in tables.items():
        pd.DataFrame(rows[1:], columns=rows[0]).to_csv(folder / f"{name}.csv", index=False)
    return Settings(rome_dir=str(folder))


def test_official_moves_of_version_3_and_parents(tmp_path):
    settings = added(
        tmp_path,
        codes=[
            ("code_rome", "libelle_rome", "code_rome_parent"),
            ("D1102", "a", "D1102"),
            ("D1108", "b", "D1102"),
            ("K1302", "c", "K1302"),
            ("J1501", "d", "J1501"),
        ],
        moves=[
            (
                "code_rome",
                "code_rome_cible",
                "code_appellation_source",
                "code_appellation_cible",
                "libelle_type_mobilite",
            ),
            ("D1102", "K1302", "", "", "Proche"),
            ("D1102", "J1501", "", "", "Evolution"),
            ("K1302", "J1501", "11", "", "Proche"),
        ],
    )
    codes = ["D1102", "D1108", "J1501", "K1302"]
    near = nearness(codes, settings)
    values = to_frame(near, codes).set_index(["code", "near"])["value"]
    assert 8000 <= values["D1102", "D1108"] <= 9000
    assert values["D1102", "K1302"] == 7000
    assert values["D1102", "J1501"] == 6000
    assert values["D1108", "K1302"] == 7000  # through its parent
    assert values.get(("K1302", "J1501"), 0) < 6000  # a move of one title only


def test_moves_of_version_4_are_near(tmp_path):
    settings = added(
        tmp_path,
        codes=[("code_rome", "libelle_rome"), ("D1102", "a")],
        moves=[("code_rome", "code_rome_cible", "numero_ordre"), ("D1102", "K1302", "1")],
    )
    near = nearness(["D1102", "K1302"], settings)
    assert row(near, 0)[1].tolist() == [10_000, 7000]


def test_skills_make_trades_near(tmp_path):
    skills = [("code_rome", "code_ogr")]
    skills += [(code, str(n)) for code in ("D1102", "K1302") for n in range(20)]
    skills += [(code, "99") for code in CODES]
    settings = added(tmp_path, skills=skills)
    near = nearness(["D1102", "K1302", "N1101"], settings)
    assert row(near, 0)[0].tolist() == [0, 1]


def test_the_users_own_matrix(tmp_path):
    file = tmp_path / "near.csv"
    file.write_text("code,near,value\nD1102,K1302,4321\nD1102,Z,1\n", "utf-8")
    near = nearness(
        ["D1102", "D1104", "K1302"], Settings(nearness_file=str(file), sector_trades=True)
    )
    assert row(near, 0)[0].tolist() == [0, 2]
    assert row(near, 0)[1].tolist() == [10_000, 4321]
    assert row(near, 1)[0].tolist() == [1]


def test_a_saved_matrix_gives_itself_back(tmp_path):
    file = tmp_path / "near.csv"
    near = nearness(CODES[:300], Settings(sector_trades=True))
    to_frame(near, CODES[:300]).to_csv(file, index=False)
    again = nearness(CODES[:300], Settings(nearness_file=str(file), sector_trades=True))
    for name in ("indptr", "code", "value", "step"):
        np.testing.assert_array_equal(getattr(near, name), getattr(again, name))


def test_faults_of_the_users_matrix(tmp_path):
    file = tmp_path / "near.csv"
    file.write_text("code,near,value\nD1102,K1302,20000\nD1102,K1303,x\n", "utf-8")
    with pytest.raises(InputError) as caught:
        nearness(["D1102"], Settings(nearness_file=str(file), sector_trades=True))
    assert [i.line for i in caught.value.issues] == [2, 3]
    file.write_text("code,near\nD1102,K1302\n", "utf-8")
    with pytest.raises(InputError, match="'value'"):
        nearness(["D1104"], Settings(nearness_file=str(file), sector_trades=True))
    with pytest.raises(UsageError, match="nearness_file"):
        nearness(["D1102"], Settings(nearness_file=str(tmp_path / "none.csv")))


def test_the_sector_counts_only_where_it_is_asked_for():
    codes = ["D1102", "D1108", "D1104", "D1101"]
    with_sectors, without = (
        nearness(codes, Settings(sector_trades=asked)) for asked in (True, False)
    )
    is_evidence = with_sectors.step < 3
    assert without.step.max() == 2
    assert without.value.tolist() == with_sectors.value[is_evidence].tolist()
    assert without.code.tolist() == with_sectors.code[is_evidence].tolist()


def values_of(settings, *codes):
    near = nearness(codes, settings)
    return to_frame(near, codes).set_index(["code", "near"])[["value", "step"]]


def test_inside_a_family_the_fine_code_counts():
    found = values_of(Settings(), "M1855", "M1805", "M1844", "M1853")
    value, step = found["value"], found["step"]
    assert (step.loc["M1855"].drop("M1855") == 1).all()
    assert value["M1855", "M1855"] == 10_000
    # A developer of the web is nearer to any developer than to an analyst of security.
    assert 9000 >= value["M1855", "M1805"] > value["M1855", "M1844"] >= 8000
    assert value["M1855", "M1805"] == value["M1805", "M1855"]


def test_families_are_near_by_all_their_titles(shared_data, tmp_path):
    settings = official_settings(shared_data, tmp_path)
    found = values_of(settings, "D1102", "D1104", "D1106", "D1202", "L1501", "G1801", "G1206")
    assert (found.loc["D1102"]["step"].drop("D1102") == 2).all()
    assert set(found.loc["D1102"].index) == {"D1102", "D1104", "D1106"}
    assert set(found.loc["D1202"].index) == {"D1202", "L1501"}
    # All codes of a near family are as near as it is.
    family = values_of(settings, "D1104", "D1102", "D1108").loc["D1104"]
    assert family["value"]["D1102"] == family["value"]["D1108"]


def test_the_order_of_the_tables_changes_no_likeness():
    tables = rome(Settings())
    shuffled = tables.titles.sample(frac=1, random_state=3)
    one, other = alike(tables), alike(replace(tables, titles=shuffled))
    for name in ("row", "near", "like", "is_inside"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_shared_domain_alone_makes_no_family_near():
    found = values_of(Settings(), "D1209", "D1202", "D1208")
    assert found.loc["D1209"].index.tolist() == ["D1209"]


def test_a_word_of_rank_makes_no_trades_near():
    # A nursing auxiliary is no auxiliary of driving schools, and helps no driver.
    found = values_of(Settings(), "J1501", "M1616", "N4121", "K1302")
    assert found.loc["J1501"].index.tolist() == ["J1501", "K1302"]


def test_one_word_of_two_letters_makes_no_trades_near():
    # Who develops land, who sells optical glasses, who keeps gardens.
    assert values_of(Settings(), "C1503", "M1805").loc["C1503"].index.tolist() == ["C1503"]
    assert values_of(Settings(), "J1405", "I1311").loc["J1405"].index.tolist() == ["J1405"]
    assert values_of(Settings(), "A1208", "F1201").loc["A1208"].index.tolist() == ["A1208"]
    # Several words are grounds, and so is one word inside a letter.
    assert values_of(Settings(), "J1501", "K1302")["step"]["J1501", "K1302"] == 2
    assert values_of(Settings(), "D1101", "D1103")["step"]["D1101", "D1103"] == 2
