import pandas as pd
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.reference.lexicon import lexicon
from matchmaker.reference.lookup import read_table
from matchmaker.reference.trade_text import read_title
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings

KNOWN = set(read_table("rome.csv")["code"])


def test_every_code_is_of_the_nomenclature():
    wrong = [(e.titles[0], c) for e in lexicon() for c in (*e.codes, *e.parents) if c not in KNOWN]
    assert wrong == []


def test_every_title_and_diploma_says_something():
    mute = [t for e in lexicon() for t in (*e.titles, *e.diplomas) if not read_title(t).stems]
    assert mute == []


def test_every_code_has_its_parent():
    assert all(len(e.parents) == len(e.codes) for e in lexicon())


def test_no_trade_is_named_twice():
    names = [e.titles[0] for e in lexicon()]
    assert len(names) == len(set(names)) > 400


def test_parents_are_the_official_ones(shared_data):
    table = pd.read_csv(shared_data / "rome" / "rome_v460_codes.csv", dtype=str)
    official = dict(zip(table["code_rome"], table["code_rome_parent"], strict=True))
    wrong = [
        (c, p)
        for e in lexicon()
        for c, p in zip(e.codes, e.parents, strict=True)
        if official[c] != p
    ]
    assert wrong == []


def test_all_faults_are_told_at_once(tmp_path):
    file = tmp_path / "lexique.txt"
    file.write_text(
        "# remarque\n[Boulanger]\ncodes: D1102 1102\nsinonymes: pain\n\n[Sans code]\n"
        "synonymes: rien\n[Deux]\ncodes: D1102 D1104\nparents: D1102 D1104 D1101\n",
        "utf-8",
    )
    with pytest.raises(InputError) as caught:
        lexicon(str(file))
    text = caught.value.text("en")
    assert "lexique.txt, line 3: '1102' is no ROME code" in text
    assert "line 4: 'sinonymes: pain' is no line of a trade. Did you mean 'synonymes'?" in text
    assert "line 6: 'Sans code' has no line 'codes:'" in text
    assert "line 8" in text
    assert len(caught.value.issues) == 4


def test_a_file_that_is_not_there():
    with pytest.raises(UsageError, match="lexicon_file"):
        lexicon("/no/such/file.txt")


def test_no_diploma_is_one_plain_word():
    """A bare "Ingénieur" would make every engineer's title that diploma; "DEAS" is its name."""
    words = [d for e in lexicon() for d in e.diplomas if len(d.split()) == 1]
    assert [d for d in words if d != d.upper()] == []


def test_no_title_of_one_word_is_a_kind_of_diploma():
    found = [t for e in lexicon() for t in e.titles if len(t.split()) == 1 and read_title(t).level]
    assert found == []


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Gestionnaire de paie en alternance", "M1507"),
        ("Alternance ingénieur commercial H/F", "D1407"),
        ("Chef comptable", "M1206"),
        ("Apprenti fossoyeur", "K2601"),
        ("Assistante e-commerce - alternance", "D1438"),
        ("Vendeuse en tissus", "D1212"),
        ("Directrice d'école", "K2106"),
        ("Responsable de scierie", "H2204"),
    ],
)
def test_titles_go_to_their_own_trade(title, code):
    """What is sold and where one works do not win over the head; each name has its own code."""
    found = resolve_trades(pd.Series([title], dtype="str"), Settings())
    assert found["codes"][0].split("|")[0] == code
