import pandas as pd
import pytest

from matchmaker.reference.agreement import contradicts
from matchmaker.settings import Settings


@pytest.mark.parametrize(
    ("code", "label", "expected"),
    [
        ("D1102", "Boulanger", False),
        ("D1102", "Boulangère (H/F)", False),
        ("D1104", "BOULANGER", False),  # a near trade is everyday practice
        ("H2913", "Boulanger", True),
        ("H2913|D1102", "Boulanger", False),
        ("H2913", "Boulanger de nuit à Rennes", False),  # no official title: nothing is said
        ("", "Boulanger", False),
        ("H2913", "", False),
    ],
)
def test_only_a_title_of_another_grand_domain_contradicts(code, label, expected):
    found = contradicts(pd.Series([code], dtype="str"), pd.Series([label], dtype="str"), Settings())
    assert found.tolist() == [expected]


def test_a_title_written_with_both_forms_is_the_official_one():
    written = pd.Series(["F1703", "D1102"], dtype="str")
    label = pd.Series(["Boulanger / Boulangère"] * 2, dtype="str")
    assert contradicts(written, label, Settings()).tolist() == [True, False]
