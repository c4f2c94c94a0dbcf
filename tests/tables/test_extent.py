"""Small files that ask for much memory are refused before a reader makes room for them."""

from __future__ import annotations

import gzip
import io
import re
import tracemalloc
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.errors import InputError
from matchmaker.reference import store, table_texts
from matchmaker.settings import Settings
from matchmaker.tables.reading import extent, read_file
from matchmaker.tables.reading.stream import unpacked
from tests.tables.workbook_files import write_ods, write_xlsx

TABLE = [["youth_id", "rank", "trade_code"], ["Y1", 1, "D1102"]]


def with_far_cell(path, place):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "vœux"
    for row in TABLE:
        sheet.append(row)
    sheet[place] = "x"
    book.save(path)
    return path


def rewritten(path, change):
    """Change the text of each part of a workbook."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = change(archive.read(name))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def refused(path, reason):
    with pytest.raises(InputError) as caught:
        read_file(path, "wishes")
    (issue,) = caught.value.issues
    assert issue.reason == reason
    return str(caught.value).replace("\u202f", " ")


@pytest.mark.parametrize("place", ["XFD1048576", "T1048576", "XFD100"])
def test_a_cell_far_from_the_table_is_refused_with_the_way_to_it(tmp_path, place):
    path = with_far_cell(tmp_path / "wishes.xlsx", place)
    tracemalloc.start()
    said = refused(path, "sheet_too_large")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "la feuille 'vœux' s'étend sur" in said
    assert "Ctrl+Fin" in said
    assert peak < 20_000_000


def test_rows_that_tell_where_they_stand_in_place_of_their_cells(tmp_path):
    path = write_xlsx(tmp_path / "wishes.xlsx", {"vœux": TABLE})
    many = b'<row r="1048576">' + b"<c><v>1</v></c>" * 30 + b"</row></sheetData>"
    rewritten(path, lambda data: data.replace(b"</sheetData>", many))
    assert "1 048 576 lignes et 30 colonnes" in refused(path, "sheet_too_large")


def test_empty_cells_that_were_only_coloured_do_not_count(tmp_path):
    path = with_far_cell(tmp_path / "wishes.xlsx", "XFD1048576")
    empty = rb'<c r="XFD1048576" s="0"/>'
    rewritten(path, lambda data: re.sub(rb'<c r="XFD1048576".*?</c>', empty, data))
    assert len(read_file(path, "wishes").frame) == 1


def test_cells_of_an_ods_that_stand_for_many(tmp_path):
    path = write_ods(tmp_path / "wishes.ods", {"vœux": TABLE})
    row = b'<table:table-row table:number-rows-repeated="1048576">'
    cell = b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    far = row + cell + b"</table:table-row></table:table>"
    rewritten(path, lambda data: data.replace(b"</table:table>", far))
    assert "1 048 578 lignes" in refused(path, "sheet_too_large")


def test_what_follows_the_table_of_an_ods_is_empty_and_costs_nothing(tmp_path):
    path = write_ods(tmp_path / "wishes.ods", {"vœux": TABLE})
    row = b'<table:table-row table:number-rows-repeated="1048574">'
    cell = b'<table:table-cell table:number-columns-repeated="16384"/>'
    far = row + cell + b"</table:table-row></table:table>"
    rewritten(path, lambda data: data.replace(b"</table:table>", far))
    assert len(read_file(path, "wishes").frame) == 1


def test_a_part_that_is_longer_than_the_archive_says(tmp_path):
    path = write_xlsx(tmp_path / "wishes.xlsx", {"vœux": TABLE})
    rewritten(path, lambda data: data.replace(b"</sheetData>", b" " * 50_000 + b"</sheetData>"))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = next(e for e in archive.infolist() if "sheet1" in e.filename)
    at = data.rindex(entry.filename.encode()) - 46  # in the list at the end of the archive
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    refused(path, "workbook_unreadable")


def test_an_archive_of_many_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(extent, "_MAX_PARTS", 5)
    path = write_xlsx(tmp_path / "wishes.xlsx", {"vœux": TABLE})
    assert "plus que les 5 permises" in refused(path, "packed_too_well")


def test_a_full_sheet_beyond_the_limit_is_too_large_and_no_stray_cell(tmp_path, monkeypatch):
    monkeypatch.setattr(extent, "MAX_CELLS", 5)
    path = write_xlsx(tmp_path / "wishes.xlsx", {"vœux": TABLE})
    assert "Enregistrez-la en CSV" in refused(path, "sheet_too_large")


def test_parquet_that_says_it_has_far_more_rows_than_bytes(tmp_path):
    path = tmp_path / "wishes.parquet"
    same = pa.array(np.zeros(12_000_000, dtype=np.int8))
    pq.write_table(pa.table({"youth_id": same, "rank": same}), path)
    assert path.stat().st_size < 100_000
    assert "12 000 000 lignes" in refused(path, "packed_too_well")


def test_gzip_of_many_members_takes_time_in_step_with_its_size():
    """Each member used to copy all that follows it; counted in bytes, not in seconds."""
    packed = gzip.compress(b"Y1,1,D1102\n") * 20_000
    seen = Copied(packed)
    assert b"".join(unpacked([seen], "wishes.csv.gz", len(packed))) == b"Y1,1,D1102\n" * 20_000
    assert seen.copied < 100 * len(packed)


class Copied(bytes):
    """Bytes that count how many of them are cut out."""

    copied = 0

    def __getitem__(self, at):
        cut = super().__getitem__(at)
        if isinstance(at, slice):
            self.copied += len(cut)
        return cut


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=6), st.integers(1, 4000))
def test_gzip_of_any_members_in_any_parts(members, cut):
    packed = b"".join(gzip.compress(m) + b"\x00" * (len(m) % 3) for m in members)
    parts = [packed[i : i + cut] for i in range(0, len(packed), cut)]
    assert b"".join(unpacked(parts, "f.gz", len(packed))) == b"".join(members)


def test_the_tables_of_a_reference_zip_are_bounded_together(tmp_path, monkeypatch):
    path = tmp_path / "rome.zip"
    table = b"code_rome;libelle_rome\n" + b"D1102;Boulangerie\n" * 100
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(6):
            archive.writestr(f"codes{number}.csv", table)
    monkeypatch.setattr(table_texts, "MAX_BYTES", 5 * len(table))
    with pytest.raises(InputError, match="une fois décompressé"):
        store.add("rome", path, Settings(rome_dir=str(tmp_path)))
    monkeypatch.setattr(table_texts, "MAX_BYTES", 6 * len(table))
    assert len(store.add("rome", path, Settings(rome_dir=str(tmp_path)))) == 6
