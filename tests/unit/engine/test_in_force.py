"""The hash of what is in force: what an answer is made from changes it, and nothing else does."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from engine.case import read_case
from engine.checker import Checker
from engine.receipt import (
    Answers,
    _digest,
    lacking_hash,
    library_hash,
    rules_hash,
    rules_part,
)
from engine.words import Words
from tests.support.one_decision import SOURCE
from tests.support.random_rulesets import ALWAYS, DERIVED, FACTS, PLACES, TEXT, load

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 3, 1)
CASE = {"region": "440300", "away": "130100", "flag": True, "count": 3, "kind": "b",
        "visit": "2026-02-28", "birth": "2012-03-01"}  # fmt: skip
SOURCES = ("rule", "other", "also", "group", "group_else", "limit", "days", "better", "idle")
CITED = {name: [{"source": f"s_{name}", "clause": TEXT}] for name in SOURCES}
PLACED: dict[str, Any] = PLACES
INPUTS = ["flag", "count", "kind", "lying"]
HELD = {
    "name": TEXT, "members": ["110000", "130000"], "in_force": {"from": "2026-02-26", "to": None},
    "sources": CITED["group"],
}  # fmt: skip


def rule(key: str, decision: str, when: Any, then: Any, **more: Any) -> dict[str, Any]:
    return {"id": key, "decision": decision, "when": when, "then": then, "because": TEXT,
            "sources": CITED["rule"], "in_force": ALWAYS, **more}  # fmt: skip


def decision(**more: Any) -> dict[str, Any]:
    return {"question": TEXT, "region": "region", "date": "as_of", "builds_on": [],
            "hit_policy": "unique", "inputs": INPUTS, **more}  # fmt: skip


def outcomes(*papers: str) -> dict[str, Any]:
    return {name: {"verdict": "eligible", "title": TEXT, "documents": [*papers]}
            for name in ("yes", "no")}  # fmt: skip


FLAG = {"fact": "flag", "equals": True}
MUCH = {"fact": "count", "gte": {"param": "limit"}}
FIRST_NO = {"decision": "first", "equals": "no"}
LYING = {"fact": "lying", "equals": "same_group"}
LATER = {"outcome": "yes", "until": {"date": "birth", "days": {"param": "days"}},
         "documents": ["d_rule"]}  # fmt: skip
FILES: dict[str, Any] = {
    "regions": {**PLACED, "groups": {
        "pair": HELD, "idle": {**HELD, "sources": CITED["group_else"]},
    }},
    "vocabulary": {
        "facts": FACTS,
        "derived": {name: {"label": TEXT, **DERIVED[name]} for name in ("lying", "age")},
        "constraints": [
            {"id": "tied", "because": TEXT,
             "never": {"all": [FLAG, {"fact": "count", "gt": 3}]}},
            {"id": "idle", "because": TEXT, "never": {"fact": "kind", "equals": "c"}},
        ],
    },
    "documents": {"documents": {
        "d_rule": {"title": TEXT, "form": "any", "alternatives": ["d_instead"]},
        **{name: {"title": TEXT, "form": "any"}
           for name in ("d_instead", "d_outcome", "d_item", "d_idle")},
    }},
    "sources": {"sources": {f"s_{name}": SOURCE for name in SOURCES}},
    "claims": {
        "claims": {
            "S1-01": {"article": "s_rule", "says": TEXT, "status": "rejected", "rules": ["beaten"],
                      "because": TEXT, "better": ["s_better"]},
            "S1-02": {"article": "s_rule", "says": TEXT, "status": "rejected", "rules": ["else"],
                      "because": TEXT},
            "S1-03": {"article": "s_rule", "says": TEXT, "status": "encoded", "rules": ["always"]},
        },
        "articles": {"s_rule": {"main": ["S1-01", "S1-02", "S1-03"], "sidebar": []}},
    },
    "topic": {
        "topic": "topic", "title": TEXT, "about": TEXT,
        "parameters": {name: {"label": TEXT, "unit": TEXT} for name in ("limit", "days")},
        "decisions": {
            "first": decision(outcomes=outcomes(), date="visit"),
            "papers": decision(hit_policy="collect", items=["d_item"]),
            "asked": decision(outcomes=outcomes("d_outcome"), builds_on=["first"]),
            "idle": decision(outcomes=outcomes("d_idle")),
        },
    },
    "national": {
        "topic": "topic", "region": "100000", "disputes": [
            {"id": "x0", "between": ["d_yes", "d_no"], "safer": "no", "because": TEXT},
            {"id": "x1", "between": ["i_yes", "i_no"], "safer": "no", "because": TEXT},
        ],
        "rules": [
            rule("up", "first", "always", "yes", see_also=CITED["also"]),
            rule("always", "asked", "always", LATER),
            rule("exception", "asked", {"all": [FIRST_NO, MUCH, LYING]}, "no",
                 overrides=["always"]),
            rule("beaten", "asked", FLAG, "no"),
            rule("d_yes", "asked", FLAG, "yes"), rule("d_no", "asked", {"not": FLAG}, "no",
                                                       overrides=["always"]),
            rule("else", "idle", FLAG, "yes", sources=CITED["idle"]),
            rule("i_yes", "idle", FLAG, "yes"), rule("i_no", "idle", FLAG, "no"),
            rule("paper", "papers", FLAG, {"needs": ["d_item"]}),
            rule("past", "asked", FLAG, "no", in_force={"from": None, "to": "2020-01-01"}),
        ],
        "values": [
            {"parameter": "limit", "value": 2, "in_force": ALWAYS, "sources": CITED["limit"]},
            {"parameter": "days", "value": 10, "in_force": {"from": None, "to": "2026-02-28"},
             "sources": CITED["days"]},
            {"parameter": "days", "value": 20, "in_force": {"from": "2026-03-01", "to": None},
             "sources": CITED["days"]},
        ],
    },
    "local": {"topic": "topic", "region": "130100", "rules": [], "disputes": [], "values": [
        {"parameter": "limit", "value": 3, "in_force": ALWAYS, "sources": CITED["other"]},
        {"parameter": "days", "value": 30, "in_force": ALWAYS, "sources": CITED["other"]},
    ]},
}  # fmt: skip
OTHER = {"zh": "别", "en": "other"}
RULES = ("national", "rules")
# A rule by its place: up 0, always 1, exception 2, beaten 3, d_no 5, else 6, i_no 8, past 10.
IN_IT: list[tuple[tuple[Any, ...], Any]] = [
    (("topic", "decisions", "first", "question"), OTHER),
    (("topic", "decisions", "asked", "outcomes", "no", "title"), OTHER),
    ((*RULES, 0, "because"), OTHER), ((*RULES, 1, "then", "until", "days"), 5),
    ((*RULES, 3, "because"), OTHER),
    (("vocabulary", "constraints", 0, "never", "all", 1, "gt"), 4),
    (("national", "disputes", 0, "because"), OTHER),
    (("claims", "claims", "S1-01", "says"), OTHER),
    (("vocabulary", "facts", "count", "domain", "max"), 5),
    (("vocabulary", "facts", "birth", "domain", "to"), "2012-03-09"),
    (("vocabulary", "derived", "lying", "relation", "of"), "away"),
    (("regions", "groups", "pair", "in_force", "from"), "2026-02-25"),
    (("regions", "places", 4, "pool"), False),
    *((("sources", "sources", f"s_{name}", "title"), OTHER)
      for name in ("rule", "also", "group", "limit", "days", "better")),
    *((("documents", "documents", name, "title"), OTHER)
      for name in ("d_rule", "d_instead", "d_outcome")),
    (("national", "values", 0, "value"), 1), (("national", "values", 2, "value"), 21),
    (("topic", "parameters", "limit", "label"), OTHER),
    (("topic", "parameters", "days", "unit"), OTHER),
]  # fmt: skip
NOT_IN_IT: list[tuple[tuple[Any, ...], Any]] = [
    (("topic", "decisions", "idle", "question"), OTHER),
    (("topic", "decisions", "papers", "question"), OTHER),
    ((*RULES, 6, "because"), OTHER), ((*RULES, 10, "because"), OTHER),
    (("vocabulary", "constraints", 1, "never", "equals"), "a"),
    (("vocabulary", "constraints", 0, "because"), OTHER),
    (("national", "disputes", 1, "because"), OTHER),
    (("claims", "claims", "S1-02", "says"), OTHER), (("claims", "claims", "S1-03", "says"), OTHER),
    (("vocabulary", "facts", "count", "label"), OTHER),
    (("vocabulary", "facts", "kind", "values", "z"), TEXT),
    (("vocabulary", "facts", "one_amount", "domain", "max"), 2),
    (("vocabulary", "derived", "lying", "label"), OTHER),
    (("vocabulary", "derived", "age", "years_between", "short_month"), "last_day"),
    (("regions", "groups", "idle", "in_force", "from"), "2026-02-25"),
    (("regions", "places", 4, "name"), OTHER),
    *((("sources", "sources", f"s_{name}", "title"), OTHER)
      for name in ("other", "group_else", "idle")),
    *((("documents", "documents", name, "title"), OTHER) for name in ("d_item", "d_idle")),
    (("national", "values", 1, "value"), 11), (("local", "values", 0, "value"), 4),
]  # fmt: skip


def hashed(
    folder: Path, change: tuple[Any, ...] = (), value: object = None, decision: str = "asked",
    **facts: Any,
) -> str:  # fmt: skip
    """The hash of what is in force for an answer, where something is written otherwise."""
    files = json.loads(json.dumps(FILES))  # without what is shared in it
    inner = files
    for key in change[:-1]:
        inner = inner[key]
    if change:
        inner[change[-1]] = value
    folder.mkdir(exist_ok=True)
    one = Checker(load(files, folder), compare=False)
    hashes: set[str] = set()
    one.answer(decision, read_case({**CASE, **facts}, one.library, DAY), hashes)
    (found,) = hashes
    return found


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> str:
    return hashed(tmp_path_factory.mktemp("rules"))


def named(change: tuple[Any, ...]) -> str:
    return "-".join(map(str, change))


@pytest.mark.parametrize(("change", "value"), IN_IT, ids=[named(one) for one, _ in IN_IT])
def test_what_an_answer_is_made_from_changes_it(
    tmp_path: Path, before: str, change: tuple[Any, ...], value: object
) -> None:
    assert hashed(tmp_path, change, value) != before


@pytest.mark.parametrize(("change", "value"), NOT_IN_IT, ids=[named(one) for one, _ in NOT_IN_IT])
def test_what_an_answer_is_not_made_from_leaves_it(
    tmp_path: Path, before: str, change: tuple[Any, ...], value: object
) -> None:
    assert hashed(tmp_path, change, value) == before


def test_a_list_is_made_from_its_papers(tmp_path: Path) -> None:
    plain = hashed(tmp_path / "a", decision="papers")
    path = ("documents", "documents", "d_item", "title")
    assert hashed(tmp_path / "b", path, OTHER, "papers") != plain


def test_parameters_of_values_are_those_of_the_day(tmp_path: Path, before: str) -> None:
    first, last = ("national", "values", 1, "value"), ("national", "values", 2, "value")
    early = hashed(tmp_path / "a", as_of="2026-02-28")
    assert early != before
    assert hashed(tmp_path / "b", last, 21, as_of="2026-02-28") == early
    assert hashed(tmp_path / "c", first, 11, as_of="2026-02-28") != early
    assert hashed(tmp_path / "d", last, 20, as_of="2026-03-02") == before


def test_a_value_of_the_place_stands_for_those_of_the_nation(tmp_path: Path) -> None:
    there: dict[str, Any] = {"region": "130100", "away": "440300"}
    before = hashed(tmp_path / "a", **there)
    assert hashed(tmp_path / "b", ("local", "values", 1, "value"), 31, **there) != before
    assert hashed(tmp_path / "c", ("national", "values", 2, "value"), 21, **there) == before
    # The nation's value changes on the 1st, and nothing hangs on it here.
    assert hashed(tmp_path / "d", as_of="2026-02-28", **there) == before
    library = load(json.loads(json.dumps(FILES)), tmp_path / "d")
    one = Checker(library, compare=False)
    for region, steady in (("130100", True), ("440300", False)):
        case = read_case({**CASE, **there, "region": region}, library, DAY)
        (selection,) = one.selections("asked", case)
        assert one.in_force(one.program("asked", selection)).steady is steady


def test_places_are_in_it_where_tests_look_at_places(tmp_path: Path) -> None:
    change = ("regions", "places", 4, "pool"), False
    plain = hashed(tmp_path / "a", decision="papers")
    assert hashed(tmp_path / "b", *change, "papers") == plain


def test_where_no_rules_can_be_chosen_the_decisions_are_hashed(tmp_path: Path) -> None:
    def lacking(name: str, change: str = "", facts: tuple[str, ...] = ("region",)) -> str:
        files = json.loads(json.dumps(FILES))
        if change:
            files["topic"]["decisions"][change]["question"] = OTHER
        folder = tmp_path / name
        folder.mkdir()
        return lacking_hash(load(files, folder), "asked", facts)

    before = lacking("a")
    assert lacking("b", "asked") != before != lacking("c", "first")
    assert lacking("d", "idle") == before != lacking("e", facts=("away",))


def test_the_hash_of_a_library_is_that_of_all_that_decides(tmp_path: Path) -> None:
    library = load(json.loads(json.dumps(FILES)), tmp_path)
    before = library_hash(library)
    assert library_hash(load(json.loads(json.dumps(FILES)), tmp_path)) == before
    assert len(before) == 16
    rules = library.authored.rules
    rules["up"] = rules["up"].model_copy(update={"region": "440300"})
    changed = library_hash(library)
    assert changed != before
    library.authored.examples["one"] = library.authored.rules["up"]  # type: ignore[assignment]
    assert library_hash(library) == changed
    library.authored.rules = dict([*rules.items()][::-1])
    assert library_hash(library) == changed
    library.hash = "told"
    assert library_hash(library) == "told"


def test_what_is_hashed_is_json_with_its_keys_in_order() -> None:
    words = Words(zh="字", en="word")
    text = '[{"a": {"en": "word", "zh": "\u5b57"}, "b": "1.50"}, "2026-03-01", true, null]'
    parts = [{"b": Decimal("1.50"), "a": words}, DAY, True, None]
    expected = json.dumps(json.loads(text), ensure_ascii=False)
    assert _digest(parts) == hashlib.sha256(expected.encode()).hexdigest()


def test_numbers_are_written_without_what_says_nothing(tmp_path: Path) -> None:
    amount = {**FACTS["one_amount"], "decimals": 2, "domain": {"min": -2000, "max": 2000}}
    facts = {"amount": amount, "region": FACTS["region"],
             "whole": {**FACTS["count"], "domain": {"min": -20, "max": 20}}}  # fmt: skip
    files = {"regions": {**PLACES, "groups": {}}, "vocabulary": {"facts": facts}}
    library = load(files, tmp_path)
    answers = Answers(library)
    for value, text in (("-0.50", "-0.5"), ("0", "0"), ("0.01", "0.01"), ("-0.01", "-0.01"),
                        ("1200.00", "1200"), ("100", "100"), ("10.10", "10.1")):  # fmt: skip
        case = read_case({"amount": Decimal(value), "whole": -10}, library, DAY)
        assert answers.canonical(case) == (f'{{"amount":{text},"as_of":"2026-03-01","whole":-10}}')


def test_hashes_of_more_are_one_whatever_their_order() -> None:
    # SHA-256 of the two, a line each.
    assert rules_hash(["b", "a", "b"]) == rules_hash(["a", "b"]) == hashlib.sha256(
        b"a\nb").hexdigest()[:16]  # fmt: skip
    assert rules_part("0123-4567-0.1.0") == "0123"
