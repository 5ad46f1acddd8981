"""What set-up says when something is missing, and which interpreter it takes."""

import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("awk", "cat", "grep", "make", "mkdir", "sh", "touch")
COMPILER = shlex.split(sysconfig.get_config_var("CC"))[0]

# Interpreters: a shim that names no version, one too old, and one that will do.
SHIM = "echo 'pyenv: command not found' >&2; exit 127"
TOO_OLD = "exit 1"
TOO_OLD_TO_PARSE = "echo 'SyntaxError: invalid syntax' >&2; exit 1"
COMPLETE = (
    'test "$1" = requirements/preflight.py || { mkdir -p .venv/bin; touch .venv/bin/python; }'
)


@dataclass
class Machine:
    """A checkout, and a PATH that holds what a test put there and nothing else."""

    checkout: Path
    path: Path

    def has(self, name: str, script: str) -> Path:
        """Put a program on PATH."""
        program = self.path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return program

    def has_python(self, name: str, changed: str = "pass") -> None:
        """Put the Python that runs the tests on PATH, changed before it runs a script."""
        code = (
            "import importlib.util, runpy, sys, sysconfig\n"
            f"{changed}\n"
            "runpy.run_path(sys.argv[1], run_name='__main__')"
        )
        self.has(name, f'exec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$@"')

    def make(self, *arguments: str, **exported: str) -> subprocess.CompletedProcess[str]:
        """Run make here, with no environment but PATH and what is given."""
        return subprocess.run(
            ["make", *arguments],
            cwd=self.checkout,
            env={"PATH": str(self.path), **exported},
            capture_output=True,
            text=True,
            check=False,
        )

    def refusal(self, *arguments: str) -> str:
        """The one sentence with which set-up ends; what make adds of its own is cut off."""
        run = self.make("run", *arguments)
        said = run.stderr.splitlines()
        assert run.returncode == 2
        assert run.stdout == ""
        assert len(said) == 2
        assert said[1].startswith("make: *** ")
        assert said[1].endswith("Error 1")
        assert not (self.checkout / ".venv").exists()
        return said[0]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    checkout = tmp_path / "a checkout 童保"
    path = tmp_path / "bin"
    (checkout / "requirements").mkdir(parents=True)
    path.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements/preflight.py"):
        shutil.copy(ROOT / name, checkout / name)
    for name in ("build.txt", "run.txt", "dev.txt"):
        (checkout / "requirements" / name).touch()
    (checkout / "engine" / "batch" / "native").mkdir(parents=True)
    for name in ("native/scanner.c", "build.py"):
        (checkout / "engine" / "batch" / name).touch()
    for tool in TOOLS:
        (path / tool).symlink_to(str(shutil.which(tool)))
    return Machine(checkout, path)


def taken(machine: Machine, *arguments: str) -> str:
    """The interpreter that set-up settles on."""
    run = machine.make(".venv/made", *arguments)
    assert run.returncode == 0, run.stderr
    return (machine.checkout / ".venv/made").read_text("utf-8").strip()


def test_no_python(machine: Machine) -> None:
    assert machine.refusal() == (
        "tongbao needs CPython 3.11, 3.12 or 3.13: "
        "install one (Debian, Ubuntu: apt-get install python3-dev python3-venv)."
    )


@pytest.mark.parametrize("script", [SHIM, TOO_OLD, TOO_OLD_TO_PARSE])
def test_only_pythons_that_will_not_do(machine: Machine, script: str) -> None:
    machine.has("python3.12", SHIM)
    machine.has("python3", script)
    assert machine.refusal().startswith("tongbao needs CPython 3.11, 3.12 or 3.13: install one")


def test_an_unsupported_version(machine: Machine) -> None:
    machine.has_python("python3", "sys.version_info = (3, 10, 13, 'final', 0)")
    assert machine.refusal().startswith("tongbao needs CPython 3.11, 3.12 or 3.13: install one")


def test_another_implementation(machine: Machine) -> None:
    machine.has_python("python3", "sys.implementation.name = 'pypy'")
    assert machine.refusal().startswith("tongbao needs CPython 3.11, 3.12 or 3.13: install one")


def test_a_python_asked_for_that_will_not_do(machine: Machine) -> None:
    machine.has("python3.11", COMPLETE)
    for name in ("python3.10", "/nowhere/bin/python3"):
        said = machine.refusal(f"PYTHON={name}")
        assert said.startswith("tongbao needs PYTHON to be CPython 3.11, 3.12 or 3.13: install one")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_no_venv_module(machine: Machine, module: str) -> None:
    machine.has_python("python3", f"sys.modules['{module}'] = None")
    version = sysconfig.get_python_version()
    assert machine.refusal() == (
        f"tongbao needs the venv module of Python {version}: "
        f"install it (Debian, Ubuntu: apt-get install python{version}-venv)."
    )


@pytest.mark.parametrize("compiler", ["", "echo 'stdio.h: No such file' >&2; exit 1"])
def test_no_compiler(machine: Machine, compiler: str) -> None:
    machine.has_python("python3")
    if compiler:
        machine.has(COMPILER, compiler)
    assert machine.refusal() == (
        f"tongbao needs a C compiler ({COMPILER}) to build durable-rules: "
        "install one (Debian, Ubuntu: apt-get install build-essential)."
    )


@pytest.mark.parametrize(
    ("changed", "compiler"),
    [("sysconfig.get_path = lambda name: '/nowhere'", "exit 0"), ("pass", "! grep -q Python.h")],
)
def test_no_headers(machine: Machine, changed: str, compiler: str) -> None:
    machine.has_python("python3", changed)
    machine.has(COMPILER, compiler)
    version = sysconfig.get_python_version()
    assert machine.refusal() == (
        f"tongbao needs the C headers of Python {version} to build durable-rules: "
        f"install them (Debian, Ubuntu: apt-get install python{version}-dev)."
    )


def test_the_oldest_supported_python_is_taken_first(machine: Machine) -> None:
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        machine.has(name, COMPLETE)
    assert taken(machine) == "python3.11"


def test_shims_and_incomplete_pythons_are_passed_over(machine: Machine) -> None:
    machine.has("python3.11", SHIM)
    machine.has_python("python3.12", "sys.modules['venv'] = None")
    machine.has("python3.13", COMPLETE)
    assert taken(machine) == "python3.13"


def test_a_python_asked_for_is_taken_and_kept_until_another_is(machine: Machine) -> None:
    machine.has("python3.11", COMPLETE)
    asked = str(machine.has("python3.13", COMPLETE))
    assert taken(machine, f"PYTHON={asked}") == asked
    assert taken(machine) == asked
    assert taken(machine, "PYTHON=python3.11") == "python3.11"


def test_a_moved_checkout_is_set_up_again(machine: Machine) -> None:
    machine.has("python3.11", COMPLETE)
    taken(machine)
    assert machine.make(".venv/made").stderr == ""
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("moved"))
    assert machine.make(".venv/made").stderr == "tongbao: setting up .venv with python3.11\n"


def installing(machine: Machine) -> Path:
    """Let set-up go through with a pip that only notes what it is asked, and say where."""
    parts = machine.checkout.with_name("parts")
    parts.mkdir()
    log = parts / "log"
    noting = f"echo noise; echo \"$* ${{CPPFLAGS-}} ${{PYTHONDONTWRITEBYTECODE-}}\" >>'{log}'"
    for name, script in (("python", noting), ("tongbao", 'echo "data $*"')):
        (parts / name).write_text(f"#!/bin/sh\n{script}\n")
        (parts / name).chmod(0o755)
    copying = f"mkdir -p .venv/bin && cp '{parts}/python' '{parts}/tongbao' .venv/bin"
    (machine.path / "cp").symlink_to(str(shutil.which("cp")))
    machine.has("python3.11", f'test "$1" = requirements/preflight.py || {{ {copying}; }}')
    return log


def test_run_leaves_only_data_on_stdout_and_installs_once(machine: Machine) -> None:
    log = installing(machine)
    for _ in range(2):
        run = machine.make("run", "ARGS=check 'my cases.jsonl'")
        assert (run.returncode, run.stdout) == (0, "data check my cases.jsonl\n"), run.stderr
    build, runtime, project, compiling, keeping = log.read_text("utf-8").splitlines()
    assert "--require-hashes" in build
    assert "--require-hashes" in runtime
    assert "--no-index --editable ." in project
    assert "-m engine.batch.build" in compiling
    assert "-m engine.take_snapshot" in keeping


def test_changed_locks_are_installed_again(machine: Machine) -> None:
    log = installing(machine)
    machine.make(".venv/dev")
    log.unlink()
    machine.make(".venv/dev", "--what-if=requirements/dev.txt")
    assert log.read_text("utf-8").count("\n") == 1
    machine.make(".venv/dev", "--what-if=requirements/run.txt")
    assert log.read_text("utf-8").count("\n") == 6


def test_what_a_shell_exports_is_kept_or_dropped_as_it_must(machine: Machine) -> None:
    log = installing(machine)
    machine.make(".venv/run", CPPFLAGS="-DMINE", PYTHONDONTWRITEBYTECODE="unwanted")
    noted = log.read_text("utf-8")
    assert "-DMINE -O2 -DPyEval_CallObject=PyObject_CallObject" in noted
    assert "unwanted" not in noted


def test_a_python_that_is_gone_is_replaced(machine: Machine) -> None:
    machine.has("python3.11", COMPLETE)
    taken(machine)
    (machine.checkout / ".venv/bin/python").unlink()
    assert machine.make(".venv/made").stderr == "tongbao: setting up .venv with python3.11\n"


def test_help_is_the_default_and_names_every_target(machine: Machine) -> None:
    listed = {line.split()[0] for line in machine.make().stdout.splitlines()}
    assert {"help", "run", "test", "check", "lock", "clean"} <= listed


def test_supported_versions_are_named_alike_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    preflight = (ROOT / "requirements/preflight.py").read_text("utf-8")
    low, high = (int(minor) for minor in re.findall(r"3\.(\d+)", project["requires-python"]))
    *others, last = [f"3.{minor}" for minor in range(low, high)]
    assert f"(3, {low}) <= sys.version_info[:2] < (3, {high})" in preflight
    assert f"CPython {', '.join(others)} or {last}:" in makefile
    assert f"PYTHONS := {' '.join(f'python{v}' for v in [*others, last])} python3" in makefile


@pytest.mark.parametrize("name", ["Makefile", "pyproject.toml", ".ci/run", "requirements/build.in"])
def test_set_up_names_no_address_and_no_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"://|--((extra-)?index|find-)|/(root|opt|home|usr)/", text)
