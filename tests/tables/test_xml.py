"""XML feeds: records as items, and nothing that expands, fetches or never ends."""

import gzip
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import InputError
from matchmaker.tables.raw import JsonAnswer
from matchmaker.tables.reading import read_file, xml

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<root><job><title>&c;</title></job></root>"""
OUTSIDE = """<!DOCTYPE root [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<root><job><title>&x;</title></job></root>"""
FETCHED = '<!DOCTYPE root SYSTEM "http://127.0.0.1:9/x.dtd"><root><job/></root>'


def read(tmp_path, text, name="feed.xml"):
    data = text if isinstance(text, bytes) else text.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    answer = read_file(tmp_path / name, "offers")
    assert isinstance(answer, JsonAnswer)
    return [item for _, item in answer.items()]


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, FETCHED])
@pytest.mark.parametrize("name", ["feed.xml", "feed.xml.gz", "feed"])
def test_a_dtd_is_refused_whatever_it_holds(tmp_path, text, name):
    with pytest.raises(InputError, match="DTD"):
        read(tmp_path, text, name)


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("<root><job>", "xml_damaged", 1),
        ("<root>\n<job></jobs></root>", "xml_damaged", 2),
        ("<root>\n\n<job>&unknown;</job></root>", "xml_damaged", 3),
        ("<root/>\n<root/>", "xml_damaged", 2),
        ("<a>" * 30 + "</a>" * 30, "xml_too_deep", 1),
    ],
)
def test_what_is_no_feed_is_refused_with_its_line(tmp_path, text, reason, line):
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    (issue,) = refused.value.issues
    assert (issue.reason, issue.line) == (reason, line)
    assert issue.sentence("fr") != issue.sentence("en")


def test_limits_on_size(tmp_path, monkeypatch):
    feed = "<root>" + "<job><t>12345678</t></job>" * 5 + "</root>"
    monkeypatch.setattr(xml, "_MAX_RECORD", 8)
    assert read(tmp_path, feed) == [{"t": "12345678"}] * 5
    monkeypatch.setattr(xml, "_MAX_RECORD", 7)
    with pytest.raises(InputError, match="plus de 7 signes"):
        read(tmp_path, feed)
    monkeypatch.setattr(xml, "_MAX_XML", 20)
    with pytest.raises(InputError, match="dépasse"):
        read(tmp_path, feed)


def test_repeated_elements_are_a_list_and_cdata_is_text(tmp_path):
    text = (
        "<r><!-- x --><j><a>1</a><a>2</a><a>3</a><b><![CDATA[ <p>&amp; ]]></b><c/></j><j>t</j></r>"
    )
    assert read(tmp_path, text) == [{"a": ["1", "2", "3"], "b": "<p>&amp;", "c": ""}, "t"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252"])
def test_the_encoding_that_it_declares_is_heeded(tmp_path, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><r><j><t>pâtissière</t></j></r>'
    assert read(tmp_path, text.encode(encoding)) == [{"t": "pâtissière"}]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip)


@given(
    records=st.lists(st.dictionaries(st.sampled_from("abcd"), TEXTS, min_size=1), min_size=1),
    part=st.integers(1, 50),
)
def test_what_is_written_reads_back_in_parts_of_any_size(tmp_path_factory, records, part):
    root = ET.Element("root")
    for record in records:
        job = ET.SubElement(root, "job")
        for name, text in record.items():
            ET.SubElement(job, name).text = text
    folder = tmp_path_factory.mktemp("xml")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(xml, "PART", part)
        assert read(folder, ET.tostring(root)) == records
