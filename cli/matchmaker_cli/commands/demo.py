"""``matchmaker demo``: the main job on the samples of the package."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.errors import UsageError
from matchmaker.words import Lang, said, say, table
from matchmaker_cli import options
from matchmaker_cli.console import progress

EPILOG = options.example("matchmaker demo --out demo")

_AS_OF = dt.date(2023, 9, 15)  # the date for which the samples were drawn
_FILES = {
    "report": "report.html",
    "lists": "lists.csv",
    "mailing": "mailing.csv",
    "unserved": "unserved.csv",
}


def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("matchmaker-demo"),
    lang: options.Lang = None,
) -> None:
    """Run the main job on synthetic samples and print the figures that matter."""
    settings = options.read_settings(None, lang=lang)
    samples = _samples()

    import matchmaker
    from matchmaker.runs.publishing import check_target

    check_target(out)
    with progress() as show:
        result = matchmaker.match(
            samples / "youths.csv",
            samples / "wishes.csv",
            samples / "offers.csv",
            as_of=_AS_OF,
            settings=settings,
            referents=samples / "referents.csv",
            assignment=True,
            progress=show,
        )
    result.save(out)
    print(result)
    words = table(settings.lang, "demo")
    print(say(settings.lang, "command.results", out=out))
    width = max(len(words[name]) for name in _FILES) + 2
    for name, file in _FILES.items():
        print(f"  {words[name]:<{width}}{out / file}")
    print(_how_to_call(settings.lang))


def _how_to_call(lang: Lang) -> str:
    """Say how this shell calls the command: by its name where it finds it, else what to type first.

    ``make demo`` installs into an environment that the shell which called it knows nothing of.
    """
    folder = Path(sys.executable).parent
    if folder.is_relative_to(Path.cwd()):
        folder = folder.relative_to(Path.cwd())
    command = folder / "matchmaker"
    found = shutil.which("matchmaker")
    if found is not None and Path(found).parent.samefile(folder):
        return say(lang, "demo.call", command="matchmaker --help")
    activate = folder / "activate" if os.name == "nt" else f"source {folder / 'activate'}"
    then = say(lang, "demo.then", command=f"{command} --help")
    return say(lang, "demo.activate", activate=activate) + f"\n  {then}"


def _samples() -> Path:
    """Return the folder of the samples: in the wheel, else in the checkout."""
    from importlib.util import find_spec

    spec = find_spec("matchmaker")
    package = Path(spec.origin).parent if spec and spec.origin else Path()
    for folder in (package / "_samples", package.parents[1] / "data" / "samples"):
        if (folder / "youths.csv").is_file():
            return folder
    raise UsageError(said("command.no_samples"))
