"""Duplicate ids: every one found, none invented, whatever the batches, and no id kept."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import identities
from engine.batch.identities import Duplicate, Hasher, Identities

KEY = b"a fixed key"


def naive(ids: list[bytes]) -> list[tuple[int, int]]:
    """The position of each id that came before, and of its first case."""
    first: dict[bytes, int] = {}
    out = []
    for at, one in enumerate(ids):
        if one in first:
            out.append((at, first[one]))
        first.setdefault(one, at)
    return out


def found(ids: list[bytes], sizes: list[int], key: bytes | None = KEY) -> list[tuple[int, int]]:
    out, at = [], 0
    with Identities(key=key) as index:
        for size in [*sizes, len(ids)]:
            batch = ids[at : at + size]
            lines = range(at, at + len(batch))
            out += [(at + one.index, one.first_line) for one in index.add(batch, lines)]
            at += len(batch)
        assert index.ids == len(ids)
        assert index.duplicates == len(out)
    return out


SHORT = st.binary(max_size=2) | st.sampled_from([b"a", b"a\0", b"\0", b"", b"x" * 64, b"x" * 65])


@settings(max_examples=150, deadline=None)
@given(st.lists(SHORT, max_size=60), st.lists(st.integers(0, 9), max_size=20))
def test_it_finds_what_a_dictionary_finds(ids: list[bytes], sizes: list[int]) -> None:
    assert found(ids, sizes) == naive(ids)


@pytest.mark.parametrize("share", [0.01, 0.9])
def test_runs_on_disk_are_searched(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    monkeypatch.setattr(identities, "_RUN", 500)
    draw = random.Random(5)
    ids = [b"%d" % (draw.randrange(at) if at and draw.random() < share else at)
           for at in range(6000)]  # fmt: skip
    sizes = [draw.randrange(200) for _ in range(60)]
    assert found(ids, sizes) == naive(ids)


def test_the_key_changes_hashes_and_nothing_else() -> None:
    ids = [b"%d" % (at % 700) for at in range(1000)]
    assert found(ids, [300], b"one") == found(ids, [300], b"two") == found(ids, [300], None)
    assert not np.array_equal(Hasher(b"one")(ids), Hasher(b"two")(ids))
    assert np.array_equal(Hasher(b"one")(ids[:5]), Hasher(b"one")(ids)[:5])


def test_hashes_depend_on_every_byte_and_spread() -> None:
    ids = [b"%020d" % at for at in range(20000)]
    hashes = Hasher(KEY)(ids)
    assert len(np.unique(hashes[:, 0])) == len(np.unique(hashes[:, 1])) == len(ids)
    # Each bit is set in about half of them.
    for lane in hashes.T:
        set_ = [(lane >> np.uint64(bit) & np.uint64(1)).mean() for bit in range(64)]
        assert 0.47 < min(set_) <= max(set_) < 0.53
    one = bytearray(b"GD-0000-0000-0000-0000")
    whole = Hasher(KEY)([bytes(one)])
    for at in range(len(one)):
        other = bytearray(one)
        other[at] ^= 1
        assert (Hasher(KEY)([bytes(other)]) != whole).all()


def test_what_another_process_hashed_counts_as_well() -> None:
    with Identities(key=KEY) as index:
        index.add([b"a", b"b"], [1, 2])
        again = index.add_hashes(Hasher(KEY)([b"b", b"c"]), np.array([3, 4], np.uint64))
        assert again == [Duplicate(0, 2)]
        assert index.listed == {2: [3]}


def test_the_list_is_short_and_the_count_is_whole() -> None:
    with Identities() as index:
        for at in range(0, 5000, 50):
            index.add([b"same"] * 50, range(at, at + 50))
        assert index.duplicates == 4999
        assert index.listed == {0: list(range(1, identities.LATER + 1))}
        ids = [b"%d" % at for at in range(3000)]
        index.add(ids, range(5000, 8000))
        index.add(ids, range(8000, 11000))
        assert len(index.listed) == identities.LISTED


def test_memory_does_not_grow_with_the_ids_and_the_file_has_no_name(tmp_path: Path) -> None:
    with Identities(tmp_path) as index:

        def feed(first: int, last: int) -> int:
            tracemalloc.start()
            for at in range(first, last, 10_000):
                index.add([b"%d" % one for one in range(at, at + 10_000)],
                          range(at, at + 10_000))  # fmt: skip
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return peak

        small, large = feed(0, 300_000), feed(300_000, 900_000)
        assert large < small + (4 << 20)
        assert index.duplicates == 0
        assert index.on_disk > 8_000_000
        assert list(tmp_path.iterdir()) == []
