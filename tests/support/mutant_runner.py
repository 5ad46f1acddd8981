"""Tries the mutants of one module of the engine: which of them do the tests notice?

python -m tests.support.mutant_runner MODULE TEST...     in a copy of the project: it is changed

Mutmut makes the mutants. They are run here, not by mutmut: what a test has worked out and kept (a
library, a table) would hide a mutant from the tests after it, so each mutant has a process of its
own, in which no test has run before. The tests that reach the changed function are tried: first
those that noticed the mutants before it, then the quickest. What is found goes to `found.json`.
"""

from __future__ import annotations

import difflib
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings
from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import mangled_name_from_mutant_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KILLED, TIMEOUT, SURVIVED, NO_TESTS = "killed", "timeout", "survived", "no tests"
_MOST = 255
_SLOWER, _AT_LEAST, _WALL = 4, 1.5, 60
"""A mutant has so many times the CPU time of its tests, and seconds on top."""

# A failure needs no smallest example here.
settings.register_profile(
    "mutants", derandomize=True, deadline=None, database=None, report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=[*HealthCheck],
)  # fmt: skip


@dataclass
class Mutants:
    """The mutants of a module by name, and what each changes: the lines before and after."""

    module: str
    changes: dict[str, str] = field(default_factory=dict)

    def make(self) -> None:
        """Let the module hold all of its mutants, of which none is active."""
        path = Path(*self.module.split(".")).with_suffix(".py")
        made = mutate_file_contents(str(path), path.read_text("utf-8"))
        path.write_text(made.code, "utf-8")
        lines, spans = made.code.splitlines(), made.line_span_by_function_name
        for name in made.mutant_names:
            original = f"{mangled_name_from_mutant_name(name)}__mutmut_orig"
            before, after = ([line.strip().replace(one, "") for line in
                              lines[spans[one].start - 1 : spans[one].end]]
                             for one in (original, name))  # fmt: skip
            self.changes[name] = _difference(before, after)


def _difference(before: Sequence[str], after: Sequence[str]) -> str:
    told = [*difflib.unified_diff(before, after, n=0, lineterm="")][2:]
    old, new = (" ".join(line[1:] for line in told if line[0] == sign) for sign in "-+")
    return f"{old} -> {new}"


@dataclass
class Runner:
    """A pytest plugin that runs the collected tests once for each mutant, each time in a fork."""

    mutants: Mutants
    found: dict[str, str] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        reached, seconds = self._measured(items)
        order = sorted(seconds, key=lambda one: seconds[one])
        for number, name in enumerate(self.mutants.changes, 1):
            function = mangled_name_from_mutant_name(name)
            mine = [one for one in order if function in reached[one]]
            limit = _SLOWER * sum(seconds[one] for one in mine) + _AT_LEAST
            self.found[name], by = self._tried(name, [items[one] for one in mine], limit)
            if by is not None:
                # What noticed one mutant of a function is likely to notice the next.
                order.remove(mine[by])
                order.insert(0, mine[by])
            sys.stderr.write(f"\r{self.mutants.module}: {number} of {len(self.mutants.changes)} ")
        sys.stderr.write("\n")
        return True

    def _measured(
        self, items: dict[str, pytest.Item]
    ) -> tuple[dict[str, set[str]], dict[str, float]]:
        """For each test which functions it reaches, and how many seconds it takes."""

        def measure() -> object:
            told, hits = {}, set[str]()
            trampoline.record_trampoline_hit = lambda name, **_: hits.add(name.rpartition(".")[2])
            trampoline.set_mutant_under_test("stats")
            for nodeid, item in items.items():
                hits.clear()
                start = process_time()
                if not _passes(item):
                    raise AssertionError(f"{nodeid} fails without any change")
                told[nodeid] = [[*hits], process_time() - start]
            return told

        told = _forked(measure)
        if told is None:
            raise pytest.UsageError("the tests fail without any change")
        return ({one: set(hits) for one, (hits, _) in told.items()},
                {one: seconds for one, (_, seconds) in told.items()})  # fmt: skip

    def _tried(
        self, name: str, items: Sequence[pytest.Item], limit: float
    ) -> tuple[str, int | None]:
        """What becomes of a mutant, and which of the tests noticed it."""
        if not items:
            return NO_TESTS, None
        child = os.fork()
        if child == 0:
            trampoline.set_mutant_under_test(f"{self.mutants.module}.{name}")
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            for one in (signal.SIGPROF, signal.SIGALRM):
                signal.signal(one, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, limit)
            signal.alarm(_WALL + int(limit * _SLOWER))
            code = _MOST
            try:
                following = zip(items, [*items[1:], None], strict=True)
                failed = (number for number, (item, after) in enumerate(following, 1)
                          if not _passes(item, after))  # fmt: skip
                code = min(next(failed, 0), _MOST)
            finally:
                os._exit(code)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended in (-signal.SIGPROF, -signal.SIGALRM):
            return TIMEOUT, None
        if ended:
            return KILLED, ended - 1 if 0 < ended < _MOST else None
        return SURVIVED, None


def _passes(item: pytest.Item, after: pytest.Item | None = None) -> bool:
    """Whether a test passes; what it set up is left where the test after it shares that."""
    return not any(one.failed for one in runtestprotocol(item, log=False, nextitem=after))


def _forked(work: Callable[[], object]) -> Any:
    """What a function comes to in a process of its own; None where it fails."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with os.fdopen(write, "w") as stream:
                json.dump(work(), stream)
            code = 0
        except AssertionError as error:
            os.write(2, f"{error}\n".encode())
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as stream:
        text = stream.read()
    return json.loads(text) if os.waitpid(child, 0)[1] == 0 else None


def main(arguments: Sequence[str]) -> int:
    """Make and try the mutants of a module."""
    module, *tests = arguments
    mutants = Mutants(module)
    mutants.make()
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    runner = Runner(mutants)
    # Nobody reads how a test failed: what would tell it takes most of the time.
    options = ["-q", "-p", "no:timeout", "--capture=no", "--assert=plain", "--tb=native"]
    code = pytest.main([*options, *tests], [runner])
    found = [[name, runner.found[name], change] for name, change in mutants.changes.items()
             if name in runner.found]  # fmt: skip
    Path("found.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
