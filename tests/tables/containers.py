"""One table of texts in every container that is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from matchmaker.tables.raw import Given
from tests.tables.workbook_files import write_ods, write_xlsx

Rows = Sequence[Sequence[str]]


def _csv(folder: Path, name: str, rows: Rows) -> Path:
    path = folder / f"{name}.csv"
    frame(rows).to_csv(path, index=False)
    return path


def _parquet(folder: Path, name: str, rows: Rows) -> Path:
    path = folder / f"{name}.parquet"
    frame(rows).to_parquet(path)
    return path


def _json(folder: Path, name: str, rows: Rows) -> Path:
    path = folder / f"{name}.json"
    header, *body = rows
    items = [dict(zip(header, row, strict=True)) for row in body]
    path.write_text(json.dumps(items, ensure_ascii=False), "utf-8")
    return path


def _json_lines(folder: Path, name: str, rows: Rows) -> Path:
    path = folder / f"{name}.jsonl"
    header, *body = rows
    path.write_text(
        "\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in body), "utf-8"
    )
    return path


def frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows[1:]), columns=list(rows[0]), dtype="str")


CONTAINERS: dict[str, Callable[[Path, str, Rows], Given]] = {
    "csv": _csv,
    "xlsx": lambda folder, name, rows: write_xlsx(folder / f"{name}.xlsx", {"Feuil1": rows}),
    "ods": lambda folder, name, rows: write_ods(folder / f"{name}.ods", {"Feuil1": rows}),
    "parquet": _parquet,
    "json": _json,
    "json lines": _json_lines,
    "frame": lambda _folder, _name, rows: frame(rows),
}
