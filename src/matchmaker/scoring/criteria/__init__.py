"""The criteria, one file each, in the order in which reasons name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matchmaker.doors import load_named, refuse_unfit
from matchmaker.errors import UsageError
from matchmaker.scoring.criteria.answer_rate import AnswerRate
from matchmaker.scoring.criteria.contract import Contract
from matchmaker.scoring.criteria.days_left import DaysLeft
from matchmaker.scoring.criteria.distance import Distance
from matchmaker.scoring.criteria.driving_licence import DrivingLicence
from matchmaker.scoring.criteria.hiring_chance import HiringChance
from matchmaker.scoring.criteria.level import Level
from matchmaker.scoring.criteria.minors import Minors
from matchmaker.scoring.criteria.procedure import Procedure
from matchmaker.scoring.criteria.region import Region
from matchmaker.scoring.criteria.start import Start
from matchmaker.scoring.criteria.trade import Trade
from matchmaker.scoring.criteria.welcomes_disabled import WelcomesDisabled
from matchmaker.scoring.criteria.wish import Wish
from matchmaker.scoring.criterion import Criterion
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = ["CRITERIA", "OPTIONAL", "criteria_for", "every_criterion"]

CRITERIA: tuple[Criterion, ...] = (
    Trade(),
    Distance(),
    Wish(),
    Level(),
    Region(),
    Start(),
    Contract(),
    Minors(),
    Procedure(),
)
OPTIONAL: tuple[Criterion, ...] = (
    HiringChance(),
    AnswerRate(),
    DrivingLicence(),
    WelcomesDisabled(),
    DaysLeft(),
)
"""Those that take part where the settings give them a weight above 0, and cost nothing else."""


def criteria_for(settings: Settings, own: Sequence[Criterion] = ()) -> tuple[Criterion, ...]:
    """Return the criteria of a run: those of the package, then those of the user's own.

    Of the optional ones only those that the settings give a weight take part: no other has
    a column in lists, or is looked up for a single pair.

    Parameters
    ----------
    settings : Settings
        ``criteria`` names some by ``module:NAME``.
    own : sequence of Criterion
        Objects, which come last.

    Returns
    -------
    tuple of Criterion

    Raises
    ------
    UsageError
        What a setting names is not there or is no criterion; two criteria share a name.

    Examples
    --------
    >>> [c.name for c in criteria_for(Settings())][:3]
    ['trade', 'distance', 'wish']
    """
    known = every_criterion(settings, own)
    unused = {c.name for c in OPTIONAL if not settings.weights.get(c.name, 0)}
    return tuple(criterion for criterion in known if criterion.name not in unused)


def every_criterion(settings: Settings, own: Sequence[Criterion] = ()) -> tuple[Criterion, ...]:
    """Return the criteria that a run may have, the optional ones without a weight included.

    Parameters and errors are those of `criteria_for`.

    Examples
    --------
    >>> [c.name for c in every_criterion(Settings())][-1]
    'days_left'
    """
    for criterion in own:
        refuse_unfit(criterion, Criterion, called=f"criteria: {criterion!r}")
    named = load_named(settings.criteria, Criterion, setting="criteria")
    known = (*CRITERIA, *OPTIONAL, *named, *own)
    twice = [name for name, n in Counter(c.name for c in known).items() if n > 1]
    if twice:
        raise UsageError(said("setting.criterion_twice", name=twice[0]))
    return known
