"""Flags in words: what is clear is read, what is not is no, and said."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.checks.flag_words import yes_or_no


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("is_mobile", "permis b", True),
        ("is_mobile", "voiture", True),
        ("is_mobile", "vehiculee", True),
        ("is_mobile", "b", True),
        ("is_mobile", "oui, scooter", True),
        ("is_mobile", "oui (permis b)", True),
        ("is_mobile", "pas de permis", False),
        ("is_mobile", "non vehicule", False),
        ("is_mobile", "vehicule : non", False),
        ("is_mobile", "aucun", False),
        ("is_mobile", "transports en commun", False),
        ("is_mobile", "yes/no", None),
        ("is_mobile", "permis en cours", None),
        ("is_mobile", "pas de permis mais scooter", None),
        ("is_mobile", "8", None),
        ("has_rqth", "rqth", True),
        ("has_rqth", "oui rqth", True),
        ("has_rqth", "pas de rqth", False),
        ("has_rqth", "demande de rqth en cours", None),
        ("has_rqth", "voiture", None),
        ("opt_out", "oui rqth", None),
        ("opt_out", "pas de refus", None),
    ],
)
def test_what_people_write(column, text, said):
    assert yes_or_no(text, column) is said


NOUNS = ["permis", "permis b", "voiture", "véhicule", "scooter"]


@given(
    noun=st.sampled_from(NOUNS),
    form=st.sampled_from(["{}", "oui {}", "Oui, {}", "OUI ({})", "A un {}", "{} : oui"]),
    no=st.sampled_from(["pas de {}", "Sans {}", "aucun {}", "non, pas de {}", "{} : non"]),
)
def test_a_no_is_a_no_and_a_yes_a_yes(noun, form, no):
    cells = [form.format(noun), no.format(noun).upper(), "oui et non", "8"]
    ids = [f"Y{i}" for i in range(len(cells))]
    youths = pd.DataFrame({"youth_id": ids, "commune_code": "29232", "is_mobile": cells})
    wishes = pd.DataFrame({"youth_id": ids, "rank": "1", "trade_code": "D1102"})
    offers = pd.DataFrame({"offer_id": ["O"], "title": ["Boulanger"], "commune_code": ["29232"]})
    found = load(youths, wishes, offers, as_of=dt.date(2026, 9, 15), settings=Settings())
    assert found.youths["is_mobile"].tolist() == [True, False, False, False]
    counted = found.quality[found.quality["column"] == "is_mobile"].set_index("reason")["count"]
    assert (counted["flag_in_words"], counted["unclear_flag"]) == (2, 2)
