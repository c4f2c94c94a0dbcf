"""A saved run, opened again: from its folder or from a HOME, and what is none is refused."""

from __future__ import annotations

import json
import stat
import subprocess
import sys

import pandas as pd
import pytest

from matchmaker import Settings, generate, match
from matchmaker.errors import UsageError
from matchmaker.report.tables import to_arrow
from matchmaker.runs.folder import open_run, outputs_of

AS_OF = "2023-09-15"


def small_files(folder):
    made = generate(youths=40, offers=500, out=folder / "given", regions=["Bretagne"])
    return [made[name] for name in ("youths", "wishes", "offers")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    result = match(*small_files(folder), as_of=AS_OF, assignment=True)
    result.save(folder / "run")
    return folder / "run", result


def manifest_of(folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    plain = {"made_by": "matchmaker", "format": 2, "run_id": folder.name, "outputs": {}}
    (folder / "manifest.json").write_text(json.dumps({**plain, **changes}))
    return folder


def test_a_run_gives_back_its_tables_with_their_types(made):
    folder, result = made
    run = open_run(folder)
    kept = result.kept
    for name, frame in {
        "lists": result.lists,
        "certificate": result.certificate,
        "tables/youths": kept.youths,
        "tables/wishes": kept.wishes,
        "tables/offers": kept.offers,
        "tables/sent": kept.sent,
        "reference/nearness": kept.nearness,
    }.items():
        back = run.table(name)
        assert to_arrow(back).equals(to_arrow(frame)), name
        days = frame.select_dtypes("datetime64")
        assert back[list(days)].dtypes.equals(days.dtypes), name
    assert (run.settings, run.as_of) == (result.settings, result.as_of)
    assert run.summary() == result.summary
    assert list(run.table("lists", ["offer_id", "rank"])) == ["offer_id", "rank"]


def test_settings_are_read_back(made):
    folder, result = made
    assert Settings.from_toml(folder / "settings.toml") == result.settings


def test_the_stages_name_every_file_once_and_read_what_was_written(made):
    folder, _ = made
    manifest = open_run(folder).manifest
    written = [one for stage in manifest["stages"] for one in stage["writes"]]
    assert {one["file"]: one["sha256"] for one in written} == manifest["outputs"]
    assert len(written) == len(manifest["outputs"])
    known = {one["sha256"] for one in manifest["inputs"]}
    for stage in manifest["stages"]:
        assert stage["reads"], stage["name"]
        assert set(stage["reads"]) <= known
        known |= {one["sha256"] for one in stage["writes"]}
    rows = {one["file"]: one["rows"] for one in written}
    assert rows["tables/youths.parquet"] == manifest["counts"]["youths"]
    assert rows["lists.parquet"] == rows["lists.csv"] == manifest["counts"]["lines"]


def test_all_of_it_can_be_read_by_the_owner_only(made):
    folder, _ = made
    for entry in folder.rglob("*"):
        mode = stat.S_IMODE(entry.stat().st_mode)
        assert mode == (0o700 if entry.is_dir() else 0o600), entry.name


def test_the_nearness_is_that_of_codes_that_occur(made):
    folder, _ = made
    run = open_run(folder)
    near = run.table("reference/nearness")
    lists = run.table("lists")
    lines = lists.merge(
        near, left_on=["wish_code", "trade_code"], right_on=["wish_code", "offer_code"], how="left"
    )
    weight = run.settings.weights["trade"]
    assert len(lines)
    assert (lines["points_trade"] == weight * lines["value"]).all()
    wished = {c for cell in run.table("tables/wishes")["trade_codes"] for c in cell.split("|")}
    assert set(near["wish_code"]) <= wished


def test_a_home_stands_for_the_run_that_counts(tmp_path):
    for day in ("14", "15"):
        manifest_of(tmp_path / "runs" / f"2023-09-{day}-ff")
    (tmp_path / "CURRENT").write_text("2023-09-14-ff\n")
    assert open_run(tmp_path).run_id == "2023-09-14-ff"
    assert open_run(tmp_path / "runs" / "2023-09-15-ff").run_id == "2023-09-15-ff"


@pytest.mark.parametrize(
    "current", ["", "../elsewhere", "/etc", "gone", "a\nb"], ids=["empty", "up", "root", "gone", "two"]
)  # fmt: skip
def test_a_home_whose_pointer_leads_nowhere(tmp_path, current):
    manifest_of(tmp_path / "elsewhere")
    (tmp_path / "runs").mkdir()
    (tmp_path / "CURRENT").write_text(current)
    with pytest.raises(UsageError):
        open_run(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [{"made_by": "another"}, {"format": 3}, {"outputs": 3}, {"outputs": None}],
)
def test_what_is_no_run_of_ours(tmp_path, changes):
    with pytest.raises(UsageError, match="n'est pas celui d'un calcul"):
        open_run(manifest_of(tmp_path / "out", **changes))


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff"])
def test_a_damaged_manifest(tmp_path, text):
    (tmp_path / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError):
        open_run(tmp_path)
    assert outputs_of(tmp_path) == {}


def test_a_run_from_before_there_were_formats(tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    manifest = {"as_of": AS_OF, "outputs": {"lists.parquet": "ab"}, "settings": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    run = open_run(folder)
    assert (run.format, run.run_id, run.is_match) == (1, "", True)
    with pytest.raises(UsageError, match=r"pas de table 'youths\.parquet'"):
        run.table("tables/youths")


def test_files_elsewhere_are_nobodys(tmp_path):
    names = ["a.csv", "tables/a.parquet", "reference/b", "../a", "/a", "other/a", "tables/../a", "tables/b/c", ""]  # fmt: skip
    manifest_of(tmp_path, outputs=dict.fromkeys(names, "0"))
    assert set(outputs_of(tmp_path)) == {"a.csv", "tables/a.parquet", "reference/b"}


def test_no_folder_and_no_manifest(tmp_path):
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(UsageError):
            open_run(path)


def test_opening_a_run_loads_no_numeric_package(made):
    folder, _ = made
    code = (
        "import sys; from matchmaker.runs.folder import open_run; from matchmaker.runs import"
        " identity; open_run(sys.argv[1]).run_id;"
        "print(sorted({'numpy', 'pandas', 'numba', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_a_youth_wrote_as_a_wish_carries_no_address(tmp_path):
    youths, wishes, offers = small_files(tmp_path)
    frame = pd.read_csv(wishes, dtype=str, keep_default_na=False)
    frame["trade_label"] = "Boulanger, écrire à ana@example.org ou 06 12 34 56 78"
    frame["trade_code"] = ""
    result = match(youths, frame, offers, as_of=AS_OF)
    label = result.kept.wishes["trade_label"]
    assert label.str.contains("Boulanger").all()
    assert not label.str.contains("@|12 34").any()
