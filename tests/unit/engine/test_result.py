"""The contract of a result: its keys, what is never empty, when it changes, its receipt."""

from __future__ import annotations

import random
import shutil
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.checker import Checker
from engine.receipt import VERSION, parse
from tests.support import loaded
from tests.support.answers import AS_OF, completed, facts_of
from tests.support.folders import ROOT, RULESETS

CHECKER = loaded.checker(compare=False)
LIBRARY = CHECKER.library
FAULTY = {"id", "as_of", "error"}
ALWAYS = {"verdict", "outcome", "evidence"}
SOMETIMES = {
    "value", "from", "until", "rules", "dissent", "missing", "changes_on",
    "possible", "sides", "safer", "disputes", "items",
}  # fmt: skip
VERDICTS = {
    "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear",
    "undecided", "disputed",
}  # fmt: skip
CHILD = {"region": "440300", "birth_date": "2012-03-02", "institution_kind": "hospital",
         "institution_level": 3}  # fmt: skip


def cases() -> Iterator[dict[str, Any]]:
    """The cases of some examples, and some drawn ones with gaps."""
    for example in list(LIBRARY.examples.values())[::3]:
        topics = sorted({LIBRARY.decisions[name].topic for name in example.expect})
        yield {**example.case, "topics": topics}
    chance = random.Random(7)
    for topic in LIBRARY.topics:
        facts = facts_of(LIBRARY, LIBRARY.topics[topic].decisions)
        for share in (0.7, 1, 1, 1):
            some = chance.sample(facts, int(share * len(facts)))
            yield {"topics": [topic], **completed(LIBRARY, {}, some, chance)}


CASES = list(cases())


def test_every_result_has_the_keys_of_the_contract_and_no_others() -> None:
    verdicts = set()
    for case in CASES:
        out = CHECKER.check(case, AS_OF).to_json()
        if "error" in out:
            assert set(out) - {"more_errors"} == FAULTY
            assert set(out["error"]) - {"allowed"} == {"code", "field", "message"}  # type: ignore[call-overload]  # an object
            continue
        assert list(out) == ["id", "as_of", "decisions", "receipt"]
        assert parse(out["receipt"])
        (topic,) = case["topics"] if len(case["topics"]) == 1 else (None,)
        if topic:
            assert list(out["decisions"]) == list(LIBRARY.topics[topic].decisions)  # type: ignore[call-overload]  # an object
        for name, one in out["decisions"].items():  # type: ignore[attr-defined]  # an object
            check_decision(name, one)
            verdicts.add(one["verdict"])
    assert verdicts >= VERDICTS - {"disputed"}


def check_decision(name: str, one: dict[str, Any]) -> None:
    authored = LIBRARY.decisions[name]
    assert set(one) >= ALWAYS
    assert set(one) - ALWAYS <= SOMETIMES
    assert one["verdict"] in VERDICTS
    assert all(value not in (None, [], {}, "") for key, value in one.items() if key not in ALWAYS)
    if one["verdict"] == "undecided":
        assert one["missing"], (name, one)
        assert one["outcome"] is None
        assert one["evidence"] is None
        assert "changes_on" not in one
        return
    if one["outcome"] == "not_covered":
        assert one["verdict"] == "unclear"
        return
    if one["outcome"] == "none" and "rules" not in one:
        # A list to which no rule adds anything: nobody says so.
        assert (one["verdict"], authored.hit_policy) == ("not_applicable", "collect")
        return
    assert one["evidence"] in {"official", "reported", "unverified"}, (name, one)
    assert one["rules"], (name, one)
    assert set(one["rules"]) <= set(LIBRARY.rules)
    if one["verdict"] == "disputed":
        assert len(one["sides"]) > 1
        # Between which sides it is, and which is safer, may hang on more facts.
        assert one.get("missing") if "safer" not in one else one["safer"] in one["sides"]
        assert one["outcome"] is None
    elif authored.hit_policy == "collect":
        assert set(one.get("items", ())) <= set(authored.items)
    elif one["outcome"] is None:
        # The verdict is settled and which outcome it is hangs on more facts.
        assert one["missing"]
        assert len(one["possible"]) > 1
    else:
        assert authored.outcomes[one["outcome"]].verdict == one["verdict"]
    assert not set(one.get("missing", ())) - set(LIBRARY.vocabulary.facts)
    for loser in one.get("dissent", ()):
        assert set(loser) == {"rule", "outcome", "by"}


def answers(case: dict[str, Any], day: date) -> dict[str, object]:
    found = CHECKER.check({**case, "as_of": day.isoformat()}, AS_OF)
    return {
        name: (one.verdict, one.outcome, one.sides, tuple(sorted(one.items.items())))
        for name, one in found.decisions.items()
    }


def test_answers_change_on_the_days_said_and_on_no_others() -> None:
    changing = 0
    for case in CASES[::4]:
        result = CHECKER.check(case, AS_OF)
        today = answers(case, result.as_of) if result.as_of else {}
        for name, one in result.decisions.items():
            if one.verdict == "undecided" or one.missing:
                continue
            before = today[name]
            assert result.as_of is not None
            for day in one.changes_on:
                changing += 1
                # Not yet on the eve; on the day.
                assert answers(case, day - timedelta(1)).get(name) == before, (case, name, day)
                after = answers(case, day).get(name)
                assert after != before, (case, name, day)
                before = after
            until = one.changes_on[0] if one.changes_on else date(2099, 12, 31)
            for days in (1, 59, 400):
                if (day := result.as_of + timedelta(days)) < until:
                    same = answers(case, day)
                    assert not same or same[name] == today[name], (case, name, day)
    assert changing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULESETS, tmp_path / "rulesets"))


def test_a_child_of_13_learns_the_day_the_answer_changes() -> None:
    result = Checker.load(RULESETS).check(CHILD, date(2026, 3, 1))
    assert result.decisions["may_bind"].changes_on == (date(2026, 3, 2),)
    assert result.decisions["may_bind"].outcome == "not_bindable"
    result = Checker.load(RULESETS).check(CHILD, date(2026, 3, 2))
    assert result.decisions["may_bind"].changes_on == ()
    assert result.decisions["may_bind"].outcome == "bindable_after_form"


def test_the_14th_birthday_in_shenzhen_is_told_the_day_before() -> None:
    case = {"region": "440300", "scheme": "resident", "birth_date": "2012-03-02",
            "institution_kind": "general_hospital", "institution_level": 2, "in_city": True,
            "bound_community": 1, "bound_hospital": 0, "last_bound_on": "2020-01-01",
            "topics": ["hospital_binding"]}  # fmt: skip
    eve = CHECKER.check(case, date(2026, 3, 1)).decisions
    birthday = CHECKER.check(case, date(2026, 3, 2)).decisions
    told = [name for name, one in eve.items() if one.changes_on[:1] == (date(2026, 3, 2),)]
    settled = [name for name, one in eve.items() if one.verdict != "undecided"]
    changed = [name for name in settled if eve[name].outcome != birthday[name].outcome]
    assert told
    assert told == changed


def receipts(folder: Path, case: dict[str, Any] = CHILD) -> str:
    return str(Checker.load(folder).check(case, date(2026, 3, 1)).receipt)


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("clinic/440300-shenzhen.yaml", "{fact: age_now, lt: 14}", "{fact: age_now, lt: 13}", True),
        ("clinic/440300-shenzhen.yaml", "社康中心对所有参保孩子开放绑定", "换一句话", True),
        ("clinic/440300-shenzhen.yaml", "from: 2023-10-01", "from: 2023-10-02", True),
        ("clinic/440300-shenzhen.yaml", "safer: half_covered", "safer: covered", True),
        ("clinic/topic.yaml", "verdict: not_eligible", "verdict: unclear", True),
        ("sources/all.yaml", "authority: A", "authority: B", True),
        ("vocabulary/common.yaml", "short_month: next_day", "short_month: last_day", True),
        ("vocabulary/common.yaml", "days_since_birth, lt: 0", "days_since_birth, lt: 1", True),
        ("vocabulary/common.yaml", "{min: 1, max: 3}", "{min: 1, max: 4}", True),
        ("vocabulary/common.yaml", "孩子的出生日期", "生日", False),
        ("regions.yaml", "aliases: [苏州]", "aliases: [苏州, 姑苏]", False),
        ("channels/all.yaml", "12393", "12394", False),
    ],
)
def test_a_receipt_changes_with_what_an_answer_is_made_from(
    folder: Path, file: str, old: str, new: str, changes: bool
) -> None:
    before = receipts(folder)
    assert receipts(folder) == before
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert (receipts(folder) != before) == changes


def test_rules_elsewhere_and_at_other_times_leave_a_receipt_alone(folder: Path) -> None:
    before = receipts(folder)
    here = folder / "clinic" / "440300-shenzhen.yaml"
    text = here.read_text("utf-8")
    rule = text[text.index("  - id: sz_centre") : text.index("  - id: sz_small_hospital")]
    (folder / "clinic" / "110000-beijing.yaml").write_text(
        'topic: clinic\nregion: "110000"\nrules:\n' + rule.replace("sz_", "bj_"), "utf-8"
    )
    assert receipts(folder) == before
    there = {"region": "110000", "institution_kind": "centre"}
    assert receipts(folder, there) != before
    past = rule.replace("sz_centre", "sz_old").replace("2023-10-01", "2013-10-01")
    past = past.replace("to: null", "to: 2023-09-30")
    here.write_text(text.replace("rules:\n", "rules:\n" + past, 1), "utf-8")
    assert receipts(folder) == before
    then = {"region": "440300", "institution_kind": "centre", "as_of": "2020-01-01"}
    assert receipts(folder, then) != before


def test_receipts_do_not_hang_on_what_was_asked_before() -> None:
    one, other = Checker.load(RULESETS), Checker.load(RULESETS)
    for day in (2024, 2020, 2026):
        other.check({**CHILD, "as_of": f"{day}-01-01"}, AS_OF)
    assert one.check(CHILD, AS_OF).to_json() == other.check(CHILD, AS_OF).to_json()


def test_a_receipt_knows_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION


def test_a_province_is_not_enough_where_a_part_of_it_has_rules_of_its_own(folder: Path) -> None:
    checker = Checker.load(folder)
    found = checker.check({**CHILD, "region": "440000"}, AS_OF).decisions["may_bind"]
    assert (found.verdict, found.missing) == ("undecided", ("region",))
    # Where nothing is local, the province is as good as the city; a municipality is one itself.
    for place in ("320000", "320500", "110000", "440100"):
        found = checker.check({**CHILD, "region": place}, AS_OF).decisions["may_bind"]
        assert (found.verdict, found.outcome) == ("unclear", "not_covered")
