"""What differs between two sets of rules, as JSON data."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.batch.privacy import is_identity_number
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.analysis.boxes import Box
    from engine.analysis.difference import Change, Comparison, Reply, Side
    from engine.batch.transitions import Said, Transitions
    from engine.library import Library
    from engine.vocabulary import Vocabulary
    from tui.rules.sides import Asked, Found, Plan


def as_data(plan: Plan, found: list[Found], cases: Transitions | None) -> dict[str, object]:
    """The whole comparison: what was compared, place by place, with boxes and rules."""
    first, second = plan.asked
    out: dict[str, object] = {
        "before": _asked(first, plan.pairs[0][0]),
        "after": _asked(second, plan.pairs[0][1]),
        "only_before": list(plan.lone[0]),
        "only_after": list(plan.lone[1]),
        "vocabulary": [
            {"kind": one.kind, "removed": list(one.removed), "added": list(one.added),
             "changed": list(one.changed)}
            for one in plan.both.differences
        ],
        "places": [
            {"before": one.before.place, "after": one.after.place,
             "decisions": [_comparison(plan, each) for each in one.comparisons]}
            for one in found
        ],
    }  # fmt: skip
    if cases is not None:
        out["cases"] = _cases(cases)
    return out


def _asked(asked: Asked, side: Side) -> dict[str, object]:
    return {"folder": asked.folder, "place": asked.place, "day": side.day.isoformat()}


def _comparison(plan: Plan, one: Comparison) -> dict[str, object]:
    return {
        "decision": one.decision, "status": one.status, "classes": one.classes,
        "differing": one.differing, "kept": dict(one.kept),
        "changes": [_change(plan, change) for change in one.changes],
    }  # fmt: skip


def _change(plan: Plan, one: Change) -> dict[str, object]:
    vocabulary = plan.both.before.vocabulary
    return {
        "before": _reply(one.before),
        "after": _reply(one.after),
        "classes": one.classes,
        "boxes": [_box(vocabulary, box) for box in one.boxes],
        "classes_outside_boxes": one.rest,
        "rules_before": [_rule(plan.both.before, name) for name in one.rules_before],
        "rules_after": [_rule(plan.both.after, name) for name in one.rules_after],
    }


def _reply(one: Reply | Said) -> dict[str, object]:
    out: dict[str, object] = {"verdict": one.verdict, "outcome": one.outcome}
    if one.sides:
        out["sides"] = list(one.sides)
    if one.items:
        out["items"] = dict(one.items)
    for figure in getattr(one, "figures", ()):
        out[figure.name] = json.loads(figure.written)
    return out


def _box(vocabulary: Vocabulary, box: Box) -> list[Mapping[str, object]]:
    """The parts of a box; spans run `from` what is included, to `below` what is not."""
    parts: list[Mapping[str, object]] = []
    for part in box:
        if part.values:
            parts.append({"fact": part.fact, "values": list(part.values)})
            continue
        spans = [
            {name: _shown(vocabulary, part.fact, end)
             for name, end in (("from", span.low), ("below", span.high)) if end is not None}
            for span in part.spans
        ]  # fmt: skip
        parts.append({"fact": part.fact, "spans": spans})
    return parts


def _shown(vocabulary: Vocabulary, name: str, code: int) -> object:
    fact = vocabulary.facts.get(name)
    if name == AS_OF or (fact is not None and fact.type == "date"):
        return date.fromordinal(code).isoformat()
    if fact is not None and fact.type == "decimal":
        return float(Decimal(code).scaleb(-fact.decimals))
    return code


def _rule(library: Library, name: str) -> dict[str, object]:
    rule = library.rules[name]
    return {"id": name, "region": rule.region, "sources": [one.source for one in rule.sources]}


def _cases(cases: Transitions) -> dict[str, object]:
    return {
        "cases": cases.cases,
        "decided": cases.decided,
        "errors": dict(sorted(cases.errors.items())),
        "decisions": {
            name: [
                {"before": _reply(before), "after": _reply(after), "count": one.count,
                 "places": {place or "": n for place, n in one.places.most_common()},
                 "examples": [each for each in one.examples if not is_identity_number(each)]}
                for (before, after), one in matrix.items()
            ]
            for name, matrix in cases.decisions.items()
        },
    }  # fmt: skip
