"""DuckDB: the decisions as SQL written by hand, from file to file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.benchmarks.batch.peers.driver import Job, main

SQL = Path(__file__).with_name("decisions.sql")


def run(job: Job) -> None:
    """The whole file on so many threads."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {job.threads}")
    constants = connection.execute(
        "SELECT (day - INTERVAL 1 MONTH)::DATE::VARCHAR, (day - INTERVAL 14 YEAR)::DATE::VARCHAR "
        "FROM (SELECT ?::DATE AS day)",
        [job.day],
    ).fetchone()
    assert constants is not None
    sql = SQL.read_text("utf-8")
    names = ("month_ago", "fourteen", "cases", "out")
    for name, value in zip(names, (*constants, job.cases, job.out), strict=True):
        sql = sql.replace("{" + name + "}", str(value))
    job.start()
    counted = connection.execute(sql).fetchone()
    job.done(counted[0] if counted else 0)


if __name__ == "__main__":
    main(run)
