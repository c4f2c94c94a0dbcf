"""``matchmaker evaluate``: how good the resolvers are on titles with known codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from matchmaker_cli import options
from matchmaker_cli.console import print_json

app = typer.Typer(
    help="Measure the resolvers.", no_args_is_help=True, rich_markup_mode=None, add_completion=False
)


@app.callback()
def group() -> None:
    """Measure the resolvers."""


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
    for name, title in (("all", "all titles"), ("new", "titles that equal no known title")):
        _print_figures(title, figures[name], figures["min_trade_confidence"])
    for confusion in figures["confusions"]:
        print(
            f"{confusion['times']} x {confusion['given']} instead of {confusion['right']}: "
            f"{confusion['title']}"
        )


def _print_figures(title: str, figures: dict[str, Any], threshold: float) -> None:
    """Print the figures of one set of titles."""
    print(f"{title}: {figures['titles']}")
    for name in ("accuracy_1", "accuracy_5"):
        print(f"  {name.replace('_', '@')}: {_share(figures[name])}")
    print(f"  MRR: {figures['mrr']:.3f}")
    for name, value in figures["default"].items():
        print(f"  {name.replace('_', ' ')} at confidence {threshold}: {_share(value)}")
    for precision, coverage in figures["coverage_at_precision"].items():
        print(f"  coverage at precision {precision}: {coverage:.3f}")


def _share(value: dict[str, float]) -> str:
    return f"{value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
