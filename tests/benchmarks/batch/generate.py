"""Writes made-up cases as JSON Lines: `python -m tests.benchmarks.batch.generate`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.batch import spec

LACKING = 0.05
SMALL = ("community_centre", "clinic")


def cases(count: int, seed: int) -> Iterator[dict[str, object]]:
    """So many cases; none contradicts itself, and one in twenty lacks one fact."""
    random = Random(seed)
    weighed: dict[str, Mapping[Any, int]] = {
        **spec.CHOICES,
        "region": spec.REGIONS,
        "payer_region": spec.PAYER_REGIONS,
        "care_region": spec.CARE_REGIONS,
    }
    draws = {
        fact: ([*choices], [*accumulate(choices.values())]) for fact, choices in weighed.items()
    }

    def drawn(fact: str) -> object:
        values, weights = draws[fact]
        return random.choices(values, cum_weights=weights)[0]

    days = {text: date.fromisoformat(text).toordinal()
            for ends in (spec.BIRTHS, spec.BINDINGS, spec.VISITS) for text in ends}  # fmt: skip

    def day(first: int, last: int) -> str:
        return date.fromordinal(random.randint(first, last)).isoformat()

    bound, visit = ([days[one] for one in ends] for ends in (spec.BINDINGS, spec.VISITS))
    for number in range(1, count + 1):
        case: dict[str, object] = {"id": f"c{number:07}"}
        case["region"] = region = drawn("region")
        born = random.randint(days[spec.BIRTHS[0]], days[spec.BIRTHS[1]])
        case["birth_date"] = date.fromordinal(born).isoformat()
        case["scheme"] = drawn("scheme")
        case["institution_kind"] = kind = drawn("institution_kind")
        level = drawn("institution_level")
        case["institution_level"] = random.randint(0, 1) if kind in SMALL else level
        for fact in ("in_city", "bound_hospital"):
            case[fact] = drawn(fact)
        case["last_bound_on"] = day(*bound)
        case["payer_region"] = region if random.random() < 0.8 else drawn("payer_region")
        for fact in ("relation", "payer_has_account", "authorised", "kin_account_bound"):
            case[fact] = drawn(fact)
        case["care_region"] = drawn("care_region")
        case["visit_date"] = day(max(visit[0], born), visit[1])
        for fact in ("stay_kind", "referral", "emergency"):
            case[fact] = drawn(fact)
        if random.random() < LACKING:
            del case[random.choice(spec.FACTS)]
        yield case


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20_240_611)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    with arguments.output.open("w", encoding="utf-8") as stream:
        for case in cases(arguments.cases, arguments.seed):
            stream.write(json.dumps(case) + "\n")


if __name__ == "__main__":
    main()
