"""Runs many commands of the program in one process: `python -m tests.support.commands PLAN`.

PLAN is JSON: a list of commands, each with its arguments `args` and what is typed, `stdin`. Prints
JSON: of each its exit code, `stdout` and `stderr`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any


def run(args: list[str], stdin: str) -> dict[str, Any]:
    """Run one command with streams of its own."""
    from tui.cli import main

    own = [os.dup(number) for number in range(3)]
    kept = sys.stdin, sys.stdout, sys.stderr
    with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:  # fmt: skip
        typed.write(stdin.encode())
        typed.seek(0)
        for number, stream in enumerate((typed, out, err)):
            os.dup2(stream.fileno(), number)
        sys.argv = ["tongbao", *args]
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as the interpreter does
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
        code: object = None
        try:
            main()
        except SystemExit as left:
            code = left.code
        finally:
            for flushed in (sys.stdout, sys.stderr):
                if not flushed.closed:
                    flushed.flush()
            sys.stdin, sys.stdout, sys.stderr = kept
            for number, before in enumerate(own):
                os.dup2(before, number)
                os.close(before)
        out.seek(0)
        err.seek(0)
        return {"args": args, "code": code, "stdout": out.read().decode(),
                "stderr": err.read().decode()}  # fmt: skip


if __name__ == "__main__":
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    found = [run(one["args"], one.get("stdin", "")) for one in plan]
    sys.stdout.write(json.dumps(found) + "\n")
