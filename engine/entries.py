"""Entries of one kind by id, each made into its model when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, TypeVar

from engine.words import Model

M = TypeVar("M", bound=Model)


class Entries(MutableMapping[str, M]):
    """A table of models that keeps its order and costs little until it is looked into.

    `columns` gives some fields of every entry, so that entries are found without being made.
    """

    def __init__(
        self, keys: Iterable[str], make: Callable[[str], M],
        columns: Mapping[str, Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self._made: dict[str, M | None] = dict.fromkeys(keys)
        self._make = make
        self._columns = {name: dict(values) for name, values in columns.items()}

    def __getitem__(self, key: str) -> M:
        found = self._made[key]
        if found is None:
            found = self._made[key] = self._make(key)
        return found

    def __setitem__(self, key: str, model: M) -> None:
        self._made[key] = model
        for name, values in self._columns.items():
            values[key] = getattr(model, name)

    def __delitem__(self, key: str) -> None:
        del self._made[key]
        for values in self._columns.values():
            del values[key]

    def __contains__(self, key: object) -> bool:
        return key in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def column(self, name: str) -> Mapping[str, Any] | None:
        """The field `name` of every entry; None where it is not kept apart."""
        return self._columns.get(name)


def column(table: Mapping[str, M], name: str) -> Mapping[str, Any]:
    """The field `name` of every entry of a table, in its order where it was never changed."""
    kept = table.column(name) if isinstance(table, Entries) else None
    return kept if kept is not None else {key: getattr(one, name) for key, one in table.items()}


def keys_by(table: Mapping[str, M], name: str) -> dict[str, list[str]]:
    """The keys of a table for each value of the field `name`."""
    found: dict[str, list[str]] = {}
    for key, value in column(table, name).items():
        found.setdefault(value, []).append(key)
    return found
