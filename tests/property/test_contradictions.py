"""Cases that contradict themselves get the same error from the scanner as the exact way."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from engine.batch.pipeline import run_brief
from engine.batch.summary import Summary
from engine.checker import Checker
from tests.support import loaded
from tests.support.compiled import compiled
from tests.support.hostile_lines import Lines

pytestmark = pytest.mark.slow
DAY = date(2024, 7, 1)
NAMES = ("may_bind", "available", "filing_status", "claim_documents", "premium")
DATES = ("last_bound_on", "visit_date", "enrolled_on")
CARRIED = ("x_note", "x_as_of", "x_\u7ae5")
VALUES = ("as_of", 'a "quoted" word', "2024-01-01", 1, None, True)


@pytest.fixture(scope="module", autouse=True)
def _scanner() -> None:
    compiled()


@pytest.fixture(scope="module")
def checker() -> Checker:
    return loaded.checker()


def cases(checker: Checker, count: int, seed: int) -> bytes:
    """Lines full of days at odds with each other; the same facts are known again and again."""
    random = Random(seed)
    facts = checker.library.vocabulary.facts
    days = [
        one
        for one, fact in facts.items()
        if fact.type == "date" and fact.bounds()[0] < DAY.toordinal() < fact.bounds()[1]
    ]
    days = [one for one in days if one not in {"birth_date", *DATES}]

    def day() -> str:
        return str(DAY + timedelta(random.randrange(-900, 200)))

    out = []
    for number in range(count):
        case: dict[str, object] = {"id": random.choice([f"c{number}", None])}
        case |= dict.fromkeys(("region", "payer_region", "care_region"), "440300")
        for one in ("birth_date", *DATES, *random.choices(days, k=random.randrange(2))):
            case[one] = day() if random.random() < 0.97 else None
        case |= {"discharged": random.random() < 0.5, "in_city": True}
        if random.random() < 0.3:
            case["as_of"] = random.choice([day(), None])
        if random.random() < 0.4:
            case[random.choice(CARRIED)] = random.choice(VALUES)
        keys = random.sample([*case], len(case))
        out.append(json.dumps({one: case[one] for one in keys}, ensure_ascii=False))
    return "".join(one + "\n" for one in out).encode()


def brief(
    checker: Checker, path: Path, names: tuple[str, ...], *, compiled: bool, jobs: int = 1
) -> tuple[bytes, Summary]:
    out: list[bytes] = []
    summary = run_brief(
        checker, [str(path)], lambda part: out.append(bytes(part)), DAY, None, names,
        jobs=jobs, compiled=compiled, chunk=20_000,
    )  # fmt: skip
    return b"".join(out), summary


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1]])
def test_the_errors_are_those_of_the_exact_path(
    checker: Checker, tmp_path: Path, names: tuple[str, ...]
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(cases(checker, 500, 4) + Lines(checker.library, 9).text(40, 0.05))
    exact = brief(Checker(checker.library), path, names, compiled=False)
    assert exact[1].codes["contradiction"] > 100
    for jobs in (1, 2):
        fast = brief(Checker(checker.library), path, names, compiled=True, jobs=jobs)
        for mine, theirs in zip(fast[0].splitlines(), exact[0].splitlines(), strict=True):
            assert mine == theirs
        assert fast[0] == exact[0]
        assert fast[1] == exact[1], "the counts, and the classes that both engines decided"
