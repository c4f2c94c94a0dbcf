"""``python -m tests.mutants``: try all mutants, or those of the files named; ``--page``: the page."""
# ruff: noqa: T201 - it is a command

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.catch import answers, warm_base
from tests.mutants.mutants import MUTANTS
from tests.mutants.page import PAGE, page


def main(words: list[str]) -> int:
    """Return how many mutants nobody noticed."""
    if words == ["--page"]:
        PAGE.write_text(page(), encoding="utf-8")
        print(f"wrote {PAGE}")
        return 0
    chosen = [m for m in MUTANTS if not words or any(word in m.file for word in words)]
    caught = 0
    with TemporaryDirectory() as folder:
        base = warm_base(Path(folder), chosen)
        for mutant, is_caught in answers(base, chosen):
            caught += is_caught
            print(
                f"{'caught' if is_caught else 'MISSED'}  {mutant.file}: {mutant.breaks}", flush=True
            )
    print(f"{caught} of {len(chosen)} caught")
    return len(chosen) - caught


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
