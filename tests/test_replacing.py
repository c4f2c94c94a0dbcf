"""One file in the place of another: whole or not at all, never over what is not ours."""

from __future__ import annotations

import errno
import os
import stat

import pytest

from matchmaker import generate
from matchmaker.errors import UsageError
from matchmaker.replacing import may_replace, replaced


def test_what_fails_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError), replaced(path) as sink:
        sink.write(b"half" * (1 // 0))
    with pytest.raises(UsageError, match="No space"), replaced(path) as sink:
        raise OSError(errno.ENOSPC, "No space left on device")
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]


def test_it_is_for_its_owner_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        with replaced(tmp_path / "a.csv") as sink:
            sink.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600


def test_a_folder_and_a_dangling_link_are_not_written_over(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="c'est un dossier"):
        may_replace(tmp_path, force=True)
    with pytest.raises(UsageError, match="--force"):
        may_replace(tmp_path / "link")
    may_replace(tmp_path / "link", force=True)
    may_replace(tmp_path / "nowhere")


def test_generated_tables_go_over_generated_ones_only(tmp_path):
    generate(youths=2, offers=2, out=tmp_path)
    generate(youths=3, offers=2, out=tmp_path)
    real = (
        "departement,commune_code,referent_name,referent_contact,capacity,source\n35,,A,a@b.fr,3,\n"
    )
    (tmp_path / "referents.csv").write_text(real)
    youths = (tmp_path / "youths.csv").read_bytes()

    with pytest.raises(UsageError, match=r"referents\.csv.*--force"):
        generate(youths=5, offers=2, out=tmp_path)
    assert (tmp_path / "youths.csv").read_bytes() == youths
    assert (tmp_path / "referents.csv").read_text() == real
    generate(youths=5, offers=2, out=tmp_path, force=True)
    assert (tmp_path / "referents.csv").read_text() != real
