"""A measurement and how it is printed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One measurement: what of, how much of it, in how many seconds."""

    what: str
    amount: int
    unit: str
    seconds: float


def timed(what: str, unit: str, run: Callable[[], int]) -> Row:
    """How long `run` takes; it returns the amount."""
    start = time.perf_counter()
    amount = run()
    return Row(what, amount, unit, time.perf_counter() - start)


def table(rows: Iterable[Row]) -> None:
    """Print the rows as they come."""
    _say(f"{'':<48}{'amount':>12} {'':<9}{'seconds':>9}{'a second':>14}")
    for row in rows:
        rate = row.amount / row.seconds if row.seconds else 0.0
        _say(f"{row.what:<48}{row.amount:>12,} {row.unit:<9}{row.seconds:>9.3f}{rate:>14,.0f}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
