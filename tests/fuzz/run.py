"""Fuzzes the case reader or the ruleset loader, led by coverage where atheris is installed.

python -m tests.fuzz.run reader|loader [SECONDS] [--plain]

With atheris (`make fuzz`) the engine is instrumented, what reaches new code is kept in .fuzz/TARGET
and what breaks a law is left there as crash-*. Without, or with --plain, the same mutations are
drawn blindly from one seed, the same on every machine.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

FOUND = Path(".fuzz")
LONGEST = 1 << 14
SLOWEST = 60
"""Seconds after which an input counts as one that hangs."""
_BYTEWISE = 0.3
_SEED = 20_260_301


class Target(Protocol):
    """What is fuzzed: where to begin, what to change, and the laws that must hold."""

    def corpus(self) -> Sequence[bytes]:
        """Inputs to begin with."""

    def mutated(self, data: bytes, pick: random.Random) -> bytes:
        """An input changed in its own terms."""

    def hold(self, data: bytes) -> None:
        """Raises where a law does not hold of an input."""


def made(name: str, scratch: str) -> Target:
    """The target of that name, which writes into a folder of its own."""
    target: Target = importlib.import_module(f"tests.fuzz.{name}").Target(Path(scratch))
    return target


def plainly(target: Target, rounds: int, seed: int = _SEED, seconds: float | None = None) -> int:
    """Draw so many inputs, or for so long; how many. Raises what `hold` raises."""
    pick, kept = random.Random(seed), list(target.corpus())
    until = None if seconds is None else time.monotonic() + seconds
    done = 0
    for one in kept if until is not None else ():
        target.hold(one)
    while done < rounds if until is None else time.monotonic() < until:
        data = pick.choice(kept)
        for _ in range(pick.choice((1, 1, 2, 5))):
            data = target.mutated(data, pick)[:LONGEST]
        target.hold(data)
        done += 1
    return done


def flipped(data: bytes, pick: random.Random) -> bytes:
    """An input with a few bytes changed, cut out or doubled."""
    out = bytearray(data)
    for _ in range(pick.choice((1, 1, 2, 4))):
        at = pick.randrange(len(out) + 1)
        what = pick.randrange(4)
        if what == 0 and at < len(out):
            out[at] = pick.randrange(256)
        elif what == 1:
            del out[at : at + pick.randrange(16)]
        elif what == 2:
            out[at:at] = out[at : at + pick.randrange(40)]
        else:
            out[at:at] = bytes(pick.randrange(256) for _ in range(pick.randrange(1, 4)))
    return bytes(out)


def led(name: str, seconds: int) -> None:
    """Fuzz with atheris; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["engine"]):
        import engine

        # What is imported later, inside functions, would go without.
        for module in pkgutil.walk_packages(engine.__path__, "engine."):
            if "distributed" not in module.name:
                importlib.import_module(module.name)
    # Left behind: what the process ends with lets nothing be tidied.
    target = made(name, tempfile.mkdtemp(prefix="tongbao-fuzz-"))
    folder = FOUND / name
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for one in target.corpus():
        (folder / "corpus" / hashlib.sha256(one).hexdigest()[:40]).write_bytes(one)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        pick = random.Random(seed)
        if pick.random() < _BYTEWISE:
            return bytes(atheris.Mutate(data, longest))
        return target.mutated(data, pick)[:longest]

    def cross(one: bytes, other: bytes, longest: int, seed: int) -> bytes:
        pick = random.Random(seed)
        lines, others = one.splitlines(keepends=True), other.splitlines(keepends=True)
        cut, on = pick.randrange(len(lines) + 1), pick.randrange(len(others) + 1)
        return b"".join([*lines[:cut], *others[on:]])[:longest]

    options: dict[str, Any] = {"custom_mutator": mutate, "custom_crossover": cross}
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}",
         f"-artifact_prefix={folder}/", "-rss_limit_mb=4096", "-print_final_stats=1",
         str(folder / "corpus")],
        target.hold, **options,
    )  # fmt: skip
    atheris.Fuzz()


def main(arguments: Sequence[str]) -> int:
    """Fuzz as the arguments say."""
    words = [one for one in arguments if not one.startswith("-")]
    if not words or words[0] not in {"reader", "loader"}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    seconds = int(words[1]) if len(words) > 1 else 60
    if "--plain" not in arguments:
        led(words[0], seconds)
    seed = int(time.time())
    with tempfile.TemporaryDirectory() as scratch:
        done = plainly(made(words[0], scratch), 0, seed, seconds)
    sys.stdout.write(f"{words[0]}: {done} inputs, seed {seed}: nothing found\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
