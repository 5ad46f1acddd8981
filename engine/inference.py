"""The inference engine: durable-rules inside the narrow subset in which it is right.

Only small integers reach it: the cells of a complete class. Each decision is a stratum: its case
facts and the outcomes of upstream decisions are asserted, the agenda is drained, the fired rules
are returned, everything is retracted. Rules are positive conjunctions; one constant session; no
thread of the library ever runs. Every limit of its C code is counted before a rule is compiled.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import durable_rules_engine as library
from durable.engine import Host

from engine.errors import BeyondEngineError, InferenceError
from engine.expression import TooDisjunctiveError, normal_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.coded import CodedDecision
    from engine.expression import Conjunction

# Measured hard limits are 64 conditions met at once, 511 first tests, 4096 rules, 252 attributes,
# 16 patterns a rule, 255 rules on one final node; these keep well below.
MAX_CONDITIONS_A_SHARD = 40
MAX_FIRST_TESTS = 400
MAX_RULES = 3_900
MAX_INPUTS = 200
MAX_UPSTREAM = 12
MAX_TESTS = 60
MAX_USES = 200
_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 16777619
_ADDED = (0, 1)


class _Host(Host):  # type: ignore[misc]  # the library carries no types
    """A host whose polling threads never start: they race with every state."""

    def _run(self) -> None:
        pass


@dataclass(frozen=True)
class _Stratum:
    """One decision as the engine sees it: its shards and the names of its inputs."""

    shards: tuple[int, ...]
    facts: tuple[tuple[int, str], ...]
    conclusions: tuple[tuple[int, int], ...]


class InferenceEngine:
    """Fires the rules of a chain of decisions on complete classes; close it when done."""

    def __init__(self, decisions: Sequence[CodedDecision]) -> None:
        self._lock = threading.Lock()
        self._handle = 0
        self._rule_of: dict[str, str] = {}
        self._strata: dict[str, _Stratum] = {}
        self._uses: Counter[str] = Counter()
        definitions: dict[str, Any] = {}
        shard = 0
        for number, coded in enumerate(decisions):
            first = shard + 1
            shard = self._compile(coded, number, shard, definitions)
            self._strata[coded.decision.id] = self._stratum(coded, range(first, shard + 1))
        conclusions = sum(len(one.conclusions) for one in self._strata.values())
        if shard + conclusions > MAX_FIRST_TESTS or len(definitions) > MAX_RULES:
            message = f"{len(definitions)} engine rules in {shard} shards are more than one holds"
            raise BeyondEngineError(decisions[-1].decision.id, message)
        definitions["prime"] = {"all": [{"m": {"prime": 1}}], "run": _nothing}
        self._check_names(shard)
        host = _Host()
        host.set_rulesets({"r": definitions})
        self._handle = host.get_ruleset("r")._handle  # noqa: SLF001 - the library's own way in
        self._prime()

    def fire(self, decision: str, cells: Sequence[int]) -> tuple[str, ...]:
        """The rules of `decision` that match one class, in the order the agenda fired them.

        `cells` are the cells of its inputs in order; an upstream input's cell is one of its
        single outcomes. Raises InferenceError when the engine does anything unexpected.
        """
        stratum = self._strata[decision]
        flat = {name: cells[position] for position, name in stratum.facts}
        with self._lock:
            if not self._handle:
                raise InferenceError("the inference engine is closed")
            asserted: list[str] = []
            try:
                for position, code in stratum.conclusions:
                    self._put({"d": code, "v": cells[position], "id": f"d{code}"}, asserted)
                for shard in stratum.shards:
                    self._put({**flat, "k": shard, "id": f"c{shard}"}, asserted)
                fired = self._drain()
                for identity in asserted:
                    library.retract_fact(self._handle, json.dumps({"id": identity}))
                self._check_idle(decision)
            except BaseException:
                # A state that broke mid-way is locked for a minute: start a fresh one.
                library.delete_state(self._handle, None)
                self._prime()
                raise
        return fired

    def _check_idle(self, decision: str) -> None:
        if library.start_action_for_state(self._handle, self._state):
            raise InferenceError(f"`{decision}`: an activation was left behind")

    def close(self) -> None:
        """Free the memory of the engine; it cannot fire afterwards."""
        with self._lock:
            if self._handle:
                library.delete_state(self._handle, None)
                library.delete_ruleset(self._handle)
                self._handle = 0

    def _compile(
        self, coded: CodedDecision, number: int, shard: int, definitions: dict[str, Any]
    ) -> int:
        """Add the engine rules of one decision; the last shard used."""
        if len(coded.inputs) > MAX_INPUTS:
            message = f"`{coded.decision.id}` has more than {MAX_INPUTS} inputs"
            raise BeyondEngineError(coded.decision.id, message)
        used = MAX_CONDITIONS_A_SHARD
        for index, (name, expression) in enumerate(coded.rules):
            try:
                conjunctions = normal_form(expression, coded.shape)
            except TooDisjunctiveError as error:
                raise BeyondEngineError(coded.decision.id, str(error), name) from error
            for alternative, conjunction in enumerate(conjunctions):
                if used >= MAX_CONDITIONS_A_SHARD:
                    shard, used = shard + 1, 0
                used += 1
                patterns = self._patterns(coded, name, conjunction, shard)
                engine_name = f"r{number}_{index}_{alternative}"
                definitions[engine_name] = {"all": patterns, "pri": index, "run": _nothing}
                self._rule_of[engine_name] = name
        # A decision without rules still has a stratum; it just never fires.
        return shard

    def _patterns(
        self, coded: CodedDecision, rule: str, conjunction: Conjunction, shard: int
    ) -> list[dict[str, Any]]:
        flat: list[dict[str, Any]] = [{"k": shard}]
        patterns: list[dict[str, Any]] = []
        for axis, cells in sorted(conjunction.items(), key=lambda pair: pair[0]):
            one = coded.inputs[axis]
            name = "v" if isinstance(one.source, str) else _attribute(one.source)
            tests = _membership(name, cells, one.size)
            if isinstance(one.source, str):
                code = self._conclusion_code(one.source)
                patterns.append({f"d{len(patterns)}": {"$and": [{"d": code}, *tests]}})
            else:
                flat += tests
        if len(flat) > MAX_TESTS or len(patterns) > MAX_UPSTREAM:
            raise BeyondEngineError(coded.decision.id, f"`{rule}` has too many tests", rule)
        patterns.insert(0, {"c": {"$and": flat} if len(flat) > 1 else flat[0]})
        self._uses.update(json.dumps(next(iter(one.values()))) for one in patterns)
        if max(self._uses.values()) > MAX_USES:
            message = f"`{coded.decision.id}`: one condition is used by too many rules"
            raise BeyondEngineError(coded.decision.id, message, rule)
        return patterns

    def _conclusion_code(self, decision: str) -> int:
        return list(self._strata).index(decision) + 1

    def _stratum(self, coded: CodedDecision, shards: range) -> _Stratum:
        facts, conclusions = [], []
        for position, one in enumerate(coded.inputs):
            if isinstance(one.source, str):
                conclusions.append((position, self._conclusion_code(one.source)))
            else:
                facts.append((position, _attribute(one.source)))
        return _Stratum(tuple(shards), tuple(facts), tuple(conclusions))

    def _check_names(self, shards: int) -> None:
        """The library compares names and ids by a 32-bit hash only: none may collide."""
        attributes = {name for one in self._strata.values() for _, name in one.facts}
        reserved = {"id", "sid", "k", "d", "v", "prime", "$s", "$and", "$lt", "$lte", "$gt", "$gte",
                    "$neq"}  # fmt: skip
        identities = {f"c{one}" for one in range(1, shards + 1)} | {"p", "sid-0"}
        identities |= {f"d{code}" for one in self._strata.values() for _, code in one.conclusions}
        for names in (attributes | reserved, identities):
            if len({_fnv(name) for name in names}) < len(names):
                raise InferenceError("two names of the engine have the same hash")

    def _prime(self) -> None:
        """Fire one action: before that, deleting a state frees memory never initialised."""
        _, self._state = library.assert_fact(self._handle, '{"prime":1,"id":"p"}')
        started = library.start_action_for_state(self._handle, self._state)
        if not started or library.complete_and_start_action(self._handle, self._state):
            raise InferenceError("the inference engine does not start")
        library.retract_fact(self._handle, '{"id":"p"}')

    def _put(self, message: Mapping[str, object], asserted: list[str]) -> None:
        identity = str(message["id"])
        asserted.append(identity)
        code, state = library.assert_fact(self._handle, json.dumps(message))
        # 0: kept; 1: no rule looks at it. Anything else is a lost fact.
        if code not in _ADDED or state != self._state:
            raise InferenceError(f"asserting {identity} gave code {code}")

    def _drain(self) -> tuple[str, ...]:
        fired: dict[str, None] = {}
        started = library.start_action_for_state(self._handle, self._state)
        message = started[1] if started else None
        while message:
            name = message[2 : message.index('"', 2)]
            fired.setdefault(self._rule_of[name])
            message = library.complete_and_start_action(self._handle, self._state)
        return tuple(fired)


def _nothing(_context: object) -> None:
    """What a fired rule runs: nothing, so that no exception can be swallowed."""


def _attribute(axis: int) -> str:
    return f"a{axis}"


def _membership(name: str, cells: frozenset[int], size: int) -> list[dict[str, Any]]:
    """Tests that together hold exactly for `cells`: a range, less the gaps in it."""
    low, high = min(cells), max(cells)
    if low == high:
        return [{name: low}]
    tests: list[dict[str, Any]] = []
    if low > 0:
        tests.append({"$gte": {name: low}})
    if high < size - 1:
        tests.append({"$lte": {name: high}})
    return tests + [{"$neq": {name: one}} for one in range(low, high) if one not in cells]


def _fnv(text: str) -> int:
    value = _FNV_OFFSET
    for byte in text.encode():
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFF
    return value
