"""Files of DMN keep the schema that its authors publish."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from lxml import etree

from engine.formats import dmn
from engine.formats.exporting import parts
from engine.library import Library

SHIPPED = Library.load(from_snapshot=True)
PLACE, DAY = "440300", 739_675


@pytest.mark.parametrize("topic", sorted(SHIPPED.topics))
def test_an_exported_topic(topic: str) -> None:
    """As DMN 1.3, whose schema can be had; 1.4 has the same elements in another namespace."""
    found = importlib.util.find_spec("SpiffWorkflow")
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).parent / "dmn" / "parser" / "schema" / "DMN13.xsd"
    schema = etree.XMLSchema(etree.parse(str(file)))
    (part,) = parts(SHIPPED, [topic], None, PLACE, DAY)
    text = dmn.document(part.tables, part.name, version="1.3")
    schema.assertValid(etree.fromstring(text.encode()))
    newer = dmn.document(part.tables, part.name)
    assert newer == text.replace(dmn.MODELS["1.3"], dmn.MODELS["1.4"])
