"""What became of a result's receipt, for programs: one object a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.library import Library
    from engine.verification.causes import Cause
    from engine.verification.verifier import Judged


def as_data(judged: Judged, library: Library) -> dict[str, object]:
    """The verdict on a result, both receipts, and why the answers differ; what is empty is out."""
    held, receipt, now = judged.held, judged.receipt, judged.now
    data: dict[str, object] = {
        "id": held.id,
        "at": held.at,
        "line": held.line,
        "verdict": judged.verdict,
        "case": judged.way,
        "receipt": str(receipt) if receipt else None,
        "now": str(now) if now else None,
        "differs": list(judged.parts),
        "because": [_cause(one, library) for one in judged.causes],
        "changes_on_differ": list(judged.later),
        "errors": [fault.to_json() for fault in judged.faults],
    }
    if receipt and now and receipt.version != now.version:
        data["engine"] = {"then": receipt.version, "now": now.version}
    keep = {"id", "at", "verdict"}
    return {key: one for key, one in data.items() if key in keep or one not in (None, [])}


def _cause(cause: Cause, library: Library) -> dict[str, object]:
    then = [
        {"rule": one.rule, "state": one.state, **({"by": one.by} if one.by else {}),
         **_period(one.rule, library)}
        for one in cause.then
    ]  # fmt: skip
    now = [
        {
            "rule": name,
            **_period(name, library),
            "sources": [one.model_dump(mode="json") for one in library.rules[name].sources],
        }
        for name in cause.now
    ]
    return {
        "decision": cause.decision,
        "differs": list(cause.parts),
        "then": _plain(cause.before),
        "now": _plain(cause.after),
        "rules_then": then,
        "rules_now": now,
    }


def _period(rule: str, library: Library) -> dict[str, object]:
    if rule not in library.rules:
        return {}
    period = library.rules[rule].in_force
    return {"in_force": {"from": period.from_.isoformat() if period.from_ else None,
                         "to": period.to.isoformat() if period.to else None}}  # fmt: skip


def _plain(answer: Mapping[str, object] | None) -> dict[str, object] | None:
    """An answer without its words, which say it once more."""
    return None if answer is None else {key: one for key, one in answer.items() if key != "words"}
