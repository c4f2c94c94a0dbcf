"""The folder of one wave: the tool's file, the plan behind it, who is to be called, the preview.

It holds addresses and names: every file can be read by its owner only, and it never lies in a
run.  ``mail.json`` is written last: without it the folder is not whole.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from matchmaker.campaigns.letter import letter
from matchmaker.campaigns.mail import MailPlan
from matchmaker.campaigns.preview import chosen, eml, preview_page
from matchmaker.campaigns.tool_file import attributes, csv_parts, json_lines
from matchmaker.campaigns.tool_template import tool_template
from matchmaker.campaigns.tools import Tool
from matchmaker.errors import UsageError
from matchmaker.replacing import replaced
from matchmaker.report.cells import guard_table
from matchmaker.report.tables import to_arrow, write_parquet
from matchmaker.words import said

__all__ = ["MAIL", "Written", "check_mail_target", "only_to", "write_mail"]

MAIL = "mail.json"  # the folder's own: what it is, and the hash of each file
_MADE_BY = "matchmaker mail"
PREVIEW = "preview"
_TEST = 10  # messages of a trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What `write_mail` wrote.

    Attributes
    ----------
    tool_files : tuple of str
        Parts of the tool's file, by name.
    attributes : int
        Columns that the tool has to know beforehand; none of JSON lines.
    """

    tool_files: tuple[str, ...]
    attributes: int


def check_mail_target(out: Path, run_dir: Path) -> None:
    """Refuse a folder inside the run, or one that somebody else wrote.

    Raises
    ------
    UsageError
    """
    if out.resolve().is_relative_to(run_dir.resolve()):
        raise UsageError(said("contacts.inside", path=out, folder=run_dir))
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not _is_ours(out))):
        raise UsageError(said("mail_command.foreign", path=out))


def only_to(plan: MailPlan, address: str) -> MailPlan:
    """Return a trial: at most ten messages of the plan, all to one address.

    Parameters
    ----------
    plan : MailPlan
    address : str

    Returns
    -------
    MailPlan
        Those of `matchmaker.campaigns.preview.chosen`, with their own message ids.
    """
    picked = sorted(chosen(plan, _TEST))
    blocks = plan.blocks[plan.blocks["message"].isin(picked)].copy()
    is_in = plan.lines["message_id"].isin(blocks["message_id"]).to_numpy()
    blocks["message"] = pd.factorize(blocks["message"])[0]
    blocks["address"], blocks["phone"] = address, ""
    fields = {name: getattr(plan, name) for name in plan.__slots__}
    return MailPlan(
        **{
            **fields,
            "blocks": blocks.reset_index(drop=True),
            "lines": plan.lines[is_in].assign(address=address).reset_index(drop=True),
            "told": plan.told[is_in].reset_index(drop=True),
            "to_call": plan.to_call.iloc[:0],
        }
    )


def write_mail(
    plan: MailPlan,
    out: Path,
    tool: Tool,
    *,
    form: Literal["csv", "jsonl"] = "csv",
    preview: int = 10,
    is_test: bool = False,
) -> Written:
    """Write the folder of a wave, in the place of an earlier one.

    Parameters
    ----------
    plan : MailPlan
    out : Path
        As `check_mail_target` lets it.
    tool : Tool
    form : {"csv", "jsonl"}
    preview : int
        Mails to look at.
    is_test : bool
        Written down, so that nobody takes a trial for the campaign's file.

    Returns
    -------
    Written
    """
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    out.chmod(0o700)
    _clear(out)
    # First what the folder is, not yet what it holds: a killed command leaves it ours.
    _put(out / MAIL, [json.dumps({"made_by": _MADE_BY}).encode()])
    hashes: dict[str, str] = {}
    names = []
    parts = [json_lines(plan, tool)] if form == "jsonl" else csv_parts(plan, tool)
    for i, pieces in enumerate(parts, 1):
        names.append(f"{tool.name}-{i}.{form}")
        hashes[names[-1]] = _put(out / names[-1], pieces)
    named = attributes(plan)
    if form == "csv":
        hashes["attributes.csv"] = _put(out / "attributes.csv", [_attributes_csv(named)])
    if tool.name == "brevo":
        hashes["template.html"] = _put(out / "template.html", [tool_template(plan).encode()])
    hashes["plan.parquet"] = _put(out / "plan.parquet", [_parquet(plan.lines)])
    hashes["to_call.csv"] = _put(out / "to_call.csv", [_csv(plan.to_call)])
    hashes |= _previewed(plan, out, preview)
    facts = {
        "made_by": _MADE_BY,
        "format": 1,
        "run_id": plan.run_id,
        "tool": {**asdict(tool)},
        "form": form,
        "is_test": is_test,
        "lines_per_youth": plan.lines_per_youth,
        "options": {name: _plain(getattr(plan.options, name)) for name in plan.options.__slots__},
        "counts": counts_of(plan),
        "tool_files": names,
        "outputs": dict(sorted(hashes.items())),
    }
    _put(out / MAIL, [json.dumps(facts, ensure_ascii=False, indent=1).encode() + b"\n"])
    return Written(tool_files=tuple(names), attributes=len(named) - 1 if form == "csv" else 0)


def counts_of(plan: MailPlan) -> dict[str, int]:
    """Return how much a plan holds: messages, youths, lines, who is to be called."""
    shared = plan.blocks.groupby("message")["block"].transform("size") > 1
    return {
        "messages": plan.messages,
        "youths": len(plan.blocks),
        "siblings": int(shared.sum()),
        "lines": len(plan.lines),
        "offers": int(plan.blocks["n_offers"].sum()),
        "no_link": int((~plan.told["url"].str.match(r"https?://")).sum()),
        "to_call": len(plan.to_call),
        "opposed": plan.opposed,
    }


def _previewed(plan: MailPlan, out: Path, n: int) -> dict[str, str]:
    """Write the page and the files of the mails to look at; return their hashes."""
    picked = chosen(plan, n)
    if not picked:
        return {}
    own = plan.options.template
    mails = [letter(plan, message) for message in picked]
    page = preview_page(mails, plan.options.wave, plan.lang, own)
    hashes = {"preview.html": _put(out / "preview.html", [page.encode()])}
    folder = out / PREVIEW
    folder.mkdir(mode=0o700, exist_ok=True)
    for i, mail in enumerate(mails, 1):
        name = f"{i:02}.eml"  # no name of a file is made of an id or an address
        hashes[f"{PREVIEW}/{name}"] = _put(folder / name, [eml(mail, own=own)])
    return hashes


def _clear(out: Path) -> None:
    """Delete what an earlier wave left here, and nothing that somebody else put beside it."""
    for name in _listed(out):
        (out / name).unlink(missing_ok=True)
    with suppress(OSError):
        (out / PREVIEW).rmdir()


def _listed(out: Path) -> list[str]:
    """Return the files that the folder says are its own: plain names, or those of the preview."""
    try:
        names = json.loads((out / MAIL).read_bytes()).get("outputs", {})
    except (OSError, ValueError):
        return []
    return [
        name
        for name in names
        if Path(name.removeprefix(f"{PREVIEW}/")).name == name.removeprefix(f"{PREVIEW}/")
    ]


def _is_ours(out: Path) -> bool:
    try:
        return bool(json.loads((out / MAIL).read_bytes())["made_by"] == _MADE_BY)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _put(path: Path, pieces: Iterable[bytes]) -> str:
    """Write a file whole, for its owner only; return its SHA-256."""
    digest = hashlib.sha256()
    with replaced(path) as sink:
        for piece in pieces:
            sink.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Path) else value


def _csv(frame: pd.DataFrame) -> bytes:
    """Return a table as a French spreadsheet opens it, cells that could run neutralised."""
    sink = io.BytesIO(b"\xef\xbb\xbf")
    sink.seek(0, io.SEEK_END)
    options = pa.csv.WriteOptions(delimiter=";")
    pa.csv.write_csv(guard_table(to_arrow(frame)), sink, write_options=options)
    return sink.getvalue()


def _parquet(frame: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    write_parquet(frame, sink)
    return sink.getvalue()


def _attributes_csv(named: list[tuple[str, str]]) -> bytes:
    """Return the list of attributes; EMAIL is left out, since each tool has it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerows([("attribute", "type"), *named[1:]])
    return out.getvalue().encode("utf-8-sig")
