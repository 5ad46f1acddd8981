"""Random rulesets, complete and free of undeclared ties, and random cases for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from engine.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import DrawFn

TEXT = {"zh": "字", "en": "word"}
GRADES = ("A", "B", "B*", "C", "C*", "D")
ALWAYS = {"from": None, "to": None}
# Born in three weeks around a leap day, seen fourteen years later: small enough to try them all.
BIRTH = ("2012-02-20", "2012-03-08")
VISIT = ("2026-02-22", "2026-03-04")
PLACES: dict[str, Any] = {
    "places": [
        {"code": "100000", "name": TEXT, "level": "nation"},
        {"code": "110000", "name": {"zh": "甲", "en": "Jia"}, "level": "province", "pool": True},
        {"code": "130000", "name": {"zh": "乙", "en": "Yi"}, "level": "province"},
        {"code": "130100", "name": {"zh": "丙", "en": "Bing"}, "level": "city", "pool": True},
        {"code": "130200", "name": {"zh": "丁", "en": "Ding"}, "level": "city", "pool": True},
        {"code": "440000", "name": {"zh": "戊", "en": "Wu"}, "level": "province"},
        {"code": "440300", "name": {"zh": "己", "en": "Ji"}, "level": "city", "pool": True},
        {"code": "900000", "name": {"zh": "外", "en": "out"}, "level": "abroad"},
    ],
    "groups": {
        "pair": {
            "name": TEXT,
            "members": ["110000", "130000"],
            "in_force": {"from": "2026-02-26", "to": None},
            "sources": [{"source": "s0", "clause": TEXT}],
        }
    },
}
CODES = ("110000", "130100", "130200", "440300", "900000")


def _fact(kind: str, **more: Any) -> dict[str, Any]:
    words = dict.fromkeys(("label", "question", "help", "find_out"), TEXT)
    return {"type": kind, **words, **more}


FACTS: dict[str, Any] = {
    "region": _fact("place"),
    "away": _fact("place"),
    "flag": _fact("bool"),
    "kind": _fact("enum", values={"a": TEXT, "b": TEXT, "c": TEXT}),
    "count": _fact("integer", domain={"min": 0, "max": 4}),
    "one_amount": _fact("decimal", decimals=1, domain={"min": 0, "max": 1}),
    "other_amount": _fact("decimal", decimals=1, domain={"min": 0, "max": 1}),
    "birth": _fact("date", domain={"from": BIRTH[0], "to": BIRTH[1]}),
    "visit": _fact("date", domain={"from": VISIT[0], "to": VISIT[1]}),
}
DERIVED: dict[str, Any] = {
    "age": {"years_between": {"from": "birth", "to": "visit", "short_month": "next_day"}},
    "age_now": {"years_between": {"from": "birth", "to": "as_of", "short_month": "last_day"}},
    "months": {"months_between": {"from": "birth", "to": "visit", "short_month": "next_day"}},
    "days": {"days_between": {"from": "birth", "to": "visit"}},
    "until_today": {"days_between": {"from": "visit", "to": "as_of"}},
    "against": {"compare": {"amount": "one_amount", "with": "other_amount"}},
    "lying": {"relation": {"of": "region", "to": "away", "group": "pair", "on": "visit"}},
}
CONSTANTS: dict[str, st.SearchStrategy[Any]] = {
    "flag": st.booleans(),
    "kind": st.sampled_from("abc"),
    "count": st.integers(0, 4),
    "one_amount": st.sampled_from([0, 0.3, 0.5, 1]),
    "other_amount": st.sampled_from([0, 0.4, 1]),
    "visit": st.sampled_from(["2026-02-24", "2026-02-28", "2026-03-01"]),
    "age": st.integers(13, 14),
    "age_now": st.integers(13, 14),
    "months": st.integers(166, 168),
    "days": st.sampled_from([5100, 5113, 5114, 5117]),
    "until_today": st.integers(-3, 3),
    "against": st.sampled_from(["below", "equal", "above"]),
    "lying": st.sampled_from(["same_pool", "same_province", "same_group", "elsewhere", "abroad"]),
}
UNORDERED = ("flag", "kind", "against", "lying")


@st.composite
def tests_of(draw: DrawFn, names: tuple[str, ...]) -> dict[str, Any]:
    name = draw(st.sampled_from(names))
    constant = CONSTANTS[name]
    operators = ["equals", "in"]
    if name not in UNORDERED:
        operators += ["lt", "lte", "gt", "gte", "between"]
    operator = draw(st.sampled_from(operators))
    if operator == "in":
        return {"fact": name, "in": draw(st.lists(constant, min_size=1, max_size=2))}
    if operator == "between":
        return {"fact": name, "between": sorted(draw(st.tuples(constant, constant)))}
    return {"fact": name, operator: draw(constant)}


@st.composite
def conditions(
    draw: DrawFn, names: tuple[str, ...], upstream: dict[str, list[str]], depth: int = 2
) -> Any:
    kinds = (
        ["test"] * 3
        + (["all", "any", "not"] if depth else [])
        + ["decision"] * (2 * bool(upstream))
    )
    kind = draw(st.sampled_from(kinds))
    if kind == "test":
        return draw(tests_of(names))
    if kind == "decision":
        name = draw(st.sampled_from(sorted(upstream)))
        outcomes = draw(
            st.lists(st.sampled_from(upstream[name]), min_size=1, max_size=2, unique=True)
        )
        return {"decision": name, "in": outcomes}
    inner = conditions(names, upstream, depth - 1)
    if kind == "not":
        return {"not": draw(inner)}
    return {kind: draw(st.lists(inner, min_size=1, max_size=3))}


@st.composite
def rulesets(draw: DrawFn, *, decisions: int = 3) -> dict[str, Any]:
    """The files of a random ruleset: a chain of decisions, the last perhaps collecting."""
    facts = ("flag", "kind", "count", "one_amount", "visit", *DERIVED)
    names = tuple(draw(st.lists(st.sampled_from(facts), min_size=1, max_size=4, unique=True)))
    files: dict[str, Any] = {
        "regions": PLACES,
        "vocabulary": {
            "facts": FACTS,
            "derived": {name: {"label": TEXT, **one} for name, one in DERIVED.items()},
            "constraints": [
                {"id": f"limit{i}", "never": draw(conditions(names, {}, 1)), "because": TEXT}
                for i in range(draw(st.integers(0, 1)))
            ],
        },
        "sources": {"sources": {"s0": _source("A", None)}},
        "documents": {"documents": {f"d{i}": {"title": TEXT, "form": "any"} for i in range(3)}},
    }
    topic: dict[str, Any] = {"topic": "topic", "title": TEXT, "about": TEXT, "decisions": {}}
    national: dict[str, Any] = {"topic": "topic", "region": "100000", "rules": [], "disputes": []}
    local: dict[str, Any] = {"topic": "topic", "region": "440300", "rules": [], "disputes": []}
    claims: dict[str, Any] = {}
    upstream: dict[str, list[str]] = {}
    for number in range(draw(st.integers(1, decisions))):
        _decision(draw, number, names, upstream, topic, national, local, files, claims)
    files["topic"], files["national"], files["local"] = topic, national, local
    files["claims"] = {"claims": claims}
    if claims:
        files["claims"]["articles"] = {"s0": {"main": sorted(claims), "sidebar": []}}
    return files


def _source(authority: str, issued: str | None) -> dict[str, Any]:
    return {
        "title": TEXT, "body": TEXT, "number": None, "issued": issued, "address": None,
        "host": "original", "checked": "2026-01-01", "read": "whole", "authority": authority,
    }  # fmt: skip


def _decision(  # noqa: PLR0913, PLR0917 - the files it adds to
    draw: DrawFn, number: int, names: tuple[str, ...], upstream: dict[str, list[str]],
    topic: dict[str, Any], national: dict[str, Any], local: dict[str, Any],
    files: dict[str, Any], claims: dict[str, Any],
) -> None:  # fmt: skip
    name = f"decision{number}"
    collects = number > 0 and draw(st.integers(0, 3)) == 0
    outcomes = [f"o{number}{letter}" for letter in "xyz"]
    verdicts = ("eligible", "not_eligible", "unclear")
    authored: dict[str, Any] = {
        "question": TEXT, "hit_policy": "collect" if collects else "unique", "region": "region",
        "date": draw(st.sampled_from(["as_of", "visit"])), "inputs": list(names),
        "builds_on": sorted(upstream),
    }  # fmt: skip
    if collects:
        authored["items"] = ["d0", "d1", "d2"]
    else:
        authored["outcomes"] = {one: {"verdict": draw(st.sampled_from(verdicts)), "title": TEXT}
                                for one in outcomes}  # fmt: skip
    topic["decisions"][name] = authored
    count = draw(st.integers(1, 5))
    made: list[tuple[str, str, str]] = []
    base = f"r{number}base"
    if not collects:
        files["sources"]["sources"][f"s{base}"] = _source("D", None)
        national["rules"].append(
            _rule(base, name, "always", draw(st.sampled_from(outcomes)), [], ALWAYS)
        )
    for index in range(count):
        rule = f"r{number}n{index}"
        grade = draw(st.sampled_from(GRADES))
        # Distinct days of issue, so that only grade D can tie, and those ties are declared.
        issued = f"2020-{number + 1:02}-{index + 1:02}"
        files["sources"]["sources"][f"s{rule}"] = _source(grade, issued)
        overrides = [] if collects else [base]
        overrides += [one for one, _, _ in made if draw(st.integers(0, 4)) == 0]
        item = draw(st.sampled_from(["d0", "d1", "d2"]))
        then: Any = draw(st.sampled_from(outcomes))
        if collects:
            earlier = [one for one, what, _ in made if what == item]
            waives = bool(earlier) and draw(st.booleans())
            overrides = earlier if waives else []
            then = {"waives" if waives else "needs": [item]}
        file = draw(st.sampled_from([national, national, local]))
        if not collects and draw(st.integers(0, 9)) == 0:
            claims[f"S0-{number}{index}"] = {
                "article": "s0", "says": TEXT, "status": "rejected", "rules": [rule],
                "because": TEXT,
            }  # fmt: skip
        period = draw(st.sampled_from([ALWAYS, ALWAYS, {"from": "2026-02-27", "to": None},
                                       {"from": None, "to": "2026-02-26"}]))  # fmt: skip
        when = draw(conditions(names, upstream))
        file["rules"].append(_rule(rule, name, when, then, overrides, period))
        if not collects:
            for one, what, other in made:
                if what != then and grade == other == "D":
                    dispute = {"id": f"x{one}{rule}", "between": [one, rule], "because": TEXT}
                    local["disputes"].append({**dispute, "safer": min(what, then)})
        made.append((rule, item if collects else then, grade))
    if not collects:
        upstream[name] = outcomes


def _rule(  # noqa: PLR0913, PLR0917 - the parts of a rule
    rule: str, decision: str, when: Any, then: Any, overrides: list[str], period: Any
) -> dict[str, Any]:
    return {
        "id": rule, "decision": decision, "when": when, "then": then, "because": TEXT,
        "sources": [{"source": f"s{rule}", "clause": TEXT}], "in_force": period,
        "overrides": overrides,
    }  # fmt: skip


def load(files: dict[str, Any], folder: Path) -> Library:
    """Write the files (JSON is YAML) and load them the way shipped rules are loaded."""
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return Library.load(folder)
