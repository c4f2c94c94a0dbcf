"""How sure an answer is: the part of such answers that was right on titles of postings.

Fitted with ``python -m benchmarks.trades calibration`` on the titles of
``benchmarks/data/titles`` and of ``benchmarks/data/judged``, with the embedded and with the official
tables; what was printed is kept in ``benchmarks/results/trades_calibration.md``.
"""

from __future__ import annotations

import math

__all__ = ["LEXICON", "MOST", "MOST_LEAD", "MOST_OF_ONE_WORD", "by_likeness", "by_title"]

# What the lexicon says word for word is taken at its word: an entry that somebody adds takes
# effect. On titles of postings it was right as often as that.
LEXICON = 0.90
MOST = 0.96  # likeness alone is never surer
MOST_OF_ONE_WORD = 0.85  # our judgement
MOST_LEAD = 0.8  # what lies further ahead is no surer
_START, _LIKE, _LEAD = -2.7, 2.6, 8.7  # the logistic curve
_TITLE, _TITLE_SHARE = 0.88, 0.10


def by_likeness(like: float, lead: float, words: int = 2) -> float:
    """Return how likely a code that was found by likeness is right.

    Parameters
    ----------
    like, lead : float
        Likeness of the best title (0 to 1), and the lead of the best code's score over the
        best code of another family.
    words : int
        Of the title: one alone that is no title ("mer") is a field more than a trade, and
        the titles of the fit have hardly any.

    Returns
    -------
    float
        0 to `MOST`, by a logistic curve; of one word, at most `MOST_OF_ONE_WORD`.

    Examples
    --------
    >>> round(by_likeness(0.6, 0.4), 2), round(by_likeness(0.6, 0.0), 2)
    (0.91, 0.24)
    """
    odds = _START + _LIKE * like + _LEAD * min(max(lead, 0.0), MOST_LEAD)
    return min(1.0 / (1.0 + math.exp(-odds)), MOST if words > 1 else MOST_OF_ONE_WORD)


def by_title(share: float) -> float:
    """Return how likely the code of an official title, written word for word, is right.

    Parameters
    ----------
    share : float
        Of the titles that hold all its words, the part in the code's family (0 to 1): a title
        that many trades share ("conseiller") is left open.

    Examples
    --------
    >>> round(by_title(1.0), 2), by_title(0.1) < 0.90
    (0.98, True)
    """
    return _TITLE + _TITLE_SHARE * share
