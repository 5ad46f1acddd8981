"""What is known of a library as rows, failing examples and moved classes: the body of a board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.condition import leaves
from engine.workbench.board import Failing, Moved, Row, Surviving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.analysis.mutants import Mutant
    from engine.fault import Fault
    from engine.library import Library
    from engine.ruleset import Example
    from engine.workbench.stages import Came, Seen
    from engine.workbench.thorough import Noticed, Shown
    from engine.workbench.work import Work

UNVERIFIED = "D"
"""The grade of a source whose word nobody could verify."""


def rows(work: Work) -> tuple[Row, ...]:
    """A row for each decision."""
    return tuple(_row(work, name) for name in work.decisions)


def failing(work: Work) -> tuple[Failing, ...]:
    """Everything that is known to come out differently from what examples expect.

    What is wrong with a case itself is told once, however many answers are expected of it.
    """
    found = [one for name in work.decisions for one in _failing(work, name)]
    told: dict[object, Failing] = {}
    for one in found:
        own = (one.example, one.line, one.got) if one.key == "error" and not one.rules else id(one)
        told.setdefault(own, one)
    return tuple(told.values())


def moved(work: Work) -> tuple[Moved, ...]:
    """The classes that are known to have another answer than before."""
    return tuple(one for name in work.decisions for one in work.result("moved", name) or ())


def faults(work: Work) -> tuple[Fault, ...]:
    """What is wrong with rules that can be read and hang together."""
    return tuple(sorted(work.faults, key=lambda one: (one.place, one.message)))


def _row(work: Work, name: str) -> Row:
    library = work.library
    rules, examples = library.rules_of(name), work.examples(name)
    came: list[Came] | None = work.result("examples", name)
    seen: Seen | None = work.result("classes", name)
    shown: Shown | None = work.result("coverage", name)
    noticed: Noticed | None = work.result("mutants", name)
    proved = work.result("proof", name)
    cited = {one.source for rule in rules for one in rule.sources}
    return Row(
        library.decisions[name].topic, name, _files(library, name, examples), len(rules),
        sum(1 for rule in rules for _ in leaves(rule.when)),
        sum(not one.wrong for one in came or ()), len(examples),
        seen.answered if seen else None, seen.classes if seen else None,
        shown.shown if shown else None, shown.tests if shown else None,
        noticed.killed if noticed else None, noticed.mutants if noticed else None,
        tuple(_survivor(library, one) for one in noticed.survivors) if noticed else (),
        len(cited), sum(library.sources[one].authority == UNVERIFIED for one in cited),
        proved if proved is not None else seen.findings if seen else (),
    )  # fmt: skip


def _files(library: Library, name: str, examples: list[Example]) -> tuple[str, ...]:
    origins = library.authored.origins
    found = [origins["decisions", name].file.name]
    found += [origins["rules", rule.id].file.name for rule in library.rules_of(name)]
    found += [origins["examples", one.id].file.name for one in examples]
    return tuple(dict.fromkeys(found))


def _failing(work: Work, name: str) -> Iterator[Failing]:
    library = work.library
    came: list[Came] = work.result("examples", name) or []
    for example, one in zip(work.examples(name), came, strict=False):
        for wrong in one.wrong:
            origin = library.authored.origins["examples", example.id]
            place = origin.file.place((*origin.path, *wrong.path)) if wrong.path else origin.place
            yield Failing(
                library.decisions[name].topic, name, example.id, place.file, place.line,
                wrong.key, wrong.expected, wrong.got, one.rules, dict(example.case),
            )  # fmt: skip


def _survivor(library: Library, mutant: Mutant) -> Surviving:
    place = mutant.place(library)
    return Surviving(mutant.kind, mutant.key, place.file, place.line, mutant.before, mutant.after)
