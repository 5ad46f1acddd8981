"""The compiled scanner: where it lacks, a test that fell back to the exact path could not fail."""

from __future__ import annotations

from engine.batch import build, scanner


def compiled() -> None:
    """See to it that the library is there."""
    if not build.library_path().exists():
        assert build.compile_to(build.library_path()) is None
    assert scanner.library() is not None
