"""The closed list of rules, by their names for machines.

What must hold is said in the words of ``rule``; ``docs/reference/verify.md`` shows both, with
bounds and tolerances. A test keeps them in step, and another one breaks every rule once.
"""

from __future__ import annotations

__all__ = ["RULES"]

_OF_A_LINE = (
    "youth_exists",
    "offer_exists",
    "youth_seeking",
    "youth_opted_out",
    "offer_open",
    "offer_seat",
    "offer_expiry",
    "offer_flagged",
    "contract_type",
    "legal_age",
    "minor_work",
    "procedure",
    "start_window",
    "trade_code",
    "diploma",
    "title",
    "reason",
    "nearness",
    "later_cost",
    "wish",
    "wish_code",
    "trade",
    "rung",
    "youth_level",
    "baccalaureat",
    "strict_level",
    "near_level",
    "doubt",
    "doubt_cost",
    "strict_region",
    "in_region",
    "reach",
    "reach_assumed",
    "rung_reach",
    "distance",
    "points_sum",
    "points_bounds",
    "rung_cost",
    "offer_facts",
)
_OF_FIGURES_AND_WORDS = (  # of each line too: what it says of itself
    "points",
    "reason_wish",
    "reason_distance",
    "reason_action",
)
_OF_LISTS = (
    "pair_once",
    "list_together",
    "list_length",
    "rank",
    "order",
    "one_sector",
    "one_employer",
    "exposure",
    "exposure_written",
    "sent_before",
    "assigned_line",
    "assigned_once",
    "assigned_seats",
)
_OF_ADVICE = (  # words that the run says it heeds
    "word_pin",
    "word_ban",
    "word_order",
    "word_once",
    "word_contract",
    "word_broken",
    "word_seat",
    "word_trade",
    "word_refused",
)
_OF_THE_FOLDER = (
    "file_readable",
    "csv_readable",
    "csv_columns",
    "csv_rows",
    "csv_cells",
    "figure",
    "unserved_alone",
    "offer_same",
    "first_once",
    "first_line",
    "assigned_facts",
    "assigned_proof",
    "proof_names",
    "certificate_proof",
)
_OF_A_SAVED_RUN = (
    "file_missing",
    "file_unlisted",
    "file_hash",
    "manifest",
    "settings_written",
    "nearness_table",
    "mailing_columns",
    "mailing_youths",
    "mailing_cells",
    "unserved_all",
    "unserved_facts",
    "unserved_state",
    "unserved_reason",
    "follow_up_all",
    "follow_up_facts",
    "orphans_all",
    "orphans_reason",
    "referent",
    "report_safe",
    "report_figures",
)
_OF_A_PROOF = (
    "certificate_once",
    "certificate_negative",
    "offer_capacity",
    "offer_load",
    "offer_bound",
    "youth_capacity",
    "youth_bound",
    "score_bound",
    "gap",
)
_OF_AN_ASSIGNMENT = (  # the folder of `matchmaker assign`
    "youth_once",
    "offer_once",
    "place_exists",
    "placed_count",
    "place_rank",
    "why_told",
)
_OF_THE_BOUNDS = (
    "eligible_line",
    "better_choice",
    "orphan_room",
)

_OF_A_MAIL = (  # the folder of `matchmaker mail`
    "mail_run",
    "mail_file",
    "mail_once",
    "mail_lines",
    "mail_names",
    "mail_size",
    "mail_rows",
    "mail_cells",
)

RULES = (
    *_OF_A_LINE,
    *_OF_FIGURES_AND_WORDS,
    *_OF_LISTS,
    *_OF_ADVICE,
    *_OF_THE_FOLDER,
    *_OF_A_SAVED_RUN,
    *_OF_A_PROOF,
    *_OF_THE_BOUNDS,
    *_OF_AN_ASSIGNMENT,
    *_OF_A_MAIL,
)
