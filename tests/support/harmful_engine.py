"""The command with an inference engine that does harm: `-m tests.support.harmful_engine HOW ...`.

HOW is what it does on the classes of the decision `DECISION` on which NAMED fires: crash, hang,
differ, fail or nothing. Everything else is the program itself, and so are its processes.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch import contained
from engine.errors import InferenceError
from engine.inference import InferenceEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

DECISION = "asked"
RULE = "harmful"


def harmed(how: str) -> None:
    """Let the engine do it from now on."""
    contained.SECONDS = 0.5
    fire = InferenceEngine.fire

    def harmful(self: InferenceEngine, decision: str, cells: Sequence[int]) -> tuple[str, ...]:
        fired = fire(self, decision, cells)
        if decision == DECISION and RULE in fired:
            if how == "crash":
                ctypes.string_at(0)
            while how == "hang":
                pass
            if how == "fail":
                raise InferenceError("asserting c1 gave code 303")
            if how == "differ":
                return ()
        return fired

    InferenceEngine.fire = harmful  # type: ignore[method-assign]


def main() -> None:
    """Run the command."""
    from tui import cli

    os.environ["TONGBAO_HARM"] = sys.argv.pop(1)
    sys.path.append(str(Path(__file__).parent / "harmful"))
    harmed(os.environ["TONGBAO_HARM"])
    cli.main()


if __name__ == "__main__":
    main()
