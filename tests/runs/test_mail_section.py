"""The section [mail]: each fault is told with file, key and value, all at once."""

from __future__ import annotations

import pytest

from matchmaker.errors import UsageError
from matchmaker.runs.config import read_config
from matchmaker.runs.mail_section import read_mail

GOOD = """
[mail]
campaign = "Rentrée"
desk_name = "Cellule"
desk_phone = "01 99 00 12 34"
controller = "le rectorat"
sender = "a@example.org"
"""


def read(tmp_path, text):
    file = tmp_path / "campaign.toml"
    file.write_text(text, encoding="utf-8")
    return read_mail(file)


def test_a_section_is_read_and_its_paths_start_from_the_file(tmp_path):
    given = read(tmp_path, GOOD + 'wave = 2\nrecord = "envois/sent.csv"\n')
    assert (given.wave, given.record) == (2, tmp_path / "envois" / "sent.csv")
    assert given.mention == "information"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("wave = 0", "n'est pas compris entre 1 et 999"),
        ('wave = "2"', "nombre entier"),
        ("wave = true", "nombre entier"),
        ("max_siblings = 12", "n'est pas compris entre 1 et 9"),
        ('mention = "informations"', "Vouliez-vous dire 'information'"),
        ('mention = "none"', "mention_reason"),
        ('near_only = "nobody"', "n'existe pas"),
        ('answer_found = "https://example.org/"', "{m}"),
        ('answer_call = "http://example.org/{m}"', "https://"),
        ('answer_stop = "https://example.org/{m}/{m}"', "une seule fois"),
        ('link_mark = "m"', "{m}"),
        ('colour = "red"', "'colour' n'existe pas"),
        ("record = 3", "n'est pas un texte"),
    ],
)
def test_a_fault_is_told(tmp_path, line, told):
    with pytest.raises(UsageError) as error:
        read(tmp_path, GOOD + line)
    assert told in str(error.value)
    assert "campaign.toml" in str(error.value)


def test_all_that_is_missing_is_told_at_once(tmp_path):
    with pytest.raises(UsageError) as error:
        read(tmp_path, '[mail]\ndesk_phone = "appelez-nous"\nsender = "rectorat"')
    told = str(error.value)
    for name in ("campaign", "desk_name", "controller"):
        assert f"'{name}' manque" in told
    assert "n'est pas un numéro" in told
    assert "n'est pas une adresse électronique" in told


def test_a_file_without_the_section_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"il n'y a pas de section \[mail\]"):
        read(tmp_path, "[run]\nkeep = 3\n")


def test_a_nightly_configuration_may_have_the_section(tmp_path):
    file = tmp_path / "night.toml"
    inputs = '[inputs]\nwishes = "w.csv"\noffers = "o.csv"\n'
    file.write_text(inputs + GOOD, encoding="utf-8")
    assert read_config(file).run.keep == 30
    file.write_text(inputs + GOOD + "wave = 0\nkeep = 3\n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_config(file)
    assert "n'est pas compris" in str(error.value)
    assert "va dans la section [run]" in str(error.value)
