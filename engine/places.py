"""The places of the country by administrative code, and how two of them lie to each other."""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field

from engine.entries import column
from engine.scalars import Citation, Id, Period, PlaceCode
from engine.words import Model, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

Relationship = Literal["same_pool", "same_province", "same_group", "elsewhere", "abroad"]
RELATIONS: tuple[Relationship, ...] = get_args(Relationship)
_EVER = 4_000_000
_CODE_DIGITS = 6


class Place(Model):
    """One administrative unit (codes: GB/T 2260) or the one place that is abroad."""

    code: PlaceCode
    name: Words
    level: Literal["nation", "province", "city", "county", "abroad"]
    pool: bool = False
    aliases: list[str] = []

    @property
    def names(self) -> list[str]:
        """Every name it is found by."""
        return [self.name.zh, self.name.en, *self.aliases]


class Group(Model):
    """A named group of places whose members are treated as one while it is in force."""

    id: Id
    name: Words
    members: Annotated[list[PlaceCode], Field(min_length=2)]
    in_force: Period
    sources: Annotated[list[Citation], Field(min_length=1)]


class Places:
    """Looks places up by code or name and relates them."""

    def __init__(self, places: Mapping[str, Place], groups: Mapping[str, Group]) -> None:
        self._places, self.groups = places, groups
        self._levels: Mapping[str, str] = column(places, "level")
        self._pools: Mapping[str, bool] = column(places, "pool")
        self.nation = self._of_level("nation")
        self.abroad = self._of_level("abroad")

    @cached_property
    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for code, names in column(self._places, "names").items():
            for name in names:
                found.setdefault(name.casefold(), code)
        return found

    def __contains__(self, code: object) -> bool:
        return code in self._places

    @property
    def layout(self) -> list[tuple[str, str, bool]]:
        """Every place by code, with its level and whether it is a pool; not what it is called."""
        return [(code, level, self._pools[code]) for code, level in self._levels.items()]

    def _of_level(self, level: str) -> str:
        return next((code for code, one in self._levels.items() if one == level), "")

    def get(self, code: str) -> Place:
        """The place with this code; raises KeyError when there is none."""
        return self._places[code]

    def resolve(self, text: str) -> str | None:
        """The code of a place given by code or by name; None when it is not known.

        A county's code that is not listed stands for the city it belongs to.
        """
        if text in self._places:
            return text
        if text.isascii() and text.isdigit() and len(text) == _CODE_DIGITS:
            for parent in (text[:4] + "00", text[:2] + "0000"):
                if self._pools.get(parent):
                    return parent
            return None
        return self._names.get(text.strip().casefold())

    def search(self, text: str) -> list[Place]:
        """Places whose code starts with, or whose name holds, `text`; best matches first."""
        wanted = text.strip().casefold()
        found = []
        for place in self._places.values():
            if place.level == "nation":
                continue
            names = [name.casefold() for name in place.names]
            if place.code.startswith(wanted) or any(wanted in name for name in names):
                starts = any(name.startswith(wanted) for name in names)
                found.append((not starts, place.code, place))
        return [place for _, _, place in sorted(found, key=lambda hit: hit[:2])]

    def pool(self, code: str) -> str | None:
        """The insurance pool a place lies in; None for a province that has several."""
        level = self._levels[code]
        if self._pools[code] or level == "abroad":
            return code
        for parent in (code[:4] + "00", code[:2] + "0000"):
            if self._pools.get(parent):
                return parent
        return code if level == "county" else None

    def applies(self, rule_region: str, code: str) -> bool:
        """Whether rules written for `rule_region` hold in `code`: it, its parents, the nation."""
        if rule_region == code:
            return True
        if rule_region == self.nation:
            return code != self.abroad
        return rule_region in (code[:4] + "00", code[:2] + "0000") or rule_region == self.pool(code)

    def inside(self, code: str, province: str) -> bool:
        """Whether a place is a part of a province, and not the province itself."""
        return code != province and code[:2] == province[:2]

    def _member(self, group: Group, code: str) -> bool:
        return bool({code, code[:4] + "00", code[:2] + "0000"} & set(group.members))

    def relations(
        self, home: str, away: str, group_id: str | None, days: tuple[int, int] | None
    ) -> set[Relationship]:
        """How `away` may lie to `home`, when the date of the group lies in `days`.

        One element where that is certain; several for a place known only as a province or a
        date that may fall inside or outside the period of the group.
        """
        if self.abroad in (home, away):
            return {"abroad"}
        pools = self.pool(home), self.pool(away)
        if pools[0] is not None and pools[0] == pools[1]:
            return {"same_pool"}
        if home[:2] == away[:2]:
            certain = None not in pools
            return {"same_province"} if certain else {"same_pool", "same_province"}
        group = self.groups.get(group_id or "")
        if group and self._member(group, home) and self._member(group, away):
            first, last = group.in_force.days(0, _EVER)
            low, high = days or (first, last)
            lying: set[Relationship] = set()
            if low <= last and high >= first:
                lying.add("same_group")
            if low < first or high > last:
                lying.add("elsewhere")
            return lying
        return {"elsewhere"}

    def all_relations(self, groups: tuple[str | None, ...]) -> list[tuple[Relationship, ...]]:
        """The ways in which two places can lie to each other, with regard to each of the groups."""
        if groups not in self._related:
            always = (0, _EVER)
            seen = {
                lying
                for home in self.samples()
                for away in self.samples()
                for lying in product(*(self.relations(home, away, one, always) for one in groups))
            }
            order = {one: index for index, one in enumerate(RELATIONS)}
            self._related[groups] = sorted(seen, key=lambda lying: [order[one] for one in lying])
        return self._related[groups]

    @cached_property
    def _related(self) -> dict[tuple[str | None, ...], list[tuple[Relationship, ...]]]:
        return {}

    def near(self, code: str) -> list[str]:
        """The other pools of the province of `code`."""
        return [one for one, pool in self._pools.items() if pool and one[:2] == code[:2]]

    @cached_property
    def _samples(self) -> list[str]:
        taken: dict[str, list[str]] = {}
        for code, pool in self._pools.items():
            if pool and len(taken.setdefault(code[:2], [])) <= 1:
                taken[code[:2]].append(code)
        return [code for codes in taken.values() for code in codes] + [self.abroad]

    def samples(self) -> list[str]:
        """Places that show every relation there is: two pools a province, and abroad."""
        return self._samples
