"""The cases of an input in whatever form it has, from its start or from where a run stood."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from engine.batch.columns import csv_items, is_csv
from engine.batch.reader import BOM, one_a_line, read_items, read_on, shown
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.batch.reader import Item
    from engine.vocabulary import Fact

HEAD = 1 << 20
"""So many bytes tell whether an input holds one case a line."""


@dataclass(frozen=True)
class Place:
    """How much of one input is answered: bytes, lines and cases from its start on."""

    offset: int = 0
    """Bytes as read, unpacked; 0 where that is not known, and `cases` are to be read again."""
    line: int = 0
    cases: int = 0


START = Place()


def items_of(
    stream: IO[bytes], name: str, facts: Mapping[str, Fact], place: Place = START
) -> Iterator[Item]:
    """The cases of one input in order, behind a place in it.

    Raises InputError when the input breaks off; what was read before has been yielded.
    """
    if is_csv(name):
        return islice(csv_items(stream, name, facts), place.cases, None)
    if sought(stream, name, place):
        return read_on(stream, name, place.line)
    return islice(read_items(stream, name), place.cases, None)


def sought(stream: IO[bytes], name: str, place: Place) -> bool:
    """Go to a place; False, and at the start, where an input has not one case a line."""
    if not place.offset:
        return False
    try:
        known = one_a_line(_head(stream).removeprefix(BOM))
        stream.seek(place.offset if known else 0)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{shown(name)} breaks off before line {place.line + 1}: {error}"
        raise InputError(message) from error
    return known


def _head(stream: IO[bytes]) -> bytes:
    head = b""
    try:
        while len(head) < HEAD:
            got = stream.read1(HEAD - len(head))  # type: ignore[attr-defined]  # buffered
            if not got:
                break
            head += got
    except (OSError, EOFError, zlib.error):
        # What was read stands; whoever reads on meets the same error in its place.
        pass
    return head
