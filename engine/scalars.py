"""The small typed values rulesets are written in: ids, dates, periods, place codes, citations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from engine.fault import quoted
from engine.words import Model, Words

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z", re.ASCII)
_ID = r"^[A-Za-z][A-Za-z0-9_]{0,63}$"
_CLAIM_ID = r"^S[0-9]-[0-9]{2}[a-z]?$"
_PLACE_CODE = r"^[1-9][0-9]{5}$"
REFUSED = "refused"


def refusal(message: str, help_: str = "", *at: str | int) -> PydanticCustomError:
    """An error in our own words: what is wrong, what to do, and the path below the value."""
    return PydanticCustomError(REFUSED, "{message}", {"message": message, "help": help_, "at": at})


def _date(value: object) -> object:
    if isinstance(value, str) and ISO_DAY.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise refusal(
                f"there is no day {quoted(value)}", "check the month and the day"
            ) from None
    if isinstance(value, date):
        return value
    raise refusal(f"{quoted(value)} is not a date", "write a date as YYYY-MM-DD")


def _partial(value: object) -> object:
    text = str(value) if isinstance(value, int) else value
    if isinstance(text, str) and _PARTIAL.match(text):
        full = text + "-01-01"[len(text) - 4 :]
        try:
            date.fromisoformat(full)
        except ValueError:
            raise refusal(
                f"there is no day {quoted(value)}", "check the month and the day"
            ) from None
        return text
    raise refusal(f"{quoted(value)} is not a date", "write YYYY-MM-DD, YYYY-MM, YYYY or null")


def _code(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _form(pattern: str, message: str, help_: str) -> Callable[[str], str]:
    """A check that a text has one form, with the words for a text that has another."""
    form = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not form.fullmatch(value):
            raise refusal(f"{quoted(value)} is not {message}", help_)
        return value

    return check


def one_of(expected: str) -> WrapValidator:
    """Words for a value that is none of several types, in place of a fault for each of them."""

    def check(value: object, handler: ValidatorFunctionWrapHandler) -> object:
        try:
            return handler(value)
        except ValidationError:
            shown = "" if isinstance(value, list | dict) else f" (found: {quoted(value)})"
            help_ = "write digits without quotes" if isinstance(value, str) else ""
            raise refusal(f"{expected} is expected here{shown}", help_) from None

    return WrapValidator(check)


Id = Annotated[
    str,
    AfterValidator(
        _form(_ID, "an id", "an id starts with a letter and holds letters, digits and `_`")
    ),
    WithJsonSchema({"type": "string", "pattern": _ID}),
]
ClaimId = Annotated[
    str,
    AfterValidator(_form(_CLAIM_ID, "the id of a claim", "write it like S1-01 or S1-01a")),
    WithJsonSchema({"type": "string", "pattern": _CLAIM_ID}),
]
PlaceCode = Annotated[
    str,
    BeforeValidator(_code),
    AfterValidator(_form(_PLACE_CODE, "the code of a place", "a code has six digits")),
    WithJsonSchema({"type": ["string", "integer"], "pattern": _PLACE_CODE}),
]
Day = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
PartialDay = Annotated[
    str, BeforeValidator(_partial), WithJsonSchema({"type": ["string", "integer"]})
]
Number = Annotated[int | Decimal, one_of("a number"), WithJsonSchema({"type": "number"})]


class Period(Model):
    """The days on which something is in force, both ends included; an open end is null."""

    from_: Day | None = Field(alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Period:
        if self.from_ and self.to and self.to < self.from_:
            message = f"the period ends on {self.to}, before it starts on {self.from_}"
            raise refusal(message, "both days are included; `to: null` leaves it open", "to")
        return self

    def days(self, first: int, last: int) -> tuple[int, int]:
        """First and last ordinal, an open end replaced by `first` or `last`."""
        start = self.from_.toordinal() if self.from_ else first
        end = self.to.toordinal() if self.to else last
        return start, end


class Citation(Model):
    """A source and the clause of it that states what is claimed."""

    source: Id
    clause: Words
