"""Why a case leaves no class open: the facts at odds, and the constraint that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import CaseFault, DisagreementError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.open_classes import OpenClasses


def contradiction(readings: Iterable[OpenClasses]) -> CaseFault:
    """The fault of a case whose readings leave no class open."""
    for reading in readings:
        return _broken(reading)
    raise DisagreementError("no period is open for the case and nothing says why")


def _broken(reading: OpenClasses) -> CaseFault:
    program = reading.program
    known = {fact for fact, value in reading.case.given.items() if value is not None}
    for axis, cells in reading.open.items():
        if not len(cells):
            facts = [fact for fact in program.axes[axis].facts if fact in known]
            return _fault(facts, "these facts cannot all be true together")
    for limit in program.limits:
        if set(limit.axes) <= set(reading.open):
            several = [reading.open[axis] for axis in limit.axes]
            if limit.never[np.ix_(*several)].all():
                facts = [fact for axis in limit.axes for fact in program.axes[axis].facts
                         if fact in known]  # fmt: skip
                because = program.library.vocabulary.constraints[limit.id].because.en
                return _fault(facts, f"constraint `{limit.id}`: {because}", limit.id)
    facts = sorted({fact for axis in reading.open for fact in program.axes[axis].facts
                    if fact in known})  # fmt: skip
    names = ", ".join(limit.id for limit in program.limits)
    return _fault(facts, f"these facts break the constraints {names} together")


def _fault(facts: Sequence[str], message: str, constraint: str | None = None) -> CaseFault:
    pointer = f"/{facts[0]}" if facts else ""
    message = f"{message} ({', '.join(dict.fromkeys(facts))})"
    return CaseFault("contradiction", pointer, message, constraint=constraint, facts=(*facts,))
