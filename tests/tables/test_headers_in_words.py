"""Headers in French and English words: proposed, never assumed, mapped when told."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.errors import InputError, UsageError
from matchmaker.settings import Settings
from matchmaker.tables import Tables, first_rows, header_option, load, load_referents
from matchmaker.tables.mapping import map_option
from matchmaker.tables.schemas import TABLES
from matchmaker.tables.synonyms import french_header, may_mean, proposals

AS_OF = dt.date(2026, 9, 15)
YOUTHS = pd.DataFrame({"youth_id": ["J01", "G99"], "date de naissance": ["2012-03-01", "2007-01-01"],
                       "Code postal": ["29000", "35000"], "niveau": ["3", "3"]})  # fmt: skip
WISHES = pd.DataFrame({"youth_id": ["J01", "G99"], "rank": "1", "trade_code": "D1102"})
OFFERS = pd.DataFrame({"offer_id": ["E1"], "title": ["boulanger"], "postal_code": ["29000"]})
MAP = {
    "youths": {"birth_date": "date de naissance", "postal_code": "code postal", "level": "niveau"}
}


def loaded(given: pd.DataFrame = YOUTHS, **names: dict[str, str]) -> Tables:
    return load(given, WISHES, OFFERS, as_of=AS_OF, settings=Settings(map=names))


def test_a_column_whose_absence_lets_anybody_in_is_not_taken_for_absent():
    with pytest.raises(InputError) as error:
        loaded()

    sentences = [issue.sentence("fr") for issue in error.value.issues]
    assert [issue.column for issue in error.value.issues] == YOUTHS.columns[1:].tolist()
    assert "sans elle tout âge serait admis" in sentences[0]
    assert '--map youths.birth_date="date de naissance"' in sentences[0]
    assert "sans elle personne ne serait placé sur la carte" in sentences[1]
    assert '--map youths.level="niveau"' in sentences[2]


def test_what_the_map_names_is_read():
    tables = loaded(**MAP)

    assert tables.youths["birth_date"].dt.year.tolist() == [2007, 2012]
    assert tables.youths["postal_code"].tolist() == ["35000", "29000"]
    assert tables.youths["level"].tolist() == [3, 3]


def test_a_column_may_be_said_to_be_absent():
    tables = loaded(youths={"birth_date": "", "postal_code": "code postal"})

    assert tables.youths["birth_date"].isna().all()
    found = tables.quality.query("reason == 'column_in_words'")
    assert found["column"].tolist() == ["niveau"]  # of no harm: said, not refused
    assert header_option("youths", "niveau") == '--map youths.level="niveau"'


def test_headers_all_in_words_are_answered_with_what_to_type():
    youths = YOUTHS.rename(columns={"youth_id": "Identifiant"})
    with pytest.raises(InputError) as error:
        loaded(youths)

    (issue,) = error.value.issues
    assert issue.reason == "headers_in_words"
    assert str(issue.hint) == (
        "Si c'est bien cela, ajoutez à la commande : "
        '--map youths.youth_id="Identifiant" --map youths.birth_date="date de naissance"'
        ' --map youths.postal_code="Code postal" --map youths.level="niveau"'
    )


def test_a_required_column_in_words_is_proposed():
    wishes = WISHES.rename(columns={"rank": "rang du vœu"})
    with pytest.raises(InputError, match=r'--map wishes\.rank="rang du vœu"'):
        load(YOUTHS, wishes, OFFERS, as_of=AS_OF, settings=Settings(map=MAP))


def test_a_file_of_another_table_in_words_is_still_the_wrong_table():
    wishes = WISHES.rename(columns={"youth_id": "identifiant", "rank": "rang du vœu"})
    with pytest.raises(InputError, match="intervertis"):
        loaded(wishes)


def test_a_mapped_header_that_is_not_there_is_said_with_the_nearest():
    with pytest.raises(
        InputError, match=r"'code postale', qui n'y est pas\. Vouliez-vous dire 'Code p"
    ):
        loaded(youths={"postal_code": "code postale"})


def test_a_map_of_unknown_names_is_refused():
    with pytest.raises(UsageError) as error:
        loaded(youth={"level": "x"}, offers={"postal": "cp"})
    assert len(error.value.args) == 2
    assert "Vouliez-vous dire 'postal_code' ?" in str(error.value)


def test_one_of_several_files_of_offers_may_have_the_header():
    other = OFFERS.rename(columns={"title": "intitulé"}).assign(offer_id="E2")
    settings = Settings(map={**MAP, "offers": {"title": "intitulé"}})
    tables = load(YOUTHS, WISHES, [OFFERS, other], as_of=AS_OF, settings=settings)

    assert tables.offers["title"].tolist() == ["boulanger", "boulanger"]


def test_first_rows_show_what_was_understood_and_nothing_personal():
    rows = first_rows(YOUTHS, "youths", settings=Settings(map=MAP), as_of=AS_OF)

    assert rows[0] == {"youth_id": "J01", "birth_date": "…", "postal_code": "29000", "level": "3"}
    assert len(rows) == 2
    bad = Settings(map={"youths": {"level": "absent"}})
    assert first_rows(YOUTHS, "youths", settings=bad, as_of=AS_OF) == []


def test_referents_are_mapped_too():
    given = pd.DataFrame({"dpt": ["29"], "nom": ["A"], "contact": ["b"]})
    names = {
        "referents": {"departement": "dpt", "referent_name": "nom", "referent_contact": "contact"}
    }

    assert load_referents(given, names=names).frame["referent_name"].tolist() == ["A"]
    with pytest.raises(InputError, match=r'--map referents\.departement="dpt"'):
        load_referents(given)


@pytest.mark.parametrize("title", [1, 3])
def test_a_header_below_a_title_is_found_in_text_and_in_frames(tmp_path, title):
    header, *rows = [["youth_id", "postal_code"], ["Y1", "29000"], ["Y2", "29000"]]
    lines = [["Liste des jeunes", ""]] * title + [header, *rows]
    (tmp_path / "y.csv").write_text("\n".join(map(";".join, lines)), "utf-8")
    frame = pd.DataFrame(lines[1:], columns=["Liste des jeunes", "Unnamed: 1"])
    wishes = WISHES.assign(youth_id=["Y1", "Y2"])

    for youths, line in ((tmp_path / "y.csv", title + 1), (frame, title)):
        tables = load(youths, wishes, OFFERS, as_of=AS_OF, settings=Settings())
        assert tables.youths["youth_id"].tolist() == ["Y1", "Y2"]
        found = tables.quality.query("reason == 'header_below'")
        assert found["example_line"].tolist() == [line]


def test_no_column_of_ours_is_a_word_for_another():
    for role, columns in TABLES.items():
        for column in columns:
            assert may_mean(role, column.name) in {column.name, ""}
            assert may_mean(role, french_header(role, column.name)) in {column.name, ""}


def test_a_header_with_signs_of_the_shell_is_quoted_whole():
    assert map_option("youths", "level", 'a "b"') == "--map 'youths.level=a \"b\"'"


@given(st.data(), st.sampled_from(["youths", "wishes", "offers"]))
@settings(max_examples=50)
def test_a_header_is_proposed_for_one_column_at_most(data, role):
    names = [column.name for column in TABLES[role]]
    words = [french_header(role, name) for name in names]
    headers = data.draw(st.lists(st.sampled_from([*names, *words]), unique=True))

    meant = proposals(role, headers)

    assert len(set(meant.values())) == len(meant)
    assert not set(meant.values()) & set(headers)
    assert set(meant) <= set(headers) - set(names)
