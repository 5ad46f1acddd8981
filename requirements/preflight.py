"""Say in one sentence what this interpreter lacks to set tongbao up; say nothing if it will do.

The Makefile runs this with each Python it finds, so the file must parse on old ones too (3.6): one
that is not supported says nothing that begins with "tongbao needs".
"""

import sys

if sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(1)

import importlib.util
import os
import pathlib
import shlex
import subprocess
import sysconfig

VERSION = sysconfig.get_python_version()
COMPILER = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
INCLUDE = sysconfig.get_path("include")


def compiles(source: bytes) -> bool:
    """Whether the compiler that will build durable-rules accepts this."""
    command = [*COMPILER, "-I", INCLUDE, "-fsyntax-only", "-x", "c", "-"]
    try:
        run = subprocess.run(command, input=source, capture_output=True, check=False)
    except OSError:
        return False
    return run.returncode == 0


if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
    sys.exit(
        f"tongbao needs the venv module of Python {VERSION}: "
        f"install it (Debian, Ubuntu: apt-get install python{VERSION}-venv)."
    )
if not compiles(b"#include <stdio.h>\n"):
    sys.exit(
        f"tongbao needs a C compiler ({COMPILER[0]}) to build durable-rules: "
        "install one (Debian, Ubuntu: apt-get install build-essential)."
    )
if not pathlib.Path(INCLUDE, "Python.h").exists() or not compiles(b"#include <Python.h>\n"):
    sys.exit(
        f"tongbao needs the C headers of Python {VERSION} to build durable-rules: "
        f"install them (Debian, Ubuntu: apt-get install python{VERSION}-dev)."
    )
