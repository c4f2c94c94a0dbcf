import csv
import os
import stat

import pandas as pd
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.tables import contacts

TWO = pd.DataFrame(
    {
        "youth_id": ["Yb", "Ya", "Yc"],
        "source_line": [3, 2, 4],
        "emails": ["p@example.org|q@example.org", "P@example.org", ""],
    }
)


@pytest.fixture
def run(tmp_path):
    """A run's folder with a mailing file, as the report writes it."""
    folder = tmp_path / "run"
    folder.mkdir()
    text = 'youth_id;offre_1_titre\nYa;Boulanger\nYb;"Maçon ; couvreur"\nYc;Vendeur\n'
    (folder / "mailing.csv").write_text(text, encoding="utf-8-sig")
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
        contacts.write(TWO, tmp_path / "contacts.csv", run_dir=run)
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
    contacts.write(TWO, path, run_dir=run)
    assert mode(path) == 0o600
    assert [r["youth_id"] for r in rows_of(path)] == ["Ya", "Yb", "Yc"]


def test_contacts_may_not_lie_in_the_run(run, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(run)
    for path in (run / "contacts.csv", run / "a" / ".." / "c.csv", link / "c.csv"):
        with pytest.raises(UsageError, match="holds no addresses"):
            contacts.write(TWO, path, run_dir=run)
        with pytest.raises(UsageError, match="holds no addresses"):
            contacts.join(run, path)
    assert [p.name for p in run.iterdir()] == ["mailing.csv"]


def test_contacts_in_no_folder(run, tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        contacts.write(TWO, tmp_path / "none" / "c.csv", run_dir=run)


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
    with pytest.raises(UsageError, match="no key of pseudonyms"):
        contacts.read_or_make_key(path)
    assert path.read_bytes() == content


def test_siblings_keep_a_row_each(run, tmp_path):
    path = tmp_path / "contacts.csv"
    contacts.write(TWO, path, run_dir=run)
    joined = contacts.join(run, path)
    assert joined.path == tmp_path / "contacts-mailing.csv"
    assert (joined.rows, joined.without_address, joined.shared) == (2, 1, 2)
    assert mode(joined.path) == 0o600
    assert joined.path.read_bytes().startswith(b"\xef\xbb\xbfyouth_id;email;email_2;")
    assert rows_of(joined.path) == [
        {"youth_id": "Ya", "email": "P@example.org", "email_2": "", "adresse_partagee": "oui",
         "source_line": "2", "offre_1_titre": "Boulanger"},
        {"youth_id": "Yb", "email": "p@example.org", "email_2": "q@example.org",
         "adresse_partagee": "oui", "source_line": "3", "offre_1_titre": "Maçon ; couvreur"},
    ]  # fmt: skip
    assert "example.org" not in (run / "mailing.csv").read_text(encoding="utf-8")


def test_contacts_of_another_run_are_refused(run, tmp_path):
    path = tmp_path / "contacts.csv"
    contacts.write(TWO.assign(youth_id=["Y1", "Y2", "Y3"]), path, run_dir=run)
    with pytest.raises(InputError, match="no youth of this run"):
        contacts.join(run, path)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("youth_id;emails\nYa;a@example.org\n", "column 'source_line': is not there"),
        ("youth_id,source_line,emails\n", "column 'youth_id': is not there"),
        ("", "column 'emails': is not there"),
        ("youth_id;source_line;emails\nYa;2\n", "line 2: has more or fewer cells"),
        ("youth_id;source_line;emails\nYa;2;\nYa;3;\n", "line 3: has more or fewer cells"),
        ('youth_id;source_line;emails\n"Ya;2;\n', "cannot be read as CSV"),
        (b"\xff\xfe\x00", "column 'youth_id': is not there"),
    ],
)
def test_damaged_contacts_are_refused_with_the_place(run, tmp_path, content, part):
    path = tmp_path / "contacts.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        contacts.join(run, path)
    assert part in str(caught.value)
    assert not (tmp_path / "contacts-mailing.csv").exists()


def test_missing_files_are_named(run, tmp_path):
    with pytest.raises(UsageError, match=r"contacts\.csv: no such file"):
        contacts.join(run, tmp_path / "contacts.csv")
    (run / "mailing.csv").unlink()
    with pytest.raises(UsageError, match=r"mailing\.csv: no such file"):
        contacts.join(run, tmp_path / "contacts.csv")
