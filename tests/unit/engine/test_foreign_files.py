"""Files of others: every cell that is not understood is named at once, and attacks are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.formats.foreign import UnsupportedError
from engine.formats.importing import read
from engine.formats.understanding import Reader

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(rules: str, policy: str = "UNIQUE", more: str = "", space: str = DMN) -> bytes:
    """A file of one table over `Age` and `Kind`."""
    columns = "".join(
        f'<input label="{one}"><inputExpression typeRef="{kind}"><text>{one}</text>'
        "</inputExpression></input>"
        for one, kind in (("Age", "number"), ("Kind", "string"))
    )
    return (
        f'<definitions xmlns="{space}" name="d" namespace="n"><decision id="x" name="Fee">'
        f'<decisionTable hitPolicy="{policy}"{more}>{columns}<output name="fee"/>{rules}'
        "</decisionTable></decision></definitions>"
    ).encode()


def rule(*cells: str) -> str:
    """A rule of as many conditions and one answer."""
    *inputs, output = (one.replace("<", "&lt;") for one in cells)
    shown = "".join(f"<inputEntry><text>{one}</text></inputEntry>" for one in inputs)
    return f"<rule>{shown}<outputEntry><text>{output}</text></outputEntry></rule>"


def jdm(rows: list[dict[str, str]], **more: Any) -> bytes:
    """A file of one table over `age` and `kind`."""
    content = {
        "hitPolicy": "first", "inputs": [{"id": "a", "name": "Age", "field": "age"},
                                         {"id": "k", "name": "Kind", "field": "kind"}],
        "outputs": [{"id": "o", "name": "Fee", "field": "fee"}], "rules": rows, **more,
    }  # fmt: skip
    node = {"id": "t", "name": "Fee", "type": "decisionTableNode", "content": content}
    return json.dumps({"nodes": [node]}).encode()


def test_all_cells_that_are_not_understood() -> None:
    """Each with its file, table, rule, column and text, and what is accepted."""
    data = dmn(rule("> 5", '"a"', "1") + rule("age + 1", "$ = 3", "2") + rule('"x"', "-", "3"))
    with pytest.raises(UnsupportedError) as caught:
        Reader(read(data, "fees.dmn")).understood()
    told = [(one.row, one.column, one.text) for one in caught.value.faults]
    assert told == [(2, "Age", "age + 1"), (2, "Kind", "$ = 3"), (3, "Age", '"x"')]
    assert "fees.dmn" in str(caught.value)
    assert "accepted" in str(caught.value)


@pytest.mark.parametrize("policy", ["PRIORITY", "RULE ORDER", "OUTPUT ORDER"])
def test_a_hit_policy_of_another_kind(policy: str) -> None:
    with pytest.raises(UnsupportedError, match=policy):
        read(dmn(rule("-", "-", "1"), policy), "it.dmn")


def test_an_aggregation() -> None:
    with pytest.raises(UnsupportedError, match="SUM"):
        read(dmn(rule("-", "-", "1"), "COLLECT", ' aggregation="SUM"'), "it.dmn")


@pytest.mark.parametrize(
    "space",
    ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
     DMN, "https://www.omg.org/spec/DMN/20211108/MODEL/",
     "https://www.omg.org/spec/DMN/20230324/MODEL/"],
)  # fmt: skip
def test_every_version_of_dmn(space: str) -> None:
    found = Reader(read(dmn(rule("[0..5)", '"a"', "1"), space=space), "it.dmn")).understood()
    assert [row.outcome for row in found.tables[0].rows] == ["outcome_1"]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>',
        b'<!DOCTYPE d SYSTEM "http://example.invalid/d.dtd"><d/>',
        b"<d><unclosed></d>",
        b"<definitions/>",
        b"<d>" * 200,
        "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE d []><d/>".encode("utf-16"),
        b"{",
        b"[]",
        b'{"nodes": [1]}',
        b'{"nodes": [{"type": "decisionTableNode", "name": "t"}]}',
        b'{"nodes": [{"type": "decisionTableNode", "content": {"rules": 5}}]}',
        b"[" * 100_000,
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_such_file(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data, "it")


def test_a_column_without_a_field() -> None:
    data = jdm([{"a": "> 5", "o": "1"}], inputs=[{"id": "a", "name": "Any"}])
    with pytest.raises(UnsupportedError, match="no field"):
        read(data, "it.json")


def test_other_nodes_are_named() -> None:
    document = json.loads(jdm([{"a": "", "k": "", "o": "1"}]))
    document["nodes"].append({"id": "f", "name": "sum", "type": "functionNode"})
    assert read(json.dumps(document).encode(), "it.json").left_out == ("functionNode `sum`",)


def test_answers_of_several_outputs() -> None:
    """Rows that give the same are one outcome; a verdict of ours is taken as one."""
    outputs = [{"id": "o", "name": "Fee", "field": "fee"},
               {"id": "v", "name": "verdict", "field": "verdict"}]  # fmt: skip
    rows = [{"a": "> 5", "o": "1", "v": '"eligible"'}, {"o": "1", "v": '"eligible"'},
            {"o": "2", "v": '"not_eligible"'}]  # fmt: skip
    found = Reader(read(jdm(rows, outputs=outputs), "it.json")).understood()
    told = [(row.outcome, row.verdict) for row in found.tables[0].rows]
    assert told == [("outcome_1", "eligible")] * 2 + [("outcome_2", "not_eligible")]


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_in_a_cell(cell: str, answer: str) -> None:
    """It is understood or named; nothing else comes of it."""
    rows = [{"a": "", "k": cell, "o": answer}]
    named = []
    try:
        Reader(read(jdm(rows), "it.json")).understood()
    except UnsupportedError as error:
        named = [fault.row for fault in error.faults]
    assert named in ([], [1])


@pytest.mark.parametrize("joined", [True, False])
def test_a_table_that_builds_on_another(joined: bool) -> None:
    """A column is the answer of another table where an edge leads there, else a fact."""
    first = json.loads(jdm([{"a": "> 5", "o": "1"}, {"o": "2"}]))["nodes"][0]
    second = json.loads(
        jdm([{"a": "< 2", "o": "3"}, {"o": "4"}],
            inputs=[{"id": "a", "name": "Fee", "field": "fee"}],
            outputs=[{"id": "o", "name": "Card", "field": "card"}])
    )["nodes"][0]  # fmt: skip
    second |= {"id": "u", "name": "Card"}
    edges = [{"sourceId": "t", "targetId": "m"}, {"sourceId": "m", "targetId": "u"}]
    document = {"nodes": [second, first], "edges": edges if joined else []}
    found = Reader(read(json.dumps(document).encode(), "it.json")).understood()
    by_name = {table.decision: table for table in found.tables}
    (column,) = by_name["Card"].columns
    assert column.decision == ("Fee" if joined else None)
    if joined:
        assert [*by_name] == ["Fee", "Card"]
        assert by_name["Card"].rows[0].box == {column.name: frozenset({"outcome_1"})}
