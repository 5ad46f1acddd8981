"""Options that several commands share: days, languages, forms; and what stands for them."""

from __future__ import annotations

import os
from datetime import date

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
