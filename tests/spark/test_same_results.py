"""Spark answers as `check` does, whatever the lines hold and however they are cut up."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from engine.distributed.check import check, read_lines
from engine.errors import InputError, RulesetError
from engine.library import Library
from tests.support.folders import RULESETS, project_over
from tests.support.hostile_lines import Lines, days, right, wrong
from tests.support.without_line import checked, counted

LIBRARY = Library.load(RULESETS)
DAY = date(2026, 3, 1)
AS_OF = ["--as-of", DAY.isoformat()]
MODES = pytest.mark.parametrize("outcomes", [False, True], ids=["whole", "brief"])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program over the small rulesets: what Spark is held against."""
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lines of every kind, in one file; the first is an object, so that each is a case."""
    text = b'\xef\xbb\xbf{"id": "first"}\r\n\n  \n\t\r\n' + b"\n".join(
        [*right(LIBRARY), *wrong(LIBRARY), *days(LIBRARY)]
    )
    text += b"\n" + Lines(LIBRARY, 7).text(2500, 0.05)
    text += b'{"id": "long", "x_a": "' + b"a" * (1 << 20) + b'"}\n{"id": "last"}'
    path = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    path.write_bytes(text)
    return path


def results(found: DataFrame) -> Counter[str]:
    return counted(one.result for one in found.select("result").collect())


def modes(outcomes: bool) -> list[str]:
    return [*AS_OF, "--outcomes"] if outcomes else AS_OF


@MODES
def test_lines_of_every_kind(
    spark: SparkSession, project: Path, cases: Path, outcomes: bool
) -> None:
    lines = read_lines(spark, [str(cases)])
    found = check(lines, rules=RULESETS, as_of=DAY, outcomes=outcomes).collect()
    answers = checked(project, cases, *modes(outcomes))
    assert counted(one.result for one in found) == answers
    assert answers.total() > 5000
    for one in found:
        said = json.loads(one.result)
        error = said.get("error")
        assert (None if one.error is None else json.loads(one.error)) == error
        assert one.error is None or one.error in one.result
        if "\\ud" not in one.result:
            assert one.id == said["id"]


@MODES
def test_however_the_lines_are_cut_up(spark: SparkSession, cases: Path, outcomes: bool) -> None:
    lines = read_lines(spark, [str(cases)])
    found = [results(check(one, rules=RULESETS, as_of=DAY, outcomes=outcomes))
             for one in (lines.coalesce(1), lines.repartition(7))]  # fmt: skip
    assert found[0] == found[1]


def test_the_order_within_a_partition_is_kept(spark: SparkSession) -> None:
    ids = [f"c{number:05}" for number in range(3000)]
    lines = spark.createDataFrame([(json.dumps({"id": one}),) for one in ids], "value string")
    for outcomes in (False, True):
        found = check(lines.coalesce(1), rules=RULESETS, as_of=DAY, outcomes=outcomes).collect()
        assert [one.id for one in found] == ids


@MODES
def test_columns_of_facts(
    spark: SparkSession, project: Path, tmp_path: Path, outcomes: bool
) -> None:
    rows: list[tuple[Any, ...]] = [
        ("a", "440300", "centre", date(2018, 1, 20), 2, True, Decimal("1.50"), "市区"),
        ('"q"\\\n', "深圳市", "hospital", None, None, None, None, None),
        (None, None, None, None, None, None, None, None),
        ("wrong", "nowhere", "palace", date(1850, 1, 1), 77, False, Decimal("-1.00"), "x"),
        ("finer", "440300", "centre", date(2018, 1, 20), 1, False, Decimal("1.23"), ""),
    ]
    schema = (
        "id string, region string, institution_kind string, birth_date date, "
        "institution_level int, emergency boolean, bill_yuan decimal(12,2), x_note string"
    )
    names = [one.split()[0] for one in schema.split(", ")]
    path = tmp_path / "cases.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for row in rows * 600:
            values = [str(one) if isinstance(one, date) else one for one in row]
            text = json.dumps(dict(zip(names, values, strict=True)), default=lambda one: f"<{one}>")
            stream.write(text.replace('"<', "").replace('>"', "") + "\n")
    frame = spark.createDataFrame(rows * 600, schema).repartition(3)
    found = check(frame, rules=RULESETS, as_of=DAY, outcomes=outcomes)
    assert results(found) == checked(project, path, *modes(outcomes))


def test_columns_that_are_no_facts_or_of_no_right_type_are_errors_of_their_cases(
    spark: SparkSession,
) -> None:
    rows = [("a", 1.5, datetime.fromisoformat("2018-01-20T03:00"), float("nan"), "?")]
    schema = "id string, region double, birth_date timestamp_ntz, x_a double, colour string"
    (one,) = check(spark.createDataFrame(rows, schema), rules=RULESETS, as_of=DAY).collect()
    assert json.loads(one.error)["code"] == "not_json"
    frame = spark.createDataFrame(rows, schema).drop("x_a")
    (one,) = check(frame, rules=RULESETS, as_of=DAY).collect()
    said = json.loads(one.result)
    fields = [said["error"]["field"], *(other["field"] for other in said["more_errors"])]
    assert fields == ["/region", "/birth_date", "/colour"]


def test_a_day_in_a_moment_is_that_day(spark: SparkSession) -> None:
    rows = [("a", datetime.fromisoformat("2018-01-20T00:00"))]
    frame = spark.createDataFrame(rows, "id string, birth_date timestamp_ntz")
    (one,) = check(frame, rules=RULESETS, as_of=DAY).collect()
    assert one.error is None


@MODES
def test_a_column_of_texts(spark: SparkSession, outcomes: bool) -> None:
    """A case may be printed over lines there; blank ones and nulls are none."""
    texts = [' {"id":\n "a"}\r\n', None, "", " \n", '{"id": "b",\n\n}', '{"id": "\n"}', "[]"]
    frame = spark.createDataFrame([(one,) for one in texts], "value string")
    found = check(frame, rules=RULESETS, as_of=DAY, outcomes=outcomes).collect()
    assert [one.id for one in found if one.error is None] == ["a"]
    codes = [json.loads(one.error)["code"] for one in found if one.error]
    assert sorted(codes) == ["not_an_object", "not_json", "not_json"]


def test_columns_a_decision(spark: SparkSession, cases: Path) -> None:
    lines = read_lines(spark, [str(cases)])
    asked = ["may_bind", "papers"]
    for outcomes in (False, True):
        found = check(lines, rules=RULESETS, as_of=DAY, decisions=asked, outcomes=outcomes,
                      columns=True).collect()  # fmt: skip
        for one in found:
            said = json.loads(one.result)
            for name in asked:
                if outcomes:
                    assert one[name] == said.get(name)
                else:
                    answer = said.get("decisions", {}).get(name, {})
                    parts = [one[f"{name}_{part}"] for part in ("verdict", "outcome", "evidence")]
                    told = [answer.get(part) for part in ("verdict", "outcome", "evidence")]
                    assert parts == told


def test_what_cannot_be_asked_is_said_before_anything_runs(
    spark: SparkSession, tmp_path: Path
) -> None:
    frame = spark.createDataFrame([("{}",)], "value string")
    with pytest.raises(InputError, match="no topic sports; there are"):
        check(frame, rules=RULESETS, topics=["sports"])
    with pytest.raises(InputError, match="exclude each other"):
        check(frame, rules=RULESETS, topics=["clinic"], decisions=["may_bind"])
    (tmp_path / "broken.yaml").write_text("rules: [", "utf-8")
    with pytest.raises(RulesetError):
        check(frame, rules=tmp_path)


def test_the_day_is_fixed_once(spark: SparkSession) -> None:
    frame = spark.createDataFrame([('{"id": "a"}',)] * 50, "value string").repartition(5)
    found = check(frame, rules=RULESETS).collect()
    assert len({json.loads(one.result)["as_of"] for one in found}) == 1
