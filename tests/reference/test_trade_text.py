import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference.lookup import read_table
from matchmaker.reference.trade_text import read_title, stem

LABELS = read_table("rome.csv")["label"].tolist()


def two_forms(label):
    """Masculine and feminine title of a label "M / F rest", found without the package.

    The feminine part begins with the feminine of some word of the masculine part: the last
    one that shares its first three letters.  None where no word does (two different nouns).
    """
    if label.count(" / ") != 1:
        return None
    male, female = label.split(" / ")
    left, right = male.split(), female.split()
    for at in range(len(left) - 1, -1, -1):
        if left[at][:3].lower() == right[0][:3].lower():
            shared = len(left) - at
            return " ".join(left + right[shared:]), " ".join(left[:at] + right)
    return None


PAIRS = [forms for label in LABELS if (forms := two_forms(label))]


def test_there_are_enough_pairs_to_speak_of():
    assert len(PAIRS) > 1150


def test_nearly_all_labels_read_alike_in_both_genders():
    differ = [p for p in PAIRS if read_title(p[0]).stems != read_title(p[1]).stems]
    # Labels whose two halves differ in more than gender: "Décontaminateur / Décontamineuse",
    # "Opérationnel la défense / Opérationnelle de la défense".
    assert len(differ) <= 4, differ


@given(st.sampled_from(PAIRS), st.sampled_from(["{}", "{} (H/F)", "Apprenti(e) {}", "{} F/H/X"]))
def test_gender_and_its_marks_change_nothing(pair, form):
    male, female = (read_title(form.format(title)).stems for title in pair)
    if read_title(pair[0]).stems == read_title(pair[1]).stems:
        assert male == female == read_title(pair[0]).stems


@given(st.sampled_from(LABELS))
def test_case_and_blanks_change_nothing(label):
    assert read_title(label.upper()) == read_title(label) == read_title(f"  {label}\t")


@pytest.mark.parametrize(
    "text",
    [
        "vendeur(euse)",
        "vendeur.se",
        "vendeur·euse",
        "vendeur/euse",
        "vendeuse",
        "VENDEURS",
        "Vendeur / Vendeuse",
        "Vendeur H/F",
        "vendeur (f/h)",
        "Vendeur m/w/d",
    ],
)
def test_ways_to_write_both_genders(text):
    assert read_title(text).stems == read_title("vendeur").stems


@pytest.mark.parametrize(
    "text",
    [
        "je ne sais pas",
        "Je sais pas encore",
        "aucune idée",
        "à définir",
        "N/A",
        "?",
        "",
        "123",
        "non renseigné",
        "n'importe quoi",
        "autre",
        "CDI temps plein",
        "\u200b",
        "Offre d'emploi",
    ],
)
def test_no_answer_names_no_trade(text):
    assert read_title(text).stems == ()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("CAP Boulanger", 3),
        ("Bac pro MELEC", 4),
        ("BP coiffure", 4),
        ("BTS - Services - Banque", 5),
        ("BTSA Aquaculture", 5),
        ("BUT GEA", 6),
        ("licence pro banque", 6),
        ("Master droit", 7),
        ("Titre professionnel Soudeur", 0),
        ("boulanger", 0),
    ],
)
def test_diplomas_leave_the_trade_and_give_the_level(text, level):
    read = read_title(text)
    assert read.level == level
    assert not {"cap", "bac", "bts", "btsa", "but", "bp"} & set(read.stems)


def test_trades_named_with_words_of_adverts_keep_them():
    assert "emploi" in read_title("Conseiller à l'emploi").stems
    assert "formation" in read_title("chargée de formation").stems
    assert read_title("Offre d'emploi : serveur").stems == read_title("serveuse").stems


def test_html_and_typographic_signs():
    assert read_title("Chef d&#39;&eacute;quipe").stems == read_title("Chef d’équipe").stems


@given(st.text(max_size=40))
def test_any_text_is_read(text):
    for word in read_title(text).stems:
        assert re.fullmatch(r"[a-z0-9]+(\+\+|#)?", word)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=15))
def test_a_stem_does_not_end_in_a_mark_of_the_plural_twice(word):
    assert stem(word) == stem(word)
    assert stem(word)
