"""Write the reference pages that are made from the code: settings, criteria, tables.

Run with ``make docs``; a test fails when a page no longer says what the code does.
"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from matchmaker.scoring.criteria import CRITERIA
from matchmaker.settings import Settings
from matchmaker.tables import schemas

PAGES = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made by tools/write_reference_pages.py: change the code, then run `make docs`. -->\n"


def settings_page() -> str:
    """Return the page of all settings, from the docstring of `Settings` and its defaults."""
    described = _described(Settings.__doc__ or "")
    lines = [
        MADE,
        "# Settings\n",
        "A settings file is TOML; what it leaves out keeps its default. `matchmaker settings show`",
        "prints all of them; an unknown name is refused with a suggestion. The reasons for the",
        "defaults stand in [why the defaults](../explanation/defaults.md).\n",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    defaults = Settings().to_dict()
    lines += [
        f"| `{f.name}` | `{defaults[f.name]!r}` | {described[f.name]} |" for f in fields(Settings)
    ]
    return "\n".join(lines) + "\n"


def criteria_page() -> str:
    """Return the page of all criteria, from their docstrings, weights and steps."""
    lines = [
        MADE,
        "# Criteria\n",
        "A line's score is the sum over criteria of weight x points, less the cost of its rung.",
        "Points go from 0 to 10,000. Change a weight with `[weights]`, points with `[values]` (a",
        "list in the order of the steps).\n",
    ]
    for criterion in CRITERIA:
        text = " ".join((type(criterion).__doc__ or "").split())
        text = text.replace("``", "`")
        lines += [f"## {criterion.name}\n", f"Weight {criterion.weight}. {text}\n"]
        if criterion.steps:
            lines += ["| step | points |", "|---|---|"]
            lines += [f"| {step} | {points:,} |" for step, points in criterion.steps.items()]
            lines.append("")
    return "\n".join(lines)


def tables_page() -> str:
    """Return the page of the neutral tables, from their schemas."""
    parts = [MADE, "# The neutral tables\n"]
    parts += [
        "What every source becomes, and what you may write by hand. Bold columns are required;",
        "all others may be left out.\n",
    ]
    parts += [f"## {role}\n\n{schemas.markdown(role)}" for role in schemas.TABLES]
    return "\n".join(parts)


def _described(doc: str) -> dict[str, str]:
    """Return the description of each attribute of a numpydoc docstring."""
    section = doc.split("Attributes\n", 1)[1].split("Examples\n", 1)[0]
    result = {}
    pattern = re.compile(r"^    (\w[\w, ]*) : .*\n((?:^        .*\n)+)", re.MULTILINE)
    for names, text in pattern.findall(section):
        plain = " ".join(text.split()).replace("``", "`").replace("|", "\\|")
        result.update(dict.fromkeys(names.split(", "), plain))
    return result


def pages() -> dict[str, str]:
    """Return each page's text by its file name."""
    return {
        "settings.md": settings_page(),
        "criteria.md": criteria_page(),
        "tables.md": tables_page(),
    }


def main() -> None:
    """Write the pages."""
    for name, content in pages().items():
        (PAGES / name).write_text(content, encoding="utf-8")
        print(f"wrote docs/reference/{name}")


if __name__ == "__main__":
    main()
