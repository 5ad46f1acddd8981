"""Who may come in over the web: which origins, how many at a time."""

from __future__ import annotations

import asyncio

import pytest

from tui.web.guard import Callers, NotPublicError, Places, loopback, origins, public_origin
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


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "who"),
    [
        (0, "203.0.113.7", [], "203.0.113.7"),
        (0, "127.0.0.1", ["203.0.113.7"], "127.0.0.1"),
        (1, "127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        # What a visitor made up stands before what the proxy wrote.
        (1, "127.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (1, "::1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        (2, "127.0.0.1", ["198.51.100.1, 203.0.113.7, 10.0.0.1"], "203.0.113.7"),
        (2, "127.0.0.1", ["203.0.113.7"], "127.0.0.1"),
        # From elsewhere nobody is believed.
        (1, "198.51.100.9", ["203.0.113.7"], "198.51.100.9"),
        (1, "127.0.0.1", [], "127.0.0.1"),
        (1, "127.0.0.1", ["\x1b[2J"], "\x1b[2J"),
        (0, "2001:db8:1:2:3::4", [], "2001:db8:1:2::/64"),
        (1, "::1", ["2001:db8:1:2:ffff::1"], "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.7", [], "203.0.113.7"),
        (0, None, [], ""),
    ],
)
def test_whose_request_it_is(
    proxies: int, peer: str | None, forwarded: list[str], who: str
) -> None:  # fmt: skip
    assert Callers(1, proxies).who(peer, forwarded) == who


async def test_each_address_has_so_many_visitors() -> None:
    callers = Callers(2)
    assert [await callers.enter(one) for one in "aabab"] == [True, True, True, False, True]
    assert callers.many("a")
    waiting = asyncio.ensure_future(callers.enter("a"))
    await asyncio.sleep(0)
    callers.leave("b")
    await asyncio.sleep(0)
    callers.leave("a")
    assert await waiting
    assert callers.many("a")
    assert not Callers(None).many("a")


def test_a_window_of_any_size_can_be_drawn() -> None:
    assert within(10**9, -5) == (400, 5)
    assert within(80, 24) == (80, 24)


def test_the_program_knows_that_it_has_a_visitor() -> None:
    made = environment({"PYTHONPATH": "/there", "HOME": "/me"}, 80, 24)
    assert made["TONGBAO_WEB"] == "1"
    assert (made["COLUMNS"], made["ROWS"], made["HOME"]) == ("80", "24", "/me")
    assert made["PYTHONPATH"].endswith(":/there")
