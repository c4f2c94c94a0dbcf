"""Sources of a user's own: beside ours, against ours, and with what can be wrong in them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import pandas as pd
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.settings import Settings
from matchmaker.tables import Head, RawTable, load
from matchmaker.tables.reading import from_frame
from matchmaker.tables.sources import Affelnet, Parcoursup, sources_for
from matchmaker.tables.sources.source import head_of
from tests.languages import raises
from tests.tables.read_by import AS_OF, answer

YOUTHS = pd.DataFrame({"youth_id": ["Y1", "Y2"], "postal_code": ["29000", "29000"]})
WISHES = pd.DataFrame({"youth_id": ["Y1", "Y2"], "rank": ["1", ""], "trade_code": ["D1102"] * 2})
OFFERS = pd.DataFrame(
    {"ref": ["A1", "A2"], "métier": ["Boulanger", "Maçon"], "cp": ["29000", "29000"]}
)
NAMES = {"ref": "offer_id", "métier": "title", "cp": "postal_code"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    name: str = "own"
    kinds: frozenset = frozenset({"offers"})
    mark: int = 1

    def recognises(self, head):
        return self.mark if set(NAMES) <= set(head.headers) else 0

    def to_tables(self, raw, *, as_of):
        frame = raw.frame.rename(columns=NAMES).assign(source=f"{self.name} {as_of}")
        return (replace(raw, frame=frame.astype("str")),)


def run(*sources, offers=OFFERS, settings=None, formats=None):
    settings = settings or Settings()
    known = sources_for(settings, handed_in=sources)
    return load(
        YOUTHS, WISHES, offers, as_of=AS_OF, settings=settings, sources=known, formats=formats
    )


def said(kind, *sources, **options):
    with pytest.raises(kind) as error:
        run(*sources, **options)
    return error.value.text("en")


def test_a_source_that_is_handed_in_reads_its_files_and_leaves_the_others():
    tables = run(Own(), offers=[OFFERS, pd.DataFrame({"offer_id": ["B"], "title": ["Maçon"]})])
    assert tables.offers["offer_id"].tolist() == ["A1", "A2", "B"]
    assert tables.offers["source"].tolist() == ["own 2023-09-15", "own 2023-09-15", ""]
    assert "under other names" in said(InputError)
    of_wishes = Own(kinds=frozenset({"wishes"}))  # not asked about files of offers
    assert "under other names" in said(InputError, of_wishes)


def test_the_surest_source_gets_the_file_and_a_tie_is_refused_with_both_names():
    both = Own(), Own(name="other", mark=2)
    assert set(run(*both).offers["source"]) == {"other 2023-09-15"}
    text = said(InputError, Own(), Own(name="low", mark=0), Own(name="other"))
    assert text == (
        "DataFrame offers: may be a file of several sources: own, other. Say which: --offers-format own."
    )
    tied = Own(), Own(name="other")
    assert set(run(*tied, formats={"offers": "other"}).offers["source"]) == {"other 2023-09-15"}


def test_a_format_may_be_named_where_the_file_is_not_recognised():
    blind = Own(mark=0)
    assert "under other names" in said(InputError, blind)
    assert len(run(blind, formats={"offers": "own"}).offers) == 2
    assert "Did you mean 'own'?" in said(UsageError, blind, formats={"offers": "wn"})
    assert "Known: neutral." in said(UsageError, blind, formats={"youths": "lba"})


def test_a_source_sees_the_beginning_of_a_file_and_no_more():
    frame = pd.DataFrame({"a": [str(i) for i in range(25)], "b": ""})
    head = head_of(from_frame(frame, "offers"))
    assert (head.headers, head.items) == (("a", "b"), ())
    assert head.rows == tuple({"a": str(i), "b": ""} for i in range(20))
    assert head_of(answer(list(range(25)))).items == tuple(range(20))
    assert head_of(answer({"jobs": []})) == Head(items=({"jobs": []},))


def test_what_a_run_knows_reaches_the_sources_that_need_it():
    key, columns = bytes(range(32)), {"youth_id": "numero"}
    sources = sources_for(Settings(parcoursup_columns=columns), key)
    assert Affelnet(key=key) in sources
    assert Parcoursup(columns=columns, key=key) in sources


def test_sources_are_taken_from_the_settings_by_name(tmp_path, monkeypatch):
    (tmp_path / "own_formats.py").write_text(
        "from tests.tables.test_sources_own import Own\nFIRST, OTHER = Own(), Own(name='other', mark=2)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_formats", raising=False)
    settings = Settings(sources=("own_formats:FIRST", "own_formats:OTHER"))
    assert set(run(settings=settings).offers["source"]) == {"other 2023-09-15"}
    text = said(UsageError, settings=Settings(sources=("own_formats:SECOND",)))
    assert text == "setting 'sources': module 'own_formats' has no 'SECOND'."
    assert "another format has this name" in said(UsageError, Own(), settings=settings)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (Own(name="lba"), "source 'lba': another format has this name. Give it one of its own."),
        (Own(name="neutral"), "source 'neutral': another format has this name"),
        (Own(kinds=frozenset()), "source 'own': its kinds are no frozenset of some of wishes"),
        (Own(kinds=frozenset({"offres"})), "source 'own': its kinds are no frozenset"),
        (Own(kinds={"offers"}), "source 'own': its kinds are no frozenset"),
        (Own, "what is handed in as Source is a class: give an object of it, Own()."),
        (3, "what is handed in as Source is no Source: 'name' is missing, 'kinds' is missing, "),
    ],
)
def test_what_is_no_source_is_refused_before_a_file_is_read(source, fault):
    assert said(UsageError, source, offers="no such file.csv").startswith(fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gives(Own):
    """Answers whatever it is told to; an exception is raised."""

    answer: object = None

    def to_tables(self, raw, *, as_of):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer(raw)


def table(raw, **changes):
    frame = pd.DataFrame({"offer_id": ["A1", "A2"]}, dtype="str")
    return replace(raw, **{"frame": frame, **changes})


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda _: None, "to_tables has not returned a tuple of RawTable"),
        (table, "to_tables has not returned a tuple of RawTable"),
        (lambda raw: (raw.frame,), "to_tables has not returned a tuple of RawTable"),
        (lambda _: (), "a table of offers is missing"),
        (lambda raw: (table(raw), table(raw, role="youths")), "a table of 'youths' is none of its kinds"),
        (lambda raw: (table(raw, lines=raw.lines[:1]),), "the table of offers has 1 line for 2 rows"),
        (lambda raw: (table(raw, frame=pd.DataFrame({"offer_id": [1, 2]})),),
         "column 'offer_id' of offers holds what is no text"),
        (lambda raw: (table(raw, frame=pd.DataFrame({"offer_id": ["A", None]}, dtype="str")),),
         "column 'offer_id' of offers holds what is no text"),
        (lambda raw: (table(raw), table(raw, role="contacts")),
         "the columns of contacts are not youth_id and some of email, email_2, first_name, guardian_email, guardian_email_2, guardian_phone, guardian_phone_2, ine, last_name, phone, phone_2"),
    ],
)  # fmt: skip
def test_tables_that_the_checks_cannot_rely_on_are_refused(answer, fault):
    text = said(UsageError, Gives(answer=answer))
    assert text == f"source 'own', DataFrame offers: {fault}."


def test_what_breaks_in_a_source_is_a_fault_of_its_file_without_its_cells():
    text = said(InputError, Gives(answer=KeyError("Léa Dupont, 12 rue X")))
    assert "is no file that its source can read (KeyError, test_sources_own.py line" in text
    assert "Léa" not in text
    with pytest.raises(InputError) as error:
        run(Gives(answer=ValueError()))
    assert isinstance(error.value.__cause__, ValueError)  # a programmer still gets the place
    assert said(UsageError, Gives(answer=UsageError("as it is"))) == "as it is"
    with pytest.raises(MemoryError):
        run(Gives(answer=MemoryError()))


def people(raw: RawTable) -> tuple[RawTable, ...]:
    ids = pd.DataFrame({"youth_id": ["Y1", "Y2"]}, dtype="str")
    mails = ["a@example.org", ""]
    return (
        replace(raw, role="youths", frame=ids.assign(postal_code="29000")),
        replace(raw, frame=ids.assign(rank="1", trade_code="D1102")),
        replace(raw, role="contacts", frame=ids.assign(email=pd.array(mails, dtype="str"))),
    )


def test_a_file_of_youths_and_wishes_is_given_as_wishes_and_its_contacts_are_set_aside():
    source = Gives(kinds=frozenset({"youths", "wishes"}), answer=people)
    known = sources_for(Settings(), handed_in=(source,))
    offers = pd.DataFrame({"offer_id": ["B"], "title": ["Boulanger"], "postal_code": ["29000"]})
    tables = load(None, OFFERS, offers, as_of=AS_OF, settings=Settings(), sources=known)
    assert tables.youths["youth_id"].tolist() == ["Y1", "Y2"]
    told = tables.contacts[["youth_id", "source_line", "email_1", "email_1_of"]]
    assert told.to_dict("list") == {
        "youth_id": ["Y1", "Y2"], "source_line": [1, 2],
        "email_1": ["a@example.org", ""], "email_1_of": ["youth", ""],
    }  # fmt: skip
    assert [file.role for file in tables.files] == ["youths", "wishes", "offers"]
    with raises(InputError, "only files of affelnet, parcoursup, own hold both"):
        load(None, WISHES, offers, as_of=AS_OF, settings=Settings(), sources=known)
