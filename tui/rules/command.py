"""Runs the commands on rules: loads them, writes the document on stdout, gives the exit code."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine import contracts, published
from engine.analysis.coverage import coverage
from engine.analysis.questions import Looking
from engine.checker import Checker
from engine.clock import today
from engine.errors import InputError, RulesetError
from engine.library import Library
from tui import exit_codes, terminal
from tui.locale import Locale
from tui.rules import differing_data
from tui.rules.asking import as_data as as_data_of_questions
from tui.rules.asking import asking, city, measured
from tui.rules.claims import as_data, ledger
from tui.rules.covering import Covered
from tui.rules.differing import differing
from tui.rules.document import as_markdown, as_text
from tui.rules.drafting import as_yaml
from tui.rules.listing import listing
from tui.rules.showing import showing
from tui.rules.sides import checkers, compared, decided, plan
from tui.rules.surviving import survivors
from tui.rules.trying import Tried
from tui.rules.verifying import Proof
from tui.rules.words import RuleWords

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

from tui.rules.document import Block


def run(make: Callable[[Locale], tuple[str, int]], lang: str) -> int:
    """Write what `make` makes; the exit code it gives, or that of what went wrong."""
    try:
        text, code = make(Locale(lang))
        _write(text)
    except (RulesetError, InputError) as error:
        return terminal.failed(error)
    except BrokenPipeError:
        # Whoever read it has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.USAGE
    except OSError as error:
        terminal.say(f"tongbao: cannot write standard output: {error.strerror}")
        return exit_codes.USAGE
    return code


def _write(text: str) -> None:
    """Write on stdout, in UTF-8 whatever the surroundings say."""
    if sys.stdout is None:
        raise InputError("standard output is closed")
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def list_(folder: Path, form: str, lang: str) -> int:
    """`rules list`."""
    return run(lambda t: (_rendered(listing(RuleWords(Library.load(folder), t)), form), 0), lang)


def schema(folder: Path, what: str, lang: str) -> int:
    """`schema`."""
    of = {"case": contracts.case_schema, "result": contracts.result_schema}

    def make(_t: Locale) -> tuple[str, int]:
        text = of[what](Library.load(folder)) if what in of else published.schema()
        return text, exit_codes.DONE

    return run(make, lang)


def show(  # noqa: PLR0913, PLR0917 - one parameter an option
    folder: Path, topic: str, region: str | None, as_of: date | None, form: str, lang: str
) -> int:  # fmt: skip
    """`rules show`."""

    def make(t: Locale) -> tuple[str, int]:
        library = Library.load(folder)
        _known(library, topic, t)
        code = None if region is None else library.places.resolve(region)
        if region is not None and code is None:
            raise InputError(t("rules.unknown_place", place=region))
        return _rendered(
            showing(RuleWords(library, t, code, as_of), library.topics[topic]), form
        ), 0

    return run(make, lang)


def claims(folder: Path, form: str, lang: str) -> int:
    """`rules claims`."""

    def make(t: Locale) -> tuple[str, int]:
        library = Library.load(folder)
        if form == "json":
            return json.dumps(as_data(library), ensure_ascii=False, indent=2) + "\n", 0
        return _rendered(ledger(RuleWords(library, t)), form), 0

    return run(make, lang)


def test(  # noqa: PLR0913 - one parameter an option
    folder: Path, topic: str | None, lang: str, *, verbose: bool, mutants: bool,
    drafts: str | None, as_json: bool,
) -> int:  # fmt: skip
    """`rules test`."""

    def make(t: Locale) -> tuple[str, int]:
        checker = Checker.load(folder)
        library = checker.library
        if topic is not None:
            _known(library, topic, t)
        words = RuleWords(library, t)
        tried = Tried(checker, t, topic)
        covered = Covered(words, coverage(checker, topic))
        survived = survivors(words, topic) if mutants or drafts else None
        if drafts and survived:
            Path(drafts).write_text(as_yaml(library, survived.drafts, t), "utf-8")
            count = len(survived.drafts.drafts)
            terminal.say(t("rules.mutants.written", drafts=count, file=drafts))
        code = exit_codes.DONE if tried.well else exit_codes.BROKEN_RULESET
        if as_json:
            data = {**tried.as_data(), "coverage": covered.as_data()}
            data |= {"mutants": survived.as_data()} if survived else {}
            return json.dumps(data, ensure_ascii=False, indent=2) + "\n", code
        lines = [*tried.lines(), *covered.lines(verbose=verbose)]
        return "\n".join([*lines, *(survived.lines() if survived else ())]) + "\n", code

    return run(make, lang)


def verify(  # noqa: PLR0913 - one parameter an option
    folder: Path, topic: str | None, lang: str, *, overlaps: bool, coverage: bool, as_json: bool
) -> int:  # fmt: skip
    """`rules verify`."""

    def make(t: Locale) -> tuple[str, int]:
        library = Library.load(folder)
        if topic is not None:
            _known(library, topic, t)
        proof = Proof(library, t, topic)
        code = exit_codes.DONE if proof.well else exit_codes.BROKEN_RULESET
        if as_json:
            return json.dumps(proof.as_data(), ensure_ascii=False, indent=2) + "\n", code
        return "\n".join(proof.lines(overlaps=overlaps, coverage=coverage)) + "\n", code

    return run(make, lang)


def diff(  # noqa: PLR0913 - one parameter an option
    before: str, after: str, *, region: str | None, as_of: date | None, topic: str | None,
    decision: str | None, cases: str | None, report: str | None, form: str, lang: str,
) -> int:  # fmt: skip
    """`rules diff`."""
    from tui.impact.writing import refuse_unknown_form, write

    def make(t: Locale) -> tuple[str, int]:
        if report is not None:
            refuse_unknown_form(report)
        asked = plan((before, after), region=region, as_of=as_of, topic=topic, decision=decision,
                     today=today(), t=t)  # fmt: skip
        with checkers(asked) as judging:
            counted = None if cases is None else decided(asked, cases, today(), judging)
            found = compared(asked)
            if report is not None:
                write(report, asked, found, counted, judging, t)
        code = exit_codes.CASE_ERRORS if counted and counted.errors else exit_codes.DONE
        if form == "json":
            data = differing_data.as_data(asked, found, counted)
            return json.dumps(data, ensure_ascii=False, indent=2) + "\n", code
        return _rendered(differing(asked, found, counted, t), form), code

    return run(make, lang)


def questions(  # noqa: PLR0913 - one parameter an option
    folder: Path, topic: str | None, region: str | None, as_of: date, *, states: int,
    families: int, form: str, lang: str,
) -> int:  # fmt: skip
    """`rules questions`."""

    def make(t: Locale) -> tuple[str, int]:
        checker = Checker.load(folder, compare=False)
        library = checker.library
        if topic is not None:
            _known(library, topic, t)
        message = t("rules.unknown_place", place=region)
        where = None if region is None else city(library, region, message)
        topics = [topic] if topic is not None else list(library.topics)
        found = measured(checker, topics, where, as_of, Looking(states, families))
        if form == "json":
            return json.dumps(as_data_of_questions(found), ensure_ascii=False, indent=2) + "\n", 0
        return _rendered(asking(RuleWords(library, t), found, as_of), form), 0

    return run(make, lang)


def export(  # noqa: PLR0913 - one parameter an option
    folder: Path, *, form: str, topic: str | None, decision: str | None, region: str | None,
    day: date, output: str, lang: str,
) -> int:  # fmt: skip
    """`rules export`."""
    from tui.book.exporting import FORMS
    from tui.book.exporting import export as bound
    from tui.rules.exporting import export as write

    def make(t: Locale) -> tuple[str, int]:
        if form in FORMS:
            if topic is not None or decision is not None or region is not None:
                raise InputError(t("book.whole"))
            return bound(folder, form, day, Path(output), t), 0
        return write(
            folder, form=form, topic=topic, decision=decision, region=region, day=day,
            output=Path(output), t=t,
        ), 0  # fmt: skip

    return run(make, lang)


def import_(file: str, output: str | None, lang: str) -> int:
    """`rules import`."""
    from tui.rules.importing import import_ as draft

    return run(lambda t: (draft(Path(file), Path(output) if output else None, t), 0), lang)


def new(folder: Path, topic: str, region: str, output: str | None, lang: str) -> int:
    """`rules new`."""
    from tui.rules.starting import start

    return run(lambda t: (start(folder, topic, region, output, t), 0), lang)


def _known(library: Library, topic: str, t: Locale) -> None:
    if topic not in library.topics:
        there = t("result.listed").join(library.topics)
        raise InputError(t("rules.unknown_topic", topic=topic, topics=there))


def _rendered(blocks: list[Block], form: str) -> str:
    return as_markdown(blocks) if form == "markdown" else as_text(blocks)
