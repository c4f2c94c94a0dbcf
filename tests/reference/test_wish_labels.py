"""Labels of wishes as schools write them."""

import pandas as pd
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.reference.lookup import read_table
from matchmaker.reference.school_labels import school_labels
from matchmaker.reference.wish_labels import NO_WISH, resolve_wish_labels
from matchmaker.settings import Settings


@pytest.fixture(autouse=True)
def no_tables_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def read(*labels, settings=None):
    return resolve_wish_labels(pd.Series(labels, dtype="str"), settings or Settings())


@pytest.mark.parametrize(
    ("label", "first", "how"),
    [
        ("PEINTRE APPLIC. REVETEMENTS", "F1606", "diploma"),
        ("COMMERC.SERV.HOT.-CAFE-REST.", "G1803", "diploma"),
        ("1CAP2 COND.ENGINS TP ET CARRIERES", "F1302", "diploma"),  # TP: travaux publics
        ("MAINT. VEHICULES OPT A VOIT.PART.", "I1604", "diploma"),  # an option behind the name
        ("TLEPRO MAINTEN. ET EFFICACITE ENERGETIQ.", "I1308", "diploma"),
        ("1CAP2 OPERATEUR/OPERATRICE LOGISTIQUE", "N1103", "diploma"),
        ("MET.HOTEL.-RESTAUR. 2NDE COMMUNE", "G1609", "family"),
        ("METIERS DE L'AERONAUTIQUE 2NDE COMMUNE", "H2901", "family"),
        ("2NDPRO NATURE JARDIN PAYSAGE FORET", "A1208", "family"),
        ("CONSEIL VENTE", "D1210", "family"),
        ("Boulangère", "D1102", "title"),
        ("2NDE GENERALE ET TECHNOLOGIQUE", "", NO_WISH),
        ("2nde GT section européenne", "", NO_WISH),
        ("3PREPA", "", NO_WISH),
        ("2NDE ZORGLUB", "", ""),
        ("TOTO TATA TITI", "", ""),
        ("", "", ""),
    ],
)
def test_labels(label, first, how):
    found = read(label).iloc[0]
    assert (found["codes"].split("|")[0], found["how"]) == (first, how)


def test_a_common_class_is_a_wish_for_all_its_specialities():
    found = read("METIERS DE L'ALIMENTATION 2NDE COMMUNE").iloc[0]
    assert {"D1101", "D1102", "D1105"} <= set(found["codes"].split("|")[: found["leading"]])
    assert found["level"] == 4


def test_a_class_says_the_level():
    assert read("1CAP2 CUISINE", "2NDPRO CUISINE", "CUISINE")["level"].tolist() == [3, 4, 0]


def test_a_label_that_is_cut_short_must_give_most_of_a_name():
    # Two words of nine ("conduite et gestion de l'entreprise agricole ...") name nothing.
    assert read("COND. GEST.")["how"].tolist() == [""]
    assert read("MET.")["how"].tolist() == [""]


def test_answers_do_not_depend_on_rows():
    labels = ["CUISINE", "2NDE GT", "MET.HOTEL.-RESTAUR. 2NDE COMMUNE", "CUISINE", "???"]
    one_by_one = pd.concat([read(label) for label in labels], ignore_index=True)
    pd.testing.assert_frame_equal(read(*labels), one_by_one)
    missing = resolve_wish_labels(pd.Series(["CUISINE", None], dtype="str"), Settings())
    assert missing["codes"].tolist()[1] == ""


def test_every_speciality_of_a_class_is_known():
    rows = read_table("school_labels.csv")
    families = rows[rows["kind"] == "family"]
    assert len(families) >= 14
    for name, meaning in zip(families["written"], families["meaning"], strict=True):
        for speciality in meaning.split("|"):
            found = read(f"Bac pro {speciality}").iloc[0]
            assert found["how"] == "diploma", (name, speciality)


def test_lines_of_the_table_are_whole_and_said_once():
    rows = read_table("school_labels.csv")
    assert set(rows["kind"]) == {"word", "family", "no_wish"}
    assert not rows["written"].str.casefold().duplicated().any()
    assert (rows["meaning"] != "").eq(rows["kind"] != "no_wish").all()


def own(tmp_path, *lines):
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(["kind,written,meaning", *lines]), "utf-8")
    return Settings(labels_file=str(path))


def test_lines_of_the_user_come_first(tmp_path):
    settings = own(
        tmp_path,
        "trades,2NDE ZORGLUB,D1102|D1104",
        "word,zgl,boulanger",
        "no_wish,Métiers de l'aéronautique,",
        "family,Métiers du zorglub,Cuisine|Fonderie",
    )
    found = read(
        "2nde Zorglub", "1CAP2 ZGL", "METIERS DE L'AERONAUTIQUE", "MET. ZORGLUB 2NDE COM",
        settings=settings,
    )  # fmt: skip
    assert found["codes"].str.split("|").str[0].tolist() == ["D1102", "D1102", "", "G1609"]
    assert found["how"].tolist()[2:] == [NO_WISH, "family"]
    assert school_labels(settings).words["zgl"] == "boulanger"


def test_faults_of_the_users_lines_are_named_all_at_once(tmp_path):
    settings = own(tmp_path, "wrod,a,b", "trades,x,Z9999", "word,,b", "family,x,")
    with pytest.raises(InputError) as error:
        school_labels(settings)
    where = [(issue.line, issue.column) for issue in error.value.issues]
    assert where == [(2, "kind"), (3, "meaning"), (4, "written"), (5, "meaning")]
    with pytest.raises(UsageError):
        school_labels(Settings(labels_file=str(tmp_path / "none.csv")))
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InputError):
        school_labels(Settings(labels_file=str(tmp_path / "odd.csv")))
