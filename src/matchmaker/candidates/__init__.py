"""Which pairs are eligible at all, on which rung of the ladder, and how they score.

`kernel` is the fast engine, `plain` the obvious one; both read the same `Market` and the
same `ScoreTables` and give equal `Pairs`.
"""
