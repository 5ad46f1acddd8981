"""Colours as people see them.

Contrast is WCAG's; how people without one kind of cone see a colour is Machado, Oliveira and
Fernandes 2009 at severity 1.0, applied to linear RGB; Lab is CIE's of 1976 under D65.
"""

from __future__ import annotations

from textual.color import Color

SEEING = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "all": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}
XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)


def linear_rgb(colour: str) -> tuple[float, ...]:
    """A colour without the gamma of sRGB."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return tuple(map(linear, Color.parse(colour).rgb))


def times(matrix: tuple[tuple[float, ...], ...], vector: tuple[float, ...]) -> tuple[float, ...]:
    """A matrix times a vector."""
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours."""
    dark, light = sorted(times(XYZ, linear_rgb(colour))[1] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, seeing: str) -> tuple[float, float, float]:
    """A colour in Lab, as somebody sees it."""
    seen = tuple(min(1.0, max(0.0, part)) for part in times(SEEING[seeing], linear_rgb(colour)))

    def root(share: float) -> float:
        return share ** (1 / 3) if share > (6 / 29) ** 3 else share / (3 * (6 / 29) ** 2) + 4 / 29

    x, y, z = (root(part / white) for part, white in zip(times(XYZ, seen), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
