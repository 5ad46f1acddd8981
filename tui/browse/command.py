"""The command that opens results: the browser on a terminal, else a summary or some lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.options import as_of_option, day_of, lang_of, lang_option

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("output", metavar="RESULTS", type=click.Path(dir_okay=False))
@click.option("--filter", "wanted", default="", help="Only these: 'verdict=no id=HZ-0* reason~x'.")
@click.option("--json", "raw", is_flag=True, help="Print the lines as they stand.")
@click.option("--plain", is_flag=True, help="Print a summary, also on a terminal.")
@click.option(
    "--cases", type=click.Path(dir_okay=False, exists=True), default=None,
    help="The file the results were made from, to explain them.",
)  # fmt: skip
@lang_option
@as_of_option
@click.pass_context
def browse(  # noqa: PLR0913 - one parameter an option
    context: click.Context, output: str, *, wanted: str, raw: bool, plain: bool,
    cases: str | None, lang: str | None, as_of: date | None,
) -> None:  # fmt: skip
    """Look through RESULTS that check has written (JSON Lines).

    On a terminal: a table to filter and to open. Without one, or with --plain, --filter or --json:
    a summary, or the results that the filter keeps.
    """
    from engine.clock import today
    from tui.browse import printing, showing

    day = day_of(context, as_of) or today()
    language, path = lang_of(context, lang), Path(output).absolute()
    drawn = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    if drawn and not (wanted or raw or plain):
        sys.exit(showing.show(path, Path(cases).absolute() if cases else None, language, day))
    sys.exit(printing.run(path, wanted, language, day, raw=raw))
