import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.routes.referents import assign_referents


def youths_of(*homes):
    return (
        pd.DataFrame(
            [(f"Y{i:03}", commune[:2], commune) for i, commune in enumerate(homes)],
            columns=["youth_id", "departement", "commune_code"],
        )
        .astype("str")
        .assign(region_code="R")
    )


def referents_of(*rows):
    frame = pd.DataFrame(
        rows, columns=["departement", "commune_code", "referent_name", "capacity"]
    ).astype({"departement": "str", "commune_code": "str", "referent_name": "str"})
    return frame.assign(referent_contact="c:" + frame["referent_name"], region_code="")


def loads(youths, referents):
    given_to = assign_referents(youths, referents)["referent_name"]
    return given_to.value_counts().to_dict()


def test_the_commune_goes_before_the_department():
    referents = referents_of(("35", "", "D", 100), ("", "35001", "C", 100))
    out = assign_referents(youths_of("35001", "35002", "29001"), referents)
    assert out["referent_name"].tolist() == ["C", "D", ""]
    assert out["referent_contact"].tolist() == ["c:C", "c:D", ""]


def test_load_is_shared_in_proportion_to_capacity():
    referents = referents_of(("35", "", "A", 30), ("35", "", "B", 10))
    assert loads(youths_of(*["35001"] * 20), referents) == {"A": 15, "B": 5}


def test_a_full_commune_passes_on_and_nobody_is_left_without():
    referents = referents_of(("", "35001", "C", 2), ("35", "", "D", 3))
    assert loads(youths_of(*["35001"] * 5), referents) == {"C": 2, "D": 3}
    assert loads(youths_of(*["35001"] * 9), referents) == {"C": 6, "D": 3}


def test_without_capacity_a_referent_comes_last():
    referents = referents_of(("35", "", "A", 0), ("35", "", "B", 2))
    assert loads(youths_of(*["35001"] * 2), referents) == {"B": 2}


def test_one_person_in_two_territories_has_one_load():
    referents = referents_of(("35", "", "A", 10), ("29", "", "A", 10), ("29", "", "B", 10))
    youths = youths_of(*["29001"] * 10, *["35001"] * 4)
    # The ten of 29 come first and are shared; the four of 35 have A only.
    assert loads(youths, referents) == {"A": 9, "B": 5}
    named = assign_referents(youths_of("35001", "29001"), referents)["referent_name"]
    assert named.tolist() == ["A", "B"]
    youths = youths_of(*["35001"] * 4, *["29001"] * 10)
    assert loads(youths, referents) == {"A": 7, "B": 7}


def test_nobody_to_share_and_nobody_to_share_among():
    assert assign_referents(youths_of(), referents_of(("35", "", "A", 1))).empty
    out = assign_referents(youths_of("35001"), referents_of())
    assert out["referent_name"].tolist() == [""]


def test_a_row_without_territory_serves_whoever_has_nobody_else():
    nowhere = pd.DataFrame(
        {"youth_id": ["a"], "departement": "", "commune_code": "", "region_code": ""}
    )
    out = assign_referents(nowhere, referents_of(("", "", "A", 9), ("35", "", "B", 9)))
    assert (out["referent_name"].tolist(), out["of"].tolist()) == (["A"], ["all"])
    assert assign_referents(nowhere, referents_of(("35", "", "B", 9)))["of"].tolist() == [""]


def test_the_cell_of_the_region_comes_after_the_department_and_before_all():
    referents = referents_of(("35", "", "D", 1), ("", "", "R", 9), ("", "", "A", 9))
    referents = referents.assign(region_code=["", "R", ""])
    out = assign_referents(youths_of("35001", "35002", "29001"), referents)
    assert out["referent_name"].tolist() == ["D", "R", "R"]
    assert out["of"].tolist() == ["departement", "region", "region"]


communes = st.sampled_from(["35001", "35002", "29001"])
referent_rows = st.lists(
    st.tuples(
        st.sampled_from(["35", "29", ""]),
        st.sampled_from(["", "35001", "29001"]),
        st.sampled_from("ABCD"),
        st.integers(0, 4),
    ),
    max_size=6,
)


@given(st.lists(communes, max_size=12), referent_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_territory_is_kept(homes, rows, random):
    youths, referents = youths_of(*homes), referents_of(*rows)
    out = assign_referents(youths, referents).set_index("youth_id")
    order, other = list(range(len(homes))), list(range(len(rows)))
    random.shuffle(order)
    random.shuffle(other)
    again = assign_referents(youths.iloc[order], referents.iloc[other]).set_index("youth_id")
    pd.testing.assert_frame_equal(out.sort_index(), again.sort_index())
    for youth in youths.itertuples():
        serving = {
            name
            for dep, commune, name, _ in rows
            if (
                commune == youth.commune_code
                if commune
                else dep in {youth.departement, ""}  # "": everybody
            )
        }
        name = out["referent_name"][youth.youth_id]
        assert name in serving if serving else name == ""
