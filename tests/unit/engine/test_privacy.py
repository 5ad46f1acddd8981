"""Columns that say who a child is: noticed by name and by value, never echoed."""

from __future__ import annotations

import pytest

from engine.batch.privacy import MAX_COLUMNS, Privacy, PrivateColumn, is_identity_number

# From the published standard; nobody's.
NUMBER = "11010519491231002X"


def test_identity_numbers_have_a_check_digit() -> None:
    assert is_identity_number(NUMBER)
    assert is_identity_number(NUMBER.lower())
    assert is_identity_number("440524188001010014")
    wrong = [NUMBER[:-1] + sign for sign in "0123456789"]
    assert not any(map(is_identity_number, wrong))
    for other in (None, 11010519491231002, NUMBER + "0", NUMBER[:17], "0" + NUMBER[1:],
                  "１１０１０５１９４９１２３１００２Ｘ", [NUMBER], ""):  # fmt: skip
        assert not is_identity_number(other)


def test_columns_are_told_by_name_and_by_value() -> None:
    privacy = Privacy({"region", "payer_name_known"}, {"姓名"})
    privacy.look({"id": NUMBER, "姓名": "x", "region": "440300", "payer_name_known": True})
    privacy.look({"id": "1", "姓名": "y", "x_Parent Name": "z", "x_other": "w", "remark": NUMBER})
    privacy.look({"id": "2", "姓名": None, "x_parent-name": 1})
    privacy.look(["姓名"])
    assert privacy.found == (
        PrivateColumn("id", 1, kept=True),
        PrivateColumn("remark", 1, kept=True),
        PrivateColumn("x_Parent Name", 1, kept=True),
        PrivateColumn("x_parent-name", 1, kept=True),
        PrivateColumn("姓名", 2, kept=False),
    )
    assert NUMBER not in repr(vars(privacy))


def test_ids_and_other_processes_count() -> None:
    privacy, other = Privacy(), Privacy()
    privacy.look_at_ids(["1", NUMBER, NUMBER])
    other.look({"id": NUMBER})
    privacy.merge(other.counts)
    assert privacy.found == (PrivateColumn("id", 3, kept=True),)


@pytest.mark.parametrize(
    "column", ["患者姓名", "身份证号码", "SFZH", "ID_CARD", "id-card", "手机号"]
)
def test_names_in_use(column: str) -> None:
    privacy = Privacy()
    privacy.look({column: "?"})
    assert [one.column for one in privacy.found] == [column]


@pytest.mark.parametrize("column", ["hospital_name", "id", "x_batch", "region", "险种"])
def test_other_names(column: str) -> None:
    privacy = Privacy()
    privacy.look({column: "?"})
    assert privacy.found == ()


def test_what_is_kept_is_limited() -> None:
    privacy = Privacy()
    privacy.look({f"姓名{at}" + "x" * 500: 1 for at in range(500)})
    assert len(privacy.found) == MAX_COLUMNS
    assert max(len(one.column) for one in privacy.found) < 300
