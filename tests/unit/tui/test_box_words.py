"""Boxes in words: every kind of fact, spans as tests, what is left out where most is in."""

from __future__ import annotations

from datetime import date

import pytest

from engine.analysis.boxes import Box, Part
from engine.coding import Span
from tests.support import loaded
from tests.support.folders import ROOT
from tui.locale import Locale
from tui.rules.box_words import in_words
from tui.rules.words import RuleWords

LIBRARY = loaded.library(ROOT / "tests" / "rulesets" / "good")
DAY = date(2024, 5, 1).toordinal()


@pytest.mark.parametrize(
    ("box", "english", "chinese"),
    [
        ((), "in every case", "任何情况"),
        ((Part("emergency", ("true",)),), "emergency: yes", "急诊：是"),
        (
            (Part("institution_kind", ("hospital",)), Part("emergency", ("false",))),
            'kind of institution is "hospital"; emergency: no',
            "机构类型 是 医院；急诊：否",
        ),
        (
            (Part("care_relation", ("same_pool", "same_province", "same_group", "elsewhere")),),
            "how the place of care lies is not abroad",
            "就医地和参保地的关系 不是 境外",
        ),
        (
            (Part("age_at_visit", spans=(Span(8, 14),)),),
            "age in full years at the visit is from 8 to 13 (both included)",
            "就诊日的周岁 在 8 到 13 之间（含两端）",
        ),
        (
            (Part("age_at_visit", spans=(Span(None, 14),)),),
            "age in full years at the visit is less than 14",
            "就诊日的周岁 小于 14",
        ),
        # The ends of what can be are said as such.
        (
            (Part("institution_level", spans=(Span(None, 2),)),),
            "level of the hospital is 1",
            "医院级别 是 1 级",
        ),
        (
            (Part("institution_level", spans=(Span(3, None),)),),
            "level of the hospital is 3",
            "医院级别 是 3 级",
        ),
        (
            (Part("balance_yuan", spans=(Span(250, None),)),),
            "balance of the account is at least 2.5 yuan",
            "账户余额 至少是 2.5 元",
        ),
        (
            (Part("visit_date", spans=(Span(DAY, DAY + 31),)),),
            "date of the visit is from 2024-05-01 to 2024-05-31 (both included)",
            "就诊日期 在 2024-05-01 到 2024-05-31 之间（含两端）",
        ),
        (
            (Part("as_of", spans=(Span(None, DAY),)),),
            "the day counted from is before 2024-05-01",
            "计算日 早于 2024-05-01",
        ),
        (
            (Part("age_at_visit", spans=(Span(None, 6), Span(14, None))),),
            (
                "age in full years at the visit is less than 6 or "
                "age in full years at the visit is at least 14"
            ),
            "就诊日的周岁 小于 6 或者 就诊日的周岁 至少是 14",
        ),
    ],
)
def test_a_box_in_words(box: Box, english: str, chinese: str) -> None:
    assert in_words(RuleWords(LIBRARY, Locale("en")), box) == english
    assert in_words(RuleWords(LIBRARY, Locale("zh")), box) == chinese
