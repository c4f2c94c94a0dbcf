"""JSON cut into items: the same whatever the parts it comes in, and one bad item costs one."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import InputError, Issue
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.reading import content, read_file, stream
from matchmaker.tables.reading.json_items import items_of_array, items_of_lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('"\\[]{},\n é', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('"]}', max_size=2), inner),
    max_leaves=8,
)
BROKEN = st.sampled_from(["", " ", "{]", '{"a" 1}', "tru", "'a'", "[1 2]", '{"a":1}{"b":2}', "01"])
BLANKS = st.sampled_from(["", " ", "\n", "\r\n\t"])


def in_parts(text: bytes, size: int) -> list[bytes]:
    return [text[i : i + size] for i in range(0, len(text), size)]


@given(values=st.lists(JSON, max_size=6), blank=BLANKS, ascii_only=st.booleans(),
       size=st.integers(1, 40), bom=st.booleans())  # fmt: skip
def test_an_array_gives_its_items_in_parts_of_any_size(values, blank, ascii_only, size, bom):
    texts = [json.dumps(value, ensure_ascii=ascii_only) for value in values]
    text = f"{blank}[{blank}{f'{blank},{blank}'.join(texts)}{blank}]{blank}".encode()
    if bom:
        text = b"\xef\xbb\xbf" + text
    assert list(items_of_array(in_parts(text, size), "f")) == list(enumerate(values, start=1))


@given(values=st.lists(JSON, min_size=1, max_size=5), broken=BROKEN, size=st.integers(1, 40),
       data=st.data())  # fmt: skip
def test_a_broken_item_costs_itself_alone(values, broken, size, data):
    at = data.draw(st.integers(0, len(values) - 1))
    texts = [json.dumps(value) for value in values]
    text = f"[{','.join([*texts[:at], broken, *texts[at:]])}]".encode()
    found = list(items_of_array(in_parts(text, size), "f"))
    (place, issue) = found.pop(at)
    assert (place, issue.line, type(issue)) == (at + 1, at + 1, Issue)
    assert [item for _, item in found] == values


@given(values=st.lists(st.dictionaries(st.text(max_size=3), JSON, max_size=3), max_size=5),
       size=st.integers(1, 30))  # fmt: skip
def test_lines_keep_their_numbers(values, size):
    text = "\n\n".join(json.dumps(value) for value in values).encode()
    found = list(items_of_lines(in_parts(text, size), "f"))
    assert found == [(2 * i + 1, value) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[\n{"a": 1},\n{"a": "b}', 3, "n'est jamais fermé"),
        ('[\n{"a": 1}', 2, "n'est jamais fermé"),
        ('[{"a": 1}]\n\nx', 3, "Extra data"),
        ('[{"a": 1}},\n{}]', 1, "Extra data"),
        ("[", 1, "n'est jamais fermé"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_an_array_without_an_end_is_refused_with_the_line(text, line, said, size):
    with pytest.raises(InputError) as refused:
        list(items_of_array(in_parts(text.encode(), size), "f.json"))
    (issue,) = refused.value.issues
    assert issue.line == line
    assert said in issue.sentence("fr")


def test_a_comma_before_the_end_says_nothing():
    assert list(items_of_array([b"[1, 2, ]"], "f")) == [(1, 1), (2, 2)]


ITEMS = [{"identifier": {"id": str(i)}, "workplace": {"name": "é" * i}} for i in range(50)]
ROWS = [{"offer_id": str(i), "title": "é" * i} for i in range(50)]
FORMS = {
    "array": lambda items: json.dumps(items, ensure_ascii=False, indent=1),
    "lines": lambda items: "\n".join(json.dumps(item, ensure_ascii=False) for item in items),
}


@pytest.mark.parametrize(
    ("form", "name"),
    [("array", "x.json"), ("array", "x.json.gz"), ("lines", "x.json"), ("lines", "x.jsonl"),
     ("lines", "x.ndjson.gz")],
)  # fmt: skip
def test_a_long_text_is_read_like_a_short_one(tmp_path, monkeypatch, form, name):
    for items in (ITEMS, ROWS):
        text = FORMS[form](items).encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        short = read_file(path, "offers")
        with monkeypatch.context() as patched:
            patched.setattr(content, "_LONG", 1)
            patched.setattr(content, "_LONG_PACKED", 1)
            patched.setattr(stream, "PART", 64)
            long = read_file(path, "offers")
        assert (short.sha256, short.notes) == (long.sha256, long.notes)
        if items is ROWS:
            assert isinstance(short, RawTable)
            assert isinstance(long, RawTable)
            assert short.frame.equals(long.frame)
            assert short.lines.tolist() == long.lines.tolist()
        else:
            assert isinstance(long, JsonAnswer)
            assert list(short.items()) == list(long.items())
            assert [item for _, item in long.items()] == items


def test_a_long_text_that_is_not_utf8_is_still_read(tmp_path, monkeypatch):
    monkeypatch.setattr(content, "_LONG", 1)
    path = tmp_path / "x.json"
    path.write_bytes('[{"offer_id": "1", "title": "pâtissier"}]'.encode("cp1252"))
    assert read_file(path, "offers").frame["title"].tolist() == ["pâtissier"]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(content, "_LONG", 1)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(ITEMS), encoding="utf-8")
    answer = read_file(path, "offers")
    path.write_text(json.dumps(ITEMS[:-1]), encoding="utf-8")
    with pytest.raises(InputError, match="a changé pendant"):
        list(answer.items())
