"""Laws of the source text: modules stay small, and policy and wording stay in data."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for name in ("engine", "tui") for path in (ROOT / name).rglob("*.py"))
LONGEST = 400
# Years in which rules are made; the calendar itself may name a leap year or the days it ends on.
OUR_YEARS = range(2010, 2090)

CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
REGION = re.compile(r"(?<!\d)\d{6}(?!\d)")
DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?!\d)")


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string the code holds, docstrings left out, with its line."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            if isinstance(node.value, str):
                yield node.lineno, node.value
            elif isinstance(node.value, bytes):
                yield node.lineno, node.value.decode("utf-8", "replace")


def dates(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every day of our years that the code builds from plain numbers: date(2026, 1, 1)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) >= 3:
            year = node.args[0]
            called = ast.unparse(node.func).rpartition(".")[2]
            plain = isinstance(year, ast.Constant) and isinstance(year.value, int)
            if called in {"date", "datetime"} and plain and ast.literal_eval(year) in OUR_YEARS:
                yield node.lineno, ast.unparse(node)


def policy(source: str) -> list[str]:
    """What in this source belongs to data: Chinese wording, region codes, dates."""
    tree = ast.parse(source)
    return [
        f"line {line}: {text!r}"
        for line, text in strings(tree)
        if CHINESE.search(text) or REGION.search(text) or DATE.search(text)
    ] + [f"line {line}: {text}" for line, text in dates(tree)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_hold_no_policy_and_no_wording(path: Path) -> None:
    assert policy(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize(
    "source",
    [
        "title = '童保'",
        "print(f'{age} 岁')",
        "region = '440300'",
        "regions = ['x', ('110000',)]",
        "day = '2026-01-01'",
        "day = datetime.date(2026, 1, 1)",
        "def f():\n    '''Says.'''\n    return '备案'",
    ],
)
def test_policy_is_found(source: str) -> None:
    assert policy(source)


@pytest.mark.parametrize(
    "source",
    [
        "'''440300 is 深圳市 since 2026-01-01.'''",
        "def f():\n    '''440300 is 深圳市.'''",
        "limit = 100_000",
        r"ideographs = r'[\u4e00-\u9fff]'",
        "sha = '1234567'",
        "epoch = date(1970, 1, 1)",
        "last = date(2099, 12, 31)",
        "marks = '，。：'",
        "count = 6  # 深圳市 440300",
    ],
)
def test_other_text_is_left_alone(source: str) -> None:
    assert policy(source) == []
