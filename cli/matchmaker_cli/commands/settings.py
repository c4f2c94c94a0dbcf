"""``matchmaker settings``: what can be set."""

from __future__ import annotations

import typer

from matchmaker_cli import options

app = typer.Typer(
    help="Show the settings.", no_args_is_help=True, rich_markup_mode=None, add_completion=False
)


@app.callback()
def group() -> None:
    """Show the settings."""


@app.command(epilog=options.example("matchmaker settings show > settings.toml"))
def show(*, settings: options.SettingsFile = None) -> None:
    """Print all settings as TOML, those of a file or the defaults.

    [weights] has every criterion; those at 0 take no part: hiring_chance, answer_rate,
    driving_licence, welcomes_disabled and days_left until you give them a weight.
    """
    from matchmaker.runs.setup import setup_of
    from matchmaker.scoring.criteria import every_criterion
    from matchmaker.scoring.total import spelled_out

    chosen = options.read_settings(settings)
    setup_of(chosen)  # what a run would refuse is refused here
    print(spelled_out(chosen, every_criterion(chosen)).to_toml(), end="")
