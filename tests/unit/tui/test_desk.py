"""Going on with a session: the same one, on another day, under other rules, and not at all."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from engine.batch.encoding import encode
from engine.checker import Checker
from tests.support.demo import AS_OF, RULESETS
from tests.support.screen import checker
from tui.desk import Desk
from tui.journey import Step
from tui.route import route
from tui.saving import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tui.journey import Answer

TOLD: dict[str, Answer] = {
    "region": "440300", "birth_date": "2012-03-02", "institution_kind": "hospital",
    "institution_level": 3, "emergency": True, "bill_yuan": "1200.50",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "tongbao")


def _begun(store: Store | None, told: dict[str, Answer], used: Checker | None = None) -> Desk:
    """A desk where `told` was answered, kept after each answer."""
    desk = Desk(used or checker(), AS_OF, store=store)
    desk.journey.begin()
    desk.journey.choose("clinic")
    assert desk.keep() is None
    for _ in told:
        assert desk.journey.answer(told[desk.journey.fact or ""]) is None
        assert desk.keep() is None
    return desk


@pytest.mark.parametrize("answered", range(len(TOLD) + 1))
def test_a_session_goes_on_where_it_was(store: Store, answered: int) -> None:
    before = _begun(store, dict(list(TOLD.items())[:answered]))
    before.journey.tick("papers/card")
    before.keep()
    after = Desk(checker(), AS_OF, store=store)
    if not answered:
        assert after.left is None
        return
    assert after.left is not None
    assert not after.left.updated
    assert not after.left.recounted
    after.take_up()
    assert after.journey.answers == before.journey.answers
    assert after.journey.trail == before.journey.trail
    assert after.journey.ticks == {"papers/card"}
    before.journey.proceed()
    assert route(after.journey) == route(before.journey)
    assert encode(after.journey.asking.result()) == encode(before.journey.asking.result())


def test_it_is_kept_when_there_is_something_new(store: Store) -> None:
    desk = _begun(store, {"region": "440300"})
    written = store.file.stat().st_ino
    desk.journey.review()
    desk.keep()
    assert store.file.stat().st_ino == written
    desk.journey.tick("papers/card")
    desk.keep()
    assert store.file.stat().st_ino != written


def test_another_topic_without_an_answer_leaves_what_was_kept(store: Store) -> None:
    _begun(store, {"region": "440300"})
    desk = Desk(checker(), AS_OF, store=store)
    desk.journey.begin()
    desk.journey.choose("clinic")
    desk.keep()
    assert len(json.loads(store.file.read_bytes())["trail"]) == 1


def test_the_file_names_no_more_than_it_says(store: Store) -> None:
    desk = _begun(store, TOLD)
    kept = json.loads(store.file.read_bytes())
    assert set(kept) == {"version", "as_of", "topic", "trail", "answers", "ticks", "rules"}
    assert kept["answers"] == TOLD
    assert kept["rules"] == desk.rules


def test_another_day_is_counted_from_anew(store: Store) -> None:
    _begun(store, TOLD)
    later = Desk(checker(), date(2026, 3, 2), store=store)
    assert later.left is not None
    assert later.left.recounted
    assert not later.left.updated
    later.take_up()
    result = later.journey.asking.result()
    assert result.as_of == date(2026, 3, 2)
    assert result.decisions["may_bind"].outcome == "bindable_after_form"


def test_a_day_on_which_an_answer_cannot_be_asks_for_it_again(store: Store) -> None:
    _begun(store, {"region": "440300", "birth_date": "2025-12-01"})
    earlier = Desk(checker(), date(2025, 11, 30), store=store)
    assert earlier.left is not None
    assert earlier.left.dropped.again == ("birth_date",)
    earlier.take_up()
    assert earlier.journey.trail == ["region"]


def _other_rules(folder: Path, old: str, new: str) -> Checker:
    shutil.copytree(RULESETS, folder)
    for path in folder.rglob("*.yaml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(old, new), "utf-8")
    return Checker.load(folder)


def test_other_rules_ask_again_for_what_no_longer_fits(store: Store, tmp_path: Path) -> None:
    _begun(store, TOLD)
    reworded = _other_rules(tmp_path / "rules", "en: hospital}", "en: clinic}")
    updated = Desk(reworded, AS_OF, store=store)
    assert updated.left is not None
    assert updated.left.updated
    assert updated.left.dropped.again == ()
    narrow = _other_rules(tmp_path / "narrow", "max: 1000000}", "max: 1000}")
    desk = Desk(narrow, AS_OF, store=store)
    assert desk.left is not None
    assert desk.left.dropped.again == ("bill_yuan",)
    desk.take_up()
    assert desk.resumed is not None
    assert desk.resumed.dropped.again == ("bill_yuan",)
    assert desk.journey.fact == "bill_yuan"
    assert desk.journey.trail == [fact for fact in TOLD if fact != "bill_yuan"]


def test_a_fact_that_no_rule_knows_is_left_out(store: Store) -> None:
    _begun(store, {"region": "440300"})
    kept = json.loads(store.file.read_bytes())
    kept |= {"trail": ["gone", "region"], "answers": {"gone": 1, "region": "440300"}}
    store.file.write_text(json.dumps(kept | {"rules": "0" * 16}))
    desk = Desk(checker(), AS_OF, store=store)
    assert desk.left is not None
    assert desk.left.dropped.gone == ("gone",)
    desk.take_up()
    assert desk.journey.trail == ["region"]


def test_answers_put_there_by_hand_pass_the_same_door(store: Store) -> None:
    _begun(store, dict(list(TOLD.items())[:2]))
    kept = json.loads(store.file.read_bytes())
    kept["answers"]["birth_date"] = "2012-02-30"
    store.file.write_text(json.dumps(kept))
    desk = Desk(checker(), AS_OF, store=store)
    desk.take_up()
    assert desk.resumed is not None
    assert desk.resumed.dropped.again == ("birth_date",)


def test_a_topic_that_is_gone_is_kept_aside(store: Store) -> None:
    _begun(store, {"region": "440300"})
    kept = json.loads(store.file.read_bytes())
    store.file.write_text(json.dumps(kept | {"topic": "gone"}))
    desk = Desk(checker(), AS_OF, store=store)
    assert desk.left is None
    assert desk.unusable is not None
    assert desk.unusable.reason == "topic"
    assert not store.file.exists()


def test_where_nothing_can_be_written_the_session_goes_on(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    desk = Desk(checker(), AS_OF, store=Store(blocked / "tongbao"))
    desk.journey.begin()
    desk.journey.choose("clinic")
    desk.journey.answer("440300")
    assert isinstance(desk.keep(), FileExistsError)
    desk.journey.answer("2012-03-02")
    assert desk.keep() is None, "said once"
    blocked.unlink()
    desk.journey.answer("hospital")
    assert desk.keep() is None
    assert (blocked / "tongbao" / "session.json").exists()
    assert desk.journey.step is Step.QUESTION


def test_clearing_deletes_the_file(store: Store) -> None:
    desk = _begun(store, {"region": "440300"})
    assert desk.clear() is None
    assert not store.file.exists()
    assert desk.left is None
    assert desk.journey.step is Step.START


def test_without_a_store_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    desk = _begun(None, TOLD)
    desk.clear()
    assert list(tmp_path.iterdir()) == []
