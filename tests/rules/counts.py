"""Boundaries of counts: how many lists, lines, seats, firms, and rows that cannot be read."""

from __future__ import annotations

from tests.rules.case import Case

__all__ = ["CASES"]

FIVE = {f"Y{n}": {} for n in range(1, 6)}


def firms(**cells):
    return {name: {"kind": "spontaneous"} | of for name, of in cells.items()}


# Youths with none, one, two and three offers of a trade that each wishes alone.
WISHED = {"none": "G1602", "one": "M1607", "two": "F1603", "three": "D1102"}
RISING = {
    "youths": {name: {} for name in WISHED},
    "wishes": tuple((name, {"trade_code": code}) for name, code in WISHED.items()),
    "offers": {
        f"{name} {n}": {"trade_code": code, "title": "Apprentissage"}
        for size, (name, code) in enumerate(WISHED.items())
        for n in range(size)
    },
}


EXPOSURE = [
    Case(
        rule="lists_per_seat",
        says="a seat stands in two lists, two seats in four",
        youths=FIVE,
        settings={"lists_per_seat": 2},
        offers={"one": {"capacity": "1"}, "two": {"capacity": "2"}},
        expect={
            "in lists": {"one": 2, "two": 4},
            "exposure": {"one": 2, "two": 4},
            "lines allowed": 6,
        },
    ),
    Case(
        rule="lists_per_seat",
        says="as many lists as youths who fit, where the cap allows more",
        youths=FIVE,
        settings={"lists_per_seat": 6},
        offers={"one": {}},
        expect={"in lists": {"one": 5}},
    ),
    Case(
        rule="lists_per_seat",
        says="who is left out by the cap is told that the lists are full",
        youths={"Y1": {}, "Y2": {"opt_out": "oui"}, "Y3": {}},
        settings={"lists_per_seat": 1},
        offers={"one": {}},
        wishes=(("Y1", {}), ("Y2", {}), ("Y3", {"trade_code": "D1106"})),
        expect={"why alone": {"Y2": "opted_out", "Y3": "all_full"}},
    ),
    Case(
        rule="lists_per_firm",
        says="a firm stands in three lists, however many seats it names",
        youths=FIVE,
        settings={"lists_per_seat": 1, "lists_per_firm": 3},
        offers=firms(unsaid={}, four={"capacity": "4"}) | {"offer": {}},
        expect={"in lists": {"unsaid": 3, "four": 3, "offer": 1}, "lines allowed": 7},
    ),
    Case(
        rule="lists_per_firm",
        says="0: firms stand in no list",
        settings={"lists_per_firm": 0},
        offers=firms(unsaid={}) | {"offer": {}},
        expect={"lists": {"Y": "offer"}},
    ),
    Case(
        rule="lists_per_seat",
        says="a dry run allows as many lines",
        door="dry_run",
        youths=FIVE,
        settings={"lists_per_seat": 2, "lists_per_firm": 3},
        offers=firms(firm={"capacity": "4"})
        | {"one": {}, "two": {"capacity": "2"}, "full": {"capacity": "0"}},
        expect={"lines allowed, dry": 9, "offers counted": {"takes_part": 3, "full": 1}},
    ),
]

TWO_TRADES = (
    ("Y", {"rank": "1", "trade_code": "D1102"}),
    ("Y", {"rank": "2", "trade_code": "F1603"}),
)
PLUMBER = {"trade_code": "F1603", "title": "Plombier en apprentissage"}


def offers_of(*names, **cells):
    """Offers that differ in a word of their titles: the same notice again would be no other."""
    title = cells.pop("title", "Boulanger en apprentissage")
    return {name: {"title": f"{title}, équipe {name}"} | cells for name in names}


LISTS = [
    Case(
        rule="lines_per_youth",
        says="of one, two and three offers two at most are lines",
        **RISING,
        settings={"lines_per_youth": 2, "other_sector_lines": 0},
        expect={"lines": {"none": 0, "one": 1, "two": 2, "three": 2}},
    ),
    Case(
        rule="other_sector_lines",
        says="of three lines one is kept for another sector",
        wishes=TWO_TRADES,
        settings={"lines_per_youth": 3, "other_sector_lines": 1},
        offers=offers_of("a", "b", "c", "d") | offers_of("other", **PLUMBER),
        expect={"lines": {"Y": 3}, "in lists of": {"other": 1}},
    ),
    Case(
        rule="other_sector_lines",
        says="it stays empty where no other sector has an offer",
        settings={"lines_per_youth": 3, "other_sector_lines": 1},
        offers=offers_of("a", "b", "c", "d"),
        expect={"lines": {"Y": 2}},
    ),
    Case(
        rule="other_sector_lines",
        says="0: a list may be of one sector",
        settings={"lines_per_youth": 3, "other_sector_lines": 0},
        offers=offers_of("a", "b", "c", "d"),
        expect={"lines": {"Y": 3}},
    ),
    Case(
        rule="other_sector_lines",
        says="all of them: the main sector keeps one line",
        wishes=TWO_TRADES,
        settings={"lines_per_youth": 2, "other_sector_lines": 2},
        offers=offers_of("a", "b") | offers_of("c", "d", **PLUMBER),
        expect={"lines": {"Y": 2}, "in lists of": {"a b": 1, "c d": 1}},
    ),
    Case(
        rule="lines_per_employer",
        says="two lines of one employer, and two more of another sector",
        wishes=TWO_TRADES,
        settings={"lines_per_employer": 2},
        offers=offers_of("a", "b", "c", employer="Martin")
        | offers_of("d", "e", "f", **PLUMBER, employer="MARTIN"),
        expect={"in lists of": {"a b c": 2, "d e f": 2}},
    ),
    Case(
        rule="lines_per_employer",
        says="a SIRET is one employer under any name, a commune is not",
        settings={"lines_per_employer": 2},
        offers=offers_of("a", "b", siret="73282932000074")
        | offers_of("c", siret="73282932000074")
        | offers_of("d", "e", "f", employer="Martin", commune_code="35047"),
        expect={"in lists of": {"a b c": 2, "d e f": 2}},
    ),
    Case(
        rule="lines_per_employer",
        says="0: no limit; and nobody's offers are of no one employer",
        settings={"lines_per_employer": 0},
        offers=offers_of("a", "b", "c", employer="Martin"),
        expect={"lines": {"Y": 3}},
    ),
    Case(
        rule="lines_per_employer",
        says="offers that name nobody are each of their own",
        settings={"lines_per_employer": 1, "leave_out_flags": []},
        offers=offers_of("a", "b", employer="") | offers_of("c", "d", employer="Martin"),
        expect={"in lists of": {"a b": 2, "c d": 1}},
    ),
    Case(
        rule="line_order",
        says="by chance: three seats in three lists before one seat in three",
        youths={"Y1": {}, "Y2": {}, "Y3": {}},
        settings={"line_order": "chance"},
        offers={"one": {}, "three": {"capacity": "3"}},
        expect={"order": dict.fromkeys(("Y1", "Y2", "Y3"), "three one")},
    ),
    Case(
        rule="rank",
        says="the first wish leads, a wish without a rank stands after the third",
        youths={"Y": {}},
        wishes=(
            ("Y", {"rank": "", "trade_code": "G1602"}),
            ("Y", {"rank": "4", "trade_code": "M1607"}),
            ("Y", {"rank": "1", "trade_code": "F1603"}),
            ("Y", {"rank": "2", "trade_code": "D1102"}),
        ),
        offers={
            code: {"trade_code": code, "title": "Apprentissage"}
            for code in ("D1102", "F1603", "G1602", "M1607")
        },
        expect={"order": {"Y": "F1603 D1102 M1607 G1602"}},
    ),
]

FEW = [
    Case(
        rule="min_lines",
        says="fewer than two lines: none and one are followed up, two are enough",
        **RISING,
        settings={"min_lines": 2},
        expect={
            "followed up": {"none": 0, "one": 1},
            "with enough lines": 2,
            "why alone": {"none": "no_trade_offer"},
        },
    ),
    Case(
        rule="min_lines",
        says="0: nobody is followed up, and one line is enough",
        **RISING,
        settings={"min_lines": 0},
        expect={"followed up": {}, "with enough lines": 3},
    ),
    Case(
        rule="min_lines",
        says="as many lines as are wanted, of two sectors, are varied enough; one less is not",
        youths={"two": {}, "short": {}},
        settings={"min_lines": 2},
        wishes=(*(("two", cells) for _, cells in TWO_TRADES), ("short", {"trade_code": "F1603"})),
        offers=offers_of("a") | offers_of("c", **PLUMBER),
        expect={"with varied lines": 1, "lines": {"two": 2, "short": 1}},
    ),
    Case(
        rule="min_lines",
        says="three lines of two sectors are varied enough; two of one are not",
        youths={"two": {}, "one": {}, "short": {}},
        settings={"min_lines": 2},
        wishes=(
            *(("two", cells) for _, cells in TWO_TRADES),
            ("one", {}),
            ("short", {"trade_code": "F1603"}),
        ),
        offers=offers_of("a", "b") | offers_of("c", **PLUMBER),
        expect={"with varied lines": 1, "lines": {"two": 3, "one": 2, "short": 1}},
    ),
]


ACCEPTED, TOO_MANY = {"lines of all": 1}, {"refused": "too_many_rejected"}
SPOILT = [
    Case(
        rule=rule,
        says=says,
        youths={f"good {n}": {} for n in range(good)}
        | {f"bad {n}": {"status": "peut-être"} for n in range(bad)},
        offers={"one": {}},
        settings={"max_rejected_share": share, "max_rejected_rows": most, "lists_per_seat": 1},
        expect=expect,
    )
    for rule, says, good, bad, share, most, expect in (
        ("max_rejected_share", "two of ten are a fifth, not more", 8, 2, 0.2, 0, ACCEPTED),
        ("max_rejected_share", "three of ten are more", 7, 3, 0.2, 0, TOO_MANY),
        ("max_rejected_rows", "three rows are allowed, whatever their share", 1, 3, 0, 3, ACCEPTED),
        ("max_rejected_rows", "a fourth row is one too many", 1, 4, 0, 3, TOO_MANY),
        ("max_rejected_rows", "more rows of a small share are no bad file", 8, 2, 0.2, 1, ACCEPTED),
        (
            "max_rejected_rows",
            "no usable row is a bad file",
            0,
            1,
            1,
            9,
            {"refused": "nothing_usable"},
        ),
    )
]

CASES = [*EXPOSURE, *LISTS, *FEW, *SPOILT]
