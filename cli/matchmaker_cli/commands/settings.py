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
    """Print all settings as TOML, those of a file or the defaults."""
    from matchmaker.scoring.total import spelled_out

    print(spelled_out(options.read_settings(settings)).to_toml(), end="")
