"""Steps run two at a time: answers in the order of the steps, faults of all of them at once."""

from __future__ import annotations

from functools import partial

import pytest

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.tables.intake import all_or_faults


def fails(error: Exception) -> None:
    raise error


def issue(file: str) -> InputError:
    return InputError([Issue(reason="x", file=file, message="is wrong")])


@pytest.mark.parametrize("sizes", [[], [1, 2, 3], [3, 1, 2]])
def test_answers_stand_in_the_order_of_the_steps(sizes):
    assert all_or_faults([lambda: "a", lambda: "b", lambda: "c"], sizes) == ["a", "b", "c"]


def test_the_smallest_step_begins_last():
    begun: list[str] = []
    all_or_faults([partial(begun.append, name) for name in "abc"], sizes=[1, 5, 3])

    assert begun[2] == "a"


def test_faults_of_all_steps_are_told_in_their_order_and_missing_files_before_them():
    steps = [partial(fails, issue("a")), lambda: 1, partial(fails, issue("b"))]
    with pytest.raises(InputError) as error:
        all_or_faults(steps, sizes=[1, 2, 3])
    assert [fault.file for fault in error.value.issues] == ["a", "b"]
    with pytest.raises(UsageError, match="none"):
        all_or_faults([*steps, partial(fails, UsageError("none"))])
