"""Who may come in over the web: which origins, how many at a time."""

from __future__ import annotations

import asyncio

import pytest

from tui.web.guard import NotPublicError, Places, loopback, origins, public_origin
from tui.web.session import environment, within


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://health.example", "https://health.example"),
        ("https://Health.Example/", "https://health.example"),
        ("https://health.example:443", "https://health.example"),
        ("http://health.example:80/", "http://health.example"),
        ("http://health.example:8000", "http://health.example:8000"),
        ("https://童保.example", "https://xn--ruqx26h.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_has_the_origin_that_browsers_name(url: str, origin: str) -> None:
    assert public_origin(url) == origin


@pytest.mark.parametrize(
    "url",
    ["", "health.example", "ftp://health.example", "https://", "https://a/b", "https://a?b",
     "https://a#b", "https://me@a", "https://a:x", "https://a:99999", "https://[::1", "//a"],
)  # fmt: skip
def test_what_is_no_address_of_a_site(url: str) -> None:
    with pytest.raises(NotPublicError):
        public_origin(url)


def test_here_every_name_of_this_computer_will_do() -> None:
    ours = origins("127.0.0.1", 8000)
    for origin in ("http://127.0.0.1:8000", "http://localhost:8000"):
        assert ours.admit(origin)
    for foreign in (None, "", "null", "http://127.0.0.1", "https://localhost:8000",
                    "http://localhost:8000/", "http://localhost:80001"):  # fmt: skip
        assert not ours.admit(foreign)


def test_a_public_address_is_the_only_one() -> None:
    ours = origins("0.0.0.0", 8000, "https://health.example")
    assert ours.admit("https://health.example")
    assert not ours.admit("http://localhost:8000")
    assert ours.sockets == ("wss://health.example",)


def test_loopback() -> None:
    assert all(map(loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(loopback, ("0.0.0.0", "::", "", "192.168.0.2", "health.example")))


async def test_places_run_out_and_come_back() -> None:
    places = Places(2)
    assert await places.take()
    assert await places.take()
    assert places.full
    assert not await places.take()
    places.leave()
    assert not places.full
    waiting = [asyncio.ensure_future(places.take()) for _ in range(2)]
    await asyncio.sleep(0)
    assert places.taken == 2
    places.free()
    assert sorted(await asyncio.gather(*waiting)) == [False, True]
    assert places.taken == 2


def test_a_window_of_any_size_can_be_drawn() -> None:
    assert within(10**9, -5) == (400, 5)
    assert within(80, 24) == (80, 24)


def test_the_program_knows_that_it_has_a_visitor() -> None:
    made = environment({"PYTHONPATH": "/there", "HOME": "/me"}, 80, 24)
    assert made["TONGBAO_WEB"] == "1"
    assert (made["COLUMNS"], made["ROWS"], made["HOME"]) == ("80", "24", "/me")
    assert made["PYTHONPATH"].endswith(":/there")
