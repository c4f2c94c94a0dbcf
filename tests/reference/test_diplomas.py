import pandas as pd
import pytest

from matchmaker.reference.diplomas import resolve_diplomas
from matchmaker.settings import Settings

CERTIFINFO = (
    "Code_Diplome;Libelle_Diplome;Code_Niveau_Europeen;Code_Rome_1;Code_Rome_2;Code_RNCP;"
    "Code_Scolarité;Code_Ancien_RNCP;Code_Ancien_Scolarité\n"
    "1;CAP boulanger;3;D1102;;37537;50022140;18704;50022137\n"
    "2;CAP boulanger;3;D1104;Z0000;37537;50022140;;\n"
    "3;BTS sans métier;5;;;555;32033401;;\n"
)
BCN = (
    "FORMATION_DIPLOME;LIBELLE_LONG_200;NIVEAU_QUALIFICATION_RNCP;NOUVEAU_DIPLOME_1\n"
    "50022131;BOULANGER ANCIEN (CAP);03;50022137\n01022001;CONTROLE (MC);04;\n"
)
MEF = "MEF;FORMATION_DIPLOME\n2412214011;50022140\n"
KIT = (
    "Code Diplôme;Intitulé diplôme (DEPP);FicheRNCP;Niveau fiche RNCP\n"
    "46331101;TECHNICIEN X;RNCP37537;niveau4\n"
)
FICHES = "Numero_Fiche;Intitule;Nomenclature_Europe_Niveau\nRNCP999;Manager;NIV7\n"
FICHES_ROME = "Numero_Fiche;Codes_Rome_Code;Codes_Rome_Libelle\nRNCP999;M1302;x\nRNCP999;M1402;y\n"

# The lexicon's trades, then the official ones, those of heads of others at the end.
MCO = "D1302|D1503|D1401|D1501|D1506|M1704|M1705"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    folder = tmp_path / "diplomas"
    folder.mkdir()
    for name, text in {
        "a_certifinfo": CERTIFINFO,
        "b_bcn": BCN,
        "c_mef": MEF,
        "d_kit": KIT,
        "e_fiches": FICHES,
        "f_fiches_rome": FICHES_ROME,
    }.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return Settings(diplomas_dir=str(folder))


def one(settings, **cells):
    return resolve_diplomas(pd.DataFrame({k: [v] for k, v in cells.items()}), settings).iloc[0]


@pytest.mark.parametrize(
    ("cells", "level", "codes", "how"),
    [
        ({"diploma_code": "50022140"}, 3, "D1102|D1104", "cfd"),
        ({"rncp_code": "RNCP37537"}, 3, "D1102|D1104", "rncp"),
        ({"rncp_code": "37537"}, 3, "D1102|D1104", "rncp"),
        ({"rncp_code": "18704"}, 3, "D1102|D1104", "rncp_successor"),
        ({"diploma_code": "50022137"}, 3, "D1102|D1104", "cfd_successor"),
        ({"diploma_code": "50022131"}, 3, "D1102|D1104", "cfd_successor"),  # two steps
        ({"diploma_code": "24122140111"}, 3, "D1102|D1104", "mef"),
        ({"diploma_code": "1022001"}, 4, "", "cfd"),  # a leading zero was lost
        ({"diploma_code": "46331101"}, 4, "D1102|D1104", "cfd"),  # through the kit's RNCP
        ({"rncp_code": "RNCP999"}, 7, "M1302|M1402", "rncp"),
        ({"diploma_code": "32033401"}, 5, "", "cfd"),
        ({"diploma_code": "32033401", "label": "BTS MCO"}, 5, MCO, "label"),
        ({"diploma_code": "99999999"}, 0, "", "unknown_code"),
        ({"diploma_code": "24199999999"}, 0, "", "unknown_code"),
        ({"label": "CAP Boulanger"}, 3, "D1102|D1104", "label"),  # certifinfo knows the name
        (
            {"label": "BTS - Services - Tourisme - en apprentissage"},
            5,
            "G1303|G1101|G1201|G1301",
            "label",
        ),
        ({"label": "CAP de zorglub"}, 3, "", "label"),
        ({"label": ""}, 0, "", ""),
    ],
)
def test_codes_and_names(settings, cells, level, codes, how):
    found = one(settings, **cells)
    assert (found["level"], found["codes"], found["how"]) == (level, codes, how)


def test_without_tables_the_first_digit_gives_the_level(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    levels = [one(Settings(), diploma_code=f"{d}0022137")["level"] for d in "543219"]
    assert levels == [3, 4, 5, 6, 7, 0]


def test_successors_that_run_in_a_circle_end(tmp_path):
    (tmp_path / "bcn.csv").write_text(
        BCN.splitlines()[0] + "\n50000001;A;03;50000002\n50000002;B;03;50000001\n", "utf-8"
    )
    assert one(Settings(diplomas_dir=str(tmp_path)), diploma_code="50000001")["how"] == "cfd"


def test_rows_stay_aligned(settings):
    frame = pd.DataFrame({"label": ["CAP Boulanger", "", "CAP Boulanger"]}, index=[5, 1, 9])
    found = resolve_diplomas(frame, settings)
    assert found.index.tolist() == [5, 1, 9]
    assert found["level"].tolist() == [3, 0, 3]


def test_real_wishes_for_bts_are_read(shared_data):
    table = pd.read_csv(
        shared_data / "wishes" / "BTS_attractivite_capacite_2024.csv.gz",
        sep=";",
        dtype=str,
        encoding="utf-8-sig",
    )
    label = table["LIBELLÉFORMATION"]
    found = resolve_diplomas(pd.DataFrame({"label": label}), Settings())
    wishes = pd.to_numeric(table["NB_VOEUX_CONFIRMES"], errors="coerce").fillna(0)
    is_bts = label.str.startswith("BTS")
    assert wishes[is_bts & (found["codes"] != "")].sum() >= 0.98 * wishes[is_bts].sum()
    assert (found.loc[is_bts, "level"] == 5).all()
