"""Say in one sentence when the Python at hand is too old; runs on any Python 3."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this very file must run on older ones
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(
        f"matchmaker needs Python 3.11 or later; {sys.executable} is {found}."
        " Name another one: make PYTHON=python3.12"
    )
