"""What every source does, whatever its format: one class, run on all of `SOURCES`.

A new source needs a sample in `tests.tables.samples` and nothing here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import InputError
from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading import read_file
from matchmaker.tables.schemas import columns_of
from matchmaker.tables.sources import SOURCES as SHIPPED
from matchmaker.tables.sources.source import broken_promises, given_as, head_of
from matchmaker_cli import options
from tests.tables.read_by import AS_OF, answer
from tests.tables.samples import NEUTRAL, SAMPLES, SOURCES

DOCS = Path(__file__).resolve().parents[2] / "docs"
OTHERS = "contacts"
FEEDS = {
    "hellowork": ("import-hello-work",), "jobteaser": ("import-jobteaser",),
    "laposte": ("import-laposte",), "leboncoin": ("import-leboncoin",),
    "decathlon": ("decathlon",),
    "cegid": ("france-travail-cegid-mapper", "import-france-travail-cegid"),
}  # fmt: skip
WORDS = st.sampled_from(
    ["jobs", "recruiters", "identifier", "workplace", "resultats", "intitule", "lieuTravail",
     "romeCode", "offer", "contract", "INE", "Code MEF", "Libellé formation", "numero", "cp"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=15,
)
CELLS = st.text(max_size=6) | st.sampled_from(["-", "123456789AB", "7000001", "2A004", "=1+1"])


def tables_or_faults(source, raw):
    """Tables of a file, or where the source refuses it the faults that it names."""
    try:
        tables = source.to_tables(raw, as_of=AS_OF)
    except InputError as error:
        return [issue.sentence() for issue in error.issues if issue.file == raw.file]
    assert not list(broken_promises(source, tables))
    return tables


def same(left, right):
    """Tell whether two tables are the same in every part."""
    pd.testing.assert_frame_equal(left.frame, right.frame)
    np.testing.assert_array_equal(left.lines, right.lines)
    parts = [replace(t, frame=left.frame, lines=left.lines) for t in (left, right)]
    return repr(parts[0]) == repr(parts[1])


@pytest.mark.parametrize("name", [source.name for source in SHIPPED])
class TestSource:
    @pytest.fixture
    def source(self, name):
        return SOURCES[name]

    @pytest.fixture
    def raw(self, name, tmp_path):
        return SAMPLES[name].read(tmp_path)

    def test_its_sample_is_recognised_by_it_alone(self, source, raw):
        marks = {other.name: other.recognises(head_of(raw)) for other in SOURCES.values()}
        assert marks.pop(source.name) in {1, 2}
        assert not any(marks.values())

    def test_neutral_tables_are_none_of_its_files(self, source, tmp_path):
        for sample in NEUTRAL:
            assert source.recognises(head_of(sample.read(tmp_path))) == 0

    def test_it_gives_tables_of_its_kinds_that_hold_rows(self, source, raw):
        tables = source.to_tables(raw, as_of=AS_OF)
        assert {table.role for table in tables} - {OTHERS} == source.kinds
        for table in tables:
            assert len(table.frame)
            assert (table.file, table.sha256) == (raw.file, raw.sha256)

    def test_cells_are_text_in_neutral_columns(self, source, raw):
        for table in source.to_tables(raw, as_of=AS_OF):
            assert (table.frame.dtypes == "str").all()
            assert not table.frame.isna().any(axis=None)
            if table.role != OTHERS:
                assert {*table.frame.columns} <= {*columns_of(table.role)}
                assert set(table.frame["source"].str.split(":").str[0]) == {source.name}

    def test_lines_are_those_of_the_file(self, source, raw):
        for table in source.to_tables(raw, as_of=AS_OF):
            assert table.lines.dtype == np.int64
            lines = [*table.lines, *(fault.line for fault in table.faults)]
            assert len(set(lines)) == len(lines)
            if isinstance(raw, RawTable):
                assert set(lines) <= set(raw.lines)
            else:  # items are counted from 1, and each is a row or a fault
                assert sorted(lines) == list(range(1, len(lines) + 1))

    def test_the_same_file_gives_the_same_tables(self, source, raw):
        once, again = (source.to_tables(raw, as_of=AS_OF) for _ in range(2))
        assert all(same(left, right) for left, right in zip(once, again, strict=True))

    @given(payload=JSON)
    def test_any_json_gives_rows_and_faults(self, name, payload):
        raw = answer(payload, "any.json")
        assert SOURCES[name].recognises(head_of(raw)) in {0, 1, 2}
        assert tables_or_faults(SOURCES[name], raw)

    @given(
        headers=st.lists(WORDS | st.text(max_size=5), max_size=5, unique=True),
        rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=4),
    )
    def test_any_table_gives_rows_and_faults(self, name, headers, rows):
        frame = pd.DataFrame(rows, columns=list("abcde"), dtype="str").iloc[:, : len(headers)]
        frame.columns = pd.Index(headers, dtype="object")
        lines = np.arange(2, len(frame) + 2, dtype=np.int64)
        raw = RawTable(role="wishes", file="any.csv", frame=frame, lines=lines, sha256="0")
        assert SOURCES[name].recognises(head_of(raw)) in {0, 1, 2}
        assert tables_or_faults(SOURCES[name], raw)

    def test_only_the_feeds_of_its_partner_are_its_files(self, source, shared_data):
        own = FEEDS.get(source.name, ())
        for path in sorted((shared_data / "offers").iterdir()):
            raw = read_file(path, "offers")
            assert (source.recognises(head_of(raw)) > 0) == (path.name.split(".")[0] in own)
            assert tables_or_faults(source, raw)

    def test_its_page_tells_every_column_and_how_to_name_it(self, source, raw):
        file = DOCS / "reference" / "sources" / f"{source.name.replace('_', '-')}.md"
        page = file.read_text(encoding="utf-8")
        assert f"`--{given_as(source)}-format {source.name}`" in " ".join(page.split())
        told = set(re.findall(r"`(\w+)`", page))
        for table in source.to_tables(raw, as_of=AS_OF):
            written = table.frame.columns[(table.frame != "").any()]
            assert table.role == OTHERS or {*written} - {"youth_id"} <= told


def test_every_source_has_a_page_and_a_sample_and_no_other_has():
    names = {source.name for source in SHIPPED}
    assert {*SAMPLES} == names
    pages = (DOCS / "reference" / "sources").glob("*.md")
    assert {page.stem.replace("-", "_") for page in pages} == names


@pytest.mark.parametrize("role", ["wishes", "offers"])
def test_help_names_the_formats_that_there_are(role):
    option = {"wishes": options.WishesFormat, "offers": options.OffersFormat}[role]
    (listed,) = re.findall(r"\((.*)\)", option.__metadata__[0].help)
    assert set(listed.split(", ")) == {s.name for s in SHIPPED if given_as(s) == role}


def test_help_names_the_files_that_hold_youths_too():
    both = {source.name for source in SHIPPED if {"youths", "wishes"} <= source.kinds}
    (listed,) = re.findall(r"\((.*)\)", options.Youths.__metadata__[0].help)
    assert set(listed.lower().split(", ")) == both
