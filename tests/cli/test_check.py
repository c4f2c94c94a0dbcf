import json
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from matchmaker.errors import InputError, Issue
from matchmaker_cli import app as cli

FILES = ("--youths", "y.csv", "--wishes", "w.csv", "--offers", "o.csv")
REJECTS = pd.DataFrame(
    {
        "table": ["wishes", "youths"],
        "file": ["w.csv", "y.csv"],
        "line": [14, 3],
        "column": ["region_code", "birth_date"],
        "value": ["Bretange", "31/02/2005"],
        "reason": ["unknown_region", "not_a_date"],
        "message": ["is not a region", "is not a date"],
        "hint": ["Did you mean 'Bretagne'?", "Write day/month/year."],
    }
)
QUALITY = pd.DataFrame(
    {
        "table": ["youths", "wishes", "offers"],
        "kind": ["repair", "rejected", "default"],
        "reason": ["leading_zero", "unknown_region", "no_column"],
        "column": ["postal_code", "region_code", ""],
        "count": [12, 1, 40],
        "example_line": [3, 14, 0],
    }
)


REGION_FAULT = "  line 14, column 'region_code': 'Bretange' is not a region."
DATE_FAULT = "  line 3, column 'birth_date': (hidden: personal) is not a date."


@pytest.fixture
def check(monkeypatch, capsys):
    def call(answer, *options):
        def load(*_args, **_kwargs):
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("matchmaker.tables.load", load, raising=False)
        monkeypatch.setattr(sys, "argv", ["matchmaker", "check", *FILES, *options])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        assert err == ""
        return end.value.code, out

    return call


def test_faults_are_sentences_and_personal_values_are_hidden(check):
    code, text = check(SimpleNamespace(rejects=REJECTS, quality=QUALITY))
    assert code == 1
    assert text.splitlines() == [
        "w.csv",
        f"{REGION_FAULT} Did you mean 'Bretagne'?",
        "",
        "y.csv",
        f"{DATE_FAULT} Write day/month/year.",
        "",
        "Repaired, nothing to do",
        "  youths, column 'postal_code': leading zero: 12 (line 3)",
        "",
        "Assumed, the cell or the column being empty",
        "  offers: no column: 40",
        "",
        "2 faults: a run would go on without these rows, and list them in rejects.csv.",
    ]


def test_json_hides_personal_values_too(check):
    code, text = check(SimpleNamespace(rejects=REJECTS, quality=QUALITY), "--format", "json")
    answer = json.loads(text)
    assert (code, answer["is_ok"]) == (1, False)
    assert [fault["value"] for fault in answer["faults"]] == ["Bretange", None]
    assert answer["quality"][0]["count"] == 12


def test_repairs_alone_are_fine(check):
    code, text = check(SimpleNamespace(rejects=REJECTS.head(0), quality=QUALITY))
    assert code == 0
    assert text.endswith("No fault.\n")


def test_a_refused_file_is_reported_on_stdout_with_all_its_faults(check):
    issue = Issue(reason="no_column", file="y.csv", message="column 'youth_id' is missing")
    code, text = check(InputError([issue] * 30))
    assert code == 1
    assert text.count("  column 'youth_id' is missing") == 30
    assert text.endswith("30 faults: a run would refuse these files.\n")
