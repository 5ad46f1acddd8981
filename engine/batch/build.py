"""Compiles the scanner with the compiler Python was built with; run at set-up.

The library lies in the environment, named after its sources: a stale one is never loaded, and the
folders of the project hold no compiled file.
"""

from __future__ import annotations

import hashlib
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

SOURCE = Path(__file__).parent / "native" / "scanner.c"
_OPTIONS = ("-std=c11", "-O3", "-fPIC", "-shared")


def library_path() -> Path:
    """Where the library of these sources lies in this environment, compiled or not."""
    sources = sorted([SOURCE, *SOURCE.parent.glob("*.h")])
    digest = hashlib.sha256(b"\0".join(one.read_bytes() for one in sources)).hexdigest()[:16]
    return Path(sys.prefix) / "lib" / "tongbao" / f"scanner-{digest}.so"


def compile_to(target: Path, *options: str) -> str | None:
    """Compile the scanner to `target`; what went wrong, None where nothing did."""
    # The compiler alone: its flags were chosen for another machine's extension modules.
    compiler = shlex.split(str(sysconfig.get_config_var("CC") or "cc"))[:1]
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_suffix(".part")
    command = [*compiler, *_OPTIONS, *options, "-o", str(scratch), str(SOURCE)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the compiler of this Python
    except OSError as error:
        return f"{compiler[0]}: {error.strerror}"
    if done.returncode:
        return done.stderr.strip() or f"{compiler[0]} failed"
    scratch.replace(target)
    return None


def main() -> int:
    """Compile where that is still to do; a failure is told and is none: there is a twin."""
    target = library_path()
    if target.exists():
        return 0
    failure = compile_to(target)
    if failure:
        sys.stderr.write(
            f"tongbao: the scanner cannot be compiled, batches run slower: {failure}\n"
        )
    else:
        for stale in set(target.parent.glob("scanner-*.so")) - {target}:
            stale.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
