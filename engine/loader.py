"""Reads the folder of rulesets into authored models and tells every fault of every file at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from engine import findings, ruleset_files, source_file
from engine.errors import InputError, RulesetError
from engine.fault import Fault, did_you_mean, quoted
from engine.fault import Place as Spot
from engine.invariant import Invariant
from engine.places import Group, Place
from engine.ruleset import (
    Article,
    Channel,
    Claim,
    Decision,
    Dispute,
    Document,
    Example,
    Head,
    Parameter,
    ParameterValue,
    Rule,
    Source,
    Topic,
)
from engine.vocabulary import Constraint, Derived, Fact
from engine.words import Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

    from engine.source_file import Path, SourceFile

RULESETS = FilePath(__file__).resolve().parent.parent / "rulesets"
MAX_FAULTS = 100
MAX_ENTRIES = 20_000
MAX_COUNTED = 10_000
"""With more faults than these, nothing further is read."""
# Where an entry is named, whatever its kind.
NAMED = ("id", "code", "topic")

M = TypeVar("M", bound=Model)


@dataclass
class Origin:
    """Where a model was written, so that later checks can point at it."""

    file: SourceFile
    path: Path

    @property
    def place(self) -> Spot:
        """Where it is named."""
        return self.file.place((*self.path, *NAMED))

    def fault(self, inner: Path, message: str, help_: str = "") -> Fault:
        """A fault at `inner` below the model."""
        return self.file.fault((*self.path, *inner), message, help_)


@dataclass
class Authored:
    """Everything that was read, by kind and id, with where each stands."""

    facts: MutableMapping[str, Fact] = field(default_factory=dict)
    derived: MutableMapping[str, Derived] = field(default_factory=dict)
    constraints: MutableMapping[str, Constraint] = field(default_factory=dict)
    places: MutableMapping[str, Place] = field(default_factory=dict)
    groups: MutableMapping[str, Group] = field(default_factory=dict)
    sources: MutableMapping[str, Source] = field(default_factory=dict)
    documents: MutableMapping[str, Document] = field(default_factory=dict)
    channels: MutableMapping[str, Channel] = field(default_factory=dict)
    articles: MutableMapping[str, Article] = field(default_factory=dict)
    claims: MutableMapping[str, Claim] = field(default_factory=dict)
    topics: MutableMapping[str, Topic] = field(default_factory=dict)
    decisions: MutableMapping[str, Decision] = field(default_factory=dict)
    parameters: MutableMapping[str, Parameter] = field(default_factory=dict)
    values: MutableMapping[str, ParameterValue] = field(default_factory=dict)
    rules: MutableMapping[str, Rule] = field(default_factory=dict)
    disputes: MutableMapping[str, Dispute] = field(default_factory=dict)
    examples: MutableMapping[str, Example] = field(default_factory=dict)
    invariants: MutableMapping[str, Invariant] = field(default_factory=dict)
    heads: MutableMapping[str, Head] = field(default_factory=dict)
    origins: MutableMapping[tuple[str, str], Origin] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Ids of entries that are at fault themselves: naming them is no second fault."""
    unread: bool = False
    """Whether some file could not be read at all, so that names it declares are not known."""
    given: dict[tuple[str, str], dict[str, Any]] | None = None
    """What each entry was made from, by kind and id, where that is kept."""

    def add(self, kind: str, key: str, model: Model, origin: Origin) -> None:
        """Keep a model; a second one of the same kind and id is a fault."""
        table: dict[str, Any] = getattr(self, kind)
        if key in table:
            first = self.origins[kind, key].place
            message = f"duplicate id {quoted(key)}"
            help_ = f"it stands in {first.file}:{first.line} already"
            self.faults.append(origin.fault(NAMED, message, help_))
            return
        table[key] = model
        self.origins[kind, key] = origin

    def fault(self, kind: str, key: str, path: Path, message: str, help_: str = "") -> None:
        """Record a fault inside the model `key` of `kind`."""
        self.faults.append(self.origins[kind, key].fault(path, message, help_))

    def take(self, other: Authored) -> None:
        """Add what was read apart from this, its faults included."""
        self.faults += other.faults
        self.refused |= other.refused
        self.unread = self.unread or other.unread
        for (kind, key), origin in other.origins.items():
            self.add(kind, key, getattr(other, kind)[key], origin)


def files(folder: FilePath) -> list[FilePath]:
    """The files below `folder` that are rulesets by their names, in the order they are read."""
    return ruleset_files.listed(folder).paths


def read(folder: FilePath = RULESETS, *, keep: bool = False) -> Authored:
    """Read every file below `folder`; faults are in the result, none is raised.

    With `keep`, what each entry was made from stays. Raises InputError when the folder cannot be
    read at all.
    """
    if not folder.is_dir():
        raise InputError(f"no folder of rulesets at {folder}")
    try:
        found = ruleset_files.listed(folder)
    except OSError as error:
        raise InputError(f"cannot read {error.filename}: {error.strerror}") from error
    unread = bool(found.faults)
    authored = Authored(given={} if keep else None, faults=found.faults, unread=unread)
    for path in found.paths:
        name = path.relative_to(folder).as_posix()
        if full(authored, name):
            break
        try:
            raw = ruleset_files.content(path)
        except OSError as error:
            raise InputError(f"cannot read {name}: {error.strerror}") from error
        read_file(authored, name, raw)
    return authored


def full(authored: Authored, name: str) -> bool:
    """Whether as much is read as is read at all; that `name` is not is then a fault."""
    if len(authored.faults) <= MAX_COUNTED and len(authored.origins) <= MAX_ENTRIES:
        return False
    authored.unread = True
    help_ = f"at most {MAX_ENTRIES} entries are read, and files up to {MAX_COUNTED} faults"
    authored.faults.append(Fault(Spot(name), "this file is not read any more", help_))
    return True


def read_file(authored: Authored, name: str, raw: bytes) -> None:
    """Add what one file declares, and its faults, to `authored`."""
    parsed = source_file.parse(name, raw)
    authored.faults += parsed.faults
    if not name.endswith(".yaml"):
        fault = parsed.fault((), "only files whose names end in .yaml are read", "rename it")
        authored.faults.append(fault)
    if isinstance(parsed.data, dict):
        _FileReader(authored, parsed).read()
        parsed.data = None  # the models have it now; only its places are asked for later
        return
    authored.unread = True
    if not parsed.faults:
        help_ = "remove the file, or write what it declares"
        authored.faults.append(parsed.fault((), "the file holds no mapping", help_))


def refuse_faults(authored: Authored) -> None:
    """Raise RulesetError with all faults in the order of the files, if there are any."""
    if authored.faults:
        ordered = sorted(set(authored.faults), key=lambda fault: (fault.place, fault.message))
        raise RulesetError(ordered[:MAX_FAULTS], more=max(0, len(ordered) - MAX_FAULTS))


# Every kind of entry, and what it is.
TABLES: dict[str, type[Model]] = {
    "facts": Fact,
    "derived": Derived,
    "constraints": Constraint,
    "places": Place,
    "groups": Group,
    "sources": Source,
    "documents": Document,
    "channels": Channel,
    "articles": Article,
    "claims": Claim,
    "topics": Topic,
    "decisions": Decision,
    "parameters": Parameter,
    "values": ParameterValue,
    "rules": Rule,
    "disputes": Dispute,
    "examples": Example,
    "invariants": Invariant,
    "heads": Head,
}
# The sections of a file whose entries are `id: {...}`.
_KEYED: dict[str, tuple[str, type[Model]]] = {
    "facts": ("facts", Fact),
    "derived": ("derived", Derived),
    "groups": ("groups", Group),
    "sources": ("sources", Source),
    "documents": ("documents", Document),
    "channels": ("channels", Channel),
    "articles": ("articles", Article),
    "claims": ("claims", Claim),
}
_ABOUT_TOPIC = ("order", "title", "about", "picture")
_TOPIC_KEYS = {"topic", *_ABOUT_TOPIC, "decisions", "parameters", "invariants"}
_REGION_KEYS = {"topic", "region", "values", "rules", "disputes", "examples", "invariants"}
_PLAIN_KEYS = {*_KEYED, "constraints", "places"}


class _FileReader:
    """Turns one parsed file into models."""

    def __init__(self, authored: Authored, source: SourceFile) -> None:
        self.authored, self.source, self.data = authored, source, source.data

    def fault(self, path: Path, message: str, help_: str = "") -> None:
        """Record a fault, unless what stands at `path` is refused for its syntax already."""
        known = self.source.known(path)
        if not any(known[: len(one)] == one for one in self.source.refused):
            self.authored.faults.append(self.source.fault(path, message, help_))

    def read(self) -> None:
        keys = {*self.data}
        if "decisions" in keys or ("region" not in keys and keys & {"title", "about"}):
            self.known(_TOPIC_KEYS)
            self.topic()
        elif keys & _REGION_KEYS:
            self.known(_REGION_KEYS)
            self.region()
        else:
            self.known(_PLAIN_KEYS)
            self.plain()

    def known(self, keys: set[str]) -> None:
        for key in self.data:
            if key not in keys:
                self.fault((key,), f"unknown key {quoted(key)}", did_you_mean(key, keys))

    def plain(self) -> None:
        for section, (kind, model) in _KEYED.items():
            for key, entry in self.mapping(section):
                self.make(model, kind, key, entry, (section, key), {"id": key})
        for index, entry in self.entries("constraints"):
            self.make(Constraint, "constraints", entry.get("id"), entry, ("constraints", index))
        for index, entry in self.entries("places"):
            self.make(Place, "places", entry.get("code"), entry, ("places", index))

    def topic(self) -> None:
        for key in ("topic", "decisions"):
            if key not in self.data:
                self.fault((), f"`{key}` is missing")
        topic = self.data.get("topic")
        about = {key: self.data[key] for key in _ABOUT_TOPIC if key in self.data}
        implied = {"id": topic, "decisions": [key for key, _ in self.mapping("decisions")]}
        self.make(Topic, "topics", topic, about, (), implied)
        for kind, model in (("decisions", Decision), ("parameters", Parameter)):
            for key, entry in self.mapping(kind):
                self.make(model, kind, key, entry, (kind, key), {"id": key, "topic": topic})
        self.invariants({"topic": topic})

    def region(self) -> None:
        head = {key: self.data[key] for key in ("topic", "region") if key in self.data}
        self.make(Head, "heads", self.source.name, head, ())
        topic, region = self.data.get("topic"), self.data.get("region")
        for index, entry in self.entries("rules"):
            given = {"topic": topic, "region": region}
            self.make(Rule, "rules", entry.get("id"), entry, ("rules", index), given)
        for index, entry in self.entries("values"):
            path = ("values", index)
            key = f"{self.source.name}#{index}"
            self.make(ParameterValue, "values", key, entry, path, {"region": region})
        for kind, model in (("disputes", Dispute), ("examples", Example)):
            for index, entry in self.entries(kind):
                self.make(model, kind, entry.get("id"), entry, (kind, index))
        self.invariants({"topic": topic, "region": region})

    def invariants(self, implied: Mapping[str, object]) -> None:
        for index, entry in self.entries("invariants"):
            path = ("invariants", index)
            self.make(Invariant, "invariants", entry.get("id"), entry, path, implied)

    def mapping(self, section: str) -> Iterator[tuple[str, dict[str, Any]]]:
        content = self.data.get(section, {})
        if not isinstance(content, dict):
            self.fault((section,), "a mapping of ids is expected here", "write `{}` for none")
            return
        for key, entry in content.items():
            if isinstance(entry, dict):
                yield key, entry
            else:
                self.authored.refused.add(key)
                self.fault((section, key), "a mapping is expected here")

    def entries(self, section: str) -> Iterator[tuple[int, dict[str, Any]]]:
        content = self.data.get(section, [])
        if not isinstance(content, list):
            self.fault((section,), "a list is expected here", "write `[]` for none")
            return
        for index, entry in enumerate(content):
            if isinstance(entry, dict):
                yield index, entry
            else:
                self.fault((section, index), "a mapping is expected here")

    def make(  # noqa: PLR0913, PLR0917 - a model, its name, what it is made of, and where from
        self, model: type[M], kind: str, key: object, entry: dict[str, Any], path: Path,
        implied: Mapping[str, object] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """Validate one entry, with what its place in the file implies; record all its faults."""
        if len(self.authored.faults) > MAX_COUNTED:
            return
        for name in implied:
            if name in entry:
                help_ = "it follows from where the entry stands"
                self.fault((*path, name), f"unknown key `{name}`", help_)
        whole = {**entry, **implied}
        try:
            made = model.model_validate(whole)
        except ValidationError as error:
            self.authored.refused.add(str(key))
            for item in error.errors(include_url=False):
                at, message, help_ = findings.explain(item, model, implied)
                if model is Topic and at == ("id",):
                    at = ("topic",)
                # A wrong topic or region is told once, of the file.
                if at[:1] not in (("topic",), ("region",)) or at[0] not in implied:
                    self.fault((*path, *at), message, help_)
            return
        self.authored.add(kind, str(key), made, Origin(self.source, path))
        if self.authored.given is not None:
            self.authored.given[kind, str(key)] = whole
