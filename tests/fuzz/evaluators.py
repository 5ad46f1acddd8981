"""Lets three evaluators decide random cases on random rulesets, and compares what they say.

python -m tests.fuzz.evaluators [RULESETS] [CASES] [--seed N] [--jobs N]

The naive evaluator, the decision table and the inference engine take each case: complete, with
facts missing, with dates known to the month. What differs is made small, printed, and left in
.fuzz/evaluators as a folder of rulesets and a case; the seed printed draws the same again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from engine.case import read_case
from engine.checker import Checker
from engine.errors import CaseError, RulesetError
from tests.support.naive import Answer, World
from tests.support.random_cases import (
    ENDS,
    completions,
    drawn,
    hinged,
    left_open,
    possible,
    with_derived,
    written,
)
from tests.support.random_rulesets import load, rulesets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.result import DecisionResult

FOUND = Path(".fuzz") / "evaluators"
RULESETS, CASES = 10_000, 100
AT_ONCE = 50
"""So many rulesets are drawn from one seed: what Hypothesis remembers of them stays small."""
MOST = 48
"""Of more completions than these, so many are drawn."""
WHOLE = 0.7
"""The share of cases that are complete."""


@dataclass
class _Last:
    """The case that was compared last: after a difference, the smallest that shows it."""

    files: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class Comparison:
    """The three evaluators over one ruleset."""

    def __init__(self, checker: Checker, counts: Counter[str]) -> None:
        self.checker, self.library, self.counts = checker, checker.library, counts

    def compare(self, pick: random.Random) -> dict[str, Any]:
        """Draw a case and let all three decide it; the case. AssertionError where they differ."""
        facts = drawn(pick)
        open_ = {} if pick.random() < WHOLE else left_open(facts, pick)
        case = written(facts, open_)
        every, all_ = completions(facts, open_, MOST, pick)
        worlds = [World(self.library, with_derived(self.library, one)) for one in every]
        worlds = [world for world in worlds if possible(world)]
        # What is left open may also be ruled out jointly, which is not looked for.
        exact = all_ and not any(ends <= {*open_} for ends in ENDS) and not hinged(facts, open_)
        self.counts["complete" if not open_ else "partial"] += 1
        for decision in self.library.decisions:
            answers = {world.chain(decision) for world in worlds}
            if any(answer.fault for answer in answers):
                # A class nobody resolves is a fault of the ruleset, told by `rules verify`.
                self.counts["unresolved"] += 1
                continue
            self._decide(case, decision, answers, complete=not open_, exact=exact)
        return case

    def _decide(
        self, case: dict[str, Any], decision: str, answers: set[Answer], *, complete: bool,
        exact: bool,
    ) -> None:  # fmt: skip
        self.counts["answers"] += 1
        try:
            result = self.checker.answer(decision, read_case(case, self.library, case_day(case)))
        except CaseError:
            # Facts that a decision does not look at may contradict each other unnoticed.
            assert not answers or not exact, (decision, "refused, and possible")
            self.counts["contradictory"] += 1
            return
        except RulesetError:
            # A class that the case leaves open, or comes to later, is resolved by no rule.
            self.counts["unresolved"] += 1
            return
        kept = self.checker.check(case, case_day(case), None, [decision]).decisions.get(decision)
        assert kept == result, (decision, "what is kept differs", kept, result)
        if not answers:
            return
        if complete:
            (answer,) = answers
            assert self._same(decision, result, answer), (decision, result, answer)
        else:
            sound = self._sound(decision, result, answers, exact=exact)
            assert sound, (decision, result, answers)

    def _same(self, decision: str, result: DecisionResult, answer: Answer) -> bool:
        """Whether a result says of a complete case what the naive evaluator says."""
        if self.library.decisions[decision].hit_policy == "collect":
            return _needed(result) == (_needs(answer), set())
        dissent = frozenset((one.rule, one.outcome) for one in result.dissent)
        rules = frozenset(result.rules)
        return Answer(result.outcome, result.sides, result.safer, rules, dissent) == answer

    def _sound(
        self, decision: str, result: DecisionResult, answers: set[Answer], *, exact: bool
    ) -> bool:
        """Whether a result holds of every completion, and says so wherever they agree."""
        if self.library.decisions[decision].hit_policy == "collect":
            certain, perhaps = _needed(result)
            needs = [_needs(one) for one in answers]
            always, ever = set.intersection(*needs), set.union(*needs)
            sound = certain <= always and ever <= certain | perhaps
            return sound and (not exact or (certain, perhaps) == (always, ever - always))
        shared = {(one.outcome, one.sides) for one in answers}
        if result.verdict != "undecided" and not result.possible:
            return shared <= {(result.outcome, result.sides)}
        return not exact or (len(shared) > 1 and bool(result.missing))


def case_day(case: dict[str, Any]) -> Any:
    """A day other than the one the case names: it must not be used."""
    return date(2026, 3, 1)


def _needed(result: DecisionResult) -> tuple[set[str], set[str]]:
    """The items of a result that are needed, and those that depend on facts."""
    needed = {item for item, state in result.items.items() if state == "needed"}
    return needed, {item for item, state in result.items.items() if isinstance(state, tuple)}


def _needs(answer: Answer) -> set[str]:
    return {item for item, state in answer.items if state == "needed"}


def hold(files: dict[str, Any], draws: int, cases: int, last: _Last) -> None:
    """Compare so many cases on one ruleset."""
    last.files = files
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    checker, pick = Checker(library), random.Random(draws)
    try:
        comparison = Comparison(checker, last.counts)
        for _ in range(cases):
            state = pick.getstate()
            try:
                comparison.compare(pick)
            except Exception:
                pick.setstate(state)
                facts = drawn(pick)
                open_ = {} if pick.random() < WHOLE else left_open(facts, pick)
                last.case = written(facts, open_)
                raise
        last.counts["rulesets"] += 1
        last.counts["classes"] += len(checker.agreed)
        last.counts["fired"] += checker.compared
    finally:
        checker.close()


def batch(number: int, count: int, cases: int) -> tuple[Counter[str], _Last | None, str]:
    """Some rulesets drawn from one seed: the counts, and what differs made small, and how."""
    last = _Last()

    @seed(number)
    @settings(
        max_examples=count, deadline=None, database=None, phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(rulesets(), st.integers(0, 1 << 30))
    def one(files: dict[str, Any], draws: int) -> None:
        hold(files, draws, cases, last)

    try:
        one()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        return last.counts, last, f"{type(error).__name__}: {error}"
    return last.counts, None, ""


def left(last: _Last, told: str, number: int) -> Path:
    """Where a ruleset and the case that shows a difference were left."""
    folder = FOUND / str(number)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "rulesets").mkdir(parents=True)
    for name, content in last.files.items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / "rulesets" / f"{name}.yaml").write_text(text, "utf-8")
    case = json.dumps(last.case, ensure_ascii=False, default=lambda one: float(Decimal(one)))
    (folder / "case.json").write_text(case + "\n", "utf-8")
    (folder / "difference.txt").write_text(told + "\n", "utf-8")
    return folder


def main(arguments: Sequence[str]) -> int:
    """Compare as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.evaluators")
    parser.add_argument("rulesets", type=int, nargs="?", default=RULESETS)
    parser.add_argument("cases", type=int, nargs="?", default=CASES)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    told = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    sys.stdout.write(f"seed {told.seed}\n")
    sys.stdout.flush()
    sizes = [min(AT_ONCE, told.rulesets - at) for at in range(0, told.rulesets, AT_ONCE)]
    with ProcessPoolExecutor(told.jobs) as pool:
        futures = {pool.submit(batch, told.seed + at, size, told.cases): told.seed + at
                   for at, size in enumerate(sizes)}  # fmt: skip
        for done, future in enumerate(as_completed(futures), 1):
            found, last, said = future.result()
            counts += found
            if last is not None:
                where = left(last, said, futures[future])
                pool.shutdown(cancel_futures=True)
                sys.stderr.write(f"seed {futures[future]}: see {where}\n{said}\n")
                return 1
            if done % 20 == 0 or done == len(sizes):
                sys.stdout.write(f"{dict(counts)}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{counts['rulesets']} rulesets, {counts['complete'] + counts['partial']} "
                     f"cases, {counts['answers']} answers, {counts['classes']} classes by both "
                     f"engines, seed {told.seed}: nothing found\n")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
