"""The command line: what a person or a script types, and the exit code that comes back."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import date
from typing import TYPE_CHECKING, NoReturn

import click

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.clock import today
from tui import exit_codes

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Day(click.ParamType[date]):
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


_as_of = click.option("--as-of", type=_Day(), default=None, help="The day counted from (today).")


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="zh or en.")
@_as_of
@click.option("--plain", is_flag=True, help="Ask line by line: for screen readers and pipes.")
@click.version_option(package_name="tongbao", message="tongbao %(version)s")
@click.pass_context
def cli(context: click.Context, lang: str | None, as_of: date | None, *, plain: bool) -> None:
    """Tell what a child's medical insurance in China allows, and on whose word.

    \b
    tongbao                            the terminal UI
    tongbao --plain                    the same questions, line by line
    tongbao check cases.jsonl          a result for each case, on stdout
    tongbao check - -o results.jsonl   cases from a pipe, results to a file
    """  # noqa: D301 - click takes a backspace to mean "leave these lines as they are"
    if context.invoked_subcommand is None:
        context.exit(_interface(lang or _language(), as_of or today(), plain=plain))
    if plain:
        raise click.UsageError("--plain stands alone: no command after it", context)


@cli.command()
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write results here.")
@click.option("--topics", default=None, help="Only these topics, with commas between.")
@click.option(
    "--fail-on", default=None, help="Exit 4 when one of these verdicts occurs (commas between)."
)
@click.option("--json-summary", is_flag=True, help="The counts as JSON on stderr.")
@click.option("--explain", is_flag=True, help="Add the words: titles, reasons, papers, sources.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="For --explain.")
@click.option("--quiet", is_flag=True, help="No counts on stderr.")
@_as_of
@click.pass_context
def check(  # noqa: PLR0913 - one parameter an option
    context: click.Context, files: Sequence[str], output: str | None, topics: str | None,
    fail_on: str | None, *, json_summary: bool, explain: bool, lang: str | None, quiet: bool,
    as_of: date | None,
) -> None:  # fmt: skip
    """Decide the cases in FILES (JSON Lines, a JSON array, one object; - for stdin)."""
    from tui import check as command

    # What stands before the command holds for it too.
    before = context.parent.params if context.parent else {}
    lang, as_of = lang or before.get("lang"), as_of or before.get("as_of")
    sys.exit(
        command.run(
            files, output=output, topics=topics, fail_on=fail_on, json_summary=json_summary,
            explain=explain, lang=lang or _language(), quiet=quiet, as_of=as_of or today(),
        )
    )  # fmt: skip


@cli.command()
@click.argument("what", type=click.Choice(["ruleset"]))
def schema(what: str) -> None:
    """Print the JSON Schema of WHAT."""
    from engine import published

    click.echo(published.schema(what), nl=False)


@cli.group()
def rules() -> None:
    """The rules themselves: what there is, in words, and whether they hold."""


_format = click.option(
    "--format", "form", type=click.Choice(["text", "markdown"]), default="text",
    help="Text of 80 columns, or Markdown.",
)  # fmt: skip
_lang = click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="zh or en.")


@rules.command(name="list")
@_format
@_lang
@click.pass_context
def list_(context: click.Context, form: str, lang: str | None) -> None:
    """Topics, questions and places, with counts of rules, sources and examples."""
    from tui.rules import command

    sys.exit(command.list_(form, _lang_of(context, lang)))


@rules.command()
@click.argument("topic")
@click.option("--region", default=None, help="Only what holds here: a code or a name.")
@click.option("--as-of", type=_Day(), default=None, help="Only what is in force on this day.")
@_format
@_lang
@click.pass_context
def show(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, topic: str, region: str | None, as_of: date | None, form: str,
    lang: str | None,
) -> None:  # fmt: skip
    """The rules of TOPIC in words, with their sources, by question, place and date."""
    from tui.rules import command

    as_of = as_of or context.find_root().params.get("as_of")
    sys.exit(command.show(topic, region, as_of, form, _lang_of(context, lang)))


@rules.command()
@_format
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_lang
@click.pass_context
def claims(context: click.Context, form: str, lang: str | None, *, as_json: bool) -> None:
    """Where each claim of the articles ended, with counts."""
    from tui.rules import command

    sys.exit(command.claims("json" if as_json else form, _lang_of(context, lang)))


@rules.command()
@click.argument("topic", required=False)
@_lang
@click.pass_context
def test(context: click.Context, topic: str | None, lang: str | None) -> None:
    """Try the examples beside the rules (of TOPIC); exit 3 when one comes out differently."""
    from tui.rules import command

    sys.exit(command.test(topic, _lang_of(context, lang)))


@rules.command()
@click.argument("topic", required=False)
@_lang
@click.pass_context
def verify(context: click.Context, topic: str | None, lang: str | None) -> None:
    """Look at every class of every decision (of TOPIC); exit 3 when anything is wrong."""
    from tui.rules import command

    sys.exit(command.verify(topic, _lang_of(context, lang)))


def _lang_of(context: click.Context, lang: str | None) -> str:
    """The language asked for, after the command or before it, else that of the environment."""
    return lang or context.find_root().params.get("lang") or _language()


def _language() -> str:
    """Chinese unless the environment asks for English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "en" if value.startswith("en") else "zh"
    return "zh"


def _interface(lang: str, as_of: date, *, plain: bool) -> int:
    """The terminal UI, once it is known that it can be drawn here; or plain mode."""
    from tui.launch import launch

    return launch(lang, as_of, plain=plain)


def main() -> NoReturn:
    """Run the program; every way out has its exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = exit_codes.INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = exit_codes.USAGE
    except KeyboardInterrupt:
        code = exit_codes.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and has its exit code
        code = _internal(error)
    sys.exit(code or 0)


def _internal(error: Exception) -> int:
    """Say what went wrong inside, and where; the exit code."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119 - text only
    message = f"tongbao: internal error: {type(error).__name__}: {error} ({where})"
    sys.stderr.write(ascii(message)[1:-1] + "\n")
    return exit_codes.INTERNAL
