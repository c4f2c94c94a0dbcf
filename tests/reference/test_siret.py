"""SIRET: check digits against plain arithmetic, spellings, and what must never pass for one."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference.siret import check_digits, read_siret

LA_POSTE = "356000000"


def luhn(digits: str) -> bool:
    """The rule as it is told: double each second digit from the right, add up all figures."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        total += sum(int(figure) for figure in str(int(sign) * (1 + place % 2)))
    return total % 10 == 0


def is_siret(digits: str) -> bool:
    firm = digits[:9]
    if len(digits) != 14 or len(set(digits)) == 1 or set(firm) == {"0"} or not luhn(firm):
        return False
    if firm == LA_POSTE and digits != LA_POSTE + "00048":
        return sum(map(int, digits)) % 5 == 0
    return luhn(digits)


def completed(digits: str) -> str:
    """Digits with the last one that makes them keep to Luhn."""
    return next(digits + last for last in "0123456789" if luhn(digits + last))


@st.composite
def sirets(draw):
    firm = completed(draw(st.from_regex(r"[1-9][0-9]{7}", fullmatch=True)))
    site = draw(st.from_regex(r"[0-9]{4}", fullmatch=True))
    return completed(firm + site)


texts_of_digits = st.one_of(
    st.from_regex(r"[0-9]{14}", fullmatch=True),
    st.from_regex(r"000[0-9]{11}", fullmatch=True),
    st.from_regex(r"356000000[0-9]{5}", fullmatch=True),
    st.integers(0, 9).map(lambda digit: str(digit) * 14),
    sirets(),
)


@given(digits=texts_of_digits)
def test_check_digits_are_those_of_plain_arithmetic(digits):
    is_true, is_made_up = (flags[0] for flags in check_digits(pd.Series([digits], dtype="str")))
    assert is_true == is_siret(digits)
    assert is_made_up == (digits.startswith("000") and len(set(digits)) > 1 and not is_true)
    how = "plain" if is_true else "made_up" if is_made_up else "invalid"
    assert read_siret(digits) == ("" if how == "invalid" else digits, how)


def test_every_last_digit_and_every_site_of_la_poste():
    sites = [f"{LA_POSTE}{site:05d}" for site in range(2000)]
    ends = [f"7328293200007{last}" for last in range(10)]
    found, _ = check_digits(pd.Series([*sites, *ends, "", "abc"], dtype="str"))
    assert found.tolist() == [*map(is_siret, [*sites, *ends]), False, False]
    assert found[48]  # the head office
    assert found[:2000].sum() == 401
    assert found[2000:2010].tolist() == [False] * 4 + [True] + [False] * 5


def test_each_row_is_judged_for_itself_in_any_column():
    column = ["73282932000074", "é3282932000074"[:13], "7328293200007", "35600000009075", ""] * 3
    text = pd.Series(column, dtype="str")
    assert check_digits(text)[0].tolist() == [True, False, False, True, False] * 3
    assert check_digits(text.iloc[3:])[0].tolist() == ([True, False, False, True, False] * 3)[3:]
    assert check_digits(text.iloc[:0])[0].tolist() == []


GAPS = ["", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", ".", "-", "\N{EN DASH}", " . "]


@given(
    siret=sirets(),
    gap=st.sampled_from(GAPS),
    cuts=st.sets(st.integers(1, 13)),
    before=st.sampled_from(["", " ", "SIRET ", "Siret : ", "N° SIRET : ", "'", '="', "\ufeff"]),
    after=st.sampled_from(["", " ", ".0", ",0", ",00", "\u200b"]),
    is_wide=st.booleans(),
)
def test_any_spelling_of_a_number_is_that_number(siret, gap, cuts, before, after, is_wide):
    cut = [*sorted(cuts), 14]
    parts = [siret[start:stop] for start, stop in zip([0, *cut], cut, strict=False)]
    written = before + gap.join(parts) + after
    if is_wide:
        written = written.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789"})
    assert read_siret(written) == (siret, "plain" if written == siret else "form")


@given(text=st.one_of(st.text(), st.from_regex(r"[0-9 .,E+]{9,20}", fullmatch=True)))
def test_what_is_no_number_is_never_a_key(text):
    siret, how = read_siret(text)
    if how in {"plain", "form"}:
        assert is_siret(siret)
    elif how == "siren":
        assert (len(siret), luhn(siret)) == (9, True)
        assert len(set(siret)) > 1
    elif how == "made_up":
        assert (len(siret), siret[:3]) == (14, "000")
        assert len(set(siret)) > 1
    else:
        assert siret == ""


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("EN COURS", "invalid"),
        ("à venir", "invalid"),
        ("00000000000000", "invalid"),
        ("11111111111111", "invalid"),
        ("11122233344455", "invalid"),  # Luhn of the whole, not of the firm
        ("12345678901234", "invalid"),
        ("FR40732829320", "invalid"),  # a VAT number
        ("73282932000074 / 35600000009075", "invalid"),  # two
        ("000000000", "invalid"),
        ("#N/A", "invalid"),
        ("3,56E+13", "damaged"),
        ("3.56E+13", "damaged"),
        ("7,32829E+13", "damaged"),
        ("", "absent"),
        ("-", "absent"),
        ("N.C.", "absent"),
        ("nan", "absent"),
    ],
)
def test_what_is_none_says_why(text, how):
    assert read_siret(text) == ("", how)


def test_a_number_written_out_as_a_power_of_ten_is_whole():
    assert read_siret("7.3282932000074E+13") == ("73282932000074", "form")
    assert read_siret("7,3282932000075e13") == ("", "damaged")


def test_zeros_lost_in_front_come_back_where_the_check_digits_prove_it():
    zero = completed(completed("05520135") + "0001")
    assert read_siret(zero.lstrip("0")) == (zero, "form")
    assert read_siret(zero[1:13]) == ("", "invalid")
