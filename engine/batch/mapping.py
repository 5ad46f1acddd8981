"""Reads a bureau's own columns as facts: renames and drops them, translates codes, adds constants.

A map is a YAML or JSON file:

    rename:    {BIRTH: birth_date, INS_TYPE: scheme}
    drop:      [NAME]
    values:    {scheme: {"01": resident, "02": employee, "": null}}
    forms:     {birth_date: YYYYMMDD, institution_level: number, id: text}
    constants: {region: "..."}
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from engine import source_file
from engine.calendar import FIRST_DAY
from engine.case import read_case
from engine.errors import CaseError, CaseFault, InputError, pointer
from engine.fault import did_you_mean, quoted
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.errors import Code
    from engine.fault import Fault
    from engine.library import Library
    from engine.source_file import Path, SourceFile

SECTIONS = ("rename", "drop", "values", "forms", "constants")
_OWN = ("id", AS_OF, "topics")
_EXTRA = "x_"
_ANY_DAY = date.fromordinal(FIRST_DAY)
_LISTED = 20
_SHOWN = 60
# No more digits than any fact has: what is longer is no number of a case.
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_PARTS = ("YYYY", "MM", "DD")
_ANY_PART = "(YYYY|MM|DD)"


class MapError(InputError):
    """A map is broken: every fault of it, each with its line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n\n".join(fault.render() for fault in faults))


@dataclass(frozen=True)
class Form:
    """How a column is written: `number`, `text`, or a date in the order YYYY, MM, DD stand in."""

    text: str

    @property
    def code(self) -> Code:
        """The code of the error when a value has another form."""
        return "wrong_type" if self.text == "number" else "not_a_date"

    def read(self, text: str) -> object:
        """What the text says in our own form. Raises ValueError when it has another."""
        if self.text == "text":
            return text
        if self.text == "number":
            if not _NUMBER.fullmatch(text):
                raise ValueError(text)
            return Decimal(text) if "." in text else int(text)
        found = re.fullmatch(self.pattern, text, re.ASCII)
        if found is None:
            raise ValueError(text)
        return "-".join(found[part] for part in ("YYYY", "MM", "DD") if part in found.groupdict())

    @property
    def pattern(self) -> str:
        """A date in this form, as a regular expression."""
        parts = [f"(?P<{part}>[0-9]{{{len(part)}}})" if part in _PARTS else re.escape(part)
                 for part in re.split(_ANY_PART, self.text) if part]  # fmt: skip
        return "".join(parts)


@dataclass(frozen=True)
class CaseMap:
    """What is done to each case before it is read."""

    rename: Mapping[str, str]
    drop: frozenset[str]
    values: Mapping[str, Mapping[str, object]]
    forms: Mapping[str, Form]
    constants: Mapping[str, object]
    codes: Mapping[str, frozenset[str]]
    """Of the facts with `values`, the codes that need no translation."""

    def apply(self, data: object) -> object:
        """The case with our keys and codes; what is no object is left as it is.

        Raises CaseError with every fault; its pointers name the columns as they came in.
        """
        if not isinstance(data, dict):
            return data
        out: dict[str, Any] = {}
        faults: list[CaseFault] = []
        for column, value in data.items():
            if column in self.drop:
                continue
            key = self.rename.get(column, column)
            if key in out:
                message = f"two columns stand for `{key}`"
                faults.append(CaseFault("duplicate_key", pointer(column), message, "one of them"))
                continue
            out[key] = value
            if value is not None and (key in self.values or key in self.forms):
                try:
                    out[key] = self._translated(column, key, value)
                except CaseError as error:
                    faults += error.faults
        for key, value in self.constants.items():
            if out.get(key, value) != value:
                message = f"the case says otherwise than the constant `{key}` of the map"
                help_ = "drop the column, or the constant"
                faults.append(CaseFault("duplicate_key", self._pointer(key, data), message, help_))
            out[key] = value
        if faults:
            raise CaseError(faults)
        return out

    def identity(self, data: object) -> str | None:
        """The id of a case that cannot be mapped."""
        if not isinstance(data, dict):
            return None
        columns = [
            key for key in data if self.rename.get(key, key) == "id" and key not in self.drop
        ]
        value = data[columns[0]] if len(columns) == 1 else None
        form = self.forms.get("id")
        text = _text(value) if form is not None and form.text == "text" else value
        return text if isinstance(text, str) else None

    def located(self, faults: Sequence[CaseFault], data: object) -> tuple[CaseFault, ...]:
        """Faults of a case that was mapped, pointing at the columns as they came in."""
        if not isinstance(data, dict):
            return tuple(faults)
        columns = {pointer(key): pointer(column) for column, key in self.rename.items()
                   if column in data}  # fmt: skip
        return tuple(_at(fault, columns) for fault in faults)

    def _translated(self, column: str, key: str, value: object) -> object:
        table, text = self.values.get(key, {}), _text(value)
        if text is not None and text in table:
            return table[text]
        if key in self.codes and text not in self.codes[key]:
            raise CaseError([self._untranslated(column, key, text)])
        form = self.forms.get(key)
        if form is None or text is None:
            return value
        try:
            return form.read(text)
        except ValueError:
            message = f"found {quoted(text[:_SHOWN])}"
            raise CaseError([CaseFault(form.code, pointer(column), message, form.text)]) from None

    def _untranslated(self, column: str, key: str, text: str | None) -> CaseFault:
        known = [*self.values[key], *sorted(self.codes[key])]
        allowed = ", ".join(quoted(one) for one in known[:_LISTED])
        found = "a list or an object" if text is None else quoted(text[:_SHOWN])
        message = f"the map translates no {found} for `{key}`"
        return CaseFault("unknown_value", pointer(column), message, allowed)

    def _pointer(self, key: str, data: Mapping[str, object]) -> str:
        columns = [column for column, to in self.rename.items() if to == key and column in data]
        return pointer(columns[0] if columns else key)


def _at(fault: CaseFault, columns: Mapping[str, str]) -> CaseFault:
    head, slash, rest = fault.field[1:].partition("/")
    column = columns.get("/" + head)
    return fault if column is None else replace(fault, field=column + slash + rest)


def _text(value: object) -> str | None:
    """A value as a map names it: a number and a truth by how JSON writes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | Decimal) else None


def read_mapping(name: str, library: Library) -> CaseMap:
    """Read a map. Raises MapError with all its faults, InputError when it cannot be read."""
    try:
        raw = FilePath(name).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the map {name}: {error.strerror}") from error
    source = source_file.parse(FilePath(name).name, raw)
    if not source.faults and not isinstance(source.data, dict):
        help_ = "write " + ", ".join(f"`{one}:`" for one in SECTIONS)
        source.faults.append(source.fault((), "a map is a mapping", help_))
    if isinstance(source.data, dict):
        found = _Reader(source, library).read()
        if found is not None:
            return found
    raise MapError(sorted(set(source.faults), key=lambda fault: (fault.place, fault.message)))


class _Reader:
    """Turns one parsed map into a mapping; faults are collected in its source."""

    def __init__(self, source: SourceFile, library: Library) -> None:
        self.source, self.library, self.data = source, library, source.data
        self.facts = library.vocabulary.facts

    def fault(self, path: Path, message: str, help_: str = "") -> None:
        self.source.faults.append(self.source.fault(path, message, help_))

    def read(self) -> CaseMap | None:
        """The map, None when there are faults."""
        for key in self.data:
            if key not in SECTIONS:
                self.fault((key,), f"unknown key {quoted(key)}", did_you_mean(key, SECTIONS))
        rename, drop = self.rename(), self.drop()
        for column in rename:
            if column in drop:
                self.fault(("rename", column), f"{quoted(column)} is dropped as well")
        values = self.values()
        forms = self.forms()
        constants = self.constants()
        for key in constants:
            if key in rename.values():
                self.fault(("constants", key), f"a column is renamed to {quoted(key)} as well",
                           "drop the column, or the constant")  # fmt: skip
        if self.source.faults:
            return None
        codes = {key: frozenset(self.facts[key].codes) for key in values
                 if key in self.facts and self.facts[key].codes}  # fmt: skip
        return CaseMap(rename, frozenset(drop), values, forms, constants, codes)

    def rename(self) -> dict[str, str]:
        out: dict[str, str] = {}
        for column, key in self.section("rename").items():
            if not isinstance(key, str):
                self.fault(("rename", column), f"a key of cases is expected (found: {_kind(key)})")
            elif self.known(("rename", column), key):
                if key in out.values():
                    first = next(one for one, to in out.items() if to == key)
                    self.fault(("rename", column), f"two columns are renamed to {quoted(key)}",
                               f"{quoted(first)} is the other one")  # fmt: skip
                out[column] = key
        return out

    def drop(self) -> list[str]:
        given = self.data.get("drop")
        if given is None:
            return []
        if not isinstance(given, list):
            self.fault(("drop",), "a list of columns is expected here", "write [A, B]")
            return []
        for index, column in enumerate(given):
            if not isinstance(column, str):
                self.fault(("drop", index), f"a column is text (found: {_kind(column)})",
                           "put it in quotes")  # fmt: skip
        out = [column for column in given if isinstance(column, str)]
        for column, count in Counter(out).items():
            if count > 1:
                index = len(given) - 1 - given[::-1].index(column)
                self.fault(("drop", index), f"{quoted(column)} stands there twice")
        return out

    def values(self) -> dict[str, dict[str, object]]:
        out: dict[str, dict[str, object]] = {}
        for key, table in self.section("values").items():
            if not self.known(("values", key), key):
                continue
            if not isinstance(table, dict):
                self.fault(("values", key), "a table is expected here", 'write {"01": code}')
                continue
            out[key] = table
            for text, value in table.items():
                self.valid(("values", key, text), key, value)
        return out

    def forms(self) -> dict[str, Form]:
        out: dict[str, Form] = {}
        for key, text in self.section("forms").items():
            if not self.known(("forms", key), key):
                continue
            if isinstance(text, str) and (text in ("number", "text") or _dated(text)):
                out[key] = Form(text)
            else:
                help_ = "write `number`, `text`, or a date such as YYYYMMDD or DD/MM/YYYY"
                self.fault(("forms", key), f"{_kind(text)} is no form", help_)
        return out

    def constants(self) -> dict[str, object]:
        out = self.section("constants")
        for key, value in out.items():
            if self.known(("constants", key), key):
                self.valid(("constants", key), key, value)
        return out

    def section(self, name: str) -> dict[str, Any]:
        given = self.data.get(name)
        if given is None or isinstance(given, dict):
            return given or {}
        self.fault((name,), "a mapping is expected here", "write `name: value`")
        return {}

    def known(self, path: Path, key: str) -> bool:
        """Whether cases have such a key; a fault if not."""
        if key in self.facts or key in _OWN or key.startswith(_EXTRA):
            return True
        help_ = did_you_mean(key, [*self.facts, *_OWN], "key")
        self.fault(path, f"cases have no key {quoted(key)}", help_)
        return False

    def valid(self, path: Path, key: str, value: object) -> None:
        """A fault where a case would be refused for this value."""
        try:
            read_case({key: value}, self.library, _ANY_DAY)
        except CaseError as error:
            allowed = error.faults[0].allowed
            close = did_you_mean(value, self.codes(key)) if isinstance(value, str) else ""
            if error.faults[0].code == "wrong_type" and isinstance(value, int | Decimal):
                close = close or "a code or a date goes in quotes"
            help_ = close or (f"allowed here: {allowed}" if allowed else "")
            self.fault(path, f"{key}: {error.faults[0].message}", help_)

    def codes(self, key: str) -> tuple[str, ...]:
        return self.facts[key].codes if key in self.facts else ()


def _dated(text: str) -> bool:
    """Whether a text says how dates are written: each part once, and no other letters."""
    parts = re.findall(_ANY_PART, text)
    whole = parts in (["YYYY"], ["YYYY", "MM"]) or sorted(parts) == sorted(_PARTS)
    return whole and not re.search("[A-Za-z0-9]", re.sub(_ANY_PART, "", text))


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else (
        quoted(value))  # fmt: skip
