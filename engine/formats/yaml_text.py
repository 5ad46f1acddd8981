"""Writes data as the YAML rulesets are written in: no anchors, exact numbers, texts as they are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """Writes the same value out again where it stands twice."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - of none
        return True


def _decimal(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    # What is written without a point is read as an integer, and a tag would say otherwise.
    text = f"{number:f}"
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(Decimal, _decimal)


def text_of(data: Mapping[str, Any]) -> str:
    """The data as YAML, in its own order, small mappings on one line."""
    return yaml.dump(
        dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH,
        default_flow_style=None,
    )  # fmt: skip
