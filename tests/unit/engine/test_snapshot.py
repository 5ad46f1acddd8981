"""What set-up keeps of the rulesets: the same library, or none at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from engine import snapshot
from engine.batch.encoding import encode
from engine.checker import Checker
from engine.entries import Entries, column, keys_by
from engine.errors import RulesetError
from engine.library import Library
from engine.loader import RULESETS, TABLES
from engine.receipt import library_hash
from engine.ruleset import Rule
from engine.take_snapshot import take
from tests.support import loaded
from tests.support.folders import ROOT
from tests.support.folders import RULESETS as SMALL

GOOD = ROOT / "tests" / "rulesets" / "good"
DAY = date(2026, 3, 1)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment in which nothing was set up."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    return tmp_path


@pytest.fixture
def folder(environment: Path) -> Path:
    """Rulesets of which a snapshot was taken."""
    rulesets = environment / "rulesets"
    shutil.copytree(SMALL, rulesets)
    take(rulesets, snapshot.path_of(rulesets))
    return rulesets


def kept(folder: Path) -> Library:
    library = Library.load(folder, from_snapshot=True)
    assert isinstance(library.rules, Entries), "the rulesets were read instead"
    return library


def is_read(folder: Path) -> bool:
    return not isinstance(Library.load(folder, from_snapshot=True).rules, Entries)


@pytest.mark.parametrize("rulesets", [SMALL, GOOD, RULESETS], ids=["small", "good", "shipped"])
def test_what_is_kept_is_what_was_read(rulesets: Path, tmp_path: Path) -> None:
    take(rulesets, tmp_path / "kept.jsonl")
    found = snapshot.read(tmp_path / "kept.jsonl", rulesets)
    read = Library.load(rulesets)
    assert found is not None
    assert found.hash == library_hash(read)
    for kind in TABLES:
        mine, theirs = getattr(found.authored, kind), getattr(read.authored, kind)
        assert [*mine] == [*theirs]
        # As text too: a decimal number equals others that are written in another way.
        assert [*map(repr, mine.values())] == [*map(repr, theirs.values())]
        assert dict(mine) == dict(theirs)
    assert library_hash(Library(found.authored)) == found.hash
    assert {*found.authored.origins} == {*read.authored.origins}
    for kind, key in [*read.authored.origins][:: max(1, len(read.authored.origins) // 50)]:
        mine, theirs = found.authored.origins[kind, key], read.authored.origins[kind, key]
        assert mine.place == theirs.place
        assert mine.fault(("id",), "wrong") == theirs.fault(("id",), "wrong")


def test_results_are_the_same_to_the_byte(tmp_path: Path) -> None:
    take(RULESETS, tmp_path / "kept.jsonl")
    found = snapshot.read(tmp_path / "kept.jsonl", RULESETS)
    assert found is not None
    both = [
        Checker(library, compare=False) for library in (Library(found.authored), loaded.library())
    ]
    for line in (ROOT / "docs" / "cases.jsonl").read_text("utf-8").splitlines():
        mine, theirs = (encode(one.check(json.loads(line), DAY)) for one in both)
        assert mine == theirs


def test_a_start_takes_what_was_kept(folder: Path) -> None:
    library = kept(folder)
    assert library.hash == library_hash(Library.load(folder))
    assert len(library.rules) == len(Library.load(folder).rules)


def test_reading_all_is_the_default(folder: Path) -> None:
    assert not isinstance(Library.load(folder).rules, Entries)
    assert not isinstance(Checker.load(folder).library.rules, Entries)


def test_other_rulesets_are_read(folder: Path) -> None:
    file = max(folder.rglob("*.yaml"))
    file.write_bytes(file.read_bytes() + b"# another word\n")
    assert is_read(folder)
    take(folder, snapshot.path_of(folder))
    assert not is_read(folder)


def test_every_change_of_a_file_gives_another_name(folder: Path) -> None:
    file, names = folder / "more.yaml", [snapshot.path_of(folder)]
    for content in (b"sources: {}\n", b"sources:  {}\n", b"documents: {}\n"):
        file.write_bytes(content)
        names.append(snapshot.path_of(folder))
    names.append(snapshot.path_of(file.rename(folder / "other.yaml").parent))
    assert len({*names}) == len(names)
    (folder / "other.yaml").unlink()
    assert snapshot.path_of(folder) == names[0]


def test_a_fault_is_told_as_ever(folder: Path) -> None:
    file = next(file for file in sorted(folder.rglob("*.yaml")) if b"\nrules:" in file.read_bytes())
    file.write_bytes(file.read_bytes().replace(b"then:", b"thon:", 1))
    told = []
    for from_snapshot in (True, False):
        with pytest.raises(RulesetError) as raised:
            Library.load(folder, from_snapshot=from_snapshot)
        told.append(str(raised.value))
    assert told[0] == told[1]
    with pytest.raises(RulesetError):
        take(folder, snapshot.path_of(folder))
    assert not snapshot.path_of(folder).exists()


@pytest.mark.parametrize(
    "broken",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw[:64],
        lambda raw: raw[:40],
        lambda raw: raw.replace(b"zh", b"zz", 1),
        lambda raw: raw + b"\n",
        lambda raw: b"\n" + raw,
        lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
        lambda raw: b"\xff" * 100,
    ],
)
def test_one_that_is_not_as_it_was_written_is_not_used(folder: Path, broken: object) -> None:
    assert callable(broken)
    file = snapshot.path_of(folder)
    file.write_bytes(broken(file.read_bytes()))
    assert is_read(folder)


def test_where_it_cannot_be_read_the_rulesets_are(folder: Path) -> None:
    file = snapshot.path_of(folder)
    file.unlink()
    file.mkdir()
    assert is_read(folder)


def test_a_place_in_a_file_that_is_gone_still_names_it(folder: Path) -> None:
    library = kept(folder)
    key, rule = next(iter(library.rules.items()))
    assert rule.id == key
    shutil.rmtree(folder)
    (fault,) = library.rule_fault(key, "wrong").faults
    assert fault.place.file.endswith(".yaml")


def test_every_module_with_a_say_in_it_is_among_the_judges() -> None:
    code = (
        "import sys; import engine.references, engine.snapshot, engine.receipt\n"
        "print(*(one[7:] for one in sys.modules if one.startswith('engine.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {*done.stdout.split()} == {*snapshot.JUDGES}


def test_entries_behave_as_a_table() -> None:
    read = Library.load(SMALL).rules
    made: list[str] = []

    def make(key: str) -> Rule:
        made.append(key)
        return read[key]

    columns = {"decision": {key: one.decision for key, one in read.items()}}
    table = Entries(read, make, columns)
    first, *_, last = read
    assert (len(table), [*table], first in table, "none" in table) == (
        len(read), [*read], True, False,
    )  # fmt: skip
    assert keys_by(table, "decision") == keys_by(read, "decision")
    assert made == []
    assert table[first] is table[first] is read[first]
    assert made == [first]
    with pytest.raises(KeyError):
        table["none"]
    table[first] = read[last]
    assert column(table, "decision")[first] == read[last].decision
    del table[last]
    assert last not in column(table, "decision")
    assert column(table, "topic") == {key: table[key].topic for key in table}
