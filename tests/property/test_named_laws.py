"""Laws of any set of rules, by their names: over random rulesets, and over all that is shipped."""

from __future__ import annotations

import random
import tempfile
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.case import read_case
from engine.checker import Checker
from engine.errors import CaseError, RulesetError
from engine.library import Library
from tests.support.naive import World
from tests.support.random_cases import (
    OPTIONS,
    completions,
    drawn,
    left_open,
    possible,
    with_derived,
    written,
)
from tests.support.random_rulesets import load, rulesets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.result import DecisionResult

SHIPPED = Checker(Library.load(), compare=False)
EXAMPLES = sorted(SHIPPED.library.examples)
SAMPLE = 24
DAY = date(2026, 3, 1)
SEEDS = st.integers(0, 1 << 30)
Files = dict[str, Any]


@contextmanager
def checker_of(files: Files) -> Iterator[Checker]:
    """A checker over the files of a random ruleset."""
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(load(files, Path(folder)), compare=False)
    yield checker
    checker.close()


def answers(checker: Checker, case: Mapping[str, Any]) -> dict[str, object]:
    """What a case comes to, by decision: everything but the order of what is named."""
    found: dict[str, object] = {}
    for name in checker.library.decisions:
        try:
            one = checker.answer(name, read_case(dict(case), checker.library, DAY))
        except (CaseError, RulesetError) as error:
            found[name] = type(error).__name__
        else:
            found[name] = (
                one.verdict, one.outcome, one.evidence, one.sides, one.safer, {*one.rules},
                {*one.dissent}, {*one.missing}, one.items, one.value, one.from_, one.until,
                one.changes_on,
            )  # fmt: skip
    return found


def case_of(pick: random.Random) -> dict[str, Any]:
    """A random case, complete or not."""
    facts = drawn(pick)
    return written(facts, left_open(facts, pick) if pick.random() < 0.5 else {})


def examples(seed: int) -> list[dict[str, Any]]:
    """Some cases of shipped examples, the same ones for a seed."""
    pick = random.Random(seed)
    chosen = pick.sample(EXAMPLES, SAMPLE)
    return [dict(SHIPPED.library.examples[key].case) for key in chosen]


def wanted(facts: set[str]) -> list[str]:
    """Shipped decisions none of whose chain looks at any of the facts."""
    library = SHIPPED.library
    return [name for name in library.decisions if not facts & looked_at(library, name)]


def looked_at(library: Library, decision: str) -> set[str]:
    """Every raw fact a decision and what it builds on can hang on."""
    from engine.answering import value_facts

    found: set[str] = set()
    for name in library.upstream(decision):
        one = library.decisions[name]
        found |= {one.region, one.date, *value_facts(library, name)}
        for fact in one.inputs:
            found |= {*library.vocabulary.raw_facts(fact)}
    return found


# -- rule order does not matter -----------------------------------------------------------------


@given(rulesets(), SEEDS)
@settings(max_examples=25)
def test_rule_order_does_not_matter(files: Files, seed: int) -> None:
    pick, shuffled = random.Random(seed), deepcopy(files)
    for name in ("national", "local"):
        pick.shuffle(shuffled[name]["rules"])
        pick.shuffle(shuffled[name]["disputes"])
    cases = [case_of(pick) for _ in range(6)]
    with checker_of(files) as one, checker_of(shuffled) as other:
        for case in cases:
            assert answers(one, case) == answers(other, case)


def test_the_order_of_shipped_rules_does_not_matter() -> None:
    library, pick = Library.load(), random.Random(1)
    rules = [*library.authored.rules.items()]
    pick.shuffle(rules)
    library.authored.rules.clear()
    library.authored.rules.update(rules)
    shuffled = Checker(Library(library.authored), compare=False)
    for case in examples(1):
        names = pick.sample(sorted(library.decisions), 2)
        found, before = (_brief(one, case, names) for one in (shuffled, SHIPPED))
        assert found == before


# -- an irrelevant fact changes nothing ----------------------------------------------------------


@given(rulesets(), SEEDS)
@settings(max_examples=25)
def test_an_irrelevant_fact_changes_nothing(files: Files, seed: int) -> None:
    pick = random.Random(seed)
    with checker_of(files) as checker:
        constraints = checker.library.vocabulary.constraints
        for _ in range(4):
            facts = drawn(pick)
            for name in checker.library.decisions:
                used = looked_at(checker.library, name)
                others = {**facts, **{fact: pick.choice(some) for fact, some in OPTIONS.items()
                                      if fact not in used}}  # fmt: skip
                fewer = {key: value for key, value in facts.items() if key in used | {"as_of"}}
                found = [answers(checker, written(one, {}))[name] for one in (facts, others, fewer)]
                if not constraints:
                    # A constraint may rule a value out only together with an irrelevant one.
                    assert found[0] == found[1] == found[2]


def test_a_fact_irrelevant_to_a_shipped_decision_changes_nothing() -> None:
    library, pick, looked = SHIPPED.library, random.Random(2), 0
    tied = {fact for one in library.vocabulary.constraints.values()
            for fact in facts_in_constraint(library, one.never)}  # fmt: skip
    for case in examples(2):
        for fact in pick.sample(sorted(library.vocabulary.facts), 12):
            definition = library.vocabulary.facts[fact]
            if fact in tied or definition.type not in {"bool", "enum"} or fact in case:
                continue
            value = True if definition.type == "bool" else pick.choice(definition.codes)
            for name in pick.sample(wanted({fact}), 1):
                looked += 1
                result = SHIPPED.check({**case, fact: value}, DAY, None, [name])
                assert result.decisions == SHIPPED.check(case, DAY, None, [name]).decisions
    assert looked > SAMPLE


def facts_in_constraint(library: Library, condition: Any) -> set[str]:
    """The raw facts a constraint is on."""
    from engine.condition import FactTest, leaves

    return {raw for _, leaf in leaves(condition) if isinstance(leaf, FactTest)
            for raw in library.vocabulary.raw_facts(leaf.fact)}  # fmt: skip


# -- knowing more never flips a settled verdict --------------------------------------------------


def settled(result: DecisionResult) -> bool:
    """Whether a verdict is there before all facts are known."""
    return result.verdict != "undecided"


@given(rulesets(), SEEDS)
@settings(max_examples=25)
def test_knowing_more_never_flips_a_settled_verdict(files: Files, seed: int) -> None:
    pick = random.Random(seed)
    with checker_of(files) as checker:
        for _ in range(3):
            facts = drawn(pick)
            order = [name for name in OPTIONS if name != "region"]
            pick.shuffle(order)
            said: dict[str, str] = {}
            for known in range(len(order) + 1):
                open_ = {name: OPTIONS[name] for name in order[known:]}
                for name in checker.library.decisions:
                    case = read_case(written(facts, open_), checker.library, DAY)
                    try:
                        result = checker.answer(name, case)
                    except (CaseError, RulesetError):
                        continue
                    if name in said:
                        assert result.verdict == said[name], (name, open_)
                    if settled(result):
                        said[name] = result.verdict


def test_knowing_more_never_flips_a_settled_shipped_verdict() -> None:
    pick, flips = random.Random(3), 0
    for whole in examples(3):
        order = [key for key in whole if key not in {"region", "as_of", "id", "topics"}]
        pick.shuffle(order)
        said: dict[str, str] = {}
        names = pick.sample(sorted(SHIPPED.library.decisions), 1)
        for known in range(0, len(order) + 1, 2):
            case = {key: value for key, value in whole.items() if key not in order[known:]}
            for name, result in SHIPPED.check(case, DAY, None, names).decisions.items():
                if name in said:
                    assert result.verdict == said[name]
                    flips += 1
                if settled(result):
                    said[name] = result.verdict
    assert flips


# -- unknown equals the agreement of all completions ---------------------------------------------


@given(rulesets(decisions=2), SEEDS)
@settings(max_examples=30)
def test_unknown_equals_the_agreement_of_all_completions(files: Files, seed: int) -> None:
    """By the checker's own answers to the completions; the naive evaluator says it elsewhere."""
    pick = random.Random(seed)
    with checker_of(files) as checker:
        library = checker.library
        facts = drawn(pick)
        name = pick.choice(["flag", "kind", "count", "one_amount", "visit", "away"])
        open_ = {name: OPTIONS[name]}
        every, _ = completions(facts, open_, 20, pick)
        whole = [one for one in every if possible(World(library, with_derived(library, one)))]
        for decision in library.decisions:
            try:
                partial = checker.answer(
                    decision, read_case(written(facts, open_), library, DAY))  # fmt: skip
                each = [checker.answer(decision, read_case(written(one, {}), library, DAY))
                        for one in whole]  # fmt: skip
            except (CaseError, RulesetError):
                continue
            verdicts = {one.verdict for one in each}
            outcomes = {one.outcome for one in each}
            if each and library.decisions[decision].hit_policy == "unique":
                assert (partial.verdict in verdicts) == (len(verdicts) == 1)
                assert (partial.outcome in outcomes) == (len(outcomes) == 1) or None in outcomes


# -- rules dated later do not touch earlier dates ------------------------------------------------


def with_later_rules(files: Files, first: date) -> Files:
    """The same with another outcome for everything from a day on."""
    more = deepcopy(files)
    for name, decision in more["topic"]["decisions"].items():
        outcomes = decision.get("outcomes")
        for outcome in [*outcomes][:1] if outcomes else ():
            mine = [one["id"] for region in ("national", "local") for one in more[region]["rules"]
                    if one["decision"] == name]  # fmt: skip
            more["national"]["rules"].append({
                **more["national"]["rules"][0], "id": f"later_{name}", "decision": name,
                "when": "always", "then": outcome, "overrides": mine,
                "in_force": {"from": first.isoformat(), "to": None},
            })  # fmt: skip
    return more


@given(rulesets(), SEEDS)
@settings(max_examples=25)
def test_later_dated_rules_do_not_touch_earlier_dates(files: Files, seed: int) -> None:
    pick, first = random.Random(seed), date(2026, 3, 2)
    touched = set()
    with checker_of(files) as one, checker_of(with_later_rules(files, first)) as other:
        for _ in range(6):
            facts = drawn(pick)
            case = written(facts, {})
            before, after = answers(one, case), answers(other, case)
            for name in one.library.decisions:
                days = [facts[one.library.decisions[up].date]
                        for up in one.library.upstream(name)]  # fmt: skip
                if max(days) < first and "Error" not in f"{before[name]}{after[name]}":
                    # What is told to change later does; what holds today does not.
                    assert before[name][:-1] == after[name][:-1], name  # type: ignore[index]
                else:
                    touched.add(name)


def test_a_later_rule_does_not_touch_earlier_dates_of_what_is_shipped() -> None:
    library = Library.load()
    key, rule = next((key, one) for key, one in library.rules.items()
                     if one.decision == "may_bind" and one.region != "100000")  # fmt: skip
    period = rule.in_force.model_copy(update={"from_": DAY + timedelta(400), "to": None})
    update = {"id": "later", "when": "always", "in_force": period, "overrides": [*library.rules]}
    library.authored.rules["later"] = rule.model_copy(update=update)
    library.authored.origins["rules", "later"] = library.authored.origins["rules", key]
    changed = Checker(Library(library.authored), compare=False)
    for case in examples(4):
        then, now = ({**case, "as_of": (DAY + timedelta(days)).isoformat(), "region": rule.region}
                     for days in (500, 0))  # fmt: skip
        found = changed.check(now, DAY, None, ["may_bind"])
        assert _said(found) == _said(SHIPPED.check(now, DAY, None, ["may_bind"]))
        later = changed.check(then, DAY, None, ["may_bind"])
        assert later.faults or later.decisions["may_bind"].rules == ("later",)


def _brief(checker: Checker, case: dict[str, Any], names: list[str]) -> object:
    """What a case comes to, but for the order of what is named."""
    result = checker.check(case, DAY, None, names)
    told = {name: (one.verdict, one.outcome, {*one.rules}, {*one.dissent}, {*one.missing},
                   one.items) for name, one in result.decisions.items()}  # fmt: skip
    return {one.code for one in result.faults}, told


def _said(result: Any) -> object:
    one = result.decisions.get("may_bind")
    return result.faults if one is None else (one.verdict, one.outcome, one.rules, one.missing)


# -- a region's rules touch their region alone ---------------------------------------------------


@given(rulesets(), SEEDS)
@settings(max_examples=25)
def test_a_region_overlay_touches_only_its_region(files: Files, seed: int) -> None:
    pick, without = random.Random(seed), deepcopy(files)
    kept = {one["id"] for one in without["national"]["rules"]}
    without["local"] |= {"rules": [], "disputes": []}
    for one in without["national"]["rules"]:
        one["overrides"] = [name for name in one["overrides"] if name in kept]
    for claims in without["claims"]["claims"].values():
        claims["rules"] = [name for name in claims["rules"] if name in kept]
    without["national"]["disputes"] = [
        one for one in files["local"]["disputes"] if {*one["between"]} <= kept]  # fmt: skip
    with checker_of(files) as one, checker_of(without) as other:
        for _ in range(6):
            facts = drawn(pick)
            facts["region"] = pick.choice([code for code in OPTIONS["region"] if code != "440300"])
            case = written(facts, {} if pick.random() < 0.5 else left_open(facts, pick))
            assert answers(one, case) == answers(other, case)


def test_a_shipped_region_overlay_touches_only_its_region() -> None:
    library = Library.load()
    for key in [key for key, one in library.rules.items() if one.region == "440300"]:
        del library.authored.rules[key]
    for key in [key for key, one in library.authored.values.items() if one.region == "440300"]:
        del library.authored.values[key]
    without = Checker(Library(library.authored), compare=False)
    other = 0
    pick = random.Random(6)
    for case in examples(5):
        region = case.get("region")
        places = {case.get(name) for name, one in library.vocabulary.facts.items()
                  if one.type == "place"}  # fmt: skip
        here = places & {"440300", "深圳市"}
        names = pick.sample(sorted(library.decisions), 2)
        found, before = (one.check(case, DAY, None, names).decisions for one in (without, SHIPPED))
        if region and not here:
            other += 1
            assert found == before
    assert other > SAMPLE / 2
