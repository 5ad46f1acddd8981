"""Options that several commands share: days, languages, forms; and what stands for them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from engine.calendar import FIRST_DAY, LAST_DAY


class Day(click.ParamType[date]):
    """A whole date, written YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """A whole date, written YYYY-MM-DD."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            self.fail(f"{value} is not a date of the form YYYY-MM-DD", param, ctx)
        if not FIRST_DAY <= day.toordinal() <= LAST_DAY:
            first, last = date.fromordinal(FIRST_DAY), date.fromordinal(LAST_DAY)
            self.fail(f"{value} does not lie between {first} and {last}", param, ctx)
        return day


as_of_option = click.option(
    "--as-of", type=Day(), default=None, help="The day counted from (today)."
)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "markdown"]), default="text",
    help="Text of 80 columns, or Markdown.",
)  # fmt: skip
lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default=None, help="zh or en."
)
topics_option = click.option(
    "--topics", default=None, help="Only these topics, with commas between."
)
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")
whole_json_option = click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")

rulesets_option = click.option(
    "--rulesets", type=click.Path(exists=True, file_okay=False), default=None,
    help="By the rulesets in this folder, instead of those installed.",
)  # fmt: skip


def day_of(context: click.Context, as_of: date | None) -> date | None:
    """The day asked for, after the command or before it."""
    return as_of or context.find_root().params.get("as_of")


def rulesets_of(context: click.Context, folder: str | None) -> Path:
    """The folder of rulesets asked for, after the group of commands or the command."""
    from engine.loader import RULESETS

    named = folder or (context.parent.params.get("rulesets") if context.parent else None)
    return Path(named) if named else RULESETS


def lang_of(context: click.Context, lang: str | None) -> str:
    """The language asked for, after the command or before it, else that of the environment."""
    return lang or context.find_root().params.get("lang") or language()


def language() -> str:
    """Chinese unless the environment asks for English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "en" if value.startswith("en") else "zh"
    return "zh"
