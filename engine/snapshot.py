"""Rulesets that set-up has read and found whole, kept so that a start need not read YAML.

A derived file, never the authority: it is named after everything it was made from (the rulesets
and the engine that judged them), so that a stale one is never found; one that is not as it was
written is not used; and without one the rulesets are read. It holds data only: a line with the
sum of the rest, a line that lists the entries, and a line of JSON for each, which is made into
its model when it is first asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from array import array
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import loader
from engine.entries import Entries, column
from engine.loader import TABLES, Authored, Origin
from engine.source_file import SourceFile

if TYPE_CHECKING:
    from engine.words import Model

# The modules that what is read, found whole, kept and summed up is in the hands of.
JUDGES = (
    "calendar", "circles", "coding", "condition", "entries", "errors", "fault", "findings",
    "invariant", "invariant_references", "loader", "lookup", "places", "receipt", "references",
    "ruleset", "ruleset_files", "scalars", "snapshot", "source_file", "version", "vocabulary",
    "words",
)  # fmt: skip
_COLUMNS = {
    "rules": ("decision", "region", "topic"),
    "values": ("parameter", "region"),
    "claims": ("status",),
    "places": ("level", "pool", "names"),
}


@dataclass(frozen=True)
class Snapshot:
    """What was kept: every entry, and the hash of the library they make up."""

    authored: Authored
    hash: str


def path_of(folder: Path) -> Path:
    """Where the file for the rulesets in `folder`, as they are now, lies in this environment."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    judges = [code / f"{name}.py" for name in JUDGES]
    for root, paths in ((code, judges), (folder, loader.files(folder))):
        for path in paths:
            raw = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()}\n{len(raw)}\n".encode())
            digest.update(raw)
    return Path(sys.prefix) / "lib" / "tongbao" / f"rulesets-{digest.hexdigest()[:32]}.jsonl"


def find(folder: Path) -> Snapshot | None:
    """The rulesets in `folder` as set-up left them; None where it has not, or they have changed."""
    try:
        return read(path_of(folder), folder)
    except OSError:
        return None


def write(target: Path, authored: Authored, library_hash: str) -> None:
    """Keep what was read without a fault, and what was given for each entry, in `target`."""
    given = authored.given
    if given is None:
        raise ValueError("the rulesets were read without keeping what was given")
    files: dict[str, int] = {}
    tables: dict[str, object] = {}
    lines: list[str] = []
    for kind in TABLES:
        table = getattr(authored, kind)
        columns = {name: list(column(table, name).values()) for name in _COLUMNS.get(kind, ())}
        tables[kind] = {"keys": list(table), "columns": columns}
        for key in table:
            origin = authored.origins[kind, key]
            number = files.setdefault(origin.file.name, len(files))
            lines.append(_encoded([number, list(origin.path), given[kind, key]]))
    header = _encoded({"hash": library_hash, "files": list(files), "tables": tables})
    body = "\n".join([header, *lines]).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_suffix(".part")
    scratch.write_bytes(_sum(body) + b"\n" + body)
    scratch.replace(target)


def read(source: Path, folder: Path) -> Snapshot | None:
    """What `write` kept in `source`; None where it is not as it was written.

    Raises OSError when it cannot be read at all.
    """
    raw = source.read_bytes()
    body = raw.find(b"\n") + 1
    if raw[: body - 1] != _sum(memoryview(raw)[body:]):
        return None
    ends = array("L", (found.start() for found in re.finditer(b"\n", raw)))
    ends.append(len(raw))
    header = json.loads(raw[body : ends[1]])
    authored = Authored()
    origins = _Origins(folder, header["files"])
    start = 1
    for kind, table in header["tables"].items():
        keys = table["keys"]
        at = dict(zip(keys, range(start, start + len(keys)), strict=True))
        start += len(keys)
        entries = origins.entries[kind] = _Lines(raw, ends, at, TABLES[kind])
        columns = {name: dict(zip(keys, values, strict=True))
                   for name, values in table["columns"].items()}  # fmt: skip
        setattr(authored, kind, Entries(keys, entries.model, columns))
    authored.origins = origins
    return Snapshot(authored, header["hash"])


@dataclass(frozen=True)
class _Lines:
    """The lines of the entries of one kind; a line stands between two of the `ends`."""

    raw: bytes
    ends: array[int]
    at: dict[str, int]
    kind: type[Model]

    def line(self, key: str) -> tuple[int, list[str | int], dict[str, Any]]:
        """The number of the file it stands in, its path there, and what was given."""
        number = self.at[key]
        line = self.raw[self.ends[number] + 1 : self.ends[number + 1]]
        file, path, given = json.loads(line, parse_float=Decimal)
        return file, path, given

    def model(self, key: str) -> Any:  # noqa: ANN401 - a model of the kind
        return self.kind.model_validate(self.line(key)[2])


class _Origins(MutableMapping[tuple[str, str], Origin]):
    """Where each entry stands; the files are looked into when one is asked for."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.entries: dict[str, _Lines] = {}
        self._folder, self._names = folder, names
        self._files: dict[int, SourceFile] = {}
        self._found: dict[tuple[str, str], Origin] = {}

    def __getitem__(self, at: tuple[str, str]) -> Origin:
        if at not in self._found:
            kind, key = at
            number, path, _ = self.entries[kind].line(key)
            self._found[at] = Origin(self._file(number), tuple(path))
        return self._found[at]

    def __setitem__(self, at: tuple[str, str], origin: Origin) -> None:
        self._found[at] = origin

    def __delitem__(self, at: tuple[str, str]) -> None:
        raise TypeError("what was read stays where it stands")

    def __iter__(self) -> Iterator[tuple[str, str]]:
        kept = ((kind, key) for kind, lines in self.entries.items() for key in lines.at)
        return iter(dict.fromkeys([*kept, *self._found]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _file(self, number: int) -> SourceFile:
        if number not in self._files:
            name = self._names[number]
            try:
                raw = (self._folder / name).read_bytes()
            except OSError:  # gone since: its name is still worth telling
                raw = b""
            self._files[number] = SourceFile(name, raw)
        return self._files[number]


def _sum(body: bytes | memoryview) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _encoded(value: object) -> str:
    """JSON in which a decimal number stands as it was written."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key, ensure_ascii=False)}:{_encoded(one)}"
                 for key, one in value.items())  # fmt: skip
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_encoded, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
