"""``matchmaker mail``: the messages of one wave, as a file for the mailing tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from matchmaker.errors import InfeasibleError, UsageError
from matchmaker.words import Lang, said, say, table
from matchmaker_cli import options
from matchmaker_cli.console import language
from matchmaker_cli.streams import published

if TYPE_CHECKING:
    from matchmaker.campaigns.folder import Written
    from matchmaker.campaigns.mail import MailPlan

EPILOG = options.example(
    "matchmaker mail results --config campaign.toml --contacts contacts.csv --for brevo --out wave-1"
)


def mail(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, or a HOME.")],
    *,
    contacts: Annotated[Path, typer.Option(help="What 'match --contacts' wrote with this run.")],
    out: Annotated[Path, typer.Option(help="Folder to write, outside the run.")],
    config: Annotated[
        Path | None,
        typer.Option(help="TOML with the section [mail]: who writes, whom to turn to, links."),
    ] = None,
    do_not_contact: Annotated[
        list[Path] | None,
        typer.Option(
            help="Who must not be written to, as mailing tools export it: what came after the run."
            " Repeat it."
        ),
    ] = None,
    tool: Annotated[
        Literal["brevo", "generic"], typer.Option("--for", help="Mailing tool that takes the file.")
    ] = "generic",
    form: Annotated[
        Literal["csv", "jsonl"],
        typer.Option("--format", help="jsonl: one JSON text a message, for --for generic."),
    ] = "csv",
    preview: Annotated[int, typer.Option(min=0, max=200, help="Mails to look at.")] = 10,
    test: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A trial: at most ten messages, all to ADDRESS."),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Also note these lines as sent, for 'match --sent'.")
    ] = False,
    lang: options.Lang = None,
) -> None:
    """Write the messages of one wave for the mailing tool, and a preview. Nothing is sent."""
    from matchmaker.campaigns.folder import check_mail_target, only_to, write_mail
    from matchmaker.campaigns.mail import plan
    from matchmaker.campaigns.tools import TOOLS
    from matchmaker.key_path import key_path
    from matchmaker.runs.folder import open_run
    from matchmaker.runs.mail_section import read_mail
    from matchmaker.tables.contacts import read_contacts, read_or_make_key
    from matchmaker.tables.oppositions import read_oppositions

    spoken = lang or language()
    if config is None:
        raise UsageError(said("mail_command.config"))
    if form == "jsonl" and tool != "generic":
        raise UsageError(said("mail_command.jsonl"))
    trial = None if test is None else _trial(test, record=record)
    chosen = read_mail(config)
    opened = open_run(run)
    if not opened.is_match or opened.format == 1:
        raise UsageError(said("mail_command.not_match", path=run))
    check_mail_target(out, opened.path)
    known = read_contacts(contacts, run_id=opened.run_id)
    key = read_or_make_key(key_path(contacts))
    opposed = read_oppositions(do_not_contact, key=key) if do_not_contact else None
    planned = plan(opened, known, opposed, chosen, key=key)
    if not planned.messages:
        youths = len(planned.to_call) + planned.opposed
        raise InfeasibleError(said("mail_command.nobody", youths=youths, contacts=len(known)))
    if trial is not None:
        planned = only_to(planned, trial)
    written = write_mail(
        planned, out, TOOLS[tool], form=form, preview=preview, is_test=trial is not None
    )
    published(out)
    _tell(planned, written, tool, spoken)
    if record:
        _record(planned, chosen.record or contacts.with_name("sent.csv"), spoken)
    if trial is not None:
        print(say(spoken, "mail_command.is_test", n=planned.messages, address=trial))
    else:
        print(say(spoken, "mail_command.not_sent", run=run, out=out))


def _trial(text: str, *, record: bool) -> str:
    """Return the address that all messages of a trial go to."""
    from matchmaker.tables.normal_forms import normal_email

    if record:
        raise UsageError(said("mail_command.test_record"))
    address = normal_email(text)
    if not address:
        raise UsageError(said("mail_command.test_address", text=text))
    return address


def _record(plan: MailPlan, path: Path, lang: Lang) -> None:
    """Note the lines of the plan as sent today."""
    from matchmaker.campaigns.sent_table import record

    added = record(plan, path, sent_at=options.today())
    published(path)
    print(say(lang, "mail_command.recorded", n=added, path=path))


def _tell(plan: MailPlan, written: Written, tool: str, lang: Lang) -> None:
    """Print what was written, counted."""
    from matchmaker.campaigns.folder import counts_of

    n = counts_of(plan)
    wave, campaign = plan.options.wave, plan.options.campaign
    print(say(lang, "mail_command.written", wave=wave, campaign=campaign, tool=tool))
    told = [
        say(lang, "mail_command.messages", n=n["messages"], youths=n["youths"]),
        say(lang, "mail_command.siblings", n=n["siblings"]) if n["siblings"] else "",
        say(lang, "mail_command.lines", n=n["lines"], offers=n["offers"]),
        say(lang, "mail_command.no_link", n=n["no_link"]) if n["no_link"] else "",
        say(lang, "mail_command.opposed", n=n["opposed"]) if n["opposed"] else "",
        say(lang, "mail_command.to_call", n=n["to_call"]),
        *_why_to_call(plan, lang),
        say(lang, "mail_command.files", names=written.tool_files),
        say(lang, "mail_command.attributes", n=written.attributes) if written.attributes else "",
    ]
    for text in told:
        if text:
            print(f"  {text}")


def _why_to_call(plan: MailPlan, lang: Lang) -> list[str]:
    """Say how many are to be called for which reason."""
    known = table(lang, "not_mailed")
    other = say(lang, "mail_command.no_line")
    codes = plan.to_call["reason_code"].map(lambda code: known.get(code, other).rstrip("."))
    counts = sorted(codes.value_counts().items(), key=lambda one: (-one[1], one[0]))
    return [
        f"  {say(lang, 'mail_command.why_to_call', reason=reason, n=n)}" for reason, n in counts
    ]
