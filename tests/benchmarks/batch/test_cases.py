"""The made-up cases of the batch benchmark, and what its peers take for granted about places."""

from datetime import date
from itertools import islice

from engine.checker import Checker
from tests.benchmarks.batch import spec
from tests.benchmarks.batch.generate import cases

COUNT = 400


def test_cases_are_the_same_for_the_same_seed() -> None:
    drawn = [*cases(COUNT, 1)]
    assert drawn == [*cases(COUNT, 1)]
    assert drawn != [*cases(COUNT, 2)]
    assert drawn[:10] == [*islice(cases(COUNT, 1), 10)]


def test_a_twentieth_lacks_one_fact() -> None:
    lacking = [len(spec.FACTS) - len(case.keys() - {"id"}) for case in cases(20_000, 3)]
    assert set(lacking) == {0, 1}
    assert 0.04 < sum(lacking) / len(lacking) < 0.06


def test_no_case_is_an_error() -> None:
    checker = Checker.load(compare=False)
    day = date.fromisoformat(spec.DAY)
    topics = ["hospital_binding", "family_mutual_aid", "filing"]
    for case in cases(COUNT // 4, 4):
        assert not checker.check(case, day, topics).faults
    checker.close()


def test_places_lie_as_the_library_says() -> None:
    places = Checker.load(compare=False).library.places
    day = date.fromisoformat(spec.DAY).toordinal()
    for (home, away), lying in spec.lying().items():
        if home is not None and away is not None:
            assert places.relations(home, away, "jing_jin_ji", (day, day)) == {lying}
