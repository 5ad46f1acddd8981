"""Names that are not there, in entries and in conditions: what is said of each, and where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from engine import lookup
from engine.errors import RulesetError
from tests.support.one_decision import SOURCE
from tests.support.random_rulesets import ALWAYS, DERIVED, FACTS, PLACES, TEXT, load

if TYPE_CHECKING:
    from pathlib import Path

CITED = [{"source": "s0", "clause": TEXT}]
FLAG = {"fact": "flag", "equals": True}
AGE = DERIVED["age"]["years_between"]
ENDS = "it runs from 0 to 4"
INPUTS = "add it to `inputs` in topic.yaml"


def asked(**more: Any) -> dict[str, Any]:
    return {"question": TEXT, "hit_policy": "unique", "region": "region", "date": "visit",
            "inputs": ["flag", "count", "kind"], "builds_on": [],
            "outcomes": {one: {"verdict": "stated", "title": TEXT} for one in ("yes", "no")},
            **more}  # fmt: skip


def told(  # noqa: PLR0913 - what differs from test to test
    folder: Path, when: Any = "always", *, never: Any = FLAG, value: int = 2,
    sources: Any = CITED, decision: dict[str, Any] | None = None, age: dict[str, Any] = AGE,
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Of each fault its message, its help, and what stands where it points."""
    files: dict[str, Any] = {
        "regions": {**PLACES, "groups": {}},
        "vocabulary": {
            "facts": FACTS,
            "derived": {"age": {"label": TEXT, "years_between": age}},
            "constraints": [{"id": "tied", "because": TEXT, "never": never}],
        },
        "sources": {"sources": {"s0": SOURCE}},
        "topic": {
            "topic": "topic", "title": TEXT, "about": TEXT,
            "parameters": {"limit": {"label": TEXT, "unit": TEXT}},
            "decisions": {"up": asked(), "idle": asked(), "asked": asked(builds_on=["up"])
                          | (decision or {})},
        },
        "national": {
            "topic": "topic", "region": "100000", "disputes": [],
            "rules": [{"id": "r0", "decision": "asked", "when": when, "then": "yes",
                       "because": TEXT, "sources": sources, "in_force": ALWAYS}],
            "values": [{"parameter": "limit", "value": value, "sources": CITED,
                        "in_force": ALWAYS}],
        },
    }  # fmt: skip
    try:
        load(files, folder)
    except RulesetError as error:
        found = []
        for fault in error.faults:
            name = fault.place.file.rsplit("/", maxsplit=1)[-1].removesuffix(".yaml")
            text = json.dumps(files[name], ensure_ascii=False)[fault.place.column - 1 :]
            found.append((fault.message, fault.help, text))
        return found
    return []


MEANT = {"fact": "flg", "equals": True}


@pytest.mark.parametrize(
    ("when", "message", "help_", "at"),
    [
        (MEANT, "unknown fact `flg`", "did you mean `flag`?", '"fact": "flg"'),
        ({"all": [FLAG, {"not": {"fact": "agee", "gt": 3}}]}, "unknown fact `agee`",
         "did you mean `age`?", '"fact": "agee"'),
        ({"fact": "age", "gt": 3}, "`age` is not among the inputs of `asked`", INPUTS,
         '"fact": "age"'),
        ({"fact": "count", "gt": 9}, "`9` lies outside the domain of `count`", ENDS, '"gt": 9'),
        ({"fact": "count", "in": [1, 9]}, "`9` lies outside the domain of `count`", ENDS, "9]"),
        ({"fact": "count", "between": [3, 1]},
         "`between` runs from the lower to the higher: [from, to]", "", '"between": [3, 1]'),
        ({"fact": "count", "gt": {"param": "limt"}}, "unknown parameter `limt`",
         "did you mean `limit`?", '"param": "limt"'),
        ({"fact": "count", "between": [0, {"param": "limt"}]}, "unknown parameter `limt`",
         "did you mean `limit`?", '"param": "limt"'),
        ({"decision": "upp", "equals": "yes"}, "unknown decision `upp`", "did you mean `up`?",
         '"decision": "upp"'),
        ({"decision": "idle", "equals": "yes"}, "`asked` does not build on `idle`",
         "add it to `builds_on` in topic.yaml", '"decision": "idle"'),
        ({"decision": "up", "equals": "yess"}, "unknown outcome `yess`", "did you mean `yes`?",
         '"equals": "yess"'),
        ({"decision": "up", "in": ["no", "yess"]}, "unknown outcome `yess`", "did you mean `yes`?",
         '"yess"'),
    ],
)  # fmt: skip
def test_what_a_condition_names_is_there(
    tmp_path: Path, when: dict[str, Any], message: str, help_: str, at: str
) -> None:
    (fault,) = told(tmp_path, when)
    assert fault[:2] == (message, help_)
    assert fault[2].startswith(at)


@pytest.mark.parametrize("when", [
    FLAG, {"fact": "count", "between": [{"param": "limit"}, 3]}, {"decision": "up", "in": ["no"]},
])  # fmt: skip
def test_what_is_there_is_no_fault(tmp_path: Path, when: dict[str, Any]) -> None:
    assert told(tmp_path, when) == []


@pytest.mark.parametrize(
    ("never", "message", "at"),
    [
        ({"decision": "up", "equals": "yes"}, "a constraint tests facts, not decisions",
         '"decision": "up"'),
        ({"fact": "count", "gt": {"param": "limit"}},
         "a constraint holds everywhere and always: it takes no parameter", '"param": "limit"'),
    ],
)  # fmt: skip
def test_a_constraint_is_on_facts_alone(
    tmp_path: Path, never: dict[str, Any], message: str, at: str
) -> None:
    (fault,) = told(tmp_path, never=never)
    assert fault[:2] == (message, "")
    assert fault[2].startswith(at)


def test_a_constraint_need_not_be_on_inputs(tmp_path: Path) -> None:
    assert told(tmp_path, never={"fact": "age", "gt": 3}) == []


@pytest.mark.parametrize("when", [
    {"fact": "count", "gt": {"param": "limit"}}, {"fact": "count", "in": [1, {"param": "limit"}]},
])  # fmt: skip
def test_every_value_of_a_parameter_fits_what_it_is_compared_with(
    tmp_path: Path, when: dict[str, Any]
) -> None:
    (fault,) = told(tmp_path, when, value=7)
    assert fault[:2] == (
        "`7` lies outside the domain of `count`, with which `r0` compares it", ENDS,
    )  # fmt: skip
    assert fault[2].startswith('"value": 7,')
    assert told(tmp_path, FLAG, value=7) == []


def test_sources_are_there(tmp_path: Path) -> None:
    (fault,) = told(tmp_path, sources=[*CITED, {"source": "s1", "clause": TEXT}])
    assert fault[:2] == ("unknown source `s1`", "allowed source here: `s0`")
    assert fault[2].startswith('"source": "s1"')


@pytest.mark.parametrize(
    ("decision", "message", "help_", "at"),
    [
        ({"region": "flag"}, "`flag` is a bool, a place is needed here", "", '"region": "flag"'),
        ({"date": "count"}, "`count` is a integer, a date is needed here", "", '"date": "count"'),
        ({"date": "visti"}, "unknown fact `visti`", "did you mean `visit`?", '"date": "visti"'),
        ({"region": "as_of"}, "unknown fact `as_of`", "allowed fact here: ", '"region": "as_of"'),
        ({"inputs": ["flag", "knd"]}, "unknown fact `knd`", "did you mean `kind`?", '"knd"'),
    ],
)  # fmt: skip
def test_facts_of_a_decision_are_of_the_kind_it_needs(
    tmp_path: Path, decision: dict[str, Any], message: str, help_: str, at: str
) -> None:
    fault = told(tmp_path, decision=decision)[0]
    assert (fault[0], fault[1][: len(help_)]) == (message, help_)
    assert fault[2].startswith(at)


def test_the_day_counted_from_is_a_date(tmp_path: Path) -> None:
    assert told(tmp_path, decision={"date": "as_of"}, age={**AGE, "to": "as_of"}) == []


def test_of_many_faults_the_later_ones_go_without_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MAX_HELPED", 1)
    found = told(tmp_path, {"all": [{**MEANT, "fact": f"flag{i}"} for i in range(4)]})
    assert [help_ for _, help_, _ in found] == ["did you mean `flag`?"] * 2 + [""] * 2


def test_more_values_than_are_read_are_refused_before_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = {"all": [{"fact": "count", "in": [0, 1, 9]}, FLAG]}
    monkeypatch.setattr(lookup, "MAX_CONSTANTS", 3)
    ((*fault, at),) = told(tmp_path, when)
    assert fault == [
        "the condition compares with 4 values",
        "at most 3 are read: split the rule, or a decision off",
    ]
    assert at.startswith('"when": {"all"')
    monkeypatch.setattr(lookup, "MAX_CONSTANTS", 4)
    assert [message for message, _, _ in told(tmp_path, when)] == [
        "`9` lies outside the domain of `count`"
    ]
