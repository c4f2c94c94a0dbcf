"""The two languages say the same things, and the code says nothing that they do not have."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from matchmaker import words
from matchmaker.words import code_text, number, said, say, table, word

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "cli").rglob("*.py")])
FILES = {lang: words._file(lang) for lang in ("fr", "en")}
KEYS = {f"{room}.{key}" for room, entries in FILES["fr"].items() for key in entries}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def sentence(lang: str, key: str) -> str:
    room, _, name = key.partition(".")
    return FILES[lang][room][name]


def calls(tree: ast.AST, *names: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def texts(node: ast.AST) -> set[str]:
    """Every text that stands in an expression."""
    return {
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert [(room, list(entries)) for room, entries in FILES["fr"].items()] == [
        (room, list(entries)) for room, entries in FILES["en"].items()
    ]


def test_both_languages_have_the_same_placeholders():
    assert [
        key for key in sorted(KEYS)
        if placeholders(sentence("fr", key)) != placeholders(sentence("en", key))
    ] == []  # fmt: skip


def test_no_sentence_is_empty_or_begins_or_ends_in_a_blank():
    said = [text for rooms in FILES.values() for room in rooms.values() for text in room.values()]
    assert [text for text in said if text != text.strip() or not text] == []


def test_every_key_that_the_code_says_is_there_with_its_placeholders():
    wrong = []
    for path, tree in TREES.items():
        for call in calls(tree, "said", "say"):
            at = 1 if call.func.id == "say" else 0
            given = {word.arg for word in call.keywords}
            keys = texts(call.args[at]) if len(call.args) > at else set()
            wrong += [
                f"{path.name}:{call.lineno}: {key}"
                for key in keys
                if "." in key
                and (
                    key not in KEYS
                    or (None not in given and given != placeholders(sentence("fr", key)))
                )
            ]
    assert wrong == []


# Rooms whose keys are codes of the data, chosen at run time; `report` has a test of its own.
BY_CODE = {
    "cells_about", "cells_about_title", "cells_header", "cells_holder", "cells_known", "cells_offer",
    "cells_opinion", "cells_outcome", "cells_pilot", "cells_sheet", "cells_theme", "cells_whose",
    "advice", "advice_state", "advice_word",
     "employers_about", "employers_about_title", "employers_answer", "employers_header",
     "employers_missing", "employers_reason", "employers_sheet", "employers_unfit",
     "about", "about_km", "check_header", "check_kind", "check_sheet", "check_verdict",
    "column_note", "compare", "content", "diff", "diff_gone", "diff_new", "figure", "format", "kind", "kind_of_line", "let_in", "missed_wish",
    "mail_source", "month", "not_mailed", "of_table", "order", "place", "quality", "quality_kind", "reason_subject", "report",
    "resolve", "rule", "rung", "stage", "table", "territory_key", "todo", "unchecked",
    "unserved", "wish_rank",
}  # fmt: skip


def test_no_key_is_unused():
    """A key stands in the code as a text, whole or, where its room is read, by its name."""
    spoken, rooms = set(), set()
    for tree in TREES.values():
        here = texts(tree)
        read = {room for call in calls(tree, "table", "code_text", "word") for room in texts(call)}
        spoken |= here | {f"{room}.{name}" for room in read - BY_CODE for name in here}
        rooms |= read
    assert {key for key in KEYS - spoken if key.partition(".")[0] not in BY_CODE} == set()
    assert rooms >= BY_CODE


def test_plurals_follow_the_language():
    faults = [
        [say(lang, "error.more_faults", n=n) for n in (0, 1, 2, 1200)] for lang in ("fr", "en")
    ]
    assert faults == [
        ["… et 0 autre erreur.", "… et 1 autre erreur.", "… et 2 autres erreurs.",
         "… et 1\u202f200 autres erreurs."],
        ["... and 0 more faults.", "... and 1 more fault.", "... and 2 more faults.",
         "... and 1,200 more faults."],
    ]  # fmt: skip


def test_values_may_be_sentences_and_lists():
    wrong = said(
        "setting.wrong_type", name="seed", value="'x'", kind=said("setting.whole_number"), hint=""
    )
    assert str(wrong) == "réglage 'seed' : 'x' n'est pas un nombre entier."
    assert wrong.text("en") == "setting 'seed': 'x' is not a whole number."
    assert say("fr", "error.columns_due", names=["a", "b"]) == "Les colonnes attendues sont : a, b."
    assert str(word("of_table", "offers")) == "des offres"
    assert number(0.25, "fr", 1) == "0,2"


def test_a_last_value_that_is_empty_leaves_no_blank():
    assert say("fr", "setting.unknown", source="s", name="x", hint="") == (
        "s : le réglage 'x' n'existe pas."
    )


def test_text_of_a_file_is_never_taken_for_a_placeholder():
    assert say("fr", "setting.unknown", source="{n:|}", name="{x}", hint="") == (
        "{n:|} : le réglage '{x}' n'existe pas."
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_reason_that_the_checks_count_has_words(lang):
    """No code is shown to a person: a reason of rows stands in the table `quality`."""
    reasons = set()
    for path, tree in TREES.items():
        if "tables" not in path.parts:
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"count", "add"} and len(node.args) > 1:
                reasons |= texts(node.args[1])
            elif name == "Answer" and len(node.args) > 2:
                reasons |= texts(node.args[2])
            elif name == "reject":
                reasons |= {t for k in node.keywords if k.arg == "reason" for t in texts(k.value)}
    from matchmaker.reference.places import PLACE_NOTES

    reasons |= {*PLACE_NOTES} - {"blank"}
    reasons |= {"level_name", "level_roman", "level_entry_level", "level_several", "level_unknown"}
    reasons |= {
        f"pooled_by_{how}" for how in ("siret", "repeat", "near_repeat", "url", "same", "close")
    }
    reasons |= {f"siret_{how}" for how in ("damaged", "form", "invalid", "is_siren", "made_up")}
    reasons |= {"region_unknown", "region_departement", "contract_left_open", "other_contract"}
    reasons |= {"diploma_from_title", "diploma_from_text"}
    reasons -= {"level_", "pooled_by_", "region_", "diploma_from_", ""}
    assert {code for code in reasons if code not in table(lang, "quality")} == set()
    assert not [text for text in table(lang, "quality").values() if re.search("[a-z]_[a-z]", text)]
    assert code_text(lang, "quality", "of_another_source") == "of another source"
