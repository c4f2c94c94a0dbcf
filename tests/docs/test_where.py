"""Each file that answers a newcomer's question is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "where-is-what.md"
ROWS = re.findall(r"^\| (.+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)[2:]


@pytest.mark.parametrize(("question", "answer"), ROWS)
def test_the_file_that_answers_is_there(question, answer):
    paths = [name for name in re.findall(r"`([^`]+)`", answer) if "." in name]
    assert question.endswith("?")
    assert paths
    for path in paths:
        assert (ROOT / "src" / "matchmaker" / path).is_file() or (ROOT / path).is_file()


def test_every_room_is_asked_for():
    rooms = {
        p.name for p in (ROOT / "src" / "matchmaker").iterdir() if (p / "__init__.py").is_file()
    }
    asked = {
        path.split("/")[0] for _, answer in ROWS for path in re.findall(r"`([\w/.]+)`", answer)
    }
    assert rooms - asked <= {"assignment", "audit", "generator"}
