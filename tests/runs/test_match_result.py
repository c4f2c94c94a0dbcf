import datetime as dt
import json
from dataclasses import FrozenInstanceError, replace

import pandas as pd
import pytest

from matchmaker.errors import CheckError
from matchmaker.settings import Settings
from tests.fakes import fake_result

FILES = {
    "assignment.csv", "assignment.parquet", "certificate.parquet", "follow_up.csv", "lists.csv", "lists.parquet",
    "mailing.csv", "manifest.json", "quality.csv", "pooled.csv", "flagged.csv", "notes.csv", "rejects.csv", "report.html", "summary.json",
    "settings.toml", "timings.json", "unserved.csv", "unserved.parquet",
    "tables/youths.parquet", "tables/wishes.parquet", "tables/offers.parquet", "tables/sent.parquet", "reference/nearness.parquet",
    "reference/referents.parquet",
}  # fmt: skip


def files(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_saving_writes_every_output(tmp_path):
    result = fake_result()
    result.save(tmp_path / "out")
    assert set(files(tmp_path / "out")) == FILES
    back = pd.read_parquet(tmp_path / "out" / "lists.parquet")
    written = result.lists.astype({"doubt": "str"})  # a category has no form in the file
    pd.testing.assert_frame_equal(back, written, check_dtype=False)
    manifest = json.loads(files(tmp_path / "out")["manifest.json"])
    assert set(manifest["outputs"]) == FILES - {"manifest.json", "timings.json"}
    assert manifest["settings"]["lang"] == "fr"


def test_equal_runs_have_equal_bytes_but_for_timings(tmp_path):
    fake_result().save(tmp_path / "one")
    slower = replace(fake_result(), timings={"read": 99.5})
    slower.save(tmp_path / "two")
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one.pop("timings.json") != two.pop("timings.json")
    assert one == two


def test_a_result_that_does_not_hold_is_not_saved(tmp_path):
    """What was there before stays whole, and nothing is left lying about."""
    out, result = tmp_path / "out", fake_result()
    result.save(out)
    before = files(out)
    broken = replace(result, lists=result.lists.assign(score=result.lists["score"] + 1))
    with pytest.raises(CheckError, match="les parts de chaque critère font le score"):
        broken.save(out)
    assert files(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_no_clock_and_no_path_in_the_outputs(tmp_path):
    fake_result().save(tmp_path / "out")
    today = dt.datetime.now().astimezone().date()
    everything = b"".join(files(tmp_path / "out").values())
    assert today.isoformat().encode() not in everything
    assert str(tmp_path).encode() not in everything


def test_no_csv_cell_can_run(tmp_path):
    fake_result().save(tmp_path / "out")
    for name, content in files(tmp_path / "out").items():
        if name.endswith(".csv"):
            assert b'"=' not in content
            assert b'"+' not in content
            assert b'"-' not in content


def test_it_prints_itself():
    result = fake_result()
    assert str(result) == repr(result)
    assert str(result).startswith("Appariement du 15 septembre 2023 (données synthétiques)\n")
    assert "Matching of 15 September 2023" in str(fake_result(settings=Settings(lang="en")))


def test_a_notebook_gets_escaped_html():
    result = fake_result()
    lists = result.lists.assign(title="<script>alert(1)</script>")
    shown = replace(result, lists=lists)._repr_html_()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert shown.count("<tr") > 10


def test_it_is_frozen():
    with pytest.raises(FrozenInstanceError):
        fake_result().as_of = None
