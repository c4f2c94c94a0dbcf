"""``matchmaker evaluate``: how good the resolvers are on known titles, the lists on judged pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from matchmaker.words import Lang, code_text, say, table
from matchmaker_cli import options
from matchmaker_cli.console import language, print_json

app = typer.Typer(
    help="Measure the resolvers and the lists.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def group() -> None:
    """Measure the resolvers and the lists."""


@app.command(epilog=options.example("matchmaker evaluate trades gold.csv --format json"))
def trades(
    file: Annotated[Path, typer.Argument(help="CSV with the columns title and codes ('|').")],
    *,
    parents: Annotated[
        Path | None,
        typer.Option(help="France Travail's table of codes with parents, to judge by."),
    ] = None,
    settings: options.SettingsFile = None,
    output_format: options.Format = "text",
) -> None:
    """Print accuracy, coverage at each precision and the commonest confusions."""
    chosen = options.read_settings(settings)

    from matchmaker.audit.evaluate import evaluate_trades, read_gold, read_parents

    judged_by = None if parents is None else read_parents(parents)
    figures = evaluate_trades(read_gold(file), chosen, parents=judged_by)
    if output_format == "json":
        print_json(figures)
        return
    lang = language()
    for name in ("all", "new"):
        title = table(lang, "evaluate")[name]
        _print_figures(title, figures[name], figures["min_trade_confidence"], lang)
    for one in figures["confusions"]:
        times, given, right, title = (one[k] for k in ("times", "given", "right", "title"))
        print(say(lang, "evaluate.confusion", times=times, given=given, right=right, title=title))


@app.command(
    epilog=options.example(
        "matchmaker evaluate lists --run results --judged judged.csv"
        " --youths youths.csv --wishes wishes.csv --offers offers.csv"
    )
)
def lists(
    *,
    run: Annotated[Path, typer.Option(help="Folder that 'matchmaker match' wrote, or a HOME.")],
    judged: Annotated[
        Path, typer.Option(help="CSV with the columns youth_id, offer_id and grade (0 to 3).")
    ],
    youths: options.Youths = None,
    wishes: options.Wishes = None,
    offers: options.Offers = None,
    official: Annotated[
        Path | None,
        typer.Option(
            help="CSV with the columns trade_label and trade_codes ('|'): official codes of"
            " the wished diplomas, for the order of the national search by them."
        ),
    ] = None,
    lines: Annotated[int, typer.Option("-k", min=1, help="Lines of a list that count.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals and of chance.")] = 0,
    lang: options.Lang = None,
    output_format: options.Format = "text",
) -> None:
    """Print how good the lists of a run are on judged pairs, beside the orders of others.

    The tables that the run read are needed for the others: the national search, distance, chance.
    """
    if youths or wishes or offers:
        youths, wishes, offers = options.tables(youths, wishes, offers, None)

    from matchmaker.runs.relevance import evaluate_run, read_official

    figures = evaluate_run(
        options.run_folder(run),
        judged,
        youths=youths,
        wishes=wishes,
        offers=offers or (),
        official=None if official is None else read_official(official),
        k=lines,
        seed=seed,
    )
    if output_format == "json":
        print_json(figures)
        return
    from matchmaker.report.relevance import relevance_text

    print(relevance_text(figures, lang or language()))


def _print_figures(title: str, figures: dict[str, Any], threshold: float, lang: Lang) -> None:
    """Print the figures of one set of titles."""
    print(say(lang, "evaluate.titles", title=title, n=figures["titles"]))
    lines = [
        say(lang, "evaluate.accuracy", rank=rank, value=_share(figures[f"accuracy_{rank}"]))
        for rank in (1, 5)
    ]
    lines.append(say(lang, "evaluate.mrr", value=f"{figures['mrr']:.3f}"))
    for name, value in figures["default"].items():
        words = code_text(lang, "figure", name)
        lines.append(
            say(
                lang,
                "evaluate.at_confidence",
                name=words,
                threshold=threshold,
                value=_share(value),
            )
        )
    lines += [
        say(lang, "evaluate.coverage_at", precision=precision, value=f"{coverage:.3f}")
        for precision, coverage in figures["coverage_at_precision"].items()
    ]
    for line in lines:
        print(f"  {line}")


def _share(value: dict[str, float]) -> str:
    return f"{value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
