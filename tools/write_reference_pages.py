"""Write the reference pages that are made from the code: settings, criteria, tables.

Run with ``make docs``; a test fails when a page no longer says what the code does.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

from matchmaker.reference.minors import minors_rules
from matchmaker.reference.trades import trade_names
from matchmaker.runs.config import InputPaths, RunOptions
from matchmaker.runs.mail_section import MailOptions
from matchmaker.scoring.criteria import CRITERIA, OPTIONAL
from matchmaker.scoring.criterion import Criterion
from matchmaker.settings import Settings
from matchmaker.tables import schemas
from matchmaker.territories import OF_HOME, OF_PLACE

PAGES = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made by tools/write_reference_pages.py: change the code, then run `make docs`. -->\n"


def settings_page() -> str:
    """Return the page of all settings, from the docstring of `Settings` and its defaults."""
    described = _described(Settings.__doc__ or "")
    lines = [
        MADE,
        "# Settings\n",
        "A settings file is TOML; what it leaves out keeps its default. `matchmaker settings show`",
        "prints all of them; an unknown name is refused with a suggestion. In Python `settings=` of",
        "`matchmaker.match`, `assign` and `dry_run` takes the path of such a file, a mapping of names",
        "to values, or `matchmaker.Settings(...)`. The reasons for the defaults stand in",
        "[why the defaults](../explanation/defaults.md).\n",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    defaults = Settings().to_dict()
    lines += [
        f"| `{f.name}` | `{defaults[f.name]!r}` | {described[f.name]} |" for f in fields(Settings)
    ]
    lines += [
        "",
        "## The configuration of a nightly run\n",
        "`matchmaker run CONFIG.toml` and `compare CONFIG.toml` read one TOML file with sections;",
        "`match --settings CONFIG.toml` reads its `[settings]` and `[territory]` only. `[settings]`",
        "holds the settings above, but `territories`, which are sections. Paths start from the folder of the file. A key belongs to one section; one in the",
        "wrong section, or unknown, is refused with the file, the key and a suggestion.\n",
        "### `[inputs]`\n",
        *_keys(InputPaths),
        "",
        "### `[run]`\n",
        *_keys(RunOptions),
        "",
        "### `[mail]`\n",
        "Read by `matchmaker mail --config` only, which needs none of the other sections.\n",
        *_keys(MailOptions),
        "",
        *TERRITORIES,
        *_keys_of_territories(),
        *REFUSED,
    ]
    return "\n".join(lines) + "\n"


TERRITORIES = [
    '### `[territory."53"]`\n',
    "What one region sets for itself: all territories are matched in one run, each under its own",
    "section where there is one, and under `[settings]` for all else. A territory is a region,",
    'named by its INSEE code (`[territory."53"]`) or its name (`[territory."Bretagne"]`). `53`',
    "is the region Bretagne, never the department Mayenne: a department is refused, with the region",
    "that it belongs to. A home or a place whose region is not known is under `[settings]`.\n",
    "`pilot` is needed in every section: who answers for the difference, an office or a role, not",
    "a person. It stands in the manifest, the summary and the report, with each setting that",
    "differs and its value of all. Only what differs counts: a section that repeats `[settings]`",
    "changes no byte of a run, and not its id. In Python",
    '`Settings(territories={"53": Territory(pilot=..., reach_km=20)})`, or a mapping of these names.\n',
    "What it costs is measured, not guessed: where a territory differs, the offers are shared out",
    "once more with `[settings]` everywhere, and the report sets youths with a list, lines and the",
    "sum of scores of both side by side, by territory, for all others, and in all. That takes as",
    "long as one more search and sharing-out; `compare` pays it for each of its variants. Where a",
    "reach differs the sums of scores compare badly, since distance counts as a share of the reach.\n",
]
REFUSED = [
    "",
    "Everything else is one for all, and refused with a sentence. `weights`, `values`, `rung_costs`,",
    "`seed` and `objective`, and all other settings that make a score: scores are one currency, and",
    "the gap and the proofs compare their sums; a youth must not come before another because their",
    "territory counts in another way. `words` is refused since nothing would read it: the language is",
    "that of `lang`, one for all files of a run. `contacts` is refused too: whom a territory names is",
    "a row of the referents, with its region, and two places for one thing would come to differ.",
]


def _keys_of_territories() -> list[str]:
    """Return the table of what a territory may set, with whom it is for."""
    described = _described(Settings.__doc__ or "")
    lines = ["| key | of whom | meaning |", "|---|---|---|"]
    lines.append("| `pilot` | | Who answers for the difference: needed. |")
    for names, whose in ((OF_HOME, "youths, by home"), (OF_PLACE, "offers, by place")):
        lines += [f"| `{name}` | {whose} | {described[name]} |" for name in names]
    lines.append(
        "| `max_shrink` | youths by home, offers by place | As under `[run]`, of the rows of this"
        " territory: it stops a night, and changes no result. The limit of `[run]` goes on to hold"
        " for whole tables. |"
    )
    return lines


def _keys(section: type[InputPaths | RunOptions | MailOptions]) -> list[str]:
    """Return the table of the keys of a section, from its docstring and its defaults."""
    described = _described(section.__doc__ or "")
    lines = ["| key | default | meaning |", "|---|---|---|"]
    for f in fields(section):
        is_needed = f.default is MISSING and f.default_factory is MISSING
        value = {} if f.default is MISSING else f.default
        empty = "none" if value in (None, (), {}, "") else f"`{value}`"
        default = "needed" if is_needed else empty
        lines.append(f"| `{f.name}` | {default} | {described[f.name]} |")
    return lines


def criteria_page() -> str:
    """Return the page of all criteria, from their docstrings, weights and steps."""
    lines = [
        MADE,
        "# Criteria\n",
        "A line's score is the sum over criteria of weight x points, less the cost of its rung.",
        "Points go from 0 to 10,000. Change a weight with `[weights]`, points with `[values]` (a",
        "list in the order of the steps).\n",
    ]
    lines += _described_criteria(CRITERIA, level=2)
    lines += [
        "## Optional criteria\n",
        "They take part where `[weights]` gives them more than 0, and not at all elsewhere:",
        "[why](../explanation/optional-criteria.md).\n",
        *_described_criteria(OPTIONAL, level=3),
    ]
    return "\n".join(lines)


def _described_criteria(criteria: tuple[Criterion, ...], *, level: int) -> list[str]:
    """Return the lines of some criteria, each under a heading of a level."""
    lines: list[str] = []
    for criterion in criteria:
        text = " ".join((type(criterion).__doc__ or "").split())
        text = text.replace("``", "`")
        lines += [
            f"{'#' * level} {criterion.name}\n",
            f"Weight {criterion.weight}. {text}\n",
        ]
        if criterion.steps:
            lines += ["| step | points |", "|---|---|"]
            lines += [f"| {step} | {points:,} |" for step, points in criterion.steps.items()]
            lines.append("")
    return lines


def tables_page() -> str:
    """Return the page of the neutral tables, from their schemas."""
    parts = [MADE, "# The neutral tables\n"]
    parts += [
        "What every source becomes, and what you may write by hand. Bold columns are required;",
        "all others may be left out.\n",
    ]
    parts += [f"## {role}\n\n{schemas.markdown(role)}" for role in schemas.TABLES]
    return "\n".join(parts)


def minors_page() -> str:
    """Return the page of the rules for minors, from their table."""
    lines = [
        MADE,
        "# Under 18: works and hours that the law rules\n",
        "The table `src/matchmaker/reference/data/minors_rules.csv`. A youth who is under 18 at the",
        "start of the contract is told the sentence of the line's trade. Only a row that is *not*",
        "derogable and is about the whole *job* gives no line. Each row rests on the words quoted;",
        "what it leaves out, and why, stands in",
        "[why the defaults](../explanation/defaults.md#under-18).\n",
    ]
    names = trade_names(Settings())
    for rule in minors_rules().itertuples(index=False):
        trades = "; ".join(f"{names[code]} ({code})" for code in rule.trades.split("|"))
        lines += [
            f"## {rule.works[0].upper()}{rule.works[1:]}\n",
            "| | |",
            "|---|---|",
            f"| trades | {trades} |",
            f"| article | {rule.article} |",
            f"| derogable | {rule.derogable} |",
            f"| about | {rule.scope} |",
            f"| quoted | {rule.quoted} |",
            f"| read in | {rule.read_in} |",
            f"| French | {rule.sentence_fr} |",
            f"| English | {rule.sentence_en} |",
            "",
        ]
    return "\n".join(lines)


def _described(doc: str) -> dict[str, str]:
    """Return the description of each attribute of a numpydoc docstring."""
    section = doc.split("Attributes\n", 1)[1].split("Examples\n", 1)[0]
    result = {}
    pattern = re.compile(r"^    (\w[\w, ]*) : .*\n((?:^        .*\n)+)", re.MULTILINE)
    for names, text in pattern.findall(section):
        plain = " ".join(text.split()).replace("``", "`").replace("|", "\\|")
        result.update(dict.fromkeys(names.split(", "), plain))
    return result


def pages() -> dict[str, str]:
    """Return each page's text by its file name."""
    return {
        "settings.md": settings_page(),
        "criteria.md": criteria_page(),
        "tables.md": tables_page(),
        "minors.md": minors_page(),
    }


def main() -> None:
    """Write the pages."""
    for name, content in pages().items():
        (PAGES / name).write_text(content, encoding="utf-8")
        print(f"wrote docs/reference/{name}")


if __name__ == "__main__":
    main()
