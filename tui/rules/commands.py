"""The commands on rules: what a person types after `tongbao rules`."""

from __future__ import annotations

import sys
from datetime import date

import click

from engine.clock import today
from tui.options import Day, format_option, lang_of, lang_option


@click.group()
def rules() -> None:
    """The rules themselves: what there is, in words, and whether they hold."""


@rules.command(name="list")
@format_option
@lang_option
@click.pass_context
def list_(context: click.Context, form: str, lang: str | None) -> None:
    """Topics, questions and places, with counts of rules, sources and examples."""
    from tui.rules import command

    sys.exit(command.list_(form, lang_of(context, lang)))


@rules.command()
@click.argument("topic", required=False)
@click.option("--region", default=None, help="A place, by its code or name.")
@click.option("--as-of", type=Day(), default=None, help="Only what is in force on this day.")
@lang_option
@click.pass_context
def browse(
    context: click.Context, topic: str | None, region: str | None, as_of: date | None,
    lang: str | None,
) -> None:  # fmt: skip
    """Read the rules (of TOPIC) on the terminal, in words, with search; else see `show`."""
    from tui.rules_pages import command

    as_of = as_of or context.find_root().params.get("as_of") or today()
    sys.exit(command.browse(topic, region, as_of, lang_of(context, lang)))


@rules.command()
@click.argument("topic")
@click.option("--region", default=None, help="Only what holds here: a code or a name.")
@click.option("--as-of", type=Day(), default=None, help="Only what is in force on this day.")
@format_option
@lang_option
@click.pass_context
def show(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, topic: str, region: str | None, as_of: date | None, form: str,
    lang: str | None,
) -> None:  # fmt: skip
    """The rules of TOPIC in words, with their sources, by question, place and date."""
    from tui.rules import command

    as_of = as_of or context.find_root().params.get("as_of")
    sys.exit(command.show(topic, region, as_of, form, lang_of(context, lang)))


@rules.command()
@format_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@lang_option
@click.pass_context
def claims(context: click.Context, form: str, lang: str | None, *, as_json: bool) -> None:
    """Where each claim of the articles ended, with counts."""
    from tui.rules import command

    sys.exit(command.claims("json" if as_json else form, lang_of(context, lang)))


@rules.command()
@click.argument("topic", required=False)
@click.option("--verbose", is_flag=True, help="List the rules, outcomes and tests not shown.")
@click.option("--mutants", is_flag=True, help="Change each element; which does no example notice?")
@click.option(
    "--drafts", type=click.Path(dir_okay=False), default=None,
    help="Write the examples that lack as drafts without answers (with --mutants).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")
@lang_option
@click.pass_context
def test(  # noqa: PLR0913 - one parameter an option
    context: click.Context, topic: str | None, lang: str | None, *, verbose: bool, mutants: bool,
    drafts: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Try the examples beside the rules (of TOPIC); exit 3 when one comes out differently."""
    from tui.rules import command

    sys.exit(
        command.test(
            topic, lang_of(context, lang), verbose=verbose, mutants=mutants, drafts=drafts,
            as_json=as_json,
        )
    )  # fmt: skip


@rules.command()
@click.argument("topic", required=False)
@click.option("--overlaps", is_flag=True, help="List the rules that match together.")
@click.option("--coverage", is_flag=True, help="List what the rules of a place do not answer.")
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")
@lang_option
@click.pass_context
def verify(  # noqa: PLR0913 - one parameter an option
    context: click.Context, topic: str | None, lang: str | None, *, overlaps: bool,
    coverage: bool, as_json: bool,
) -> None:  # fmt: skip
    """Prove the rules (of TOPIC) over every class: exit 3 when anything is wrong."""
    from tui.rules import command

    sys.exit(
        command.verify(
            topic, lang_of(context, lang), overlaps=overlaps, coverage=coverage, as_json=as_json
        )
    )


@rules.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--topic", default=None, help="Only the decisions of this topic.")
@click.option("--decision", default=None, help="Only this decision.")
@click.option("--region", default=None, help="Where, if neither A nor B says: a code or a name.")
@click.option("--as-of", type=Day(), default=None, help="When, if neither A nor B says (today).")
@click.option("--cases", default=None, help="Decide the cases of this file on both sides.")
@format_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@lang_option
@click.pass_context
def diff(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, before: str, after: str, topic: str | None, decision: str | None,
    region: str | None, as_of: date | None, cases: str | None, form: str, lang: str | None,
    *, as_json: bool,
) -> None:  # fmt: skip
    """What differs between the rules of A and of B: every class whose answer is another.

    \b
    A and B are each one of
      2023-10-01           the rules in force on a day
      440300               the rules of a place, by its code or name
      440300@2023-10-01    a place on a day
      FOLDER               a folder of rulesets; also FOLDER@440300@2023-10-01, or one of both

    What one of them leaves open it takes from --region and --as-of, else from the other one;
    else every place with rules of its own and the nation are compared, as of today. Rules are
    compared on the same facts, whatever their days: on the same age, not on the same birth date.

    With --cases each case is decided on both sides: a day that a side names replaces the case's
    `as_of`, a place the facts that select rules by place, and all other facts stay as they are.
    """  # noqa: D301 - click takes a backspace to mean "leave these lines as they are"
    from tui.rules import command

    as_of = as_of or context.find_root().params.get("as_of")
    sys.exit(
        command.diff(
            before, after, region=region, as_of=as_of, topic=topic, decision=decision, cases=cases,
            form="json" if as_json else form, lang=lang_of(context, lang),
        )
    )  # fmt: skip


@rules.command()
@click.argument("topic", required=False)
@click.option("--region", default=None, help="The city asked about (where most rules hold).")
@click.option("--as-of", type=Day(), default=None, help="The day counted from (today).")
@click.option(
    "--states",
    type=click.IntRange(1, 50_000_000),
    default=4_000_000,
    show_default=True,
    help="Prove an optimum over at most so many partial states.",
)
@click.option(
    "--families",
    type=click.IntRange(0, 10_000),
    default=100,
    show_default=True,
    help="Walk through the questions with so many families.",
)
@format_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@lang_option
@click.pass_context
def questions(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, topic: str | None, region: str | None, as_of: date | None,
    states: int, families: int, form: str, lang: str | None, *, as_json: bool,
) -> None:  # fmt: skip
    """How many questions TOPIC takes: the proved optimum, its gap, and other orders."""
    from tui.rules import command

    as_of = as_of or context.find_root().params.get("as_of") or today()
    sys.exit(
        command.questions(
            topic, region, as_of, states=states, families=families,
            form="json" if as_json else form, lang=lang_of(context, lang),
        )
    )  # fmt: skip
