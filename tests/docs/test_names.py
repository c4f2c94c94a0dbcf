"""Files, modules and benchmarks that pages and docstrings name are there."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "data/samples/README.md", *sorted(ROOT.glob("docs/**/*.md"))]
SOURCES = sorted(
    [*ROOT.glob("src/**/*.py"), *ROOT.glob("cli/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]
)
# A path may leave out the folder that everything lies in.
FROM = ("", "src/matchmaker", "src/matchmaker/tables", "tests/assignment")
_MODULE = re.compile(r"(?<![\w/.{}-])((?:[\w-]+/)*[\w-]+\.py)\b")
_DOTTED = re.compile(r"\b(matchmaker(?:\.[A-Za-z_]\w*)+)")
_BENCHMARK = re.compile(r"\bpython -m (benchmarks(?:\.\w+)+)")


def is_there(dotted: str) -> bool:
    """Tell whether a dotted name is a module, or something in one."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        name = ".".join(parts[:cut])
        try:
            found = find_spec(name)
        except ModuleNotFoundError:
            continue
        if found is None:
            continue
        thing = import_module(name)
        for part in parts[cut:]:
            fields = getattr(thing, "__dataclass_fields__", {})
            thing = getattr(thing, part, fields.get(part))
        return thing is not None
    return False


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_files_that_a_page_names_are_there(page):
    text = re.sub(r"https?://\S+", "", page.read_text(encoding="utf-8"))
    for path in set(_MODULE.findall(text)):
        if page.parent.name == "tutorials" and "/" not in path:
            continue  # the reader's own file, which the page makes
        assert any((ROOT / start / path).is_file() for start in FROM), path
    for path in re.findall(r"`((?:docs|data|tests|tools|benchmarks|src)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_names_of_the_package_on_a_page_are_there(page):
    for name in set(_DOTTED.findall(page.read_text(encoding="utf-8"))):
        assert is_there(name), name


def test_names_of_the_package_in_docstrings_are_there():
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    named = {
        name: path
        for path, text in texts.items()
        for name in re.findall(r"`(matchmaker\.[\w.]+)`", text)
    }
    assert len(named) > 20
    assert [f"{relative(path)}: {name}" for name, path in named.items() if not is_there(name)] == []


def test_benchmarks_that_are_named_can_be_run():
    for page in [*PAGES, *SOURCES, ROOT / "Makefile"]:
        for name in _BENCHMARK.findall(page.read_text(encoding="utf-8")):
            assert (ROOT / f"{name.replace('.', '/')}.py").is_file(), f"{relative(page)}: {name}"


def test_pages_that_the_code_names_are_there():
    for page in SOURCES:
        text = page.read_text(encoding="utf-8")
        for path in re.findall(r"(?<![\w/])(?:docs|tests|data)/[\w/.-]+\.\w+", text):
            assert (ROOT / path).exists(), f"{relative(page)}: {path}"


def test_no_page_says_to_install_the_package_of_another():
    for page in [*PAGES, ROOT / "CHANGELOG.md"]:
        assert not re.search(r"pip install ['\"]?matchmaker(?!_)", page.read_text(encoding="utf-8"))


def test_a_name_of_a_class_is_given_once():
    """Whoever reads it in a signature knows which one; those of one module only are its own."""
    homes = defaultdict(list)
    for path in ROOT.glob("src/**/*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(relative(path))
    assert len(homes) > 100
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}
