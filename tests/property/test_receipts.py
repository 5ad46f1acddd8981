"""A receipt is of exactly what is in force for a case: rules, values, sources, disputes, claims."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.checker import Checker
from engine.library import Library
from engine.receipt import parse
from tests.support.random_rulesets import CODES, TEXT, load, rulesets

if TYPE_CHECKING:
    from collections.abc import Iterator

VISITS = ("2026-02-22", "2026-02-26", "2026-02-27", "2026-03-01", "2026-03-04")
PERIODS: dict[str, Any] = {
    "early": {"from": None, "to": "2026-02-25"}, "late": {"from": "2026-02-26", "to": None},
}  # fmt: skip
WRITTEN = {"zh": "改", "en": "changed"}
CHECKED = {"checked": date(2026, 1, 2)}


def with_parameters(files: dict[str, Any], draw: st.DrawFn) -> None:
    """Let a rule compare with one parameter, an outcome give another, and nothing use a third."""
    sources, decisions = files["sources"]["sources"], files["topic"]["decisions"]
    names = ("compared", "told", "unused")
    files["topic"]["parameters"] = {name: {"label": TEXT, "unit": TEXT} for name in names}
    for file, when in (("national", "early"), ("national", "late"), ("local", "late")):
        for number, name in enumerate(names):
            source = f"v{file}{when}{name}"
            sources[source] = {**sources["s0"]}
            files[file].setdefault("values", []).append({
                "parameter": name, "value": number, "in_force": PERIODS[when],
                "sources": [{"source": source, "clause": TEXT}],
            })  # fmt: skip
    for one in decisions["decision0"]["outcomes"].values():
        one["value"] = {"number": {"param": "told"}}
    rules = [*files["national"]["rules"], *files["local"]["rules"]]
    rule = draw(st.sampled_from([one for one in rules if not one["id"].endswith("base")]))
    rule["when"] = {"all": [rule["when"], {"fact": "count", "gte": {"param": "compared"}}]}
    inputs = decisions[rule["decision"]]["inputs"]
    inputs += [] if "count" in inputs else ["count"]


@st.composite
def questions(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A ruleset with parameters, and a case whose dates are known."""
    files = draw(rulesets())
    with_parameters(files, draw)
    case = {"region": draw(st.sampled_from(CODES[:-1])), "visit": draw(st.sampled_from(VISITS)),
            "as_of": draw(st.sampled_from(VISITS)), "count": draw(st.integers(0, 4))}  # fmt: skip
    return files, case


def changed(library: Library, case: dict[str, Any]) -> Iterator[tuple[str, Library, bool]]:
    """The library with one entry changed after another, and whether that is in force for a case."""

    def day(decision: str) -> date:
        return date.fromisoformat(case[library.decisions[decision].date])

    def holds(region: str, period: Any, on: date) -> bool:
        first, last = period.days(1, 4_000_000)
        return library.places.applies(region, case["region"]) and first <= on.toordinal() <= last

    def other(table: str, key: str, **update: Any) -> Library:
        entries = dict(getattr(library.authored, table))
        entries[key] = entries[key].model_copy(update=update)
        changes: dict[str, Any] = {table: entries}
        return Library(replace(library.authored, **changes))

    words = library.rules[next(iter(library.rules))].because.model_copy(update=WRITTEN)
    in_force = {key for key, rule in library.rules.items()
                if holds(rule.region, rule.in_force, day(rule.decision))}  # fmt: skip
    for key, rule in library.rules.items():
        yield f"rule {key}", other("rules", key, because=words), key in in_force
        for cited in rule.sources:
            yield f"source {cited.source}", other("sources", cited.source, **CHECKED), (
                key in in_force)  # fmt: skip
    for key, dispute in library.disputes.items():
        both = set(dispute.between) <= in_force
        yield f"dispute {key}", other("disputes", key, because=words), both
    for key, claim in library.claims.items():
        yield f"claim {key}", other("claims", key, says=words), bool(in_force & {*claim.rules})
    comparing = [rule.decision for key, rule in library.rules.items()
                 if key in in_force and "compared" in rule.model_dump_json()]  # fmt: skip
    users = {"compared": comparing, "told": ["decision0"], "unused": []}
    for key, value in library.authored.values.items():
        used = False
        for decision in users[value.parameter]:
            mine = [one for one in library.authored.values.values()
                    if one.parameter == value.parameter
                    and holds(one.region, one.in_force, day(decision))]  # fmt: skip
            local = [one for one in mine if one.region != library.places.nation] or mine
            used |= local == [value]
        yield f"value {key}", other("values", key, value=value.value + 1), used
        source = value.sources[0].source
        yield f"source {source}", other("sources", source, **CHECKED), used
    region = library.decisions["decision0"].region
    asked = library.vocabulary.facts[region].question.model_copy(update=WRITTEN)
    yield "wording", other("facts", region, question=asked), False


def rules_part(library: Library, case: dict[str, Any]) -> str | None:
    found = parse(Checker(library, compare=False).check(case, date(2026, 1, 1)).receipt)
    return found.rules if found else None


@settings(max_examples=12)
@given(questions())
def test_what_is_in_force_is_in_the_receipt_and_nothing_else(
    question: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    files, case = question
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    before = rules_part(library, case)
    assume(before is not None)
    for what, other, in_force in changed(library, case):
        after = rules_part(other, case)
        # A constraint compared with may leave no class open: then there is no receipt at all.
        if after is not None:
            assert (after != before) == in_force, what
