"""What may lead to a broken contract is told to the cell, line by line, and to nobody else."""

from __future__ import annotations

import pandas as pd

from matchmaker.follow_up.risks import with_risks
from matchmaker.settings import Settings

YOUTHS = pd.DataFrame({"youth_id": ["Y1"], "commune_code": ["35238"]})
OFFERS = pd.DataFrame({"offer_id": ["O1", "O2"], "commune_code": ["35051", "35288"]})


def risks(settings, **cells):
    line = {"youth_id": "Y1", "offer_id": "O1", "distance_km": 10.0, "rung": 1, "doubt": "none"}
    lists = pd.DataFrame([line | cells])
    return with_risks(lists, YOUTHS, OFFERS, settings)["risk"].item()


def test_over_an_hour_or_outside_the_wishes():
    settings = Settings()
    assert risks(settings) == ""
    assert risks(settings, distance_km=30.0) == ""
    assert risks(settings, distance_km=float("nan")) == ""
    far = " (à surveiller, risque de rupture : plus d'une heure de trajet)"
    outside = " (à surveiller, risque de rupture : hors de ses vœux)"
    assert risks(settings, distance_km=30.1) == far
    assert risks(settings, rung=5) == ""  # a wished trade, beyond the reach
    assert risks(settings, rung=2) == outside
    assert risks(settings, rung=4) == outside
    assert risks(settings, doubt="sector") == outside
    assert risks(settings, rung=4, distance_km=45.0) == (
        " (à surveiller, risque de rupture : plus d'une heure de trajet, hors de ses vœux)"
    )


def test_a_known_time_counts_before_the_distance(tmp_path):
    file = tmp_path / "times.csv"
    file.write_text("from_commune,to_commune,minutes\n35238,35051,61\n35238,35288,60\n")
    settings = Settings(travel_times_file=str(file))
    assert "heure" in risks(settings, distance_km=3.0)
    assert risks(settings, distance_km=90.0, offer_id="O2") == ""
