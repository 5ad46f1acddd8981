"""The rulesets that tests only read: loaded once a process, and their programs compiled once.

A test that counts what a checker did, closes one or alters rules makes its own.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from engine.checker import Checker
from engine.library import Library
from engine.loader import RULESETS as SHIPPED

if TYPE_CHECKING:
    from pathlib import Path


@cache
def library(folder: Path = SHIPPED) -> Library:
    """The rules below a folder."""
    return Library.load(folder)


@cache
def checker(folder: Path = SHIPPED, *, compare: bool = True) -> Checker:
    """A checker over them, shared by every test that only asks it for answers."""
    return Checker(library(folder), compare=compare)
