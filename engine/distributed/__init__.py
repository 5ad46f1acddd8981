"""The same check on Apache Spark; needs the extra `spark`."""
