"""Checks a DataFrame of cases: results out, the same as of the batch check but for the line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pyspark.sql import functions

from engine.batch.writing import PARTS, asked
from engine.clock import today
from engine.distributed.worker import COLUMNS, TEXT, Job, decided
from engine.errors import InputError
from engine.library import Library
from engine.loader import RULESETS
from engine.receipt import library_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

SCHEMA = ", ".join(f"{name} string" for name in COLUMNS)


def read_lines(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    """The lines of some files, each a case in JSON, in a column `value`."""
    # Lines end as the batch check has them end: a carriage return alone ends none.
    return spark.read.text([*paths], lineSep="\n")


def check(  # noqa: PLR0913 - what a batch is made of
    cases: DataFrame, *, rules: Path = RULESETS, topics: Sequence[str] | None = None,
    decisions: Sequence[str] | None = None, outcomes: bool = False, as_of: date | None = None,
    compare: bool = True, columns: bool = False,
) -> DataFrame:  # fmt: skip
    """The results of cases: `id`, `result` as the batch check writes it, `error` where it has one.

    A DataFrame of one column `value` holds a case in JSON a row, blank ones being none; any other
    has a column a fact, in which null is not known. `outcomes` gives brief results. The rules are
    read here, sent to each worker once, and `as_of` is fixed here: today where it is not given.
    With `columns` each decision asked has columns of its own too. Raises RulesetError when the
    rules are broken, InputError for a topic or a decision that there is not.
    """
    library = Library.load(rules)
    _known(topics, library.topics, "topic")
    _known(decisions, library.decisions, "decision")
    if topics and decisions:
        raise InputError("topics and decisions exclude each other")
    job = Job(
        {path.relative_to(rules).as_posix(): path.read_bytes() for path in rules.rglob("*.yaml")},
        library_hash(library), as_of or today(), None if topics is None else tuple(topics),
        None if decisions is None else tuple(decisions), outcomes, compare,
    )  # fmt: skip
    shipped = cases.sparkSession.sparkContext.broadcast(job)
    key = repr((job.rules, job.as_of, job.topics, job.decisions, outcomes, compare))
    deciding = partial(decided, key, cases.columns == [TEXT], shipped)
    results = cases.mapInArrow(deciding, SCHEMA)
    if not columns:
        return results
    return results.select("*", *_columns(asked(library, topics, decisions), outcomes=outcomes))


def _known(names: Sequence[str] | None, known: Iterable[str], what: str) -> None:
    unknown = [name for name in names or () if name not in known]
    if unknown or (names is not None and not names):
        lack = f"no {what} {', '.join(unknown)}" if unknown else f"no {what} is named"
        raise InputError(f"{lack}; there are {', '.join(known)}")


def _columns(decisions: Iterable[str], *, outcomes: bool) -> list[object]:
    """A column a decision of a brief result, else three: verdict, outcome and evidence."""
    parts = {"": ""} if outcomes else {f"_{one}": f".{one}" for one in PARTS}
    start = "$" if outcomes else "$.decisions"
    return [functions.get_json_object("result", f"{start}.{name}{path}").alias(name + end)
            for name in decisions for end, path in parts.items()]  # fmt: skip
