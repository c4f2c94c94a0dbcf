"""Forty ways of getting a plain rule wrong, each in one line, as a tired person would.

A mutant is a file, its right line, the wrong one, and the tests that must notice the
difference.  `tests.mutants.catch` puts one after another into a copy of the sources; the page
``docs/reference/mutants.md`` shows them all.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MUTANTS", "Mutant"]

RULES = "tests/rules/test_boundaries.py"
FILES = "tests/rules/test_files.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One line, and what is wrong in its place.

    Attributes
    ----------
    breaks : str
        What goes wrong, in words.
    file : str
        Below ``src/matchmaker``.
    line, by : str
        The right line, which stands once in the file, and the wrong one; no indentation.
    caught_by : str
        Arguments of pytest: tests that pass, and must not with the wrong line.
    """

    breaks: str
    file: str
    line: str
    by: str
    caught_by: str


TAKING_PART = [
    Mutant(
        breaks="an offer that expires on the last day that counts is left out",
        file="candidates/market.py",
        line='"expired": ~np.isnat(expiry) & (expiry < last),',
        by='"expired": ~np.isnat(expiry) & (expiry <= last),',
        caught_by=f"{RULES} -k min_days_left",
    ),
    Mutant(
        breaks="an offer with one seat is full",
        file="candidates/market.py",
        line='"full": (status == "filled") | (offers["capacity"].to_numpy() <= 0),',
        by='"full": (status == "filled") | (offers["capacity"].to_numpy() <= 1),',
        caught_by=f"{RULES} -k capacity",
    ),
    Mutant(
        breaks="a part of a kilometre is rounded up",
        file="candidates/market.py",
        line='whole = np.floor(youths["max_distance_km"].to_numpy())',
        by='whole = np.ceil(youths["max_distance_km"].to_numpy())',
        caught_by=f"{RULES} -k max_distance_km",
    ),
    Mutant(
        breaks="who opted out and was placed is said to be placed: the last rule wins",
        file="candidates/market.py",
        line="for position in range(len(YOUTH_STATES) - 1, 0, -1):",
        by="for position in range(1, len(YOUTH_STATES)):",
        caught_by=f"{FILES} -k told_why",
    ),
]

ELIGIBLE = [
    Mutant(
        breaks="a contract may start a day less early",
        file="scoring/criteria/start.py",
        line="first[:, 1] = np.clip(available - settings.max_early_start_days, 0, LAST_DAY)",
        by="first[:, 1] = np.clip(available - settings.max_early_start_days + 1, 0, LAST_DAY)",
        caught_by=f"{RULES} -k max_early_start_days",
    ),
    Mutant(
        breaks="who has been available for long is sent to nothing that starts later",
        file="scoring/criteria/start.py",
        line="available = np.maximum(available, 0)  # in the past: at once",
        by="available = np.minimum(available, 0)  # in the past: at once",
        caught_by=f"{RULES} -k available_from",
    ),
    Mutant(
        breaks="an apprenticeship is open on the 30th birthday",
        file="scoring/criteria/contract.py",
        line="last[is_known] = (too_old - as_of).astype(np.int64) - 1",
        by="last[is_known] = (too_old - as_of).astype(np.int64)",
        caught_by=f"{RULES} -k L6222-1",
    ),
    Mutant(
        breaks="of a year of birth the last day must be legal, not one",
        file="scoring/criteria/contract.py",
        line="first[is_known] = (turns(ages.low, born_first[is_known]) - as_of).astype(np.int64)",
        by="first[is_known] = (turns(ages.low, born_last[is_known]) - as_of).astype(np.int64)",
        caught_by=f"{RULES} -k birth_year",
    ),
    Mutant(
        breaks="the youth's own level goes before that of the wish",
        file="reference/aims.py",
        line="said = np.where(wished > 0, wished, own).astype(np.int64)",
        by="said = np.where(own > 0, own, wished).astype(np.int64)",
        caught_by=f"{RULES} -k strict_level",
    ),
    Mutant(
        breaks="the region of the home goes before that of the wish",
        file="scoring/criteria/region.py",
        line="asked = np.where(wish > 0, wish, home)",
        by="asked = np.where(home > 0, home, wish)",
        caught_by=f"{RULES} -k strict_region",
    ),
]

READING = [
    Mutant(
        breaks="an opt-out that is neither yes nor no counts as no",
        file="tables/checks/cells.py",
        line="if not folded or folded in _NO:",
        by="if folded not in _YES:",
        caught_by=f"{FILES} -k in_no_other",
    ),
    Mutant(
        breaks="an offer that does not say how many seats it has is full",
        file="tables/checks/tables.py",
        line='"capacity": np.nan_to_num(capacity, nan=1).astype(np.int32),',
        by='"capacity": np.nan_to_num(capacity, nan=0).astype(np.int32),',
        caught_by=f"{RULES} -k capacity",
    ),
    Mutant(
        breaks="one bad row of ten makes a bad file",
        file="tables/finish.py",
        line="if lost > settings.max_rejected_rows and share > settings.max_rejected_share:",
        by="if lost > settings.max_rejected_rows or share > settings.max_rejected_share:",
        caught_by=f"{RULES} -k max_rejected",
    ),
    Mutant(
        breaks="of all that was sent to a youth only the last line is remembered",
        file="tables/sent.py",
        line="is_older = same[0] & same[1]",
        by="is_older = same[0]",
        caught_by="tests/tables/test_sent.py",
    ),
]

LISTS = [
    Mutant(
        breaks="lines sent to youths who have left count for no exposure",
        file="lists/earlier.py",
        line="exposure=np.bincount(offer[offer >= 0], minlength=n_offers).astype(np.int32),",
        by="exposure=np.bincount(offer[is_known], minlength=n_offers).astype(np.int32),",
        caught_by=f"{RULES} -k sent",
    ),
    Mutant(
        breaks="a firm stands in so many lists a seat",
        file="lists/exposure.py",
        line="return np.where(market.is_firm, np.minimum(market.seats, 1), market.seats)",
        by="return market.seats",
        caught_by=f"{RULES} -k lists_per_firm",
    ),
    Mutant(
        breaks="as many lines as are wanted are not enough to be varied",
        file="lists/variety.py",
        line='return lines >= by_row(settings, "min_lines", market.youths), sectors',
        by='return lines > by_row(settings, "min_lines", market.youths), sectors',
        caught_by=f"{RULES} -k min_lines",
    ),
    Mutant(
        breaks="in an order by chance an offer of three seats is as hard as one of one",
        file="lists/order.py",
        line="worth = worth * seats // np.maximum(exposure[pairs.offer], seats)",
        by="worth = worth // np.maximum(exposure[pairs.offer], seats)",
        caught_by=f"{RULES} -k line_order",
    ),
]

CHECKS = [
    Mutant(
        breaks="the check allows one line more of one employer",
        file="verify/lists.py",
        line='"one_employer", np.bincount(firm)[firm] <= settings.lines_per_employer, row=lines.before',
        by='"one_employer", np.bincount(firm)[firm] < settings.lines_per_employer + 2, row=lines.before',
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check allows a list of one sector",
        file="verify/lists.py",
        line="most = np.maximum(longest - settings.other_sector_lines, 1)",
        by="most = np.maximum(longest + settings.other_sector_lines, 1)",
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check forgets lines sent to youths who have left",
        file="verify/lists.py",
        line="exposure += np.bincount(what[what >= 0], minlength=n_offers)",
        by="exposure += np.bincount(what[is_known], minlength=n_offers)",
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check allows an offer that expires a day too soon",
        file="verify/lines.py",
        line='last = pd.Timestamp(clean.as_of) + pd.to_timedelta(days, unit="D")',
        by='last = pd.Timestamp(clean.as_of) + pd.to_timedelta(days - 1, unit="D")',
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check allows lines of youths who have withdrawn",
        file="verify/lines.py",
        line='"youth_seeking": youths["status"] == "seeking",',
        by='"youth_seeking": youths["status"] != "placed",',
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check allows a start that is a day too late",
        file="verify/dates.py",
        line="is_in &= late <= self.settings.max_late_start_days",
        by="is_in &= late <= self.settings.max_late_start_days + 1",
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check allows every age: young enough, or old enough",
        file="verify/dates.py",
        line="allows = (youngest <= rule.high) & (oldest >= rule.low)",
        by="allows = (youngest <= rule.high) | (oldest >= rule.low)",
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check allows a kilometre beyond the reach",
        file="verify/places.py",
        line="is_in: NDArray[np.bool_] = self.km(youth, offer) <= self.reach[youth] + REACH_KM",
        by="is_in: NDArray[np.bool_] = self.km(youth, offer) <= self.reach[youth] + 1",
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check knows no level but that of the wish",
        file="verify/levels.py",
        line="low = np.where(level > 0, level, own)",
        by="low = level.copy()",
        caught_by="tests/verify/test_lists.py",
    ),
    Mutant(
        breaks="the check allows a bound that leaves out what a first line earns",
        file="verify/proof.py",
        line='worth = net + own["bonus"]',
        by="worth = net",
        caught_by="tests/verify/test_proof.py",
    ),
    Mutant(
        breaks="the check allows a bound that is a line short",
        file="verify/bounds.py",
        line="if lines == most or earned <= 0:",
        by="if lines == most - 1 or earned <= 0:",
        caught_by="tests/verify/test_bounds.py",
    ),
    Mutant(
        breaks="the check allows one youth more than there are seats",
        file="verify/assigned.py",
        line='("offers", "assigned_seats", offers["placed"] <= offers["capacity"]),',
        by='("offers", "assigned_seats", offers["placed"] <= offers["capacity"] + 1),',
        caught_by="tests/verify/test_assigned.py",
    ),
]

RUNS = [
    Mutant(
        breaks="lists that ignore what was sent are refused for it",
        file="runs/stages.py",
        line="sent=None if found.sent is None or setup.ignore_sent else found.sent.frame,",
        by="sent=None if found.sent is None else found.sent.frame,",
        caught_by=f"{RULES} -k ignore_sent",
    ),
    Mutant(
        breaks="a dry run that ignores what was sent counts it",
        file="runs/dry_run.py",
        line="room = exposure_left(market, settings, ready.heeded.exposure)",
        by="room = exposure_left(market, settings, ready.remembered.exposure)",
        caught_by=f"{RULES} -k ignore_sent",
    ),
    Mutant(
        breaks="assign gives the counts of faults in the place of rejected rows",
        file="runs/assign_stages.py",
        line='"rejects": found.tables.rejects,',
        by='"rejects": found.tables.quality,',
        caught_by=f"{FILES} -k each_as_itself",
    ),
    Mutant(
        breaks="a written folder is published without a check",
        file="runs/results.py",
        line="check=self._check(),",
        by="check=None,",
        caught_by="tests/runs/test_match_result.py -k does_not_hold",
    ),
]

PEOPLE = [
    Mutant(
        breaks="a referent is named to youths who opted out",
        file="routes/follow_up.py",
        line='NOT_FOLLOWED = ("opted_out", "opposed", "placed", "withdrawn")',
        by='NOT_FOLLOWED = ("opposed", "placed", "withdrawn")',
        caught_by=f"{FILES} -k in_no_other",
    ),
    Mutant(
        breaks="who has just enough lines is followed up",
        file="routes/follow_up.py",
        line='wanted = (lines < least) & ~is_among(youths["youth_id"], left_alone)',
        by='wanted = (lines <= least) & ~is_among(youths["youth_id"], left_alone)',
        caught_by=f"{RULES} -k min_lines",
    ),
    Mutant(
        breaks="a referent of a commune takes one youth too many",
        file="routes/referents.py",
        line="free = (one for one in serving if self._load[one[0]] < self._capacity[one[0]])",
        by="free = (one for one in serving if self._load[one[0]] <= self._capacity[one[0]])",
        caught_by="tests/routes/test_referents.py",
    ),
    Mutant(
        breaks="of two rules that each would do, the second is told as the reason",
        file="explain/lifts.py",
        line='OFFER_RULES = ("full", "expired", "cancelled", "contract_type", "flagged", "place_unknown")',
        by='OFFER_RULES = ("expired", "full", "cancelled", "contract_type", "flagged", "place_unknown")',
        caught_by=f"{RULES} -k reasons",
    ),
    Mutant(
        breaks="the mailing leaves out the last line of a full list",
        file="report/tables.py",
        line="for j in range(lines_per_youth):",
        by="for j in range(lines_per_youth - 1):",
        caught_by="tests/report/test_tables.py",
    ),
    Mutant(
        breaks="an offer that is full by one youth says that seats are free",
        file="assignment/outcome.py",
        line="is_full = np.bincount(offer, minlength=n_offers) >= preferences.capacity",
        by="is_full = np.bincount(offer, minlength=n_offers) > preferences.capacity",
        caught_by="tests/assignment",
    ),
]

MUTANTS: tuple[Mutant, ...] = (
    *TAKING_PART,
    *ELIGIBLE,
    *READING,
    *LISTS,
    *CHECKS,
    *RUNS,
    *PEOPLE,
)
