"""The signs the interface draws, each with a twin in ASCII for terminals that measure them wrong.

All but the two marked ones are East Asian *Neutral*: one cell wide everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Glyphs:
    """One set of signs; each stands for a state or a place, so none may carry colour alone."""

    cursor: str
    picked: str
    unpicked: str
    ticked: str
    unticked: str
    closed: str
    open: str
    enter: str
    dot: str
    bullet: str
    error: str
    notice: str
    up: str
    down: str
    bar: str
    rest: str
    eligible: str
    action_needed: str
    not_eligible: str
    not_applicable: str
    stated: str
    unclear: str
    undecided: str
    disputed: str

    def verdict(self, verdict: str) -> str:
        """The sign of a verdict."""
        return str(getattr(self, verdict))


UNICODE = Glyphs(
    cursor="\u276f",
    picked="\u25c9",
    unpicked="\u25cb",  # ambiguous width
    ticked="[x]",
    unticked="[ ]",
    closed="\u25b8",
    open="\u25be",
    enter="\u23ce",
    dot="\u00b7",  # ambiguous width
    bullet="\u2219",
    error="\u2717",
    notice="!",
    up="\u25b4",
    down="\u25be",
    bar="\u25b0",
    rest="\u25b1",
    eligible="\u2713",
    action_needed="\u279c",
    not_eligible="\u2717",
    not_applicable="-",
    stated="\u2219",
    unclear="?",
    undecided="?",
    disputed="!",
)

ASCII = Glyphs(
    cursor=">",
    picked="(*)",
    unpicked="( )",
    ticked="[x]",
    unticked="[ ]",
    closed="+",
    open="-",
    enter="Enter",
    dot="|",
    bullet="*",
    error="x",
    notice="!",
    up="^",
    down="v",
    bar="#",
    rest=".",
    eligible="OK",
    action_needed="->",
    not_eligible="NO",
    not_applicable="-",
    stated="*",
    unclear="?",
    undecided="?",
    disputed="!",
)
