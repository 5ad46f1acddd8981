"""One Spark for all tests, on this machine, with two workers at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

# Before the JVM starts: it must not look up the machine's name, nor take another Python.
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
# These tests start much and compute little.
os.environ["JDK_JAVA_OPTIONS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    options = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2",
               "spark.sql.execution.arrow.maxRecordsPerBatch": "500"}  # fmt: skip
    session = SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
