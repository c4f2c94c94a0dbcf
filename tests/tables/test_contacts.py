import csv
import json
import os
import stat

import pandas as pd
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.tables import contacts
from tests.tables.read_by import contact_rows

TWO = contact_rows(
    pd.DataFrame(
        {
            "youth_id": ["Yb", "Ya", "Yc"],
            "source_line": [3, 2, 4],
            "email": ["p@example.org; q@example.org", "P@example.org", ""],
        },
    ).astype({"youth_id": "str", "email": "str"})
)
HEAD = ";".join(contacts.CONTACT_COLUMNS) + "\n"
ROW = "R;Ya" + ";" * (len(contacts.CONTACT_COLUMNS) - 2) + "\n"


RUN_ID = "2023-09-15-0123456789abcdef"


@pytest.fixture
def run(tmp_path):
    """A run's folder with a mailing file, as the report writes it."""
    folder = tmp_path / "run"
    folder.mkdir()
    text = 'youth_id;ligne_1_titre\nYa;Boulanger\nYb;"Maçon ; couvreur"\nYc;Vendeur\n'
    (folder / "mailing.csv").write_text(text, encoding="utf-8-sig")
    (folder / "manifest.json").write_text(json.dumps({"run_id": RUN_ID}))
    return folder


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_contacts_and_key_are_private_whatever_the_umask(run, tmp_path, umask):
    old = os.umask(umask)
    try:
        contacts.write(TWO, tmp_path / "contacts.csv", run_dir=run, run_id=RUN_ID)
        contacts.read_or_make_key(tmp_path / "contacts.csv.key")
    finally:
        os.umask(old)
    assert mode(tmp_path / "contacts.csv") == 0o600
    assert mode(tmp_path / "contacts.csv.key") == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["contacts.csv", "contacts.csv.key", "run"]


def test_a_readable_file_is_replaced_by_a_private_one(run, tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text("old")
    path.chmod(0o644)
    contacts.write(TWO, path, run_dir=run, run_id=RUN_ID)
    assert mode(path) == 0o600
    assert [r["youth_id"] for r in rows_of(path)] == ["Ya", "Yb", "Yc"]


def test_contacts_may_not_lie_in_the_run(run, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(run)
    for path in (run / "contacts.csv", run / "a" / ".." / "c.csv", link / "c.csv"):
        with pytest.raises(UsageError, match="ne doit contenir aucune adresse"):
            contacts.write(TWO, path, run_dir=run, run_id=RUN_ID)
        with pytest.raises(UsageError, match="ne doit contenir aucune adresse"):
            contacts.join(run, path)
    assert sorted(p.name for p in run.iterdir()) == ["mailing.csv", "manifest.json"]


def test_contacts_in_no_folder(run, tmp_path):
    with pytest.raises(UsageError, match="ne peut pas être écrit"):
        contacts.write(TWO, tmp_path / "none" / "c.csv", run_dir=run, run_id=RUN_ID)


def test_the_key_is_made_once_and_kept(tmp_path):
    path = contacts.key_path(tmp_path / "contacts.csv")
    assert path.name == "contacts.csv.key"
    key = contacts.read_or_make_key(path)
    assert len(key) == 32
    assert contacts.read_or_make_key(path) == key
    assert contacts.read_or_make_key(tmp_path / "other") != key


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff\xfe", b"ab" * 31, "é".encode()])
def test_a_damaged_key_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "k"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(UsageError, match="pas une clé de pseudonymes"):
        contacts.read_or_make_key(path)
    assert path.read_bytes() == content


def test_siblings_keep_a_row_each(run, tmp_path):
    path = tmp_path / "contacts.csv"
    contacts.write(TWO, path, run_dir=run, run_id=RUN_ID)
    joined = contacts.join(run, path)
    assert joined.path == tmp_path / "contacts-mailing.csv"
    assert (joined.rows, joined.without_address, joined.shared) == (2, 1, 2)
    assert mode(joined.path) == 0o600
    assert joined.path.read_bytes().startswith(b"\xef\xbb\xbfyouth_id;email;email_2;")
    assert rows_of(joined.path) == [
        {"youth_id": "Ya", "email": "P@example.org", "email_2": "", "adresse_partagee": "oui",
         "source_line": "2", "ligne_1_titre": "Boulanger"},
        {"youth_id": "Yb", "email": "p@example.org", "email_2": "q@example.org",
         "adresse_partagee": "oui", "source_line": "3", "ligne_1_titre": "Maçon ; couvreur"},
    ]  # fmt: skip
    assert "example.org" not in (run / "mailing.csv").read_text(encoding="utf-8")


def test_contacts_of_another_run_are_refused(run, tmp_path):
    path = tmp_path / "contacts.csv"
    contacts.write(TWO, path, run_dir=run, run_id="2023-09-14-0123456789abcdef")
    with pytest.raises(InputError, match="va avec un autre calcul"):
        contacts.join(run, path)
    assert not (tmp_path / "contacts-mailing.csv").exists()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("run_id;youth_id;source_line;emails\nR;Ya;2;a@x.fr\n", "column 'email_1': is missing"),
        (HEAD.replace("youth_id;", "youth_id,"), "column 'youth_id': is missing"),
        ("", "column 'email_1': is missing"),
        (HEAD + ROW.replace(";\n", "\n"), "line 2: has more or fewer cells"),
        (HEAD + ROW + ROW, "line 3: has more or fewer cells"),
        (HEAD + '"' + ROW, "cannot be read as CSV"),
        (b"\xff\xfe\x00", "column 'youth_id': is missing"),
    ],
)
def test_damaged_contacts_are_refused_with_the_place(run, tmp_path, content, part):
    path = tmp_path / "contacts.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        contacts.join(run, path)
    assert part in caught.value.text("en")
    assert not (tmp_path / "contacts-mailing.csv").exists()


def test_missing_files_are_named(run, tmp_path):
    with pytest.raises(UsageError, match=r"contacts\.csv : ce fichier n'existe pas"):
        contacts.join(run, tmp_path / "contacts.csv")
    (run / "mailing.csv").unlink()
    with pytest.raises(UsageError, match=r"mailing\.csv : ce fichier n'existe pas"):
        contacts.join(run, tmp_path / "contacts.csv")


def test_a_key_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "k"
    key = contacts.read_or_make_key(path)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        contacts.read_or_make_key(path)
    path.chmod(0o600)
    assert contacts.read_or_make_key(path) == key


def test_of_two_runs_that_make_a_key_at_once_both_get_the_same(tmp_path, monkeypatch):
    """The other run makes its key between our look and our own."""
    path = tmp_path / "k"
    link, others = os.link, []

    def slow_link(source, target):
        monkeypatch.setattr(contacts.os, "link", link)
        others.append(contacts.read_or_make_key(path))
        link(source, target)

    monkeypatch.setattr(contacts.os, "link", slow_link)
    assert contacts.read_or_make_key(path) == others[0]
    assert [entry.name for entry in tmp_path.iterdir()] == ["k"]


@pytest.mark.parametrize("how", ["itself", "a link", "its key"])
def test_contacts_never_go_over_a_file_that_is_read(tmp_path, how):
    given = tmp_path / "affelnet.csv"
    given.write_text("NOM;PRENOM")
    out = {"itself": given, "a link": tmp_path / "link", "its key": tmp_path / "c.csv"}[how]
    read = given
    if how == "a link":
        out.symlink_to(given)
    if how == "its key":
        read = tmp_path / "c.csv.key"
        given.rename(read)
    for force in (False, True):
        with pytest.raises(UsageError, match="est lu par cette commande"):
            contacts.key_for(out, run_dir=tmp_path / "run", inputs=[None, read], force=force)
    assert read.read_text() == "NOM;PRENOM"


def test_contacts_go_over_earlier_contacts_and_over_others_if_forced(tmp_path):
    out, run_dir = tmp_path / "c.csv", tmp_path / "run"
    contacts.write(
        TWO,
        out,
        run_dir=run_dir,
        run_id=RUN_ID,
    )
    key = contacts.key_for(out, run_dir=run_dir, inputs=[])
    out.write_text("my own list")
    with pytest.raises(UsageError, match="--force"):
        contacts.key_for(out, run_dir=run_dir, inputs=[])
    assert contacts.key_for(out, run_dir=run_dir, inputs=[], force=True) == key


def test_earlier_contacts_of_the_form_before_are_ours_too(tmp_path):
    out = tmp_path / "c.csv"
    out.write_bytes(b"\xef\xbb\xbfrun_id;youth_id;source_line;emails\nR;Y1;2;a@example.org\n")
    assert len(contacts.key_for(out, run_dir=tmp_path / "run", inputs=[])) == 32


def test_contacts_are_read_back_as_they_were_written(run, tmp_path):
    path = tmp_path / "contacts.csv"
    contacts.write(TWO, path, run_dir=run, run_id=RUN_ID)
    for run_id in (RUN_ID, None):
        back = contacts.read_contacts(path, run_id=run_id)
        assert tuple(back.columns) == contacts.CONTACT_COLUMNS
        assert back["youth_id"].tolist() == ["Ya", "Yb", "Yc"]
        assert back["email_2"].tolist() == ["", "q@example.org", ""]
        assert back["address_shared"].tolist() == ["oui", "oui", "non"]
        assert set(back["run_id"]) == {RUN_ID}
    with pytest.raises(InputError, match="va avec un autre calcul"):
        contacts.read_contacts(path, run_id="2023-09-15-0000000000000000")
