import gzip
import hashlib
import io
import zipfile

import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.reference import store, table_texts
from matchmaker.reference.trades import trade_table
from matchmaker.settings import Settings

CODES = "code_rome;libelle_rome;code_rome_parent\nD1102;Boulanger;D1102\nD1199;Nouveau;D1102\n"
TITLES = '"code_ogr","libelle_appellation_long","code_rome"\n"1","Crieur de pain","D1199"\n'


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "matchmaker"


def test_what_is_added_is_listed_with_its_hash_and_used(tmp_path, home):
    file = tmp_path / "codes.csv"
    file.write_bytes(CODES.encode("cp1252"))
    assert "D1199" not in set(trade_table(Settings())["code"])
    added = store.add("rome", file, Settings())
    assert [(t.content, t.rows) for t in added] == [("codes", 2)]
    assert store.stored(Settings()) == added
    assert added[0].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (home / "rome" / "codes.csv").read_bytes() == file.read_bytes()
    assert (home / "rome" / "codes.csv").stat().st_mode & 0o777 == 0o600
    table = trade_table(Settings()).set_index("code")
    assert table.loc["D1199", "parent"] == "D1102"


def test_a_zip_is_read_table_by_table(tmp_path):
    file = tmp_path / "rome.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("csv/unix_codes.csv", CODES)
        archive.writestr("csv/unix_titles.csv", TITLES)
        archive.writestr("csv/unix_autre.csv", "a,b\n1,2\n")
        archive.writestr("lisez-moi.txt", "rien")
    assert {t.content for t in store.add("rome", file, Settings())} == {"codes", "titles"}


def test_the_settings_may_name_the_folder(tmp_path, home):
    file, folder = tmp_path / "titles.csv.gz", tmp_path / "tables"
    file.write_bytes(gzip.compress(TITLES.encode()))
    folder.mkdir()
    settings = Settings(rome_dir=str(folder))
    store.add("rome", file, settings)
    assert (folder / "titles.csv.gz").is_file()
    assert not home.exists()
    with pytest.raises(UsageError, match="rome_dir"):
        store.stored(Settings(rome_dir=str(tmp_path / "none")))


def test_a_changed_file_is_read_again(tmp_path):
    file = tmp_path / "codes.csv"
    for label in ("Un", "Deuxième"):
        file.write_text(CODES.replace("Boulanger", label), "utf-8")
        store.add("rome", file, Settings())
        assert trade_table(Settings()).set_index("code").loc["D1102", "label"] == label


def test_faults_are_named(tmp_path):
    with pytest.raises(UsageError, match="pas une sorte de table"):
        store.add("insee", tmp_path / "a.csv", Settings())
    with pytest.raises(UsageError, match="n'existe pas"):
        store.add("rome", tmp_path / "a.csv", Settings())
    (tmp_path / "a.csv").write_text("x;y\n1;2\n", "utf-8")
    with pytest.raises(InputError, match="libelle_appellation_long"):
        store.add("rome", tmp_path / "a.csv", Settings())
    (tmp_path / "b.zip").write_bytes(b"PK no zip")
    with pytest.raises(InputError, match="ne peut pas être décompressé"):
        store.add("rome", tmp_path / "b.zip", Settings())
    (tmp_path / "c.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match="ne peut pas être décompressé"):
        store.add("rome", tmp_path / "c.csv.gz", Settings())
    assert store.stored(Settings()) == ()


def test_a_file_that_swells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(table_texts, "MAX_BYTES", 1000)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", CODES + "x" * 5000)
    (tmp_path / "a.zip").write_bytes(zipped.getvalue())
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((CODES + "x" * 5000).encode()))
    for name in ("a.zip", "a.csv.gz"):
        with pytest.raises(InputError, match="une fois décompressé"):
            store.add("rome", tmp_path / name, Settings())
