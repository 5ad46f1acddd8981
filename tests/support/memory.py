"""The most memory a program took: `python tests/support/memory.py FILE COMMAND...` writes it.

A process counts as its own what the one it was started from took until then, and the process that
runs tests has grown large: this one is small.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run the command, write the bytes it took at most, and end as it did."""
    process = subprocess.Popen(sys.argv[2:])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    Path(sys.argv[1]).write_text(str(used.ru_maxrss * 1024), "ascii")
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
