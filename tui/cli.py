"""The command line: what a person or a script types, and the exit code that comes back."""

from __future__ import annotations

import errno
import gc
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from engine.clock import today
from engine.errors import whence
from engine.version import VERSION
from tui import exit_codes
from tui.browse.command import browse
from tui.options import (
    as_of_option,
    day_of,
    lang_of,
    lang_option,
    language,
    rulesets_of,
    rulesets_option,
    topics_option,
)
from tui.rules.commands import rules

if TYPE_CHECKING:
    from collections.abc import Sequence


_YOUNG = 100_000
"""So many new objects are there before garbage is looked for among them."""


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@lang_option
@as_of_option
@click.option("--plain", is_flag=True, help="Ask line by line: for screen readers and pipes.")
@click.option("--fast", is_flag=True, help="A digit answers at once, without Enter; Esc undoes.")
@click.option(
    "--idle", type=click.FloatRange(0, 1440, min_open=True), default=None, metavar="MINUTES",
    help="Clear everything when nothing was typed for so long: where many use one computer.",
)  # fmt: skip
@click.option("--no-save", is_flag=True, help="Keep nothing of the questions and answers on disk.")
@click.option(
    "--export-dir", type=click.Path(file_okay=False), default=None,
    help="Where exported files go (the present folder).",
)  # fmt: skip
@click.version_option(VERSION, message="tongbao %(version)s")
@click.pass_context
def cli(  # noqa: PLR0913 - one parameter an option
    context: click.Context, lang: str | None, as_of: date | None, *, plain: bool, fast: bool,
    idle: float | None, no_save: bool, export_dir: str | None,
) -> None:  # fmt: skip
    """Tell what a child's medical insurance in China allows, and on whose word.

    \b
    tongbao                            the terminal UI
    tongbao --plain                    the same questions, line by line
    tongbao check cases.jsonl          a result for each case, on stdout
    tongbao check - -o results.jsonl   cases from a pipe, results to a file
    tongbao explain cases.jsonl        why, why not, what would change it, and when
    """  # noqa: D301 - click takes a backspace to mean "leave these lines as they are"
    if context.invoked_subcommand is None:
        from tui.launch import Sitting, launch

        exports = Path(export_dir) if export_dir else None
        asked = Sitting(
            lang or language(), as_of or today(), plain, not no_save, fast, idle, exports
        )
        context.exit(launch(asked))
    for option, given in (
        ("--plain", plain), ("--fast", fast), ("--idle", idle is not None), ("--no-save", no_save),
        ("--export-dir", export_dir is not None),
    ):  # fmt: skip
        if given:
            raise click.UsageError(f"{option} stands alone: no command after it", context)


@cli.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False),
    help="Write results here: JSON Lines, or a table by the name: .csv, .parquet.",
)  # fmt: skip
@topics_option
@click.option(
    "--decisions", default=None,
    help="Only these decisions (commas between), whatever topics a case names.",
)  # fmt: skip
@click.option(
    "--outcomes", is_flag=True,
    help="One column a decision: its outcome, or its verdict where it has none. The fastest.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True,
    help="So many parts of the input are decided at once; the results are the same.",
)  # fmt: skip
@click.option("--no-compare", is_flag=True, help="Do not let the second engine decide as well.")
@click.option(
    "--fail-on", default=None, help="Exit 4 when one of these verdicts occurs (commas between)."
)
@click.option(
    "--map", "mapping", type=click.Path(dir_okay=False), default=None,
    help="YAML or JSON: rename and drop columns, translate codes, add constants.",
)  # fmt: skip
@click.option("--unique-ids", is_flag=True, help="A case with an id that came before is an error.")
@click.option(
    "--report", type=click.Path(dir_okay=False), default=None,
    help="Write a page for people: totals, charts, reasons, errors, rules.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on where a run to the same -o was stopped.")
@click.option("--index", is_flag=True, help="Write OUTPUT.index, with which browse opens at once.")
@click.option("--progress-json", is_flag=True, help="Progress as JSON Lines on stderr.")
@click.option("--json-summary", is_flag=True, help="The counts as JSON on stderr.")
@click.option("--explain", is_flag=True, help="Add the words: titles, reasons, papers, sources.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default=None, help="Of --explain and --report."
)
@click.option("--quiet", is_flag=True, help="No counts and no progress on stderr.")
@rulesets_option
@as_of_option
@click.pass_context
def check(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context, files: Sequence[str], output: str | None, topics: str | None,
    decisions: str | None, fail_on: str | None, jobs: int, *, outcomes: bool, no_compare: bool,
    mapping: str | None, unique_ids: bool, report: str | None, resume: bool,
    index: bool, progress_json: bool, json_summary: bool, explain: bool,
    lang: str | None, quiet: bool, rulesets: str | None, as_of: date | None,
) -> None:  # fmt: skip
    """Decide the cases in FILES (JSON Lines, an array, an object, CSV, Parquet; - for stdin)."""
    from tui.batch import check as command
    from tui.batch.around import Extras

    as_of = day_of(context, as_of)
    extras = Extras(
        lang_of(context, lang), mapping=mapping, unique_ids=unique_ids, report=report,
        resume=resume, quiet=quiet, json_summary=json_summary, progress_json=progress_json,
        index=index,
    )  # fmt: skip
    sys.exit(
        command.run(
            files, output=output, topics=topics, decisions=decisions, fail_on=fail_on, jobs=jobs,
            outcomes=outcomes, compare=not no_compare, explain=explain, as_of=as_of, extras=extras,
            rulesets=rulesets_of(context, rulesets),
        )
    )  # fmt: skip


@cli.command()
@click.argument("file")
@click.option("--id", "identity", default=None, help="Only the case with this id.")
@topics_option
@click.option("--decision", default=None, help="Only these decisions, with commas between.")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text",
    help="Text of 80 columns, Markdown, or JSON Lines.",
)  # fmt: skip
@click.option(
    "--ics", type=click.Path(dir_okay=False), default=None,
    help="Write the days on which the answers of one case change, for a calendar.",
)  # fmt: skip
@rulesets_option
@lang_option
@as_of_option
@click.pass_context
def explain(  # noqa: PLR0913 - one parameter an option
    context: click.Context, file: str, *, identity: str | None, topics: str | None,
    decision: str | None, form: str, ics: str | None, lang: str | None, rulesets: str | None,
    as_of: date | None,
) -> None:  # fmt: skip
    """Explain the cases in FILE (- for stdin): why, why not, what would change it, and when."""
    from tui.explain import command

    as_of = day_of(context, as_of) or today()
    sys.exit(
        command.run(
            file, identity=identity, topics=topics, decision=decision, as_of=as_of, form=form,
            ics=ics, lang=lang_of(context, lang), rulesets=rulesets_of(context, rulesets),
        )
    )  # fmt: skip


@cli.command()
@click.argument("what", type=click.Choice(["case", "result", "ruleset"]))
@rulesets_option
@click.pass_context
def schema(context: click.Context, what: str, *, rulesets: str | None) -> None:
    """Print the JSON Schema of WHAT."""
    from tui.rules.command import schema

    sys.exit(schema(rulesets_of(context, rulesets), what, lang_of(context, None)))


@cli.command("verify-receipt")
@click.argument("result")
@click.option("--cases", default=None, help="The cases the results are of: found by id, or line.")
@click.option(
    "--map", "mapping", type=click.Path(dir_okay=False), default=None,
    help="The map that the cases were checked with.",
)  # fmt: skip
@rulesets_option
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one object a result.")
@lang_option
@click.pass_context
def verify_receipt(  # noqa: PLR0913 - one parameter an option
    context: click.Context, result: str, *, cases: str | None, mapping: str | None,
    rulesets: str | None, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Decide the results in RESULT (- for stdin) again: same, changed, or altered, and why."""
    from tui.receipts.command import run

    sys.exit(
        run(result, cases=cases, mapping=mapping, rulesets=rulesets, as_json=as_json,
            lang=lang_of(context, lang))
    )  # fmt: skip


@cli.command()
@lang_option
@click.pass_context
def forget(context: click.Context, lang: str | None) -> None:
    """Delete every session that the questions and answers were kept in."""
    from tui.forget import run

    sys.exit(run(lang_of(context, lang)))


@cli.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True,
    help="Where to listen; 0 takes a free port.",
)  # fmt: skip
@click.option(
    "--host", default="127.0.0.1", show_default=True,
    help="Whom to listen to: any but this computer needs --public-url.",
)  # fmt: skip
@click.option(
    "--public-url", default=None,
    help="The address that people type in their browsers: https://NAME.",
)  # fmt: skip
@click.option(
    "--sessions", type=click.IntRange(1, 1000), default=8, show_default=True,
    help="Visitors at a time.",
)  # fmt: skip
@click.option(
    "--per-address", type=click.IntRange(1, 1000), default=None,
    help="Visitors at a time from one address; no limit but --sessions where it is left out.",
)  # fmt: skip
@click.option(
    "--proxies", type=click.IntRange(0, 8), default=0, show_default=True,
    help="Reverse proxies on this computer whose X-Forwarded-For is to be believed.",
)  # fmt: skip
@click.option(
    "--idle", type=click.FloatRange(0, 1440, min_open=True), default=30, show_default=True,
    metavar="MINUTES", help="End a visit in which nothing was typed for so long.",
)  # fmt: skip
@lang_option
@as_of_option
@click.pass_context
def web(  # noqa: PLR0913 - one parameter an option
    context: click.Context, *, port: int, host: str, public_url: str | None, sessions: int,
    per_address: int | None, proxies: int, idle: float, lang: str | None, as_of: date | None,
) -> None:  # fmt: skip
    """Serve the terminal UI to browsers, to those of this computer unless told otherwise."""
    from tui.web.command import Asked, run

    as_of = day_of(context, as_of)
    asked = Asked(
        lang_of(context, lang), host, port, public_url, sessions, idle, as_of, per_address, proxies
    )
    sys.exit(run(asked))


cli.add_command(browse)
cli.add_command(rules)


def main() -> NoReturn:
    """Run the program; every way out has its exit code."""
    # numpy would start a thread a core for linear algebra, of which there is none here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # pydantic would read what every installed package offers, for plug-ins that nobody has.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Almost all that is made at the start stays: to look for garbage in it so often takes long.
    gc.set_threshold(_YOUNG)
    out = sys.stdout
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = exit_codes.INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = exit_codes.USAGE
    except KeyboardInterrupt:
        code = exit_codes.INTERRUPTED
    except SystemExit as left:
        # Where whoever read the help has gone, click puts a stream in place of stdout and ends
        # with 1: the code of cases with errors.
        code = left.code if sys.stdout is out else exit_codes.USAGE
    except MemoryError:
        _say("tongbao: out of memory: fewer --jobs take less")
        code = exit_codes.INTERNAL
    except OSError as error:
        if error.errno != errno.ENOSPC:
            code = _internal(error)
        else:
            _say(f"tongbao: cannot write standard output: {error.strerror}")
            # What could not be written is not to be tried again on the way out.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = exit_codes.USAGE
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and has its exit code
        code = _internal(error)
    sys.exit(code or 0)


def _internal(error: Exception) -> int:
    """Say what went wrong inside, and where, but not its text, which may hold answers."""
    _say(f"tongbao: internal error: {ascii(whence(error))[1:-1]}")
    return exit_codes.INTERNAL


def _say(message: str) -> None:
    """A line on stderr, which may be closed."""
    if sys.stderr is not None:
        sys.stderr.write(message + "\n")
