"""Objects by name: found, looked at, and every way in which that can go wrong said at once."""

from __future__ import annotations

import sys
from typing import Protocol

import pytest

from matchmaker.doors import load_named, refuse_unfit, where_it_failed
from matchmaker.errors import UsageError
from tests.languages import raises


class Greeter(Protocol):
    language: str

    def greet(self, name: str, *, loudly: bool) -> str: ...


GOOD = """
class Polite:
    language = "fr"

    def greet(self, name, *, loudly):
        return f"Bonjour {name}"

POLITE = Polite()
"""
FILES = {
    "polite.py": GOOD,
    "halves.py": """
class Mute:
    language = "fr"
MUTE = Mute()

class Deaf:
    language = "fr"

    def greet(self):
        return ""
DEAF = Deaf()

class Fixed:
    language, greet = "fr", "Bonjour"
FIXED = Fixed()
""",
    "broken.py": "x = (1,\n",
    "needy.py": "import a_package_that_nobody_has\n",
    "rude.py": "raise RuntimeError('not today\\x1b[31m')\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in FILES:
        sys.modules.pop(name.removesuffix(".py"), None)


def load(*names):
    return load_named(names, Greeter, setting="greeters")


def test_objects_come_in_the_order_of_their_names(folder):
    first, second = load("polite:POLITE", "polite:POLITE")
    assert first is second
    assert first.greet("Léa", loudly=False) == "Bonjour Léa"
    assert load() == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("polite", "'polite' is not of the form module:NAME."),
        ("polite:", "'polite:' is not of the form module:NAME."),
        (".polite:POLITE", "'.polite:POLITE' is not of the form module:NAME."),
        ("polite:POLITE()", "'polite:POLITE()' is not of the form module:NAME."),
        ("impolite:POLITE", "no module 'impolite' is found, neither in this folder nor installed."),
        ("no.where:AT_ALL", "no module 'no' is found, neither in this folder nor installed."),
        ("polite.of:ME", "no module 'polite.of' is found, neither in this folder nor installed."),
        ("needy:X", "module 'needy' needs 'a_package_that_nobody_has', which is not installed."),
        ("broken:X", "module 'broken' cannot be imported (SyntaxError: "),
        ("rude:X", "module 'rude' cannot be imported (RuntimeError: not today�[31m)."),
        ("polite:POLIT", "module 'polite' has no 'POLIT'. Did you mean 'POLITE'?"),
        ("polite:Polite", "'polite:Polite' is a class: give an object of it, Polite()."),
        ("halves:MUTE", "'halves:MUTE' is no Greeter: 'greet' is missing."),
        ("halves:DEAF", "'halves:DEAF' is no Greeter: 'greet' does not take (name, *, loudly)."),
        ("halves:FIXED", "'halves:FIXED' is no Greeter: 'greet' is no method."),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_is_said_in_a_sentence(folder, name, said):
    with pytest.raises(UsageError) as error:
        load("polite:POLITE", name)
    assert error.value.text("en").startswith(f"setting 'greeters': {said}")
    assert "\n" not in str(error.value)


def test_all_faults_are_said_at_once(folder):
    with pytest.raises(UsageError) as error:
        load("nothing:X", "polite:POLITE", "halves:MUTE")
    assert [line.split("'")[3] for line in str(error.value).splitlines()] == [
        "nothing", "halves:MUTE",
    ]  # fmt: skip


def test_methods_without_a_signature_are_taken_as_they_are():
    class Updated(Protocol):
        def update(self, more: dict) -> None: ...

    refuse_unfit({}, Updated, called="the mapping")  # dict.update is written in C
    with raises(UsageError, "the number is no Updated: 'update' is missing"):
        refuse_unfit(3, Updated, called="the number")


def test_the_place_of_a_failure_is_the_method_that_was_called():
    def fails():
        raise KeyError("Léa")

    with pytest.raises(KeyError) as error:
        fails()
    line = fails.__code__.co_firstlineno + 1
    assert where_it_failed(error.value) == f"KeyError, test_doors.py line {line}"
    assert where_it_failed(KeyError("Léa")) == "KeyError"
