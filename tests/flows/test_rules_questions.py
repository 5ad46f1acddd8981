"""`rules questions` as a person runs it: figures in both languages, data, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys

DAY = ("--as-of", "2026-03-01", "--families", "4")


def questions(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", "rules", "questions", *arguments],
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip


def test_a_proved_topic_in_both_languages() -> None:
    zh = questions("on_behalf", "--region", "440300", "--lang", "zh", *DAY)
    en = questions("on_behalf", "--region", "深圳", "--lang", "en", *DAY)
    assert (zh.returncode, en.returncode) == (0, 0)
    assert "已逐一算过全部部分状态，得到证明" in zh.stdout
    assert "proved over every partial state" in en.stdout
    assert "深圳市" in zh.stdout
    assert max(map(len, en.stdout.splitlines())) <= 80


def test_data_and_bounds() -> None:
    done = questions("on_behalf", "--region", "440300", "--json", "--states", "10", *DAY)
    assert done.returncode == 0
    (found,) = json.loads(done.stdout)
    (group,) = found["groups"]
    assert group["optimum"] is None
    assert 0 < group["bound"] <= group["walks"]["tongbao"] + 3 * group["walks"]["error"] + 1e-9
    assert found["walks"]["families"] == 4


def test_where_no_rule_is_held_nothing_is_asked() -> None:
    done = questions("hospital_binding", "--region", "350200", "--lang", "en", *DAY)
    assert done.returncode == 0
    assert "nothing is asked for: may_bind" in done.stdout


def test_what_is_not_there_is_refused() -> None:
    for arguments, word in ((("nothing",), "nothing"), (("filing", "--region", "广东省"), "广东省"),
                            (("filing", "--region", "nowhere"), "nowhere")):  # fmt: skip
        done = questions(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert word in done.stderr
