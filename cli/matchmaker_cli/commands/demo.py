"""``matchmaker demo``: the main job on the samples of the package."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.errors import UsageError
from matchmaker_cli import options
from matchmaker_cli.console import progress

EPILOG = options.example("matchmaker demo --out demo")

_AS_OF = dt.date(2023, 9, 15)  # the date for which the samples were drawn
_WORDS = {
    "fr": {
        "out": "Résultats",
        "report": "Rapport",
        "lists": "Listes",
        "mailing": "Publipostage",
        "unserved": "Sans offre",
    },
    "en": {
        "out": "Results",
        "report": "Report",
        "lists": "Lists",
        "mailing": "Mailing",
        "unserved": "Unserved",
    },
}
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
    from matchmaker.report import check_target

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
    words = _WORDS[settings.lang]
    print(f"{words['out']} : {out}" if settings.lang == "fr" else f"{words['out']}: {out}")
    width = max(len(words[name]) for name in _FILES) + 2
    for name, file in _FILES.items():
        print(f"  {words[name]:<{width}}{out / file}")


def _samples() -> Path:
    """Return the folder of the samples: in the wheel, else in the checkout."""
    from importlib.util import find_spec

    spec = find_spec("matchmaker")
    package = Path(spec.origin).parent if spec and spec.origin else Path()
    for folder in (package / "_samples", package.parents[1] / "data" / "samples"):
        if (folder / "youths.csv").is_file():
            return folder
    raise UsageError("the samples are missing from this installation: install the package again.")
