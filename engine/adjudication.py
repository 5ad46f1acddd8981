"""Which of the rules that matched decides: exception, grade, recency, or a declared dispute."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from engine.ruleset import AUTHORITIES, Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    from engine.library import Library
    from engine.ruleset import Decision, Rule

NOT_COVERED = "not_covered"
NEEDED, NOT_NEEDED = "needed", "not_needed"
Reason = Literal["override", "grade", "date", "rejected"]
Contest = tuple[Reason, "Callable[[Sequence[str]], list[str]]"]


@dataclass(frozen=True, order=True)
class Dissent:
    """A rule that also matched, said something else, and was beaten; and by what."""

    rule: str
    outcome: str
    by: Reason


@dataclass(frozen=True)
class Resolution:
    """What a set of matching rules comes to.

    A disputed resolution has no outcome but `sides` (two or more) and the `safer` of them. A
    collected one has `items`. `authority` is the best grade that states the outcome.
    """

    verdict: str
    outcome: str | None = None
    authority: Authority | None = None
    rules: tuple[str, ...] = ()
    dissent: tuple[Dissent, ...] = ()
    sides: tuple[str, ...] = ()
    safer: str | None = None
    disputes: tuple[str, ...] = ()
    items: tuple[tuple[str, Resolution], ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What may be so: the outcome, or both sides of a dispute."""
        return self.sides or ((self.outcome,) if self.outcome else ())


@dataclass(frozen=True)
class Unresolved:
    """A fault of the ruleset: no rule matched, or rules of equal weight contradict each other."""

    reason: Literal["no_rule", "tie"]
    rules: tuple[str, ...] = ()


Found = Resolution | Unresolved
UNCOVERED = Resolution("unclear", NOT_COVERED)


class Adjudicator:
    """Adjudicates one decision with the rules in force; the same for both engines."""

    def __init__(self, library: Library, decision: Decision, rules: Sequence[Rule]) -> None:
        self.library, self.decision = library, decision
        self.rules = {rule.id: rule for rule in rules}
        self.grades = {rule.id: AUTHORITIES.index(library.authority(rule)) for rule in rules}
        self.disputes = {
            frozenset(dispute.between): dispute
            for dispute in library.disputes.values()
            if set(dispute.between) <= set(self.rules)
        }

    def resolve(self, fired: Collection[str]) -> Found:
        """The resolution of the rules that fired."""
        if self.decision.hit_policy == "collect":
            return self._collect(fired)
        conclusions = {name: self.rules[name].then.outcome or "" for name in fired}
        found = self._weigh(conclusions)
        if isinstance(found, Unresolved) or found.outcome is None:
            return found
        verdict = self.decision.outcomes[found.outcome].verdict
        return replace(found, verdict=verdict)

    def _collect(self, fired: Collection[str]) -> Found:
        """Each item on its own: needed where a rule adds it, unless an exception waives it."""
        items = []
        for item in self.decision.items:
            conclusions = {}
            for name in fired:
                then = self.rules[name].then
                if item in then.needs:
                    conclusions[name] = NEEDED
                elif item in then.waives:
                    conclusions[name] = NOT_NEEDED
            if not conclusions:
                continue
            found = self._weigh(conclusions)
            if isinstance(found, Unresolved) and found.reason == "no_rule":
                # Only rules that state a rejected claim name the item.
                losers = _losers(dict.fromkeys(conclusions, "rejected"), conclusions, ())
                found = Resolution("", NOT_NEEDED, dissent=losers)
            if isinstance(found, Unresolved):
                return found
            items.append((item, found))
        needed = [found for _, found in items if found.outcome == NEEDED]
        return Resolution(
            "stated" if needed else "not_applicable",
            "listed" if needed else "none",
            weakest(found.authority for found in needed),
            tuple(sorted({rule for _, found in items for rule in found.rules})),
            tuple(sorted({one for _, found in items for one in found.dissent})),
            items=tuple(items),
        )

    def _weigh(self, conclusions: Mapping[str, str]) -> Found:
        """The contest between rules of which each concludes something."""
        dissent: dict[str, Reason] = {}
        standing = [name for name in conclusions if name not in self.library.rejected]
        dissent.update((name, "rejected") for name in conclusions if name not in standing)
        beaten = {name for one in standing for name in self.rules[one].overrides}
        dissent.update((name, "override") for name in standing if name in beaten)
        standing = [name for name in standing if name not in beaten]
        if not standing:
            return Unresolved("no_rule")
        rest = standing
        contests: tuple[Contest, ...] = (("grade", self._best_grade), ("date", self._latest))
        for by, pick in contests:
            if len({conclusions[name] for name in rest}) > 1:
                kept = pick(rest)
                dissent.update((name, by) for name in rest if name not in kept)
                rest = kept
        outcomes = sorted({conclusions[name] for name in rest})
        if len(outcomes) > 1:
            return self._dispute(rest, conclusions, dissent)
        winners = tuple(sorted(name for name in standing if conclusions[name] == outcomes[0]))
        losers = _losers(dissent, conclusions, outcomes)
        authority = AUTHORITIES[min(self.grades[name] for name in winners)]
        return Resolution("", outcomes[0], authority, winners, losers)

    def _best_grade(self, names: Sequence[str]) -> list[str]:
        best = min(self.grades[name] for name in names)
        return [name for name in names if self.grades[name] == best]

    def _latest(self, names: Sequence[str]) -> list[str]:
        """Those of the latest date of issue; all where dates do not tell, or at grade D."""
        if any(AUTHORITIES[self.grades[name]] == "D" for name in names):
            return list(names)
        issued = {name: day for name in names if (day := self.library.issued(self.rules[name]))}
        if len(issued) < len(names):
            return list(names)
        latest = max(issued.values())
        # 2023 and 2023-10 cannot be told apart: one may be the other.
        return [name for name, day in issued.items()
                if latest.startswith(day) or day.startswith(latest)]  # fmt: skip

    def _dispute(
        self, names: Sequence[str], conclusions: Mapping[str, str], dissent: dict[str, Reason]
    ) -> Found:
        declared = []
        for one, other in combinations(sorted(names), 2):
            if conclusions[one] != conclusions[other]:
                dispute = self.disputes.get(frozenset((one, other)))
                if dispute is None:
                    return Unresolved("tie", (one, other))
                declared.append(dispute)
        sides = tuple(sorted({conclusions[name] for name in names}))
        safer = {dispute.safer for dispute in declared}
        # With several disputes the safer side is the one no dispute calls the less safe.
        losing = {conclusions[name] for dispute in declared for name in dispute.between
                  if conclusions[name] != dispute.safer}  # fmt: skip
        safest = sorted(safer - losing) or sorted(safer)
        if len(safest) > 1:
            return Unresolved("tie", tuple(sorted(names)))
        authority = AUTHORITIES[max(self.grades[name] for name in names)]
        return Resolution(
            "disputed", None, authority, tuple(sorted(names)),
            _losers(dissent, conclusions, sides), sides, safest[0],
            tuple(sorted({dispute.id for dispute in declared})),
        )  # fmt: skip


def _losers(
    dissent: Mapping[str, Reason], conclusions: Mapping[str, str], kept: Collection[str]
) -> tuple[Dissent, ...]:
    return tuple(sorted(Dissent(name, conclusions[name], by) for name, by in dissent.items()
                        if conclusions[name] not in kept))  # fmt: skip


def weakest(authorities: Iterable[Authority | None]) -> Authority | None:
    """The weakest of several grades; None when there is none."""
    given = [one for one in authorities if one is not None]
    return max(given, key=AUTHORITIES.index) if given else None


def merge_sides(worlds: Mapping[Hashable, Found], safer: Hashable) -> Found:
    """What a decision comes to when an upstream answer is disputed.

    `worlds` holds its resolution under each side, `safer` is the key of the safer one. Where they
    agree the dispute does not matter; otherwise the answer is disputed again.
    """
    by_world = {}
    for world, one in worlds.items():
        if isinstance(one, Unresolved):
            return one
        by_world[world] = one
    resolved, chosen = [*by_world.values()], by_world[safer]
    if all(one == chosen for one in resolved):
        return chosen
    answers = {(one.verdict, one.outcome, one.sides, _answers(one.items)) for one in resolved}
    common = replace(
        chosen,
        authority=weakest(one.authority for one in resolved),
        rules=tuple(sorted({rule for one in resolved for rule in one.rules})),
        dissent=tuple(sorted({loser for one in resolved for loser in one.dissent})),
        disputes=tuple(sorted({name for one in resolved for name in one.disputes})),
    )
    if len(answers) == 1:
        return common
    sides = tuple(sorted({side for one in resolved for side in one.outcomes}))
    if chosen.items or len(sides) == 1:
        return replace(common, verdict="disputed")
    return replace(
        common, verdict="disputed", outcome=None, sides=sides, safer=chosen.safer or chosen.outcome
    )


def _answers(items: tuple[tuple[str, Resolution], ...]) -> tuple[tuple[str, str | None], ...]:
    return tuple((item, found.outcome) for item, found in items)
