"""Runs the commands on rules: loads them, writes the document on stdout, gives the exit code."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from engine.checker import Checker
from engine.errors import InputError, RulesetError
from engine.library import Library
from tui import exit_codes, terminal
from tui.locale import Locale
from tui.rules.claims import as_data, ledger
from tui.rules.document import as_markdown, as_text
from tui.rules.listing import listing
from tui.rules.showing import showing
from tui.rules.trying import tried
from tui.rules.verifying import verified
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
    except RulesetError as error:
        terminal.say(str(error))
        return exit_codes.BROKEN_RULESET
    except InputError as error:
        terminal.say(f"tongbao: {error}")
        return exit_codes.USAGE
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


def list_(form: str, lang: str) -> int:
    """`rules list`."""
    return run(lambda t: (_rendered(listing(RuleWords(Library.load(), t)), form), 0), lang)


def show(topic: str, region: str | None, as_of: date | None, form: str, lang: str) -> int:
    """`rules show`."""

    def make(t: Locale) -> tuple[str, int]:
        library = Library.load()
        _known(library, topic, t)
        code = None if region is None else library.places.resolve(region)
        if region is not None and code is None:
            raise InputError(t("rules.unknown_place", place=region))
        return _rendered(
            showing(RuleWords(library, t, code, as_of), library.topics[topic]), form
        ), 0

    return run(make, lang)


def claims(form: str, lang: str) -> int:
    """`rules claims`."""

    def make(t: Locale) -> tuple[str, int]:
        library = Library.load()
        if form == "json":
            return json.dumps(as_data(library), ensure_ascii=False, indent=2) + "\n", 0
        return _rendered(ledger(RuleWords(library, t)), form), 0

    return run(make, lang)


def test(topic: str | None, lang: str) -> int:
    """`rules test`."""

    def make(t: Locale) -> tuple[str, int]:
        checker = Checker.load()
        if topic is not None:
            _known(checker.library, topic, t)
        lines, well = tried(checker, t, topic)
        return "\n".join(lines) + "\n", exit_codes.DONE if well else exit_codes.BROKEN_RULESET

    return run(make, lang)


def verify(topic: str | None, lang: str) -> int:
    """`rules verify`."""

    def make(t: Locale) -> tuple[str, int]:
        library = Library.load()
        if topic is not None:
            _known(library, topic, t)
        lines, well = verified(library, t, topic)
        return "\n".join(lines) + "\n", exit_codes.DONE if well else exit_codes.BROKEN_RULESET

    return run(make, lang)


def _known(library: Library, topic: str, t: Locale) -> None:
    if topic not in library.topics:
        there = t("result.listed").join(library.topics)
        raise InputError(t("rules.unknown_topic", topic=topic, topics=there))


def _rendered(blocks: list[Block], form: str) -> str:
    return as_markdown(blocks) if form == "markdown" else as_text(blocks)
