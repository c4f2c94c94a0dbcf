"""The mail twin: what mailing tools do to a file, and what each inbox then shows.

The rules are those that the tools' own pages give: a contact is an e-mail address, and another
identifier that two rows share makes one contact of them; an empty cell keeps what an earlier
import wrote; a column that is no attribute is dropped without a word; a long text is cut.

    python -m tests.campaigns.mail_twin 25000

prints the table of ``docs/explanation/mails.md``.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from matchmaker.campaigns.mail import MailPlan, plan
from matchmaker.campaigns.tool_file import attributes, csv_parts
from matchmaker.campaigns.tools import TOOLS, Tool
from matchmaker.report import mailing
from tests.campaigns import waves

IDENTIFIERS = ("EMAIL", "SMS", "WHATSAPP", "LANDLINE_NUMBER", "EXT_ID")
Line = tuple[str, str]  # title and link


@dataclass(slots=True)
class Twin:
    """An account at a mailing tool."""

    created: set[str]
    longest: int = 0  # bytes of a text; 0: any
    contacts: list[dict[str, str]] = field(default_factory=list)
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    cut: int = 0

    def take(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Import a file as the screen of the tool does."""
        for row in rows:
            keys = [(name, row[name].lower()) for name in IDENTIFIERS if row.get(name)]
            places = [self.known[key] for key in keys if key in self.known]
            at = places[0] if places else len(self.contacts)
            if not places:
                self.contacts.append({})
            self.known.update(dict.fromkeys(keys, at))
            self.dropped |= row.keys() - self.created
            self.contacts[at].update(
                {
                    name: self._kept(text)
                    for name, text in row.items()
                    if text and name in self.created
                }
            )

    def _kept(self, text: str) -> str:
        short = self.shortened(text)
        self.cut += short != text
        return short

    def shortened(self, text: str) -> str:
        if not self.longest or len(text.encode()) <= self.longest:
            return text
        return text.encode()[: self.longest].decode(errors="ignore")


def inbox(contact: Mapping[str, str]) -> list[list[Line]]:
    """What a template shows that tests the counts and never looks at an empty slot."""
    shown = []
    for child in range(1, int(contact["N_ENFANTS"]) + 1):
        head = f"ENFANT_{child}_"
        n = sum(int(contact[f"{head}N_{name}"]) for name in ("OFFRES", "ENTREPRISES", "AUTRES"))
        shown.append(
            [
                (contact[f"{head}LIGNE_{i}_TITRE"], contact[f"{head}LIGNE_{i}_URL"])
                for i in range(1, n + 1)
            ]
        )
    return shown


def old_inbox(contact: Mapping[str, str]) -> list[list[Line]]:
    """What a template shows that was made for the file of `join-contacts`: each filled slot."""
    slots = [
        (contact.get(f"LIGNE_{i}_TITRE", ""), contact.get(f"LIGNE_{i}_URL", ""))
        for i in range(1, 11)
    ]
    return [[slot for slot in slots if slot[0]]]


def planned(of: MailPlan) -> dict[str, list[list[Line]]]:
    """What each address should show: a list a youth."""
    due: dict[str, list[list[Line]]] = {}
    columns = (of.lines[name].tolist() for name in ("address", "youth_id"))
    told = (of.told[name].tolist() for name in ("title", "url"))
    before = None
    for address, youth, title, url in zip(*columns, *told, strict=True):
        if youth != before:
            due.setdefault(address, []).append([])
        due[address][-1].append((title, url))
        before = youth
    return due


@dataclass(slots=True)
class Faults:
    stale: int = 0
    lost_youths: int = 0
    lost_lines: int = 0
    cut: int = 0
    dropped: int = 0
    kept: int = 0
    columns: int = 0


def compared(
    shown: dict[str, list[list[Line]]], due: dict[str, list[list[Line]]], into: Faults
) -> None:
    for address, youths in due.items():
        seen = [line for youth in shown.get(address, []) for line in youth]
        all_due = {line for youth in youths for line in youth}
        into.stale += sum(line not in all_due for line in seen)
        into.lost_lines += len(all_due - {*seen})
        into.lost_youths += sum(not {*youth} & {*seen} for youth in youths)


def kept(twin: Twin, rows: list[dict[str, str]]) -> int:
    """Count cells of the contacts of a file that say what an earlier file said."""
    last = {row["EMAIL"].lower(): row for row in rows}
    return sum(
        contact.get(name, "") != twin.shortened(text)
        for contact in twin.contacts
        for name, text in last.get(contact["EMAIL"].lower(), {}).items()
        if name != "EMAIL"
    )


def new_rows(of: MailPlan, tool: Tool) -> Iterator[dict[str, str]]:
    for part in csv_parts(of, tool):
        text = b"".join(part).decode()
        yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=tool.delimiter)


def old_rows(wave: waves.Wave) -> Iterator[dict[str, str]]:
    """The file of `join-contacts`: a row a youth, an empty cell where a list is shorter."""
    frame = mailing(wave.lists, 10, "fr").to_pandas()
    joined = frame.merge(wave.contacts[["youth_id", "email_1"]], on="youth_id")
    joined = joined.rename(columns={"email_1": "email"}).rename(columns=str.upper)
    return iter(joined.to_dict("records"))


def after_waves(
    folder: Path, youths: int, lengths: tuple[int, ...], *, tool: Tool, longest: int = 0
) -> tuple[Faults, Faults]:
    """Send waves by both files to two accounts; return what goes wrong with the old and the new."""
    old, new = Faults(), Faults()
    old_twin, new_twin = Twin({"EMAIL"}, longest), Twin({"EMAIL"}, longest)
    for number, length in enumerate(lengths, 1):
        wave = waves.wave(folder / str(number), youths=youths, number=number, longest=length)
        of = plan(wave.run, wave.contacts, None, waves.options(wave=number), key=waves.KEY)
        due = planned(of)
        if number == 1:
            new_twin.created |= {name for name, _ in attributes(of)}
        for twin, file, faults, show in (
            (old_twin, old_rows(wave), old, old_inbox),
            (new_twin, new_rows(of, tool), new, inbox),
        ):
            rows = list(file)
            if twin is old_twin:
                twin.created |= {*rows[0]}  # no list says so: somebody has to read the header
            twin.take(rows)
            faults.columns = len(rows[0]) - 1
            faults.kept += kept(twin, rows)
            shown = {contact["EMAIL"].lower(): show(contact) for contact in twin.contacts}
            compared(shown, due, faults)
    for twin, faults in ((old_twin, old), (new_twin, new)):
        faults.cut, faults.dropped = twin.cut, len(twin.dropped)
    return old, new


def main() -> None:
    youths = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        old, new = after_waves(Path(folder), youths, (10, 6, 4), tool=TOOLS["brevo"])
        short = replace(TOOLS["brevo"], max_cell_bytes=255)
        old_cut, new_cut = after_waves(Path(folder), youths, (10, 6, 4), tool=short, longest=255)
    rows = [
        ("offers of an earlier wave that an inbox shows", old.stale, new.stale),
        ("cells that still say what an earlier wave said", old.kept, new.kept),
        ("youths of whom nothing is shown", old.lost_youths, new.lost_youths),
        ("lines that are not shown", old.lost_lines, new.lost_lines),
        ("cells that a tool cuts which takes 255 bytes", old_cut.cut, new_cut.cut),
        ("columns dropped", old.dropped, new.dropped),
    ]
    head = "| after three waves | old file | `matchmaker mail` |\n|---|---|---|\n"
    told = "".join(f"| {name} | {before:,} | {now:,} |\n" for name, before, now in rows)
    sys.stdout.write(head + told)


if __name__ == "__main__":
    main()
