import pandas as pd
import pytest

from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("boulangé", "D1102"),
        ("Apprentie coifeuse (H/F)", "D1202"),
        ("electricein", "F1602"),
        ("bolanger", "D1102"),
        ("oulanger", ""),  # the first letters are not touched
        ("boulanje", ""),  # two slips
        ("boulangé de nuit", ""),  # more than one word
        ("maso", ""),  # too short
    ],
)
def test_one_slip_in_a_trade_of_one_word_is_mended(label, code):
    found = resolve_trades(pd.Series([label], dtype="str"), Settings(min_trade_confidence=0.9))
    assert found["codes"].iloc[0].split("|")[0] == code
    assert found["how"].iloc[0] == ("slip" if code else "")
