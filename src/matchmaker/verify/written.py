"""What a run's folder says of itself: its files and their hashes, its id, its stages, its settings."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from matchmaker.verify.fault import Faults

__all__ = ["check_manifest", "check_written"]

MANIFEST, SUMMARY, SETTINGS, TIMINGS = (
    "manifest.json",
    "summary.json",
    "settings.toml",
    "timings.json",
)
# Settings that say where a table lies: the id counts what it holds.
PATHS = ("_file", "_dir")


def check_written(folder: Path, manifest: Mapping[str, Any], faults: Faults) -> None:
    """Check that the folder holds the files of its manifest, byte for byte, and no other.

    Parameters
    ----------
    folder : Path
    manifest : mapping
        What ``manifest.json`` holds.
    faults : Faults
        What is found is added to it.
    """
    outputs = manifest["outputs"]
    present = {
        entry.relative_to(folder).as_posix()
        for entry in folder.rglob("*")
        if entry.is_symlink() or not entry.is_dir()
    }
    for name in sorted(set(outputs) - present):
        faults.add("file_missing", file=name)
    for name in sorted(present - set(outputs) - {MANIFEST, TIMINGS}):
        faults.add("file_unlisted", file=name)
    for name in sorted(present & set(outputs)):
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        faults.equal("file_hash", found, outputs[name], file=name)


def check_manifest(folder: Path, manifest: Mapping[str, Any], faults: Faults) -> None:
    """Check that what the manifest says goes together, and with the settings and the summary.

    Parameters
    ----------
    folder : Path
    manifest : mapping
    faults : Faults
        What is found is added to it.
    """
    identity, as_of = manifest["identity"], manifest["as_of"]
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    settings, given = manifest["settings"], identity["settings"]
    spelled = {name: {**settings[name], **given[name]} for name in ("weights", "values")}
    read = {(one["role"], one["sha256"]) for one in manifest["inputs"]}
    known = {tuple(one) for one in identity["inputs"]}
    tables = {one["sha256"] for one in manifest["reference"]}
    for column, said, true in (
        ("made_by", manifest["made_by"], "matchmaker"),
        ("format", manifest["format"], 2),
        ("run_id", manifest["run_id"], f"{as_of or 'undated'}-{digest}"),
        ("identity.as_of", identity["as_of"], as_of),
        ("identity.seed", identity["seed"], manifest["seed"]),
        ("seed", manifest["seed"], settings["seed"]),
        ("identity.version", identity["version"], manifest["versions"]["matchmaker"]),
        ("identity.asked", {**identity["asked"], **manifest["asked"]}, identity["asked"]),
        ("identity.handed_in", identity["asked"].get("handed_in", {}), manifest["handed_in"]),
        # Youths may have been read out of the file of wishes.
        ("inputs", {one for one in read if one[0] != "youths"}, known - _of(known, "youths")),
        ("inputs", _of(known, "youths") <= _of(read, "youths"), True),
        ("reference", tables <= {sha256 for _, sha256 in identity["reference"]}, True),
        (
            "settings",
            {name: {**settings, **spelled}[name] for name in given},
            {**given, **spelled},
        ),
        ("settings", {name for name in settings if not name.endswith(PATHS)}, set(given)),
    ):
        if said != true:  # what stands in settings may be long: the place is enough
            faults.add("manifest", file=MANIFEST, column=column)
    written = tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    if written != settings:
        faults.add("settings_written", file=SETTINGS)
    summary = json.loads((folder / SUMMARY).read_bytes())
    faults.equal("figure", summary.get("as_of"), as_of, file=SUMMARY, column="as_of")
    is_synthetic = manifest["is_synthetic"]
    faults.equal(
        "figure", summary["is_synthetic"], is_synthetic, file=SUMMARY, column="is_synthetic"
    )
    _check_stages(folder, manifest, faults)


def _check_stages(folder: Path, manifest: Mapping[str, Any], faults: Faults) -> None:
    stages, outputs = manifest["stages"], manifest["outputs"]
    written = {one["file"]: one["sha256"] for stage in stages for one in stage["writes"]}
    if written != outputs:
        faults.add("manifest", file=MANIFEST, column="stages.writes")
    known = [one["sha256"] for one in (*manifest["inputs"], *manifest["reference"])]
    for stage in stages:
        before = known if stage["name"] == "read" else list(written.values())
        if not set(stage["reads"]) <= set(before) or (
            stage["name"] == "read" and stage["reads"] != known
        ):
            faults.add("manifest", file=MANIFEST, column=f"stages.{stage['name']}.reads")
        for one in stage["writes"]:
            name = one["file"]
            if name.endswith(".parquet") and (folder / name).is_file():
                rows = pa.parquet.read_metadata(folder / name).num_rows
                faults.equal("figure", one["rows"], rows, file=MANIFEST, column=f"stages.{name}")


def _of(pairs: set[tuple[str, str]], role: str) -> set[tuple[str, str]]:
    return {one for one in pairs if one[0] == role}
