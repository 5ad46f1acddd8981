"""Reads a file of an open format, whichever it is by its name or else by what it begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formats.dmn_reading import read as read_dmn
from engine.formats.jdm_reading import read as read_jdm

if TYPE_CHECKING:
    from engine.formats.foreign import ForeignFile

_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<")


def read(data: bytes, name: str) -> ForeignFile:
    """The tables of a DMN or JDM file. Raises InputError, UnsupportedError."""
    return read_dmn(data, name) if data.lstrip().startswith(_XML) else read_jdm(data, name)
