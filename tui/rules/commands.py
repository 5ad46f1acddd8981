"""The commands on rules: what a person types after `tongbao rules`."""

from __future__ import annotations

import sys
from datetime import date

import click

from engine.clock import today
from tui.options import (
    Day,
    day_of,
    format_option,
    json_option,
    lang_of,
    lang_option,
    rulesets_of,
    rulesets_option,
    whole_json_option,
)


@click.group()
@rulesets_option
def rules(rulesets: str | None) -> None:
    """The rules themselves: what there is, in words, and whether they hold."""


@rules.command(name="list")
@format_option
@lang_option
@click.pass_context
def list_(context: click.Context, form: str, lang: str | None) -> None:
    """Topics, questions and places, with counts of rules, sources and examples."""
    from tui.rules import command

    sys.exit(command.list_(rulesets_of(context, None), form, lang_of(context, lang)))


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

    as_of = day_of(context, as_of) or today()
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

    as_of = day_of(context, as_of)
    sys.exit(
        command.show(rulesets_of(context, None), topic, region, as_of, form, lang_of(context, lang))
    )


@rules.command()
@format_option
@json_option
@lang_option
@click.pass_context
def claims(context: click.Context, form: str, lang: str | None, *, as_json: bool) -> None:
    """Where each claim of the articles ended, with counts."""
    from tui.rules import command

    sys.exit(
        command.claims(
            rulesets_of(context, None), "json" if as_json else form, lang_of(context, lang)
        )
    )


@rules.command()
@click.argument("topic", required=False)
@click.option("--verbose", is_flag=True, help="List the rules, outcomes and tests not shown.")
@click.option("--mutants", is_flag=True, help="Change each element; which does no example notice?")
@click.option(
    "--drafts", type=click.Path(dir_okay=False), default=None,
    help="Write the examples that lack as drafts without answers (with --mutants).",
)  # fmt: skip
@whole_json_option
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
            rulesets_of(context, None), topic, lang_of(context, lang), verbose=verbose,
            mutants=mutants, drafts=drafts, as_json=as_json,
        )
    )  # fmt: skip


@rules.command()
@click.argument("topic", required=False)
@click.option("--overlaps", is_flag=True, help="List the rules that match together.")
@click.option("--coverage", is_flag=True, help="List what the rules of a place do not answer.")
@whole_json_option
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
            rulesets_of(context, None),
            topic,
            lang_of(context, lang),
            overlaps=overlaps,
            coverage=coverage,
            as_json=as_json,
        )
    )


@rules.command()
@click.argument("topic", required=False)
@click.option("--once", is_flag=True, help="Look once, at everything, and end.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each look.")
@click.option("--screen", is_flag=True, help="On a screen, on which what is told can be opened.")
@click.option("--plain", is_flag=True, help="The same line by line: for screen readers and pipes.")
@lang_option
@click.pass_context
def watch(  # noqa: PLR0913 - one parameter an option
    context: click.Context, topic: str | None, lang: str | None, *, once: bool, as_json: bool,
    screen: bool, plain: bool,
) -> None:  # fmt: skip
    """Tell after each save what is wrong with the rules (of TOPIC), and what has changed."""
    from tui.rules import watching

    day = day_of(context, None) or today()
    folder = rulesets_of(context, None)
    lang = lang_of(context, lang)
    if screen or plain:
        from tui.workbench.command import screen as on_screen

        if once or as_json:
            raise click.UsageError("--screen and --plain go with neither --once nor --json")
        sys.exit(on_screen(folder, topic, day, lang, plain=plain))
    sys.exit(watching.watch(folder, topic, day, lang, once=once, as_json=as_json))


@rules.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--topic", default=None, help="Only the decisions of this topic.")
@click.option("--decision", default=None, help="Only this decision.")
@click.option("--region", default=None, help="Where, if neither A nor B says: a code or a name.")
@click.option("--as-of", type=Day(), default=None, help="When, if neither A nor B says (today).")
@click.option("--cases", default=None, help="Decide the cases of this file on both sides.")
@click.option(
    "--report", type=click.Path(dir_okay=False), default=None,
    help="Write what changes for whom as a page for a committee: FILE.html or FILE.md.",
)  # fmt: skip
@format_option
@json_option
@lang_option
@click.pass_context
def diff(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, before: str, after: str, topic: str | None, decision: str | None,
    region: str | None, as_of: date | None, cases: str | None, report: str | None, form: str,
    lang: str | None, *, as_json: bool,
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

    as_of = day_of(context, as_of)
    sys.exit(
        command.diff(
            before, after, region=region, as_of=as_of, topic=topic, decision=decision, cases=cases,
            report=report, form="json" if as_json else form, lang=lang_of(context, lang),
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
@json_option
@lang_option
@click.pass_context
def questions(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, topic: str | None, region: str | None, as_of: date | None,
    states: int, families: int, form: str, lang: str | None, *, as_json: bool,
) -> None:  # fmt: skip
    """How many questions TOPIC takes: the proved optimum, its gap, and other orders."""
    from tui.rules import command

    as_of = day_of(context, as_of) or today()
    sys.exit(
        command.questions(
            rulesets_of(context, None), topic, region, as_of, states=states, families=families,
            form="json" if as_json else form, lang=lang_of(context, lang),
        )
    )  # fmt: skip


@rules.command()
@click.argument("topic", required=False)
@click.option("--decision", default=None, help="Only this decision (all of TOPIC, or the first).")
@click.option(
    "--kind", default="grid", show_default=True,
    type=click.Choice(["grid", "requirements", "rules", "questions", "timeline"]),
    help="Who may what; what is needed; exceptions; what is asked; what was in force when.",
)  # fmt: skip
@click.option("--region", default=None, help="A place (where most rules hold): a code or a name.")
@click.option("--as-of", type=Day(), default=None, help="What is in force on this day (today).")
@click.option("--rows", default=None, help="Facts down a grid, with commas between.")
@click.option("--columns", "column", default=None, help="The fact across a grid.")
@click.option(
    "--format", "form", type=click.Choice(["text", "svg", "mermaid"]), default="text",
    help="Text of 80 columns, SVG, or Mermaid for documents.",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(dir_okay=False), default=None, help="Into a file.")
@lang_option
@click.pass_context
def graph(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, topic: str | None, decision: str | None, kind: str,
    region: str | None, as_of: date | None, rows: str | None, column: str | None, form: str,
    output: str | None, lang: str | None,
) -> None:  # fmt: skip
    """Draw the rules of TOPIC: a small picture for people, or a graph of what leads to what."""
    from tui.pictures import command

    sys.exit(
        command.graph(
            rulesets_of(context, None), topic=topic, decision=decision, kind=kind, region=region,
            day=day_of(context, as_of) or today(), rows=rows.split(",") if rows else (),
            column=column, form=form, output=output, lang=lang_of(context, lang),
        )
    )  # fmt: skip


@rules.command()
@click.option(
    "--format", "form", type=click.Choice(["dmn", "dmn13", "jdm", "html", "markdown"]),
    required=True,
    help="DMN 1.4, DMN 1.3 (which some modellers need), GoRules JDM; or a book for people.",
)  # fmt: skip
@click.option("--topic", default=None, help="Only this topic (all).")
@click.option("--decision", default=None, help="Only this decision, and what it builds on.")
@click.option("--region", default=None, help="Only this place (all with rules): a code or a name.")
@click.option("--as-of", type=Day(), default=None, help="What is in force on this day (today).")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), required=True,
    help="The folder to write in; a file for each topic and place.",
)  # fmt: skip
@lang_option
@click.pass_context
def export(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, form: str, topic: str | None, decision: str | None,
    region: str | None, as_of: date | None, output: str, lang: str | None,
) -> None:  # fmt: skip
    """Write the decisions as tables for other tools, or the whole library as a book for people."""
    from tui.rules import command

    sys.exit(
        command.export(
            rulesets_of(context, None), form=form, topic=topic, decision=decision, region=region,
            day=day_of(context, as_of) or today(), output=output, lang=lang_of(context, lang),
        )
    )  # fmt: skip


@rules.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), default=None,
    help="The folder to write, which must be new or empty (FILE-rulesets).",
)  # fmt: skip
@lang_option
@click.pass_context
def import_(context: click.Context, file: str, output: str | None, lang: str | None) -> None:
    """Make a draft of a ruleset from the decision tables in FILE: DMN or GoRules JDM."""
    from tui.rules import command

    sys.exit(command.import_(file, output, lang_of(context, lang)))


@rules.command()
@click.argument("topic")
@click.argument("region")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), default=None,
    help="The file to write (TOPIC/CODE-NAME.yaml in the folder of rulesets).",
)  # fmt: skip
@lang_option
@click.pass_context
def new(
    context: click.Context, topic: str, region: str, output: str | None, lang: str | None
) -> None:
    """Start the rules of TOPIC in REGION: a file that says what there is to fill in."""
    from tui.rules import command

    folder = rulesets_of(context, None)
    sys.exit(command.new(folder, topic, region, output, lang_of(context, lang)))
