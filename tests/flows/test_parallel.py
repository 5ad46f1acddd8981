"""Several processes decide what one does: the same bytes and counts, in order, whatever happens."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from engine.batch.attended import Attended
from engine.batch.encoding import encode
from engine.batch.identities import Identities
from engine.batch.mapping import read_mapping
from engine.batch.parallel import WorkerError, run_parallel
from engine.batch.part import Task
from engine.batch.privacy import Privacy
from engine.batch.run import run
from engine.batch.tally import Tally
from engine.checker import Checker
from engine.explanation.advice import with_words
from engine.loader import RULESETS
from tests.benchmarks.batch.generate import cases
from tests.support import loaded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.batch.summary import Summary
    from engine.result import CaseResult

pytestmark = pytest.mark.slow
DAY = date(2026, 6, 1)
NAMES = ["may_bind", "available", "claim_documents"]
SMALL = 20_000


def lines(count: int) -> list[str]:
    """Made-up cases among lines with faults, one id twice, and columns that tell who it is."""
    out = [json.dumps(one) for one in cases(count, 7)]
    out[5], out[11], out[17] = "", '{"id": "broken', '{"id": "unknown", "nonsense": 1}'
    out[23] = json.dumps({**json.loads(out[23]), "x_phone": "1", "x_amount": 1.50})
    out[-3] = out[2]
    return out


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(loaded.library())


def attended(checker: Checker, identities: Identities, **more: Any) -> Attended:
    privacy = Privacy(checker.library.vocabulary.facts)
    return Attended(checker.library, identities=identities, privacy=privacy, tally=Tally(), **more)


def counted(one: Attended, summary: Summary) -> list[object]:
    assert one.tally is not None
    assert one.privacy is not None
    assert one.identities is not None
    return [summary.to_json(), one.tally.to_json(), one.privacy.found, one.listed,
            one.identities.duplicates]  # fmt: skip


@pytest.mark.parametrize("form", ["array", "broken", "unique", "mapped"])
def test_the_same_as_in_one_process(checker: Checker, tmp_path: Path, form: str) -> None:
    path, text = tmp_path / "cases.jsonl", "\n".join(lines(120))
    packed = gzip.compress(text.encode())
    if form == "array":
        path.write_text(json.dumps([json.loads(one) for one in lines(60)[24:]]), "utf-8")
    elif form == "broken":
        path.write_bytes(packed[: len(packed) - 600])
    else:
        path.write_text(text, "utf-8")
    more: dict[str, Any] = {"unique_ids": form == "unique"}
    if form == "mapped":
        (tmp_path / "map.json").write_text('{"drop": ["x_phone"], "rename": {"scheme": "scheme"}}')
        more["mapping"] = read_mapping(str(tmp_path / "map.json"), checker.library)
    words = (with_words, "en") if form == "mapped" else None
    task = Task(RULESETS, DAY, decisions=NAMES, mapping=more.get("mapping"), tallied=True,
                looked=True, words=words)  # fmt: skip
    expected: list[str] = []
    found: list[bytes] = []

    def write(text: str, result: CaseResult) -> None:
        text = text if words is None else encode(with_words(checker.library, result, "en"))
        expected.append(text + "\n")

    with Identities() as ids:
        alone = attended(checker, ids, **more)
        summary = run(checker, [str(path)], write, DAY, decisions=NAMES, attended=alone)
        alone.close()
        counts = counted(alone, summary)
    with Identities() as ids:
        several = attended(checker, ids, **more)
        summary = run_parallel(checker, [str(path)], found.append,
                               Task(**{**task.__dict__, "key": ids.hasher.key}), several,
                               jobs=2, size=SMALL)  # fmt: skip
        assert counted(several, summary) == counts
    assert b"".join(found).decode() == "".join(expected)
    assert (form == "broken") == bool(summary.broken)


def test_a_process_that_dies_ends_the_run(checker: Checker, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(lines(400)), "utf-8")
    started: list[int] = []

    def killing(_results: bytes) -> None:
        children = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())],
                                  capture_output=True, text=True, check=True).stdout  # fmt: skip
        mine = [int(one.split()[0]) for one in children.splitlines() if "batch.worker" in one]
        if not started:
            started.extend(mine)
            os.kill(mine[0], signal.SIGKILL)

    with pytest.raises(WorkerError):
        _run(checker, path, killing)
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_interrupt_leaves_no_process(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(lines(200)), "utf-8")
    started: list[int] = []
    popen = subprocess.Popen

    def noted(*command: Any, **more: Any) -> Any:
        process = popen(*command, **more)
        started.append(process.pid)
        return process

    def interrupt(_results: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", noted)
    with pytest.raises(KeyboardInterrupt):
        _run(checker, path, interrupt)
    assert len(started) == 2
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def _run(checker: Checker, path: Path, write: Callable[[bytes], object]) -> None:
    task = Task(RULESETS, DAY, decisions=NAMES)
    run_parallel(checker, [str(path)], write, task, Attended(checker.library), jobs=2, size=SMALL)
