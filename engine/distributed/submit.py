"""The check as a job of Spark: `spark-submit engine/distributed/submit.py CASES… -o FOLDER`.

`python -m engine.distributed.submit` runs it on this machine alone. Exit codes are those of the
batch check: 1 where cases had errors, 2 for what cannot be read or written, 3 for broken rules.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError, RulesetError, TongbaoError
from engine.loader import RULESETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame, SparkSession

DONE, CASE_ERRORS, USAGE, BROKEN_RULESET, INTERNAL = 0, 1, 2, 3, 70
PARQUET = ".parquet"
# Set by spark-submit, which has a JVM of its own.
_GATEWAY = "PYSPARK_GATEWAY_PORT"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; the exit code."""
    told = _arguments(arguments)
    try:
        return with_spark(told)
    except RulesetError as error:
        _say(str(error))
        return BROKEN_RULESET
    except InputError as error:
        _say(f"tongbao: {error}")
        return USAGE
    except TongbaoError as error:
        _say(f"tongbao: internal error: {error}")
        return INTERNAL


def with_spark(told: argparse.Namespace) -> int:
    """Start Spark where that is to be done, run the job, stop Spark; the exit code."""
    _needed()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("tongbao").getOrCreate()
    try:
        if spark.sparkContext.master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
            spark.sparkContext.pythonExec = sys.executable
        return _run(spark, told)
    except PySparkException as error:
        raise InputError(_first_line(error)) from error
    finally:
        spark.stop()


def _run(spark: SparkSession, told: argparse.Namespace) -> int:
    from pyspark.sql import Observation
    from pyspark.sql.functions import count, lit

    from engine.distributed.check import check

    results = check(
        _cases(spark, told.cases), rules=told.rules, topics=told.topics, decisions=told.decisions,
        outcomes=told.outcomes, as_of=told.as_of, compare=told.compare, columns=told.columns,
    )  # fmt: skip
    observed = Observation("counts")
    counted = results.observe(
        observed, count(lit(1)).alias("results"), count("error").alias("errors")
    )
    if told.output.endswith(PARQUET):
        counted.write.parquet(told.output)
    else:
        counted.select("result").write.text(told.output)
    counts: dict[str, int] = observed.get
    _say(f"{counts['results']} results out, {counts['errors']} with errors")
    return CASE_ERRORS if counts["errors"] else DONE


def _cases(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    from engine.distributed.check import read_lines

    kinds = {path.rstrip("/").endswith(PARQUET) for path in paths}
    if len(kinds) > 1:
        raise InputError("some inputs are Parquet and some are not: check them in two jobs")
    return spark.read.parquet(*paths) if kinds.pop() else read_lines(spark, paths)


def _needed() -> None:
    """Raises InputError, with what to install, where Spark cannot be started."""
    if find_spec("pyspark") is None:
        raise InputError("Spark is not installed: pip install 'tongbao[spark]'")
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java") if home else None
    if _GATEWAY not in os.environ and shutil.which(str(java) if java else "java") is None:
        where = f"JAVA_HOME names {home}, where none is" if home else "none is on the PATH"
        raise InputError(f"Spark needs Java 17 or later, and {where}: install a JRE")


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine.distributed.submit", description=__doc__)
    parser.add_argument("cases", nargs="+", help="files or folders of JSON Lines, or *.parquet")
    parser.add_argument("-o", "--output", required=True,
                        help="folder for the results: lines of JSON, or *.parquet")  # fmt: skip
    parser.add_argument("--topics", type=_listed, help="names with commas between them")
    parser.add_argument("--decisions", type=_listed, help="names with commas between them")
    parser.add_argument("--outcomes", action="store_true", help="brief results")
    parser.add_argument("--columns", action="store_true", help="to Parquet: columns a decision")
    parser.add_argument("--as-of", type=date.fromisoformat, help="default: today")
    parser.add_argument("--no-compare", dest="compare", action="store_false",
                        help="do without the second engine")  # fmt: skip
    parser.add_argument("--rules", type=Path, default=RULESETS, help="another folder of rules")
    return parser.parse_args(arguments)


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
