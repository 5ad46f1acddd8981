"""Which of the rules that matched decides: each contest by hand, with all that is told of it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from engine.adjudication import Adjudicator, Dissent, Found, Resolution, Unresolved, weakest
from tests.support.evaluators import answer_of, comparable
from tests.support.naive import World
from tests.support.one_decision import SOURCE
from tests.support.random_rulesets import ALWAYS, FACTS, PLACES, TEXT, load

if TYPE_CHECKING:
    from engine.library import Library

# For each source its authority and its date of issue.
SOURCES = {
    "a": ("A", "2020-01-01"), "b_old": ("B", "2019-05-01"), "b_new": ("B", "2021-10-01"),
    "b_month": ("B", "2021-10"), "b_undated": ("B", None), "c": ("C", "2024-01-01"),
    "d_old": ("D", "2019-01-01"), "d_new": ("D", "2024-01-01"),
}  # fmt: skip
# For each rule its outcome, its source, and the rules that it is an exception to.
RULES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "yes_a": ("yes", "a", ()), "no_a": ("no", "a", ()), "no_b_old": ("no", "b_old", ()),
    "yes_b_new": ("yes", "b_new", ()), "maybe_b_month": ("maybe", "b_month", ()),
    "no_b_undated": ("no", "b_undated", ()), "no_c": ("no", "c", ()), "yes_c": ("yes", "c", ()),
    "yes_d_old": ("yes", "d_old", ()), "no_d_new": ("no", "d_new", ()),
    "maybe_d_old": ("maybe", "d_old", ()), "no_d_other": ("no", "d_old", ()),
    "no_d_exception": ("no", "d_new", ("yes_a", "no_a")), "yes_rejected": ("yes", "a", ("no_c",)),
}  # fmt: skip
PAPERS: dict[str, tuple[dict[str, list[str]], str, tuple[str, ...]]] = {
    "needs_0": ({"needs": ["d0"]}, "a", ()), "needs_0_1": ({"needs": ["d0", "d1"]}, "c", ()),
    "waives_0": ({"waives": ["d0"]}, "b_new", ("needs_0", "needs_0_1")),
    "needs_1": ({"needs": ["d1"]}, "c", ()), "waives_1": ({"waives": ["d1"]}, "c", ("needs_0_1",)),
    "needs_2_rejected": ({"needs": ["d2"]}, "a", ()),
}  # fmt: skip
# The pairs that are declared to be disputed, and the safer outcome of each.
DISPUTES = {
    ("yes_d_old", "no_d_new"): "no", ("yes_d_old", "maybe_d_old"): "maybe",
    ("no_d_new", "maybe_d_old"): "no", ("yes_d_old", "no_d_other"): "yes",
    ("yes_a", "no_a"): "no",
}  # fmt: skip


def decision(**more: Any) -> dict[str, Any]:
    return {"question": TEXT, "region": "region", "date": "as_of", "inputs": ["flag"],
            "builds_on": [], **more}  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    every: dict[str, tuple[str, object, str, tuple[str, ...]]]
    every = {name: ("asked", *one) for name, one in RULES.items()}
    every |= {name: ("papers", *one) for name, one in PAPERS.items()}
    verdicts = {"yes": "eligible", "no": "not_eligible", "maybe": "unclear"}
    rejected = {"status": "rejected", "article": "a", "says": TEXT, "because": TEXT}
    files: dict[str, Any] = {
        "regions": {**PLACES, "groups": {}},
        "vocabulary": {"facts": {"flag": FACTS["flag"], "region": FACTS["region"]}},
        "documents": {"documents": {f"d{i}": {"title": TEXT, "form": "any"} for i in range(4)}},
        "sources": {"sources": {name: {**SOURCE, "authority": grade, "issued": issued}
                                for name, (grade, issued) in SOURCES.items()}},
        "claims": {
            "claims": {"S1-01": {**rejected, "rules": ["yes_rejected"]},
                       "S1-02": {**rejected, "rules": ["needs_2_rejected"]}},
            "articles": {"a": {"main": ["S1-01", "S1-02"], "sidebar": []}},
        },
        "topic": {"topic": "topic", "title": TEXT, "about": TEXT, "decisions": {
            "asked": decision(hit_policy="unique", outcomes={
                one: {"verdict": verdict, "title": TEXT} for one, verdict in verdicts.items()}),
            "papers": decision(hit_policy="collect", items=["d0", "d1", "d2", "d3"]),
        }},
        "national": {
            "topic": "topic", "region": "100000",
            "rules": [
                {"id": name, "decision": asked, "when": "always", "then": then, "because": TEXT,
                 "sources": [{"source": source, "clause": TEXT}], "in_force": ALWAYS,
                 "overrides": [*overrides]}
                for name, (asked, then, source, overrides) in every.items()
            ],
            "disputes": [
                {"id": f"x{number}", "between": [*between], "safer": safer, "because": TEXT}
                for number, (between, safer) in enumerate(DISPUTES.items())
            ],
        },
    }  # fmt: skip
    return load(files, tmp_path_factory.mktemp("rules"))


def resolve(library: Library, fired: str, decision: str = "asked") -> Found:
    rules = [rule for rule in library.rules.values() if rule.decision == decision]
    return Adjudicator(library, library.decisions[decision], rules).resolve(fired.split())


def dissent(*losers: str) -> tuple[Dissent, ...]:
    """Each loser as `rule outcome reason`."""
    return tuple(Dissent(*one.split()) for one in losers)  # type: ignore[arg-type]


WON: list[tuple[str, Resolution]] = [
    # Whoever agrees is named, with the best grade of those who do.
    ("yes_c yes_a", Resolution("eligible", "yes", "A", ("yes_a", "yes_c"))),
    # Grade decides, whatever the date.
    ("no_c yes_b_new yes_d_old", Resolution(
        "eligible", "yes", "B", ("yes_b_new", "yes_d_old"), dissent("no_c no grade"))),
    # Then the later date of issue, and it does not look at those that grade has beaten.
    ("no_b_old yes_b_new no_c", Resolution(
        "eligible", "yes", "B", ("yes_b_new",), dissent("no_b_old no date", "no_c no grade"))),
    ("no_b_old maybe_b_month", Resolution(
        "unclear", "maybe", "B", ("maybe_b_month",), dissent("no_b_old no date"))),
    # An exception wins over a better grade, and who is beaten beats nobody.
    ("yes_a no_d_exception", Resolution(
        "not_eligible", "no", "D", ("no_d_exception",), dissent("yes_a yes override"))),
    # What a beaten rule says is no dissent where the winner says the same.
    ("no_a no_d_exception", Resolution("not_eligible", "no", "D", ("no_d_exception",))),
    # A rejected claim is not heard: it neither wins nor is its exception one.
    ("yes_rejected no_c", Resolution(
        "not_eligible", "no", "C", ("no_c",), dissent("yes_rejected yes rejected"))),
    ("yes_rejected yes_c", Resolution("eligible", "yes", "C", ("yes_c",))),
    # A later grade D does not win over an earlier one.
    ("yes_d_old no_d_new", Resolution(
        "disputed", None, "D", ("no_d_new", "yes_d_old"), (), ("no", "yes"), "no", ("x0",))),
    ("yes_a no_a no_c maybe_b_month", Resolution(
        "disputed", None, "A", ("no_a", "yes_a"), dissent("maybe_b_month maybe grade"),
        ("no", "yes"), "no", ("x4",))),
    # Of three the safer is the one that no dispute calls the less safe.
    ("yes_d_old no_d_new maybe_d_old", Resolution(
        "disputed", None, "D", ("maybe_d_old", "no_d_new", "yes_d_old"), (),
        ("maybe", "no", "yes"), "no", ("x0", "x1", "x2"))),
]  # fmt: skip


@pytest.mark.parametrize(("fired", "found"), WON, ids=[fired for fired, _ in WON])
def test_who_wins_and_what_is_told_of_the_others(
    library: Library, fired: str, found: Resolution
) -> None:
    assert resolve(library, fired) == found
    assert resolve(library, " ".join(reversed(fired.split()))) == found


@pytest.mark.parametrize(
    ("fired", "found"),
    [
        ("", Unresolved("no_rule")),
        ("yes_rejected", Unresolved("no_rule")),
        # Without a date, or where one may be the other, dates decide nothing.
        ("yes_b_new no_b_undated", Unresolved("tie", ("no_b_undated", "yes_b_new"))),
        ("maybe_b_month yes_b_new", Unresolved("tie", ("maybe_b_month", "yes_b_new"))),
        ("yes_b_new maybe_b_month no_b_old", Unresolved("tie", ("maybe_b_month", "yes_b_new"))),
        # The first pair, by name, of which no dispute is declared.
        ("no_d_other maybe_d_old yes_d_old", Unresolved("tie", ("maybe_d_old", "no_d_other"))),
        # Each of two disputes calls the other's safer side the less safe one.
        ("yes_d_old no_d_new no_d_other",
         Unresolved("tie", ("no_d_new", "no_d_other", "yes_d_old"))),
    ],
)  # fmt: skip
def test_a_contest_nobody_wins_names_who_ties(
    library: Library, fired: str, found: Unresolved
) -> None:
    assert resolve(library, fired) == found


def listed(library: Library, fired: str) -> Resolution:
    found = resolve(library, fired, "papers")
    assert isinstance(found, Resolution)
    return found


def test_each_paper_is_weighed_on_its_own(library: Library) -> None:
    found = listed(library, "needs_0 needs_0_1")
    assert found.items == (
        ("d0", Resolution("", "needed", "A", ("needs_0", "needs_0_1"))),
        ("d1", Resolution("", "needed", "C", ("needs_0_1",))),
    )
    # The list is as good as the weakest of the papers it holds.
    assert (found.verdict, found.outcome, found.authority) == ("stated", "listed", "C")
    assert (found.rules, found.dissent) == (("needs_0", "needs_0_1"), ())


def test_a_waived_paper_is_not_needed_and_who_asks_for_it_is_told(library: Library) -> None:
    found = listed(library, "needs_0 waives_0")
    lost = dissent("needs_0 needed override")
    assert found == Resolution(
        "not_applicable", "none", None, ("waives_0",), lost,
        items=(("d0", Resolution("", "not_needed", "B", ("waives_0",), lost)),),
    )  # fmt: skip


def test_a_paper_that_only_a_rejected_claim_asks_for_is_not_needed(library: Library) -> None:
    lost = dissent("needs_2_rejected needed rejected")
    found = listed(library, "needs_0 needs_2_rejected")
    assert found.items[1] == ("d2", Resolution("", "not_needed", dissent=lost))
    assert (found.verdict, found.authority, found.rules) == ("stated", "A", ("needs_0",))
    assert found.dissent == lost


def test_a_list_nobody_asks_for_is_none(library: Library) -> None:
    assert listed(library, "") == Resolution("not_applicable", "none")


def test_a_paper_needed_and_waived_at_once_is_a_tie(library: Library) -> None:
    assert resolve(library, "needs_1 waives_1", "papers") == Unresolved(
        "tie", ("needs_1", "waives_1")
    )


def test_only_disputes_between_rules_in_force_are_known(library: Library) -> None:
    rules = [library.rules[one] for one in ("yes_d_old", "no_d_new")]
    known = Adjudicator(library, library.decisions["asked"], rules).disputes
    assert [one.id for one in known.values()] == ["x0"]


def test_the_weakest_grade() -> None:
    assert weakest(["B", None, "C*", "A"]) == "C*"
    assert weakest([None]) is None


def test_any_rules_that_match_come_to_what_is_written_of_the_language(library: Library) -> None:
    pick, asked = random.Random(7), [*RULES]
    rules = [library.rules[name] for name in asked]
    adjudicator = Adjudicator(library, library.decisions["asked"], rules)
    world, torn = World(library, {}), 0
    weak = [name for name in asked if "_d_" in name]
    for _ in range(600):
        some = pick.choice([asked, weak])
        fired = pick.sample(some, pick.randrange(1, len(some)))
        expected = world.weigh({name: RULES[name][0] for name in fired})
        found = answer_of(adjudicator.resolve(fired))
        assert comparable(found) == comparable(expected), fired
        torn += len(found.sides)
    assert torn > 50
