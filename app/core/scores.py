"""Score expressions: read, checked, and compiled to plain JSONLogic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core import logic
from app.core.domains import UNSURE, Kind
from app.core.faults import Faults, Path
from app.core.logic import Expression, Json, Scope
from app.core.rules import Points

_MANY = ("mean", "sum", "product", "min", "max")
KEYS = (
    *_MANY,
    "var",
    "points",
    "count",
    "count_rows",
    "sum_rows",
    "days",
    "subtract",
    "divide",
    "round",
    "if",
)
TODAY = "today"
EARLIEST = "1900-01-01"
ON = "on"
"""Where a record holds the day of the assessment: time is an argument, which only scores read."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A score as plain JSONLogic giving a number or null, and what it reads.

    `reads` must all be answered or not asked before the value stands; `settles_unsure` are the
    questions whose "I don't know" the score counts itself; `conditions` must be determined.
    """

    expression: Json
    reads: frozenset[str]
    settles_unsure: frozenset[str]
    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    value: Json
    there: Json  # whether this part counts


def read(raw: Json, points: Points, scope: Scope, path: Path, faults: Faults) -> Compiled:
    """Compile a score's `value`; faults are noted at their path."""
    reader = _Reader(points, scope, faults)
    raw = raw if logic.has_bounds(raw, path, faults) else 0
    part = reader.part(raw, path)
    return Compiled(
        {"if": [part.there, part.value, None]},
        frozenset(reader.reads),
        frozenset(reader.settles - reader.leaves_unsure),
        tuple(reader.conditions),
    )


class _Reader:
    def __init__(self, points: Points, scope: Scope, faults: Faults) -> None:
        self.points = points
        self.scope = scope
        self.faults = faults
        self.reads: set[str] = set()
        self.settles: set[str] = set()
        self.leaves_unsure: set[str] = set()
        self.conditions: list[Expression] = []

    def part(self, raw: Json, path: Path) -> _Part:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return _Part(raw, there=True)
        known = [key for key in raw if key in KEYS] if isinstance(raw, dict) else []
        if len(known) != 1 or set(raw) - {known[0], "table"}:
            self.faults.add(path, f"a score is a number or one of {', '.join(KEYS)}")
            return _Part(0, there=False)
        key = known[0]
        if key in _MANY:
            return self.many(key, raw[key], (*path, key))
        table = raw.get("table", self.points)
        if key == "points":
            return self.pointed(raw[key], table, path)
        one = {
            "var": self.number,
            "count": self.count,
            "count_rows": self.count_rows,
            "sum_rows": self.sum_rows,
            "days": self.days,
            "subtract": self.pair,
            "divide": self.pair,
            "round": self.rounded,
            "if": self.branch,
        }[key]
        return one(key, raw[key], (*path, key))

    def several(self, raw: Json, number: int | None, path: Path) -> list[Json]:
        if isinstance(raw, list) and raw and number in (None, len(raw)):
            return raw
        self.faults.add(path, f"expected a list of {number or 'one or more'} parts")
        return []

    def many(self, key: str, raw: Json, path: Path) -> _Part:
        parts = [
            self.part(each, (*path, n)) for n, each in enumerate(self.several(raw, None, path))
        ]
        there = {"or": [part.there for part in parts]} if parts else False
        neutral: dict[str, Json] = {"product": 1, "min": 1e15, "max": -1e15}
        values = [{"if": [part.there, part.value, neutral.get(key, 0)]} for part in parts]
        sign = {"product": "*", "min": "min", "max": "max"}.get(key, "+")
        value: Json = {sign: values}
        if key == "mean":
            value = {"/": [value, {"+": [{"if": [part.there, 1, 0]} for part in parts]}]}
        return _Part(value, there)

    def pointed(self, name: Json, table: Any, path: Path) -> _Part:
        domain = self.scope.get(name) if isinstance(name, str) else None
        if domain is None or domain.kind is not Kind.CODE:
            at = (*path, "points")
            wanted = "no choice, band or decision is called"
            self.faults.missing(at, wanted, str(name), self.scope)
            return _Part(0, there=False)
        if not isinstance(table, Mapping) or not table:
            self.faults.add(path, f"no points say how the options of '{name}' count")
            return _Part(0, there=False)
        for code in set(domain.codes) - set(table) - {UNSURE}:
            self.faults.add(path, f"the points do not say how '{code}' of '{name}' counts")
        for code in set(table) - set(domain.codes) if table is not self.points else ():
            self.faults.add((*path, "table", code), f"'{name}' has no option '{code}'")
        for code, number in table.items():
            if number != "omit" and not isinstance(number, int | float):
                at = (*path, "table", code) if table is not self.points else path
                self.faults.add(at, f"points are a number or 'omit', not '{number}'")
        self.reads.add(name)
        (self.settles if UNSURE in table else self.leaves_unsure).add(name)
        counted = {
            code: number for code, number in table.items() if isinstance(number, int | float)
        }
        branches: list[Json] = []
        for code, number in counted.items():
            branches += [{"===": [{"var": name}, code]}, number]
        return _Part({"if": [*branches, 0]}, {"in": [{"var": name}, list(counted)]})

    def number(self, _key: str, name: Json, path: Path) -> _Part:
        domain = self.scope.get(name) if isinstance(name, str) else None
        if domain is None or domain.kind is not Kind.NUMBER:
            self.faults.missing(path, "no number or score is called", str(name), self.scope)
            return _Part(0, there=False)
        self.reads.add(name)
        return _Part({"var": name}, logic.present(name))

    def condition(self, raw: Json, path: Path) -> Json:
        expression = logic.read(raw, self.scope, path, self.faults)
        self.conditions.append(expression)
        return logic.derive(expression).surely

    def count(self, _key: str, raw: Json, path: Path) -> _Part:
        tests = [
            self.condition(each, (*path, n)) for n, each in enumerate(self.several(raw, None, path))
        ]
        return _Part({"+": [{"if": [test, 1, 0]} for test in tests]}, there=True)

    def count_rows(self, _key: str, raw: Json, path: Path) -> _Part:
        found = self.several(raw, 2, path)
        name = found[0].get("var") if found and isinstance(found[0], dict) else None
        domain = self.scope.get(name) if isinstance(name, str) else None
        if domain is None or domain.kind is not Kind.ROWS:
            self.faults.add(path, "'count_rows' is [{var: rows}, a condition over their columns]")
            return _Part(0, there=False)
        body = logic.read(found[1], domain.columns, (*path, 1), self.faults)
        self.conditions.append(logic.Quantified("settled", str(name), body, domain))
        rows = {"filter": [{"var": name}, logic.derive(body).surely]}
        return _Part(
            {"reduce": [rows, {"+": [{"var": "accumulator"}, 1]}, 0]}, logic.present(str(name))
        )

    def sum_rows(self, key: str, raw: Json, path: Path) -> _Part:
        found = self.several(raw, 2, path)
        name = found[0].get("var") if found and isinstance(found[0], dict) else None
        domain = self.scope.get(name) if isinstance(name, str) else None
        if domain is None or domain.kind is not Kind.ROWS:
            self.faults.add(path, f"'{key}' is [{{var: rows}}, days or var over their columns]")
            return _Part(0, there=False)
        row = _RowReader(self.points, domain.columns, self.faults)
        part = row.part(found[1], (*path, 1))
        self.conditions.append(logic.Quantified("settled", str(name), row.answered(), domain))
        each = {"if": [part.there, part.value, 0]}
        added = {"+": [{"var": "accumulator"}, {"var": "current"}]}
        total = {"reduce": [{"map": [{"var": name}, each]}, added, 0]}
        return _Part(total, logic.present(str(name)))

    def days(self, _key: str, raw: Json, path: Path) -> _Part:
        found = self.several(raw, 2, path)
        if not found:
            return _Part(0, there=False)
        dates = [self.date(each, (*path, n)) for n, each in enumerate(found)]
        before, after = (_days(date.value) for date in dates)
        return _Part({"-": [after, before]}, {"and": [date.there for date in dates]})

    def date(self, name: Json, path: Path) -> _Part:
        """A date question, or `today`: the day of the assessment."""
        if name == TODAY:
            return _Part({"var": ON}, there=True)
        domain = self.scope.get(name) if isinstance(name, str) else None
        if domain is None or domain.kind is not Kind.DATE:
            self.faults.missing(path, "no date is called", str(name), self.scope)
            return _Part(0, there=False)
        self.reads.add(name)
        return self.dated(name)

    def dated(self, name: str) -> _Part:
        return _Part({"var": name}, logic.present(name))

    def pair(self, key: str, raw: Json, path: Path) -> _Part:
        found = self.several(raw, 2, path)
        if not found:
            return _Part(0, there=False)
        a, b = (self.part(each, (*path, n)) for n, each in enumerate(found))
        there: Json = {"and": [a.there, b.there]}
        if key == "subtract":
            return _Part({"-": [a.value, b.value]}, there)
        # Nothing over nothing is no value, never an error.
        return _Part({"/": [a.value, b.value]}, {"and": [there, {"!==": [b.value, 0]}]})

    def rounded(self, _key: str, raw: Json, path: Path) -> _Part:
        part = self.part(raw, path)
        # Half up, in arithmetic every engine has: x + 0.5 less its remainder, which engines that cut
        # towards zero give below zero for what is below zero.
        half = {"+": [part.value, 0.5]}
        remainder = {"%": [half, 1]}
        below = {"if": [{"<": [remainder, 0]}, 1, 0]}
        return _Part({"-": [{"-": [half, remainder]}, below]}, part.there)

    def branch(self, _key: str, raw: Json, path: Path) -> _Part:
        found = self.several(raw, 3, path)
        if not found:
            return _Part(0, there=False)
        test = self.condition(found[0], (*path, 0))
        a, b = (self.part(each, (*path, n)) for n, each in enumerate(found[1:], 1))
        return _Part({"if": [test, a.value, b.value]}, {"if": [test, a.there, b.there]})


class _RowReader(_Reader):
    """Reads a part over the columns of one row."""

    def part(self, raw: Json, path: Path) -> _Part:
        days = raw.get("days") if isinstance(raw, dict) and len(raw) == 1 else None
        if not isinstance(days, list) or TODAY in days:
            self.faults.add(path, "a sum over rows adds up days between two dates of each")
            return _Part(0, there=False)
        return super().part(raw, path)

    def dated(self, name: str) -> _Part:
        # Within a row an engine may look for what is missing in the whole record.
        return _Part({"var": name}, {">": [{"var": name}, 0]})

    def answered(self) -> Expression:
        """The condition that every date read is there: it says whether the row is settled."""
        dated = [{">=": [{"var": name}, EARLIEST]} for name in sorted(self.reads)]
        return logic.read({"and": dated} if dated else {"or": []}, self.scope, (), Faults(""))


def _whole(number: Json, parts: int) -> Json:
    """How many whole parts there are, for what is not below zero."""
    return {"/": [{"-": [number, {"%": [number, parts]}]}, parts]}


def _days(date: Json) -> Json:
    """The days of a date written as the number 20260501, counted from the first of March of year nought."""
    month = {"%": [_whole(date, 100), 100]}
    # The year begins in March, so that the day which comes every four years is its last.
    early = {"if": [{"<": [month, 3]}, 1, 0]}
    year = {"-": [_whole(date, 10_000), early]}
    since_march = {"-": [{"+": [month, {"*": [early, 12]}]}, 3]}
    leaps = {"+": [{"-": [_whole(year, 4), _whole(year, 100)]}, _whole(year, 400)]}
    months = _whole({"+": [{"*": [since_march, 153]}, 2]}, 5)
    return {"+": [{"*": [year, 365]}, leaps, months, _day(date)]}


def _day(date: Json) -> Json:
    """The day of a date written as the number 20260501."""
    return {"%": [date, 100]}
