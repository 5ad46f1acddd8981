"""A board as a line of JSON, for programs that watch along."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.workbench.board import STAGES

if TYPE_CHECKING:
    from engine.analysis.difference import Reply
    from engine.analysis.finding import Finding
    from engine.workbench.board import Board, Moved, Row

_COUNTS = (
    "topic", "decision", "files", "rules", "conditions", "examples_passed", "examples",
    "classes_answered", "classes", "shown", "showable", "killed", "mutants", "sources",
    "stale_sources",
)  # fmt: skip


def line(board: Board) -> str:
    """The board, in one line."""
    return json.dumps(as_data(board), ensure_ascii=False, default=_plain)


def _plain(value: object) -> float | str:
    """A number of a case as it is in JSON."""
    return float(value) if isinstance(value, Decimal) else str(value)


def as_data(board: Board) -> dict[str, object]:
    """The board as plain data."""
    return {
        "number": board.number, "at": board.at.isoformat() if board.at else None,
        "well": board.well, "changed": list(board.changed), "since": board.since,
        "seconds": round(board.seconds, 3),
        "pending": [one for one in STAGES if one in board.pending],
        "faults": [
            {"file": one.place.file, "line": one.place.line, "column": one.place.column,
             "message": one.message, "help": one.help, "text": one.source_line}
            for one in board.faults
        ],
        "more_faults": board.more_faults,
        "failing": [asdict(one) for one in board.failing],
        "moved": [_moved(one) for one in board.moved],
        "rows": [_row(one) for one in board.rows],
    }  # fmt: skip


def _row(one: Row) -> dict[str, object]:
    found: dict[str, object] = {name: getattr(one, name) for name in _COUNTS}
    found["findings"] = [_finding(each) for each in one.findings]
    found["survivors"] = [asdict(each) for each in one.survivors]
    return found


def _finding(one: Finding) -> dict[str, object]:
    return {
        "kind": one.kind, "decision": one.decision, "rules": list(one.rules),
        "outcome": one.outcome, "invariant": one.invariant, "place": one.place,
        "case": dict(one.case), "message": one.message, "also": one.also,
    }  # fmt: skip


def _moved(one: Moved) -> dict[str, object]:
    return {
        "decision": one.decision, "then": _reply(one.then), "now": _reply(one.now),
        "classes": one.classes, "region": one.region,
        "day": one.day.isoformat() if one.day else None, "examples": list(map(dict, one.examples)),
        "rules_then": list(one.rules_then), "rules_now": list(one.rules_now),
    }  # fmt: skip


def _reply(one: Reply) -> dict[str, object]:
    found = {
        "verdict": one.verdict, "outcome": one.outcome, "sides": list(one.sides),
        "items": dict(one.items), "values": {each.name: each.written for each in one.figures},
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}
