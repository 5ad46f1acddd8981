"""Conditions and values in words, each form in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from engine.condition import Condition
from engine.ruleset import Value
from tests.support import loaded
from tests.support.folders import ROOT
from tui.locale import Locale
from tui.rules.words import RuleWords

LIBRARY = loaded.library(ROOT / "tests" / "rulesets" / "good")
CONDITION: TypeAdapter[Any] = TypeAdapter(Condition)
RULE = LIBRARY.rules["cn_clinic"]


def worded(condition: object, lang: str) -> list[str]:
    rule = RULE.model_copy(update={"when": CONDITION.validate_python(condition)})
    return list(RuleWords(LIBRARY, Locale(lang)).condition(rule))


KIND = {"fact": "institution_kind", "equals": "clinic"}
LEVEL = {"fact": "institution_level", "lte": 2}
URGENT = {"fact": "emergency", "equals": True}
FILED: dict[str, object] = {"decision": "needs_filing", "in": ["no_filing", "group_exempt"]}
FIRST, EXEMPT = "Is a filing needed first?", "Between the two no filing is needed"
AGES = (
    "18 周岁（2000-01-01 至 2024-12-31）、14 周岁（2025-01-01 起）（成人的年龄）",
    "18 years (2000-01-01 to 2024-12-31), 14 years (from 2025-01-01) (age of an adult)",
)
CASES: list[tuple[object, list[str], list[str]]] = [
    ("always", ["任何情况"], ["in every case"]),
    (KIND, ["机构类型 是 社康中心"], ['kind of institution is "clinic"']),
    ({"not": KIND}, ["机构类型 不是 社康中心"], ['kind of institution is not "clinic"']),
    (
        {"fact": "institution_kind", "in": ["clinic", "hospital"]},
        ["机构类型 是 社康中心 或 医院"],
        ['kind of institution is "clinic" or "hospital"'],
    ),
    (URGENT, ["急诊：是"], ["emergency: yes"]),
    ({"not": URGENT}, ["急诊：否"], ["emergency: no"]),
    ({"not": {"not": URGENT}}, ["急诊：是"], ["emergency: yes"]),
    (
        {"fact": "emergency", "in": [False, True]},
        ["急诊：否 或者 急诊：是"],
        ["emergency: no or emergency: yes"],
    ),
    (LEVEL, ["医院级别 不超过 2 级"], ["level of the hospital is at most 2"]),
    ({"not": LEVEL}, ["医院级别 大于 2 级"], ["level of the hospital is more than 2"]),
    ({"fact": "bill_yuan", "lt": 5}, ["费用 小于 5 元"], ["the bill is less than 5 yuan"]),
    ({"fact": "bill_yuan", "gte": 5}, ["费用 至少是 5 元"], ["the bill is at least 5 yuan"]),
    (
        {"fact": "months_since_visit", "between": [0, 11]},
        ["就诊后的月数 在 0 到 11 之间（含两端）"],
        ["months since the visit is from 0 to 11 (both included)"],
    ),
    (
        {"not": {"fact": "months_since_visit", "between": [0, 11]}},
        ["就诊后的月数 不在 0 到 11 之间（含两端）"],
        ["months since the visit is not from 0 to 11 (both included)"],
    ),
    (
        {"fact": "visit_date", "gte": "2024-01-01"},
        ["就诊日期 不早于 2024-01-01"],
        ["date of the visit is not before 2024-01-01"],
    ),
    (
        {"fact": "care_relation", "in": ["same_group", "abroad"]},
        ["就医地和参保地的关系 是 约定视同一地的地区 或 境外"],
        ["how the place of care lies is within the group of places that count as one or abroad"],
    ),
    (
        {"fact": "balance_against_bill", "equals": "below"},
        ["余额够不够 是 前者比后者少"],
        ["balance against the bill is the first is less than the second"],
    ),
    (
        {"fact": "age_at_visit", "lt": {"param": "adult_age"}},
        ["就诊日的周岁 小于 " + AGES[0]],
        ["age in full years at the visit is less than " + AGES[1]],
    ),
    (
        FILED,
        ["「要先备案吗？」的回答是「不用备案」 或 「京津之间不用备案」"],
        [f'the answer to "{FIRST}" is "No filing is needed" or "{EXEMPT}"'],
    ),
    (
        {"not": {"decision": "needs_filing", "equals": "file_first"}},
        ["「要先备案吗？」的回答不是「先备案」"],
        [f'the answer to "{FIRST}" is not "File first"'],
    ),
    (
        {"all": [KIND, {"any": [URGENT, LEVEL]}, {"not": {"all": [URGENT, LEVEL]}}]},
        [
            "机构类型 是 社康中心",
            "并且 （急诊：是 或者 医院级别 不超过 2 级）",
            "并且 不是（急诊：是 并且 医院级别 不超过 2 级）",
        ],
        [
            'kind of institution is "clinic"',
            "and (emergency: yes or level of the hospital is at most 2)",
            "and not (emergency: yes and level of the hospital is at most 2)",
        ],
    ),
    (
        {"any": [URGENT, KIND]},
        ["急诊：是", "或者 机构类型 是 社康中心"],
        ["emergency: yes", 'or kind of institution is "clinic"'],
    ),
    ({"not": "always"}, ["不是（任何情况）"], ["not (in every case)"]),
]


@pytest.mark.parametrize(("condition", "chinese", "english"), CASES)
def test_conditions(condition: object, chinese: list[str], english: list[str]) -> None:
    assert worded(condition, "zh") == chinese
    assert worded(condition, "en") == english


VALUES: list[tuple[dict[str, object], str, str]] = [
    ({"date": "visit_date"}, "就诊日期", "date of the visit"),
    ({"date": "as_of", "days": 1}, "计算日之后 1 天", "1 day after the day counted from"),
    (
        {"date": "visit_date", "months": 6, "first_day": "in"},
        "就诊日期之后 6 个月（当天算第一天）",
        "6 months after date of the visit (that day is the first)",
    ),
    (
        {"date": "visit_date", "years": 2, "first_day": "out"},
        "就诊日期之后 2 年（第二天算第一天）",
        "2 years after date of the visit (the day after is the first)",
    ),
    (
        {"date": "visit_date", "days": {"param": "open_days"}},
        "就诊日期之后 400 天（有效天数）",
        "400 days (days it holds) after date of the visit",
    ),
    (
        {"month_start": "visit_date", "months": 0},
        "就诊日期当月的 1 日",
        "the 1st of the month of date of the visit",
    ),
    (
        {"month_start": "visit_date", "months": 2},
        "就诊日期之后第 2 个月的 1 日",
        "the 1st of the month, 2 months after date of the visit",
    ),
    (
        {"calendar": "visit_date", "month": 12, "day": 31},
        "就诊日期当年的 12 月 31 日",
        "12/31 (month/day) of the year of date of the visit",
    ),
    (
        {"calendar": "visit_date", "years": 1, "month": 3, "day": 31},
        "就诊日期之后第 1 年的 3 月 31 日",
        "3/31 (month/day), 1 years after date of the visit",
    ),
    ({"rate": 1}, "100%", "100%"),
    ({"points": 20}, "20 个百分点", "20 percentage points"),
    ({"factor": {"param": "visit_factor"}}, "0.9 倍（报销系数）", "0.9 times (factor on the rate)"),
    ({"range": [{"amount": 5}, {"amount": 7}]}, "5 元到7 元之间", "between 5 yuan and 7 yuan"),
    (
        {"latest": [{"date": "visit_date"}, {"date": "as_of"}]},
        "最晚的一个：就诊日期、计算日",
        "the latest of: date of the visit, the day counted from",
    ),
]


@pytest.mark.parametrize(("value", "chinese", "english"), VALUES)
def test_values(value: dict[str, object], chinese: str, english: str) -> None:
    made = Value.model_validate(value)
    assert RuleWords(LIBRARY, Locale("zh")).value(made, RULE) == chinese
    assert RuleWords(LIBRARY, Locale("en")).value(made, RULE) == english
