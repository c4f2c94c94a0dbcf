"""``matchmaker compare``: the figures of several settings side by side."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from matchmaker.errors import UsageError
from matchmaker.words import code_text, said, say
from matchmaker_cli import options
from matchmaker_cli.console import language, print_json, progress

EPILOG = options.example(
    "matchmaker compare night.toml --vary lists_per_seat=3,5,10 --vary reach_km=20,30"
)


def compare(
    config: Annotated[
        Path, typer.Argument(help="Configuration (TOML): [inputs], [settings], [run].")
    ],
    *,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SETTING=VALUE,VALUE",
            help="A setting and its values, lists_per_seat=3,5,10. Repeat it: every combination"
            " is matched.",
        ),
    ] = None,
    as_of: options.AsOf = None,
    out: Annotated[
        Path | None, typer.Option(help="Page to write (HTML): the table and a chart.")
    ] = None,
    output_format: options.Format = "text",
    lang: options.Lang = None,
    force: options.Force = False,
) -> None:
    """Match the same tables, read once, with several settings and print the figures that matter."""
    from matchmaker.runs.config import read_config

    chosen = read_config(config)
    settings = chosen.settings if lang is None else replace(chosen.settings, lang=lang)
    options.see_own(settings)
    given = _given(vary or [])

    from matchmaker.replacing import may_replace, replaced
    from matchmaker.runs.compare import compare_inputs
    from matchmaker.runs.configured import inputs_named

    inputs = inputs_named(chosen.inputs, as_of=as_of or options.today())
    if out is not None:
        read = [path for _, path in chosen.inputs.by_role()]
        may_replace(out, inputs=[config, *read], is_ours=_is_page, force=force)
    speaks = language()
    with progress() as show:

        def tell(number: int, of: int, stage: str, done: float) -> None:
            if show is not None:
                show(f"{number}/{of} {code_text(speaks, 'stage', stage)}", done)

        found = compare_inputs(inputs, settings, given, progress=tell)
    if out is not None:
        with replaced(out) as sink:
            sink.write(found.to_html().encode())
    if output_format == "json":
        print_json(found.to_dict())
        return
    print(found)
    if out is not None:
        print(say(settings.lang, "command.results", out=out))


def _given(texts: list[str]) -> dict[str, list[Any]]:
    """Return the values of each ``--vary``: TOML values, or words with commas between them."""
    found: dict[str, list[Any]] = {}
    for text in texts:
        name, mark, values = (part.strip() for part in text.partition("="))
        if not (name and mark and values):
            raise UsageError(said("compare.bad", text=text))
        if name in found:
            raise UsageError(said("compare.twice", name=name))
        try:
            found[name] = tomllib.loads(f"values = [{values}]")["values"]
        except tomllib.TOMLDecodeError:
            found[name] = [word.strip() for word in values.split(",")]
    return found


def _is_page(path: Path) -> bool:
    """Tell whether a file is a page that this command wrote."""
    with path.open("rb") as file:
        return b'<meta name="generator" content="matchmaker compare">' in file.read(1000)
