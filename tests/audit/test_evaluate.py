import pandas as pd
import pytest

from matchmaker.audit.evaluate import evaluate_trades, read_gold, read_parents, share
from matchmaker.errors import InputError, UsageError
from matchmaker.settings import Settings


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "no-user-tables"))


def gold(*rows):
    return pd.DataFrame(rows, columns=["title", "codes"])


def test_intervals_of_known_shares():
    # Wilson 1927; values from R, prop.test(correct = FALSE).
    assert share(0, 20) == {"value": 0.0, "low": 0.0, "high": 0.161}
    assert share(50, 100) == {"value": 0.5, "low": 0.404, "high": 0.596}
    assert share(0, 0) == {"value": 0.0, "low": 0.0, "high": 1.0}


def test_figures_by_hand():
    figures = evaluate_trades(
        gold(
            ("boulangère", "D1102"),
            ("coiffeur", "D1202"),
            ("vétérinaire", "J1102"),  # wrong on purpose
            ("je ne sais pas", "D1102"),
            ("aide en boulangerie de village", "D1102"),
        ),
        Settings(),
    )
    assert figures["all"]["titles"] == 5
    assert figures["new"]["titles"] == 2
    assert figures["all"]["accuracy_1"]["value"] == 0.6
    assert figures["all"]["default"]["coverage"]["value"] == 0.6
    assert figures["all"]["default"]["precision"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert {"right": "J1102", "given": "A1504", "times": 1, "title": "vétérinaire"} in figures[
        "confusions"
    ]


def test_a_parent_counts_as_right():
    rows = gold(("développeur web", "M1805"), ("vétérinaire", "X0001"))
    plain = evaluate_trades(rows, Settings())
    assert plain["all"]["accuracy_1"]["value"] == 0.5
    judged = evaluate_trades(rows, Settings(), parents={"A1504": "X0001"})
    assert judged["all"]["accuracy_1"]["value"] == 1.0


def test_row_order_changes_nothing():
    rows = gold(("boulanger", "D1102"), ("maçon", "F1703"), ("médecin", "D1102"), ("xyz", "D1102"))
    turned = rows.iloc[::-1].reset_index(drop=True)
    assert evaluate_trades(rows, Settings()) == evaluate_trades(turned, Settings())


def test_gold_is_read_and_its_faults_are_named(tmp_path):
    file = tmp_path / "gold.csv"
    file.write_text("title;codes\nboulanger;D1102|D1104\n", "utf-8")
    assert read_gold(file)["codes"].tolist() == ["D1102|D1104"]
    file.write_text("title,codes\n,D1102\nboulanger,\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_gold(file)
    assert {(i.line, i.column) for i in caught.value.issues} == {(2, "title"), (3, "codes")}
    file.write_text("titre,codes\nx,D1102\n", "utf-8")
    with pytest.raises(InputError, match="colonne 'title' : cette colonne manque"):
        read_gold(file)
    with pytest.raises(UsageError, match="n'existe pas"):
        read_gold(tmp_path / "none.csv")
    file.write_bytes(b"")
    with pytest.raises(UsageError, match="ne se lit pas"):
        read_gold(file)


def test_parents_are_read(tmp_path):
    file = tmp_path / "codes.csv"
    file.write_text('"code_rome","code_rome_parent"\n"D1108","D1102"\n', "utf-8")
    assert read_parents(file) == {"D1108": "D1102"}
