"""The configuration: what it reads, and each fault with file, section, key and value."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from matchmaker.errors import UsageError
from matchmaker.runs.config import RunOptions, read_config
from matchmaker.settings import Settings

INPUTS = '[inputs]\nwishes = "w.csv"\noffers = "o.csv"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "night.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_paths_start_from_the_folder_of_the_file(tmp_path):
    file = written(
        tmp_path,
        '[inputs]\nyouths = "y.csv"\nwishes = "/data/w.csv"\noffers = ["a.csv", "b.csv"]\n'
        'sent = "s.csv"\n[settings]\nreach_km = 20\nnearness_file = "near.parquet"\n'
        '[run]\nhome = "runs"\noutputs = ["assignment"]\n',
    )
    config = read_config(file)
    assert config.inputs.by_role() == (
        ("youths", tmp_path / "y.csv"),
        ("wishes", Path("/data/w.csv")),
        ("offers", tmp_path / "a.csv"),
        ("offers", tmp_path / "b.csv"),
        ("sent", tmp_path / "s.csv"),
    )
    assert config.settings == Settings(reach_km=20, nearness_file=str(tmp_path / "near.parquet"))
    assert config.run == RunOptions(home=tmp_path / "runs", outputs=("assignment",))
    assert Settings.from_toml(file) == config.settings  # what `match --settings` reads of it


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (INPUTS + "[rum]\n", "il n'y a pas de section [rum]. Vouliez-vous dire 'run' ?"),
        (INPUTS + "[run]\nkep = 3", "[run] : la clé 'kep' n'existe pas. Vouliez-vous dire 'keep' ?"),
        (INPUTS + "[run]\nreach_km = 3", "[run] : la clé 'reach_km' va dans la section [settings]."),
        (INPUTS + "[settings]\nkeep = 3", "[settings] : la clé 'keep' va dans la section [run]."),
        (INPUTS + "[settings]\nsed = 3", "[settings] : le réglage 'sed' n'existe pas. Vouliez-vous dire 'seed' ?"),
        (INPUTS + '[settings]\nseed = "x"', "[settings] : réglage 'seed' : 'x' n'est pas un nombre entier."),
        (INPUTS + "[run]\nkeep = 0", "[run], clé 'keep' : 0 n'est pas compris entre 1 et 100000."),
        (INPUTS + "[run]\nkeep = true", "[run], clé 'keep' : True n'est pas un nombre entier."),
        (INPUTS + "[run]\nmax_shrink = nan", "clé 'max_shrink' : nan n'est pas compris entre 0 et 1."),
        (INPUTS + '[run]\noutputs = ["asignment"]', "'asignment' n'existe pas. Vouliez-vous dire 'assignment' ?"),
        (INPUTS + "[run]\nhome = 3", "[run], clé 'home' : 3 n'est pas un chemin de fichier, en texte."),
        (INPUTS + "[inputs.formats]\noffer = 'lba'", "'offer' n'existe pas. Vouliez-vous dire 'offers' ?"),
        ('[inputs]\nwishes = "w.csv"\n', "[inputs] : la clé 'offers' manque."),
        ('[inputs]\nwishes = "w.csv"\noffers = []\n', "clé 'offers' : [] n'est pas un chemin de fichier, ou une liste"),
        ("seed = 3\n" + INPUTS, "la clé 'seed' n'est dans aucune section."),
        ("run = 3\n" + INPUTS, "'run' est une section"),
        ("x=" + 5000 * "[" + 5000 * "]", "ce fichier TOML imbrique trop de tableaux."),
    ],
)  # fmt: skip
def test_each_fault_names_the_file_the_key_and_the_value(tmp_path, text, sentence):
    file = written(tmp_path, text)
    with pytest.raises(UsageError) as refused:
        read_config(file)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(str(file))
    assert sentence in line


def test_all_faults_are_told_at_once(tmp_path):
    file = written(
        tmp_path, "[inputs]\nwishes = 3\n[settings]\nsed = 1\nkeep = 2\n[run]\nkeep = -1"
    )
    with pytest.raises(UsageError) as refused:
        read_config(file)
    assert len(refused.value.args) == 5


def test_reading_it_loads_neither_numba_nor_pandas(tmp_path):
    file = written(tmp_path, INPUTS)
    code = (
        "import sys; from matchmaker.runs.config import read_config; read_config(sys.argv[1]);"
        "sys.exit(bool({'numba', 'pandas', 'numpy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code, file], check=False)
    assert done.returncode == 0
