"""What users hand in: dates and settings in every usual form, and clear refusals."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from matchmaker.errors import UsageError
from matchmaker.runs.inputs import inputs_of
from matchmaker.runs.setup import settings_of, setup_of
from matchmaker.settings import Settings

DAY = dt.date(2023, 9, 15)


@pytest.mark.parametrize(
    "given",
    [
        DAY,
        "2023-09-15",
        "2023-09-15T08:30:00",
        dt.datetime(2023, 9, 15, 23, 59),  # noqa: DTZ001 - a day as written, no time zone in it
        pd.Timestamp("2023-09-15 12:00"),
    ],
)
def test_every_usual_form_of_a_day(given):
    inputs = inputs_of(None, "w.csv", "o.csv", as_of=given)
    assert inputs.as_of == DAY
    assert type(inputs.as_of) is dt.date


@pytest.mark.parametrize("given", ["15/09/2023", "", "today", 20230915, None, pd.NaT])
def test_what_is_no_day_is_refused(given):
    with pytest.raises(UsageError, match="as_of"):
        inputs_of(None, "w.csv", "o.csv", as_of=given)


def test_one_file_of_offers_or_several():
    frame = pd.DataFrame({"offer_id": ["1"]})
    assert inputs_of(None, "w", "o", as_of=DAY).offers == ("o",)
    assert inputs_of(None, "w", Path("o"), as_of=DAY).offers == (Path("o"),)
    assert inputs_of(None, "w", frame, as_of=DAY).offers[0] is frame
    assert inputs_of(None, "w", ["o", frame], as_of=DAY).offers[0] == "o"
    with pytest.raises(UsageError, match="offres : aucun fichier"):
        inputs_of(None, "w", [], as_of=DAY)


def test_a_format_of_no_table_is_refused():
    with pytest.raises(UsageError, match="'offer' n'est ni youths"):
        inputs_of(None, "w", "o", as_of=DAY, formats={"offer": "lba"})


def test_settings_in_every_form(tmp_path):
    file = tmp_path / "s.toml"
    file.write_text("lines_per_youth = 6\n")
    wanted = Settings(lines_per_youth=6)
    for given in (wanted, {"lines_per_youth": 6}, file, str(file)):
        assert settings_of(given) == wanted
    with pytest.raises(UsageError, match="lines_per_yuth"):
        settings_of({"lines_per_yuth": 6})
    for odd in (None, 6, [file]):
        with pytest.raises(UsageError, match="laissez settings de côté"):
            settings_of(odd)


def test_a_setup_spells_the_criteria_out():
    setup = setup_of({"weights": {"trade": 40}})
    assert setup.settings.weights["trade"] == 40
    assert set(setup.settings.weights) > {"trade", "distance"}
    with pytest.raises(UsageError, match="le critère 'trad' de"):
        setup_of({"weights": {"trad": 40}})
