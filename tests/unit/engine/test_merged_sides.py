"""What a decision comes to when an answer it builds on is disputed."""

from __future__ import annotations

from engine.adjudication import Dissent, Resolution, Unresolved, merge_sides

YES = Resolution("eligible", "yes", "A", ("r1",), (Dissent("r3", "no", "grade"),), disputes=("x1",))
ALSO = Resolution("eligible", "yes", "C", ("r2",), disputes=("x2",))
NO = Resolution("not_eligible", "no", "B", ("r4",))


def test_sides_that_are_the_same_are_that() -> None:
    assert merge_sides({"a": YES, "b": YES}, "a") is YES


def test_sides_that_answer_alike_keep_every_word_and_the_weakest_grade() -> None:
    assert merge_sides({"a": YES, "b": ALSO}, "a") == Resolution(
        "eligible", "yes", "C", ("r1", "r2"), (Dissent("r3", "no", "grade"),),
        disputes=("x1", "x2"),
    )  # fmt: skip


def test_sides_that_differ_are_disputed_and_the_safer_upstream_side_is_the_safer_one() -> None:
    for chosen, safer in (("a", "yes"), ("b", "no")):
        assert merge_sides({"a": YES, "b": NO}, chosen) == Resolution(
            "disputed", None, "B", ("r1", "r4"), (Dissent("r3", "no", "grade"),), ("no", "yes"),
            safer, ("x1",),
        )  # fmt: skip


def test_a_side_disputed_itself_hands_its_safer_side_on() -> None:
    torn = Resolution("disputed", None, "D", ("r5",), sides=("maybe", "no"), safer="maybe")
    found = merge_sides({"a": torn, "b": YES}, "a")
    assert isinstance(found, Resolution)
    assert (found.sides, found.safer) == (("maybe", "no", "yes"), "maybe")


def test_a_side_that_no_rule_resolves_is_a_fault_of_the_whole() -> None:
    fault = Unresolved("tie", ("r1", "r2"))
    assert merge_sides({"a": YES, "b": fault}, "a") is fault


def test_lists_that_differ_stay_a_list_that_is_disputed() -> None:
    needed = Resolution("", "needed", "A", ("r1",))
    listed = Resolution("stated", "listed", "A", ("r1",), items=(("d0", needed),))
    other = Resolution("stated", "listed", "A", ("r1",), items=(("d1", needed),))
    found = merge_sides({"a": listed, "b": other}, "a")
    assert isinstance(found, Resolution)
    assert (found.verdict, found.outcome, found.items) == ("disputed", "listed", listed.items)
    bare = merge_sides({"a": Resolution("not_applicable", "none"), "b": listed}, "b")
    assert isinstance(bare, Resolution)
    assert (bare.verdict, bare.outcome, bare.sides) == ("disputed", "listed", ())
