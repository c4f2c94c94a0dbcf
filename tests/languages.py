"""Errors in both languages: tests name the English sentence, and a French one must exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from matchmaker.errors import MatchmakerError


@contextmanager
def raises(
    kind: type[MatchmakerError], english: str
) -> Iterator[pytest.ExceptionInfo[MatchmakerError]]:
    """Expect an error whose English text matches `english`, and whose French text is another."""
    with pytest.raises(kind) as caught:
        yield caught
    assert re.search(english, caught.value.text("en")), caught.value.text("en")
    french, other = str(caught.value).splitlines(), caught.value.text("en").splitlines()
    assert len(french) == len(other)
    assert not set(french) & set(other)
