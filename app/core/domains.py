"""What an answer can be: the values conditions may compare, and how a comparison reads in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

UNSURE = "unsure"
UNSURE_IS = "'unsure' says that a person does not know, and settles nothing"
FIRST_YEAR, LAST_YEAR = 1900, 2200  # no date outside these was meant


class Kind(StrEnum):
    """The shape of a value in conditions."""

    CODE = "code"  # one of the option codes
    CODES = "codes"  # a list of option codes
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"  # wording: never compared
    ROWS = "rows"
    ROW = "row"  # the number of a row elsewhere: never compared
    TRUTH = "truth"  # a named condition
    FILE = "file"  # a file: there or not, never compared


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of one question, row column or derived fact.

    `name` is what people call it; `codes` maps option codes to their labels (in order);
    `ordered` says whether the order means more (bands); `columns` are those of rows.
    """

    kind: Kind
    name: str
    codes: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False
    columns: Mapping[str, Domain] = field(default_factory=dict)
    row_name: str = "row"
    unit: str = ""

    @property
    def unsure(self) -> bool:
        """Whether "I don't know" is among the answers."""
        return UNSURE in self.codes

    def operators(self) -> tuple[str, ...]:
        """The comparisons that make sense here."""
        return _OPERATORS[self.kind] + (_ORDERING if self.ordered else ())

    def label(self, literal: object) -> str:
        """A literal of a condition as people read it."""
        if self.kind in (Kind.CODE, Kind.CODES):
            return self.codes.get(str(literal), str(literal))
        if self.kind is Kind.DATE:
            return show_date(str(literal))
        text = f"{literal:,}" if isinstance(literal, int | float) else str(literal)
        return f"{text} {self.unit}".strip()


_ORDERING = ("<", "<=", ">", ">=")
_OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.CODE: ("===", "!==", "in"),
    Kind.CODES: ("in",),
    Kind.NUMBER: ("===", "!==", *_ORDERING),
    Kind.DATE: ("===", "!==", *_ORDERING),
    Kind.TEXT: (),
    Kind.ROWS: ("some", "all", "none"),
    Kind.ROW: (),
    Kind.TRUTH: ("var",),
    Kind.FILE: (),
}

VERBS: dict[str, str] = {
    "===": "is",
    "!==": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
DATE_VERBS: dict[str, str] = {
    "<": "is before",
    "<=": "is on or before",
    ">": "is after",
    ">=": "is on or after",
}
OPPOSITES: dict[str, str] = {
    "===": "!==",
    "!==": "===",
    "<": ">=",
    ">=": "<",
    "<=": ">",
    ">": "<=",
}


def show_date(value: str) -> str:
    """An ISO date as "1 May 2026"; other text unchanged."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return show_day(day)


def show_day(day: date) -> str:
    """A day as "1 May 2026"."""
    return f"{day.day} {day:%B %Y}"


def is_date(value: str) -> bool:
    """Whether this is a zero-padded ISO date of the years 1900 to 2200."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return False
    return day.isoformat() == value and FIRST_YEAR <= day.year <= LAST_YEAR


def date_number(value: str) -> int:
    """An ISO date as the number 20260501: every JSONLogic engine orders numbers alike."""
    return int(value.replace("-", ""))


def day_of(number: float) -> date:
    """The day that a number such as 20260501 stands for."""
    whole = int(number)
    return date(whole // 10_000, whole // 100 % 100, whole % 100)
