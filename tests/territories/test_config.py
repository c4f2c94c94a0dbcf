"""Sections [territory] of a configuration: what they may hold, and what is said of all else."""

from __future__ import annotations

import pytest

from matchmaker.errors import UsageError
from matchmaker.runs.config import read_config
from matchmaker.settings import Settings
from matchmaker.territories import Territory, region_names

HEAD = '[inputs]\nwishes = "w.csv"\noffers = "o.csv"\n'


def config(tmp_path, text):
    file = tmp_path / "night.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ['"53"', "53", "Bretagne", '"bretagne"'])
def test_a_region_is_named_by_code_or_name(tmp_path, name):
    text = (
        f'[territory.{name}]\npilot = "DREETS"\nreach_km = 20\ncontract_types = ["apprentissage"]\n'
    )
    file = config(tmp_path, text)
    due = {
        "53": Territory(pilot="DREETS", reach_km=20, contract_types=("apprentissage",)),
    }
    found = read_config(file)
    assert found.settings.territories == due
    assert Settings.from_toml(file) == found.settings  # `match --settings` reads them too
    assert Settings.from_dict(found.settings.to_dict()) == found.settings


def test_the_settings_that_are_written_are_read_back(tmp_path):
    own = {"53": {"pilot": "DREETS", "strict_level": True, "contract_types": ["apprentissage"]}}
    settings = Settings(territories=own)
    file = tmp_path / "settings.toml"
    file.write_text(settings.to_toml(), encoding="utf-8")
    assert Settings.from_toml(file) == settings


def test_the_limit_of_a_fall_is_no_setting(tmp_path):
    found = read_config(
        config(tmp_path, '[territory.Bretagne]\npilot = "DREETS"\nmax_shrink = 0.5\n')
    )
    assert found.shrink == {"53": 0.5}
    assert found.settings.to_dict() == Settings().to_dict()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[territory."35"]\npilot = "x"', "'35' is the department Ille-et-Vilaine; a territory is a region: write '53' (Bretagne)."),
        ('[territory."Ille et Vilaine"]\npilot = "x"', "write '53' (Bretagne)"),
        ('[territory."971"]\npilot = "x"', "write '01' (Guadeloupe)"),
        ('[territory."1"]\npilot = "x"', "Did you mean '01'?"),
        ('[territory."Bretange"]\npilot = "x"', "neither the INSEE code nor the name of a region. Did you mean 'Bretagne'?"),
        ('[territory."53"]\npilot = "x"\n[territory."Bretagne"]\npilot = "y"', "two sections [territory] are for the same region, 53 (Bretagne)"),
        ('[territory."53"]\nreach_km = 20', "the key 'pilot' is missing"),
        ('[territory."53"]\npilot = " "', "the key 'pilot' is missing"),
        ('[territory."53"]\npilot = "x"\nreach = 20', "unknown key 'reach'. Did you mean 'reach_km'?"),
        *(
            (f'[territory."53"]\npilot = "x"\n{name} = {value}', f"'{name}' is the same for all territories. Scores are one currency")
            for name, value in {"weights": "{}", "values": "{}", "rung_costs": "[]", "seed": "1", "objective": '"fair"'}.items()
        ),
        ('[territory."53"]\npilot = "x"\nsolver = "exact"', "the setting 'solver' is the same for all territories; put it into [settings]"),
        ('[territory."53"]\npilot = "x"\nwords = "en"', "nothing reads 'words' today. The language is that of the setting 'lang'"),
        ('[territory."53"]\npilot = "x"\ncontacts = "c"', "a row of the file of referents"),
        ('[territory."53"]\npilot = "x"\nreach_km = "20"', "setting 'reach_km': '20' is not a whole number"),
        ('[territory."53"]\npilot = "x"\nreach_km = 0', "setting 'reach_km': 0 is outside 1 to 500"),
        ('[territory."53"]\npilot = "x"\nstrict_level = 1', "is not true or false"),
        ('[territory."53"]\npilot = "x"\nmax_shrink = 2', "[territory.\"53\"], key 'max_shrink': 2 is outside 0 to 1"),
        ("[territory]\nreach_km = 20", "[territory] holds one section a region: write [territory.\"53\"], then its keys; 'reach_km' is none"),
        ('[territory]\n"53" = 20', "[territory] holds one section a region"),
        ('[settings.territories."53"]\npilot = "x"', "the key 'territories' belongs to the section [territory]"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(tmp_path, text, sentence):
    file = config(tmp_path, text + "\n")
    with pytest.raises(UsageError) as caught:
        read_config(file)
    told = caught.value.text("en")
    assert sentence in told
    assert str(file) in told
    assert len(told.splitlines()) == 1, told
    assert caught.value.text("fr") != told


def test_all_faults_are_told_at_once(tmp_path):
    text = '[settings]\nsed = 1\n[territory."35"]\npilot = "x"\n[territory."53"]\nseed = 2\n'
    with pytest.raises(UsageError) as caught:
        read_config(config(tmp_path, text))
    assert len(caught.value.text("en").splitlines()) == 4


def test_values_of_the_library_are_checked_too():
    with pytest.raises(UsageError, match="reach_km"):
        Settings(territories={"53": Territory(pilot="x", reach_km=900)})
    with pytest.raises(UsageError, match="seed"):
        Settings.from_dict({"territories": {"53": {"pilot": "x", "seed": 3}}})
    with pytest.raises(UsageError, match="territories"):
        Settings.from_dict({"territories": ["53"]})


def test_names_of_regions_are_those_of_the_reference_tables():
    from matchmaker.reference.gazetteer import regions

    assert region_names() == dict(zip(regions()["region_code"], regions()["name"], strict=True))
