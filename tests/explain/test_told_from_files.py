"""Reasons end to end: one rule keeps the only offer out of a CSV; lifted there, the line appears."""

from __future__ import annotations

import csv
import sys

import pytest

from matchmaker_cli import app

YOUTH = {"youth_id": "Y1", "commune_code": "35238", "max_distance_km": "30"}
WISH = {"youth_id": "Y1", "rank": "1", "trade_code": "D1102", "level": "3"}
OFFER = {
    "offer_id": "O1", "title": "Boulanger", "trade_code": "D1102", "commune_code": "35238",
    "contract_type": "apprentissage", "employer": "Maison Pain", "level": "3",
    "start_date": "2023-10-02", "description": "", "capacity": "1",
}  # fmt: skip
STRICT = "strict_level = true\nstrict_region = true\n"

# Reason: what keeps the offer out (of a youth, a wish or an offer), and what the sentence says.
RULES = {
    "flagged": ({"offers": {"description": "Femmes uniquement"}}, "formulation discriminatoire"),
    "expired": ({"offers": {"expiry_date": "2023-09-10"}}, "elle a expiré le 10 septembre 2023"),
    "level": ({"offers": {"level": "5"}}, "autre niveau de diplôme"),
    "contract_type": ({"offers": {"contract_type": "CDI"}}, "ne propose pas : cdi"),
    "start": (
        {"youths": {"available_from": "2024-09-01"}},
        "commence le 2 octobre 2023, trop tôt pour une disponibilité au 1er septembre 2024",
    ),
    "full": ({"offers": {"capacity": "0"}}, "toutes ses places sont prises"),
    "cancelled": ({"offers": {"status": "annulée"}}, "elle a été annulée"),
    "region": ({"wishes": {"region_code": "11"}}, "une autre région que celle du vœu : Bretagne"),
    "age": ({"youths": {"birth_date": "1980-01-01"}}, "à son âge : apprentissage"),
    "out_of_reach": (
        {"offers": {"commune_code": "35288"}}, "environ 65 km, au-delà des 30 km acceptés"
    ),
    "procedure": (
        {"youths": {"source": "affelnet"}, "offers": {"contract_type": "professionnalisation"}},
        "sa procédure d'affectation n'ouvre pas ce contrat : professionnalisation",
    ),
    "minor": (
        {
            "youths": {"birth_date": "2007-06-01"},
            "wishes": {"trade_code": "I1502"},
            "offers": {"trade_code": "I1502", "title": "Scaphandrier"},
        },
        "la loi ferme ce métier aux moins de 18 ans",
    ),
    "other_trade": (
        {"offers": {"trade_code": "D1101"}}, "dans un autre métier du même secteur"
    ),
    "wish_rejected": ({"wishes": {"rank": "premier svp"}}, "(fichier des vœux, ligne 2)"),
}  # fmt: skip
# Where lifting the rule is not to leave the cell out: another cell does it.
BY_ANOTHER_CELL = {
    "out_of_reach": {"youths": {"max_distance_km": "65"}},
    "minor": {"youths": {"birth_date": "2000-06-01"}},
    "other_trade": {"wishes": {"trade_code": "D1101"}},
}


# Somebody else, placed already: a file of which every row is rejected is refused.
OTHER = {
    "youths": [{"youth_id": "Y2", "status": "en contrat"}],
    "wishes": [{"youth_id": "Y2", "trade_code": "D1102"}],
    "offers": [],
}


def written(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list({name: 0 for row in rows for name in row}))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(folder, monkeypatch, changes):
    folder.mkdir()
    usual = {"youths": YOUTH, "wishes": WISH, "offers": OFFER}
    files = {
        name: written(folder / f"{name}.csv", [row | changes.get(name, {}), *OTHER[name]])
        for name, row in usual.items()
    }
    (folder / "settings.toml").write_text(STRICT + "max_rejected_share = 1.0\n", encoding="utf-8")
    arguments = [word for name, path in files.items() for word in (f"--{name}", path)]
    out = folder / "out"
    monkeypatch.setattr(
        sys, "argv",
        ["matchmaker", "match", *arguments, "--as-of", "2023-09-15",
         "--settings", str(folder / "settings.toml"), "--out", str(out)],
    )  # fmt: skip
    try:
        app.main()
    except SystemExit as end:
        assert not end.code  # noqa: PT017 - the command ends by it
    alone = [row for row in rows_of(out / "unserved.csv") if row["youth_id"] == "Y1"]
    return rows_of(out / "lists.csv"), alone


@pytest.mark.parametrize("code", RULES)
def test_the_rule_is_told_and_lifting_it_in_the_file_gives_the_line(code, tmp_path, monkeypatch):
    changes, fact = RULES[code]
    lines, alone = run(tmp_path / "kept_out", monkeypatch, changes)
    assert lines == []
    assert [row["reason_code"] for row in alone] == [code]
    assert fact in alone[0]["reason"]
    lift = changes | BY_ANOTHER_CELL[code] if code in BY_ANOTHER_CELL else {}
    lines, alone = run(tmp_path / "lifted", monkeypatch, lift)
    assert [row["offer_id"] for row in lines] == ["O1"]
    assert alone == []


@pytest.mark.parametrize(
    ("offer", "is_shown"),
    [
        ({"kind": "job", "contract_type": ""}, False),
        ({"kind": "job", "contract_type": "apprentissage"}, True),
        ({"kind": "offer", "contract_type": ""}, True),
    ],
)
def test_a_job_that_states_no_contract_is_an_ordinary_one(offer, is_shown, tmp_path, monkeypatch):
    lines, alone = run(tmp_path / "job", monkeypatch, {"offers": offer})
    assert len(lines) == int(is_shown)
    assert [row["reason_code"] for row in alone] == ([] if is_shown else ["contract_type"])
    assert is_shown or "ne propose pas : autre contrat de travail" in alone[0]["reason"]
    counted = [row["reason"] for row in rows_of(tmp_path / "job" / "out" / "quality.csv")]
    assert ("job_contract" in counted) != is_shown
