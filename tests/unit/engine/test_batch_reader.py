"""What an input of cases may look like: every item keeps its place and its line."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
import tracemalloc
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch import reader
from engine.batch.reader import MAX_CASE, Item, open_input, read_items
from engine.errors import InputError


def items(data: bytes | str) -> list[Item]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_items(io.BytesIO(raw), "cases"))


def told(data: bytes | str) -> list[object]:
    """The line and data of each item, or its line and the code of its first fault."""
    return [
        (one.line, one.faults[0].code) if one.faults else (one.line, one.data)
        for one in items(data)
    ]


def broken(stream: io.BufferedIOBase | bytes) -> tuple[list[Item], str]:
    """What was read before the input broke off, and what is said about that."""
    found: list[Item] = []
    raw = io.BytesIO(stream) if isinstance(stream, bytes) else stream
    with pytest.raises(InputError) as caught:
        found.extend(read_items(raw, "cases"))  # type: ignore[arg-type]  # a reader of bytes
    return found, str(caught.value)


class Dribble(io.RawIOBase):
    """A source that gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step, self.at = data, step, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self.data[self.at : self.at + min(self.step, len(buffer))]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)


A, B = {"id": "a"}, {"id": "b"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\r\n\t\n", []),
        ("\ufeff", []),
        ("\ufeff\n", []),
        ('{"id":"a"}', [(1, A)]),
        ('{"id":"a"}\n', [(1, A)]),
        ('{"id":"a"}\r\n{"id":"b"}\r\n', [(1, A), (2, B)]),
        ('\n\n{"id":"a"}\n \n{"id":"b"}\n\n', [(3, A), (5, B)]),
        ('\ufeff{"id":"a"}\n{"id":"b"}', [(1, A), (2, B)]),
        ('\ufeff[{"id":"a"}]', [(1, A)]),
        ('  {"id":"a"}  \n\t{"id":"b"}', [(1, A), (2, B)]),
        ('5\n"x"\nnull\ntrue', [(1, 5), (2, "x"), (3, None), (4, True)]),
        ("[]", []),
        ("\n [ \n ] \n\n", []),
        ("[{}]", [(1, {})]),
        ('[{"id":"a"},{"id":"b"}]', [(1, A), (1, B)]),
        ('[\n{"id":"a"},\n\n{"id":\n"b"}\n]\n', [(2, A), (4, B)]),
        ('[{"id":"a"}\n,\n{"id":"b"}]', [(1, A), (3, B)]),
        ('[1, "a]b", [2, [3]], {"c": "}"}, "\\\\", "\\""]',
         [(1, 1), (1, "a]b"), (1, [2, [3]]), (1, {"c": "}"}), (1, "\\"), (1, '"')]),
        ('{\n"id": "a"\n}', [(1, A)]),
        ('{"id":\n"a"}', [(1, A)]),
        ('{"id": "a",\n"x": [{}, "}"]\n}\n', [(1, A | {"x": [{}, "}"]})]),
        # As jq prints several.
        ('{\n  "id": "a"\n}\n{\n  "id": "b"\n}\n', [(1, A), (4, B)]),
        ('{\n"id": "a"}{"id": "b"}', [(1, A), (2, B)]),
        ('{"x": [\n{}\n]}', [(1, {"x": [{}]})]),
        ('{"a": 1.10}', [(1, {"a": Decimal("1.10")})]),
    ],
)  # fmt: skip
def test_forms_that_are_read(text: str, expected: list[object]) -> None:
    assert told(text) == expected
    assert told(gzip.compress(text.encode())[:0] + text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"id":"a"}\n{"id":"b"\n{"id":"a"}', [(1, A), (2, "not_json"), (3, A)]),
        # A first line that is cut off does not take the others with it.
        ('{"id":"a","region":\n{"id":"a"}\n{"id":"b"}', [(1, "not_json"), (2, A), (3, B)]),
        ('{"id":"a",\n\n{"id":"a"}\n{"id":"b"}', [(1, "not_json"), (3, A), (4, B)]),
        ('{"id":"a\n{"id":"a"}', [(1, "not_json"), (2, A)]),
        ("{", [(1, "not_json")]),
        ("{\n\n", [(1, "not_json")]),
        ("}\n{}", [(1, "not_json"), (2, {})]),
        ("nonsense\n{}", [(1, "not_json"), (2, {})]),
        ("{}{}\n{}", [(1, "not_json"), (2, {})]),
        ("{'id': 'a'}", [(1, "not_json")]),
        ('{"id": "a",}', [(1, "not_json")]),
        ("\u00a0{}", [(1, "not_json")]),
        ('{"a": NaN}\n{"a": Infinity}\n{"a": -Infinity}', [(n, "not_json") for n in (1, 2, 3)]),
        ('{"a": "\n"}', [(1, "not_json"), (2, "not_json")]),
        ('{"a": "\t"}', [(1, "not_json")]),
        ('{"a": 01}\n{"a": 1.}\n{"a": .5}\n{"a": +1}', [(n, "not_json") for n in (1, 2, 3, 4)]),
        (
            '{"a": ' + "9" * 1001 + '}\n{"a": 1e' + "9" * 30 + "}",
            [(1, "too_long"), (2, "too_long")],
        ),
        ("[1,]", [(1, 1), (1, "not_json")]),
        ("[1,,2]", [(1, 1), (1, "not_json"), (1, 2)]),
        ("[,]", [(1, "not_json"), (1, "not_json")]),
        ('[{"id":"a"},\n{"id":},\n{"id":"b"}]', [(1, A), (2, "not_json"), (3, B)]),
        ('[{"id":"a"] , {"id":"b"}]', [(1, "not_json"), (1, B)]),
        ('[{"id":"a"} {"id":"b"}]', [(1, "not_json")]),
        ("[1}\n,2]", [(1, "not_json"), (2, 2)]),
        ('{\n"id": "a"\n}\nnonsense', [(1, A), (4, "not_json")]),
        ('{\n"id": "a",\n', [(1, "not_json")]),
    ],
)
def test_what_cannot_be_read_keeps_its_place(text: str, expected: list[object]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"id":"a","b":1,"b":1}', "/b"),
        ('{"b/~":1,"id":"a","b/~":2}', "/b~1~0"),
        ('{"id":"a","x_a":{"c":1,"c":2}}', ""),
        ('{"id":"a","x_a":[{"c":1,"c":1}]}', ""),
    ],
)
def test_a_key_that_stands_there_twice_is_refused(text: str, field: str) -> None:
    (one,) = items(text)
    (fault,) = one.faults
    assert (fault.code, fault.field, one.id) == ("duplicate_key", field, "a")


def test_two_ids_are_no_id() -> None:
    (one,) = items('{"id":"a","id":"b"}')
    assert (one.faults[0].field, one.id) == ("/id", None)


def test_all_faults_of_the_text_are_told_at_once() -> None:
    (one,) = items('{"b":NaN,"id":"a","b":Infinity,"c":' + "1" * 2000 + "}")
    assert {fault.code for fault in one.faults} == {"not_json", "too_long", "duplicate_key"}
    assert len(one.faults) == 4
    assert one.id == "a"


def test_a_key_that_stands_twice_among_many_is_found() -> None:
    keys = ",".join(f'"{n}":1' for n in range(90_000))
    assert told('{"id":"a",' + keys + ',"89999":1}') == [(1, "duplicate_key")]


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        (b'{"id": "a", nonsense', "a"),
        (b' {"id":"a\\u6df1\\"", "b"}', 'a深"'),
        ('{"id": "深", "b": }'.encode(), "深"),
        (b'{"id": "a", "b": "\xff"}', "a"),
        (b'{"id": "\xff", "b": 1}', None),
        (b'{"b": {"id": "a"} nonsense', None),
        (b'{"id": 5, nonsense', None),
        (b'{"id": "a\\x"', None),
        (b'[{"id": "a", }]', "a"),
        (b'{"id": "a", "b": "' + b"x" * MAX_CASE + b'"}', "a"),
        (b'[{"id": "a", "b": "' + b"x" * MAX_CASE + b'"}]', "a"),
        (b'{"id": "a", "b": ' + b"[" * 100_000, "a"),
    ],
)  # fmt: skip
def test_the_id_of_a_broken_case_is_told_where_it_can_be_read(
    text: bytes, identity: str | None
) -> None:
    (one,) = items(text)
    assert one.faults
    assert one.id == identity


def test_where_the_text_is_broken_is_said() -> None:
    (one,) = items('  {"a" 1}')
    assert "character 8" in one.faults[0].message
    assert one.faults[0].allowed == "one JSON object a case"
    _, two = items('[1,\n{"a":\n 1 2}]')
    assert (two.line, "line 3, character 4" in two.faults[0].message) == (2, True)


def test_bytes_that_are_no_text_spoil_one_line() -> None:
    assert told(b'{"id":"a"}\n{"id":"\xff"}\n\xc3\x28\n{"id":"b"}') == [
        (1, A), (2, "not_utf8"), (3, "not_utf8"), (4, B),
    ]  # fmt: skip
    assert told(b'[{"id":"a"},"\xff",{"id":"b"}]') == [(1, A), (1, "not_utf8"), (1, B)]
    assert told(b'"\xed\xa0\x80"') == [(1, "not_utf8")]
    assert told(b'"\\ud800"') == [(1, "\ud800")]
    assert told(b"\x00\n{}") == [(1, "not_json"), (2, {})]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding: str) -> None:
    found, message = broken(("\ufeff" if encoding != "utf-16" else "").encode(encoding)
                            + '{"id":"a"}\n'.encode(encoding))  # fmt: skip
    assert not found
    assert message == "cases is UTF-16: save it as UTF-8"


@pytest.mark.parametrize("extra", [1, 40, 1 << 16, 3 << 20])
def test_a_line_that_is_too_long_spoils_itself_alone(extra: int) -> None:
    long = '{"id":"' + "x" * (MAX_CASE + extra - 9) + '"}'
    assert len(long) == MAX_CASE + extra
    assert told(f'{{"id":"a"}}\n{long}\n{{"id":"b"}}') == [(1, A), (2, "too_long"), (3, B)]
    assert told(f'[{{"id":"a"}},\n{long},\n{{"id":"b"}}]') == [(1, A), (2, "too_long"), (3, B)]
    assert told(f'[{{"id":"a"}},{long},{{"id":"b"}}]') == [(1, A), (1, "too_long"), (1, B)]
    assert told(f"{long}\n{{}}") == [(1, "too_long"), (2, {})]
    assert told(f"{{\n{long}\n{{}}") == [(1, "not_json"), (2, "too_long"), (3, {})]


@pytest.mark.parametrize("space", ["", " ", "\r\n", " " * 100_000])
def test_a_case_just_short_enough_is_read(space: str) -> None:
    text = '{"id":"' + "x" * (MAX_CASE - 9) + '"}'
    assert [one.faults for one in items(f"[{space}{text}{space}]")] == [()]
    assert [one.faults for one in items(f"{text}\r\n{text}")] == [(), ()]


@pytest.mark.parametrize("form", ["line", "array", "spaces", "objects"])
def test_what_is_too_long_is_not_kept_in_memory(form: str) -> None:
    filler = (b" " if form == "spaces" else b"x") * (1 << 16)
    start = {"line": b'"', "array": b'["', "spaces": b"[", "objects": b'{\n"a": "'}[form]
    blocks = 640

    class Source(io.RawIOBase):
        left = blocks

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            if self.left == blocks:
                part = start
            elif self.left > 0:
                part = filler[: len(buffer)]
            else:
                part = b""
            self.left -= 1
            buffer[: len(part)] = part
            return len(part)

    tracemalloc.start()
    try:
        stream = io.BufferedReader(Source(), 1 << 16)
        found, failed = [], ""
        try:
            found = [one.faults[0].code for one in read_items(stream, "cases")]
        except InputError as error:
            failed = str(error)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found[-1:] == ["too_long"] or "breaks off" in failed
    assert peak < 8 * MAX_CASE


@pytest.mark.parametrize("depth", [65, 600, 5_000, 100_000])
def test_what_is_nested_too_deeply_spoils_itself_alone(depth: int) -> None:
    for deep in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        assert told(f"{{}}\n{deep}\n{{}}") == [(1, {}), (2, "too_deep"), (3, {})]
        assert told(f"[{{}},{deep},\n{{}}]") == [(1, {}), (1, "too_deep"), (2, {})]
    assert told('{"a":' * depth + "1" + "}" * depth) == [(1, "too_deep")]
    lines = told('{"a":' * depth + "\n1" + "}" * depth)
    assert lines[0] == (1, "too_deep")


def test_some_nesting_is_fine() -> None:
    deep = "[" * 62 + "]" * 62
    assert [one.faults for one in items(f'{{"x_a": {deep}, "x_b": [{deep}]}}')] == [()]


@pytest.mark.parametrize(
    ("text", "before", "message"),
    [
        ('[{"id":"a"},{"id":"b"', [(1, A), (1, "not_json")], "breaks off inside its JSON array"),
        ('[{"id":"a"},\n{"id":"b"}\n', [(1, A), (2, B)], "breaks off inside its JSON array"),
        ('[{"id":"a"},', [(1, A)], "breaks off inside its JSON array"),
        ("[", [], "breaks off inside its JSON array"),
        ('["a', [(1, "not_json")], "breaks off inside its JSON array"),
        ('[{"id":"a"}] nonsense', [(1, A)], "goes on after its JSON array, on line 1"),
        ('[{"id":"a"}]\n\n[{"id":"b"}]', [(1, A)], "goes on after its JSON array, on line 3"),
        ('[{"id":"a"}]]', [(1, A)], "goes on after its JSON array, on line 1"),
        ("[]\x00", [], "goes on after its JSON array, on line 1"),
    ],
)  # fmt: skip
def test_an_array_that_ends_wrongly(text: str, before: list[object], message: str) -> None:
    found, said = broken(text.encode())
    assert [(one.line, one.faults[0].code if one.faults else one.data) for one in found] == before
    assert said.startswith("cases " + message)


def test_gzip_is_told_by_its_content(tmp_path: Path) -> None:
    plain = b'{"id":"a"}\n{"id":"b"}\n'
    for name, data in {
        "one": gzip.compress(plain),
        "two.jsonl": gzip.compress(plain[:11]) + gzip.compress(plain[11:]),
        "plain.gz": plain,
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        with open_input(str(path)) as stream:
            assert [one.data for one in read_items(stream, name)] == [A, B]


@pytest.mark.parametrize("cut", [-1, -8, -9, -2000, 11, 5])
def test_gzip_that_breaks_off_is_answered_up_to_there(tmp_path: Path, cut: int) -> None:
    lines = [json.dumps({"id": str(n), "x_a": os.urandom(20).hex()}) for n in range(2000)]
    path = tmp_path / "cases.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode())[:cut])
    with open_input(str(path)) as stream:
        found, said = broken(stream)  # type: ignore[arg-type]  # a reader of bytes
    assert "breaks off after line" in said
    assert [json.dumps(one.data) for one in found] == lines[: len(found)]
    if cut in (-1, -8):
        assert len(found) >= 1999


def test_gzip_that_is_damaged_is_said_to_be(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b'{"id":"a"}\n' * 5000))
    data[-6] ^= 1
    path = tmp_path / "cases.gz"
    path.write_bytes(data)
    with open_input(str(path)) as stream:
        found, said = broken(stream)  # type: ignore[arg-type]  # a reader of bytes
    assert len(found) <= 5000
    assert said.startswith("cases breaks off after line")
    data[20] ^= 0xFF
    path.write_bytes(data)
    with open_input(str(path)) as stream:
        broken(stream)  # type: ignore[arg-type]  # a reader of bytes


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for name in (str(tmp_path), str(tmp_path / "none"), "", "/dev/null/x"):
        with pytest.raises(InputError, match="cannot read"), open_input(name):
            pass


def test_a_fifo_is_read(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(gzip.compress(b'{"id":"a"}\n')))
    writer.start()
    with open_input(str(path)) as stream:
        assert [one.data for one in read_items(stream, "fifo")] == [A]
    writer.join()


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_pieces_may_end_anywhere(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_CHUNK", step)
    values = [{"a": '\\"]}[{,\n'}, "\\\\", ["\\", {"深": "圳\u2028"}], 1.5, {}, [], ""]
    for indent in (None, 1):
        text = json.dumps(values, indent=indent, ensure_ascii=step % 2 == 0)
        stream = io.BufferedReader(Dribble(text.encode(), step), 8)
        assert [one.data for one in read_items(stream, "cases")] == values
    text = "\n".join(json.dumps(value) for value in values)
    assert [one.data for one in items(text)] == values


TEXTS = st.text(max_size=8) | st.sampled_from(
    ['"', "\\", "]", "}", "[{", ",", '\\"', "\n", "\ufeff"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=3)


def forms(values: list[object], indent: int, *, ascii_only: bool) -> Iterable[str]:
    def dumps(value: object, **how: Any) -> str:
        return json.dumps(value, ensure_ascii=ascii_only, **how)

    yield "\n".join(map(dumps, values))
    yield "\r\n\r\n".join(map(dumps, values)) + "\r\n"
    yield dumps(values, separators=(",", ":"))
    yield dumps(values, indent=indent)
    yield dumps(values, indent="\t").replace("\n", "\r\n")


@given(st.lists(VALUES, max_size=5), OBJECTS, st.integers(0, 4), st.booleans())
def test_every_form_gives_the_same_items_in_order(
    values: list[object], first: dict[str, object], indent: int, ascii_only: bool
) -> None:
    # What starts with a bracket is an array: lines of JSON start with something else.
    values.insert(0, first)
    for text in forms(values, indent, ascii_only=ascii_only):
        for data in (text.encode("utf-8", "surrogatepass"),):
            found = items(data)
            assert [one.data for one in found] == values
            assert [one.line for one in found] == sorted(one.line for one in found)


@given(st.lists(OBJECTS.filter(bool), min_size=1, max_size=4), st.integers(1, 4))
def test_objects_printed_over_lines_are_read_like_an_array(
    values: list[dict[str, object]], indent: int
) -> None:
    printed = [json.dumps(value, indent=indent) for value in values]
    found = items("\n".join(printed))
    assert [one.data for one in found] == values
    starts = [1 + sum(text.count("\n") + 1 for text in printed[:n]) for n in range(len(printed))]
    assert [one.line for one in found] == starts


BROKEN = st.sampled_from(["{", "}", "nonsense", '{"a":1,"a":2}', "{} {}", "NaN", '{"a"', "1 2"])


@given(st.lists(OBJECTS.map(json.dumps) | BROKEN, min_size=1, max_size=8), st.integers(0, 2))
def test_as_many_items_come_out_as_lines_go_in(lines: list[str], blank: int) -> None:
    # An object that starts on the first line and is never ended goes on below, unless the next
    # line is an object by itself.
    lines.insert(0, "{}")
    found = items(("\n" * (blank + 1)).join(lines))
    assert [one.line for one in found] == [1 + n * (blank + 1) for n in range(len(lines))]


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"[", b"{", b'{"id":"a"}\n', b'[{"id":"a"},'):
        try:
            found = items(start + data)
        except InputError:
            continue
        assert all(isinstance(one, Item) for one in found)
