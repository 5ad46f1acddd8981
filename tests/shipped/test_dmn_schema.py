"""Files of DMN keep the schema that its authors publish."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from engine.condition import ParameterRef
from engine.formats import dmn
from engine.formats.exporting import parts
from engine.formats.importing import read
from engine.formats.understanding import Reader
from engine.library import Library
from tui.locale import Locale
from tui.rules.exporting import Export

SHIPPED = Library.load(from_snapshot=True)
PLACE, DAY = "440300", 739_675


@pytest.mark.parametrize("topic", sorted(SHIPPED.topics))
def test_an_exported_topic(topic: str, tmp_path: Path) -> None:
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
    # With all that stands beside the tables for people.
    Export(SHIPPED, Locale("zh"), "dmn13", date.fromordinal(DAY)).write(
        [topic], None, PLACE, tmp_path
    )
    (written,) = tmp_path.iterdir()
    schema.assertValid(etree.parse(str(written)))


@pytest.mark.parametrize("form", ["dmn", "jdm"])
def test_words_and_amounts_go_with_the_answers(form: str, tmp_path: Path) -> None:
    """Each row says its answer in both languages; its rate is that of the rules, and comes back."""
    export = Export(SHIPPED, Locale("en"), form, date.fromordinal(DAY))
    export.write(["benefit_scope"], None, PLACE, tmp_path)
    (file,) = tmp_path.iterdir()
    held = read(file.read_bytes(), file.name)
    rates = next(one for one in held.tables if one.name == "inpatient_rate")
    assert [one.name.split()[0] for one in rates.outputs] == ["outcome", "verdict", "rate"]
    known = SHIPPED.decisions["inpatient_rate"].outcomes
    wanted = set()
    for row in rates.rows:
        outcome, rate = row.outputs[0].strip('"'), row.outputs[2]
        (rule,) = row.note.split("\n")[0].split(", ")
        value = SHIPPED.rules[rule].then.value or known[outcome].value
        if value is not None and isinstance(value.rate, ParameterRef):
            assert rate == str(SHIPPED.parameter(value.rate.param, PLACE, DAY))
            wanted.add((outcome, rate))
        title = known[outcome].title
        assert row.note.endswith(f"{title.zh}\n{title.en}")
    found = Reader(held).understood().answers["inpatient_rate"].values()
    back = {(one.text, f"{one.amount.value}") for one in found if one.amount is not None}
    assert wanted <= back
    assert wanted
