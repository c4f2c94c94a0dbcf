"""The page of the mutants, made from the table of them."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.mutants import MUTANTS, Mutant

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "mutants.md"
HEAD = """\
<!-- Made by `python -m tests.mutants --page` from tests/mutants/mutants.py. -->

# Mutants

Forty ways of getting a plain rule wrong, each in one line, as a tired person would: one day
less, `<` for `<=`, a `not` lost, the wrong column. Each is put into a copy of the sources, and
the tests named beside it must fail; `make test-long` ends with all of them caught, and
`python -m tests.mutants` says so one by one. Whoever changes one of these lines changes it here
too: a mutant whose line does not stand exactly once in its file fails the ordinary tests.
Most are noticed by the table of boundaries (`tests/rules/test_boundaries.py`): each rule the day
before, on and after.
"""


def page() -> str:
    """Return the text of the page."""
    parts = [HEAD]
    for file in dict.fromkeys(mutant.file for mutant in MUTANTS):
        parts.append(f"\n## {file}\n")
        parts += [_told(mutant) for mutant in MUTANTS if mutant.file == file]
    return "\n".join(parts)


def _told(mutant: Mutant) -> str:
    return (
        f"{mutant.breaks[0].upper()}{mutant.breaks[1:]}.\n\n"
        f"```diff\n- {mutant.line}\n+ {mutant.by}\n```\n\n"
        f"Caught by `{mutant.caught_by}`.\n"
    )
