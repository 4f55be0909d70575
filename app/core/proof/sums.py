"""Scores as the exact values they can take, each with a literal that its parts force."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Protocol

from app.core.proof.formula import FALSE, TRUE, Formula

# A value, or None where the part does not count. A literal holds if its value is the one; what else
# holds beside it is the solver's free choice, so whoever reads values says what follows from each.
Value = Any
Values = dict[Value, int]
Ways = dict[Value, list[tuple[int, ...]]]  # of each value: literals that together force it
Join = Callable[[Any, Any], Value]
MOST = 60_000  # ways in which two parts of one score may come together


class TooManyError(Exception):
    """A score that may take more values than are followed."""


class NumberError(Exception):
    """A score over something that may be anything; the message says what."""


class Leaves(Protocol):
    """What a score reads."""

    formula: Formula

    def is_code(self, id_: str, code: str) -> int: ...
    def number(self, id_: str) -> Values: ...
    def days(self, id_: str) -> Values: ...
    def surely(self, raw: Any) -> int: ...
    def counted_rows(self, rows: str, raw: Any) -> tuple[int, list[int]]: ...


Exact = int | Fraction  # whole numbers stay plain: sums over them are quick


def exact(number: float) -> Exact:
    """A number as it is written."""
    return _plain(Fraction(str(number)))


def _plain(number: Fraction) -> Exact:
    return number.numerator if number.denominator == 1 else number


class Sums:
    """Composes the values of one score."""

    def __init__(self, leaves: Leaves, points: Mapping[str, Any]) -> None:
        self.leaves = leaves
        self.formula = leaves.formula
        self.points = points
        self.ways = 0

    def of(self, raw: Any) -> Values:
        """The values of a part of a score. Raises TooManyError, NumberError."""
        if isinstance(raw, int | float):
            return {exact(raw): TRUE}
        key = next(key for key in raw if key != "table")
        args = raw[key]
        if key == "points":
            return self.pointed(args, raw.get("table", self.points))
        if key in _ONE:
            return _ONE[key](self, args)
        if key not in (*_JOINS, "mean"):
            raise NumberError(f"it uses “{key}”, which is not followed")
        return self.many(key, [self.of(each) for each in args])

    def count(self, args: Any) -> Values:
        """How many conditions hold."""
        return self.folded([self.of_test(self.leaves.surely(each)) for each in args], operator.add)

    def pointed(self, id_: str, table: Mapping[str, Any]) -> Values:
        """The points of a choice; what the table leaves out does not count."""
        by_value: dict[Value, list[int]] = {}
        for code, number in table.items():
            if isinstance(number, int | float):
                literal = self.leaves.is_code(id_, code)
                by_value.setdefault(exact(number), []).append(literal)
        found = {value: self.formula.some(each) for value, each in by_value.items()}
        found[None] = -self.formula.some(found.values())
        return _possible(found)

    def of_test(self, literal: int) -> Values:
        """1 where a condition surely holds, otherwise 0."""
        return _possible({1: literal, 0: -literal})

    def rows(self, args: Any) -> Values:
        """How many rows a condition holds of."""
        there, holding = self.leaves.counted_rows(args[0]["var"], args[1])
        count = self.folded([self.of_test(each) for each in holding], operator.add)
        return self.either(there, count, {None: TRUE})

    def branched(self, args: Any) -> Values:
        """One part or the other."""
        return self.either(self.leaves.surely(args[0]), self.of(args[1]), self.of(args[2]))

    def either(self, test: int, a: Values, b: Values) -> Values:
        """The values of one part where the test holds, of the other where it does not."""
        ways: Ways = {}
        for sign, values in ((test, a), (-test, b)):
            for value, literal in values.items():
                ways.setdefault(value, []).append((sign, literal))
        return self.made(ways)

    def many(self, key: str, parts: list[Values]) -> Values:
        """Several parts as one."""
        if key == "mean":
            pairs = [self.renamed(part, _one) for part in parts]
            return self.renamed(self.folded(pairs, _add_pairs), _mean)
        return self.folded(parts, _counting(_JOINS[key]))

    def folded(self, parts: list[Values], join: Join) -> Values:
        """All parts together, those with the fewest values first."""
        first, *rest = sorted(parts, key=len)
        for part in rest:
            first = self.joined(first, part, join)
        return first

    def joined(self, a: Values, b: Values, join: Join) -> Values:
        """Two parts together."""
        self.ways += len(a) * len(b)
        if self.ways > MOST:
            raise TooManyError
        ways: Ways = {}
        for one, of_one in a.items():
            for other, of_other in b.items():
                ways.setdefault(join(one, other), []).append((of_one, of_other))
        return self.made(ways)

    def renamed(self, values: Values, name: Callable[[Any], Value]) -> Values:
        """One part under another value for each of its values."""
        ways: Ways = {}
        for value, literal in values.items():
            ways.setdefault(name(value), []).append((literal,))
        return self.made(ways)

    def made(self, ways: Ways) -> Values:
        """A literal for each value, forced wherever all literals of one of its ways hold."""
        found: Values = {}
        for value, several in ways.items():
            kept = [{each for each in way if each != TRUE} for way in several]
            kept = [way for way in kept if not any(each == FALSE or -each in way for each in way)]
            if not kept:
                continue
            if set() in kept:
                found[value] = TRUE
            elif len(kept) == 1 and len(kept[0]) == 1:
                found[value] = kept[0].pop()
            else:
                found[value] = self.formula.new()
                for way in kept:
                    self.formula.add(*(-each for each in way), found[value])
        return found


def _possible(values: Values) -> Values:
    return {value: literal for value, literal in values.items() if literal != FALSE}


def _counting(join: Join) -> Join:
    """A join in which what does not count is left out."""

    def joined(one: Value, other: Value) -> Value:
        if one is None or other is None:
            return other if one is None else one
        return join(one, other)

    return joined


def _less(one: Value, other: Value) -> Value:
    return None if one is None or other is None else one - other


def _over(one: Value, other: Value) -> Value:
    return None if one is None or not other else _plain(Fraction(one) / other)


def _one(value: Value) -> Value:
    return (0, 0) if value is None else (value, 1)


def _add_pairs(one: Value, other: Value) -> Value:
    return one[0] + other[0], one[1] + other[1]


def _mean(pair: Value) -> Value:
    return _plain(Fraction(pair[0]) / pair[1]) if pair[1] else None


def _half_up(value: Value) -> Value:
    return None if value is None else math.floor(value + Fraction(1, 2))


_JOINS: dict[str, Join] = {
    "sum": operator.add,
    "product": operator.mul,
    "min": min,
    "max": max,
}
_ONE: dict[str, Callable[[Sums, Any], Values]] = {
    "var": lambda self, args: self.leaves.number(args),
    "days": lambda self, args: self.joined(
        self.leaves.days(args[1]), self.leaves.days(args[0]), _less
    ),
    "count": Sums.count,
    "count_rows": Sums.rows,
    "subtract": lambda self, args: self.joined(self.of(args[0]), self.of(args[1]), _less),
    "divide": lambda self, args: self.joined(self.of(args[0]), self.of(args[1]), _over),
    "round": lambda self, args: self.renamed(self.of(args), _half_up),
    "if": Sums.branched,
}
