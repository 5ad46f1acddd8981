"""A map: all its faults told at once, and a bureau's columns read as facts."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.mapping import CaseMap, Form, MapError, read_mapping
from engine.checker import Checker
from engine.errors import CaseError, InputError
from tests.support import loaded
from tests.support.folders import RULESETS

LIBRARY = loaded.library(RULESETS)
GOOD = """
rename: {出生日期: birth_date, 机构类别: institution_kind, 级别: institution_level, 编号: id}
drop: [姓名, 身份证号]
values:
  institution_kind: {"医院": hospital, "社康": centre, "": null}
  institution_level: {"三级": 3}
forms: {birth_date: YYYY年MM月DD日, institution_level: number, id: text}
constants: {region: "440300"}
"""


def mapping(tmp_path: Path, text: str = GOOD) -> CaseMap:
    path = tmp_path / "map.yaml"
    path.write_text(text, "utf-8")
    return read_mapping(str(path), LIBRARY)


def faults(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(MapError) as caught:
        mapping(tmp_path, text)
    return [(one.place.line, one.message, one.help) for one in caught.value.faults]


def test_an_export_is_read_as_it_is(tmp_path: Path) -> None:
    case = {"编号": 17, "出生日期": "2012年03月02日", "机构类别": "医院", "级别": "3", "姓名": "x",
            "身份证号": "y", "x_note": 1}  # fmt: skip
    mapped = mapping(tmp_path).apply(case)
    assert mapped == {"id": "17", "birth_date": "2012-03-02", "institution_kind": "hospital",
                      "institution_level": 3, "x_note": 1, "region": "440300"}  # fmt: skip
    plain = {"id": "17", "birth_date": "2012-03-02", "institution_kind": "hospital",
             "institution_level": 3, "x_note": 1, "region": "440300"}  # fmt: skip
    checker = Checker(LIBRARY, compare=False)
    day = date(2026, 3, 1)
    assert checker.check(mapped, day) == checker.check(plain, day)


def test_json_is_a_map_too(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps({"rename": {"a": "birth_date"}, "drop": ["b"]}, indent=2))
    assert read_mapping(str(path), LIBRARY).apply({"a": "2012", "b": 1}) == {"birth_date": "2012"}


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = """rename: {A: birthdate, B: region, C: region, D: 3}
drop: [B, E, E, 4]
values:
  institution_kind: {"1": hospitl}
  colour: {}
  region: [1]
forms: {birth_date: YYYYMMM, nothing: text}
constants: {region: 440300, institution_level: 300}
renames: {}
"""
    told = faults(tmp_path, text)
    assert [line for line, *_ in told] == sorted(line for line, *_ in told)
    expected = [
        (1, "no key `birthdate`", "did you mean `birth_date`"),
        (1, "two columns are renamed to `region`", "`B` is the other one"),
        (1, "a key of cases is expected", ""),
        (1, "`B` is dropped as well", ""),
        (2, "`E` stands there twice", ""),
        (2, "a column is text", "quotes"),
        (4, 'found "hospitl"', "did you mean `hospital`"),
        (5, "no key `colour`", ""),
        (6, "a table is expected", ""),
        (7, "`YYYYMMM` is no form", "YYYYMMDD"),
        (7, "no key `nothing`", ""),
        (8, "a place is text", "quotes"),
        (8, "a column is renamed to `region` as well", "drop"),
        (8, "institution_level: found 300", "allowed here"),
        (9, "unknown key `renames`", "did you mean `rename`"),
    ]
    for line, message, help_ in expected:
        assert any(one[0] == line and message in one[1] and help_ in one[2] for one in told), (
            message
        )
    assert len(told) == len(expected)


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("[1]", 1), ("rename: 3", 1), ("drop: x", 1), ("rename: {a: b]", 1),
     ("rename: {a: birth_date}\nrename: {}", 2)],
)  # fmt: skip
def test_what_is_no_map(tmp_path: Path, text: str, line: int) -> None:
    assert faults(tmp_path, text)[0][0] == line


def test_a_map_that_is_not_there() -> None:
    with pytest.raises(InputError, match="cannot read the map"):
        read_mapping("/nonexistent/map.yaml", LIBRARY)


@pytest.mark.parametrize(
    ("case", "field", "code"),
    [
        ({"机构类别": "诊所"}, "/机构类别", "unknown_value"),
        ({"机构类别": []}, "/机构类别", "unknown_value"),
        ({"出生日期": "2012-03-02"}, "/出生日期", "not_a_date"),
        ({"级别": "三"}, "/级别", "wrong_type"),
        ({"级别": "1e9"}, "/级别", "wrong_type"),
        ({"出生日期": "2012年03月02日", "birth_date": "2012"}, "/birth_date", "duplicate_key"),
        ({"region": "110000"}, "/region", "duplicate_key"),
    ],
)
def test_errors_are_of_the_case_and_name_its_own_column(
    tmp_path: Path, case: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(CaseError) as caught:
        mapping(tmp_path).apply(case)
    assert (field, code) in [(one.field, one.code) for one in caught.value.faults]


def test_what_the_reader_refuses_points_at_the_column_too(tmp_path: Path) -> None:
    found = mapping(tmp_path)
    case = {"出生日期": "2012年13月02日", "级别": 99, "nothing": 1, "编号": "1"}
    mapped = found.apply(case)
    told = Checker(LIBRARY).check(mapped, date(2026, 3, 1)).faults
    assert [one.field for one in found.located(told, case)] == ["/出生日期", "/级别", "/nothing"]
    assert [one.message for one in found.located(told, case)] == [one.message for one in told]


def test_what_needs_no_translation_stays(tmp_path: Path) -> None:
    found = mapping(tmp_path)
    for case in ({"机构类别": "centre"}, {"机构类别": None}, {"级别": 3}, {"级别": Decimal(3)}):
        ((_, value),) = case.items()
        assert next(iter(found.apply(case).values())) == value  # type: ignore[attr-defined]  # an object
    assert found.apply({"机构类别": ""})["institution_kind"] is None  # type: ignore[index]  # an object
    assert found.apply({"region": "440300"}) == {"region": "440300"}
    assert found.apply([1]) == [1]


@pytest.mark.parametrize(
    ("form", "text", "read"),
    [("YYYYMMDD", "20120302", "2012-03-02"), ("DD/MM/YYYY", "02/03/2012", "2012-03-02"),
     ("YYYY.MM", "2012.03", "2012-03"), ("YYYY", "2012", "2012"),
     ("number", "-1.50", Decimal("-1.50")), ("number", "007", 7), ("text", "x", "x")],
)  # fmt: skip
def test_forms(form: str, text: str, read: object) -> None:
    assert Form(form).read(text) == read
    if form != "text":
        with pytest.raises(ValueError, match="x"):
            Form(form).read(text + "x")


KEYS = st.sampled_from(["编号", "出生日期", "机构类别", "级别", "姓名", "region", "x_a", "id", "?"])
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just("2012年03月02日")


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, VALUES | st.lists(st.integers()), max_size=6))
def test_no_case_breaks_a_map_and_what_is_dropped_is_gone(case: dict[str, object]) -> None:
    found = CaseMap(
        {"编号": "id", "出生日期": "birth_date", "机构类别": "institution_kind"},
        frozenset({"姓名"}), {"institution_kind": {"1": "hospital"}},
        {"birth_date": Form("YYYYMMDD")}, {"region": "440300"},
        {"institution_kind": frozenset({"hospital"})},
    )  # fmt: skip
    before = json.dumps(case)
    try:
        mapped = found.apply(case)
    except CaseError as error:
        fields = {one.field[1:] for one in error.faults}
        assert fields
        assert fields <= case.keys()
    else:
        assert isinstance(mapped, dict)
        assert "姓名" not in mapped
        assert mapped["region"] == "440300"
    assert json.dumps(case) == before
