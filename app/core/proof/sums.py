"""Scores as the exact values they can take, each with a literal that its parts force."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    def absent(self, id_: str) -> int: ...
    def days(self, id_: str) -> Values: ...
    def surely(self, raw: Any) -> int: ...
    def counted_rows(self, rows: str, raw: Any) -> tuple[int, list[int]]: ...


Exact = int | Fraction  # whole numbers stay plain: sums over them are quick


def exact(number: float) -> Exact:
    """A number as it is written."""
    return _plain(Fraction(str(number)))


def _plain(number: Fraction) -> Exact:
    return number.numerator if number.denominator == 1 else number


@dataclass(frozen=True)
class Part:
    """A part of a score. Its values are whole numbers, each so many parts of `over`; None is none."""

    values: Values
    over: int = 1

    def in_parts(self, over: int) -> Part:
        """The same, counted in smaller parts."""
        by = over // self.over
        return self if by == 1 else Part({_times(v, by): n for v, n in self.values.items()}, over)


class Sums:
    """Composes the values of one score."""

    def __init__(self, leaves: Leaves, points: Mapping[str, Any]) -> None:
        self.leaves = leaves
        self.formula = leaves.formula
        self.points = points
        self.ways = 0

    def of(self, raw: Any) -> Values:
        """The values of a score. Raises TooManyError, NumberError."""
        found = self.part(raw)
        return {
            None if value is None else _plain(Fraction(value, found.over)): literal
            for value, literal in found.values.items()
        }

    def nothing(self, raw: Any) -> int:
        """That a part does not count. Raises NumberError where only its values would say so."""
        if isinstance(raw, int | float):
            return FALSE
        key = next(key for key in raw if key != "table")
        if key in _NOTHING:
            return _NOTHING[key](self, raw, raw[key])
        if key not in (*_JOINS, "mean", "product"):
            raise NumberError(key)
        return self.formula.every([self.nothing(each) for each in raw[key]])

    def part(self, raw: Any) -> Part:
        """A part of a score. Raises TooManyError, NumberError."""
        if isinstance(raw, int | float):
            return _part({exact(raw): TRUE})
        key = next(key for key in raw if key != "table")
        args = raw[key]
        if key == "points":
            return self.pointed(args, raw.get("table", self.points))
        if key in _ONE:
            return _ONE[key](self, args)
        if key not in (*_JOINS, "mean", "product"):
            raise NumberError(f"it uses “{key}”, which is not followed")
        return self.many(key, [self.part(each) for each in args])

    def count(self, args: Any) -> Part:
        """How many conditions hold."""
        return self.folded([self.of_test(self.leaves.surely(each)) for each in args], operator.add)

    def pointed(self, id_: str, table: Mapping[str, Any]) -> Part:
        """The points of a choice; what the table leaves out does not count."""
        by_value: dict[Value, list[int]] = {}
        for code, number in table.items():
            if isinstance(number, int | float):
                literal = self.leaves.is_code(id_, code)
                by_value.setdefault(exact(number), []).append(literal)
        found = {value: self.formula.some(each) for value, each in by_value.items()}
        found[None] = -self.formula.some(found.values())
        return _part(_possible(found))

    def of_test(self, literal: int) -> Part:
        """1 where a condition surely holds, otherwise 0."""
        return Part(_possible({1: literal, 0: -literal}))

    def rows(self, args: Any) -> Part:
        """How many rows a condition holds of."""
        there, holding = self.leaves.counted_rows(args[0]["var"], args[1])
        count = self.folded([self.of_test(each) for each in holding], operator.add)
        return self.either(there, count, Part({None: TRUE}))

    def branched(self, args: Any) -> Part:
        """One part or the other."""
        return self.either(self.leaves.surely(args[0]), self.part(args[1]), self.part(args[2]))

    def neither(self, args: Any) -> int:
        """That the part that a test asks for does not count."""
        test, a, b = self.leaves.surely(args[0]), self.nothing(args[1]), self.nothing(args[2])
        every = self.formula.every
        return self.formula.some([every([test, a]), every([-test, b])])

    def either(self, test: int, a: Part, b: Part) -> Part:
        """The values of one part where the test holds, of the other where it does not."""
        a, b = _alike(a, b)
        ways: Ways = {}
        for sign, part in ((test, a), (-test, b)):
            for value, literal in part.values.items():
                ways.setdefault(value, []).append((sign, literal))
        return Part(self.made(ways), a.over)

    def many(self, key: str, parts: list[Part]) -> Part:
        """Several parts as one."""
        if key == "mean":
            return self.mean(parts)
        if key == "product":
            return self.multiplied(parts)
        return self.folded(parts, _counting(_JOINS[key]))

    def multiplied(self, parts: list[Part]) -> Part:
        """The product of what counts."""
        first, *rest = sorted(parts, key=lambda part: len(part.values))
        for part in rest:
            join = _times_each(first.over, part.over)
            over = first.over * part.over
            first = Part(self.joined(first.values, part.values, join), over)
        return first

    def mean(self, parts: list[Part]) -> Part:
        """The sum of what counts over how many of them do."""
        pairs = [Part(self.renamed(each.values, _one), each.over) for each in parts]
        total = self.folded(pairs, _add_pairs)
        smallest = math.lcm(*range(1, len(parts) + 1))
        shared = {
            pair: None if not pair[1] else pair[0] * (smallest // pair[1]) for pair in total.values
        }
        return Part(self.renamed(total.values, shared.__getitem__), total.over * smallest)

    def folded(self, parts: list[Part], join: Join) -> Part:
        """All parts together, those with the fewest values first."""
        first, *rest = sorted(_all_alike(parts), key=lambda part: len(part.values))
        for part in rest:
            first = Part(self.joined(first.values, part.values, join), first.over)
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

    def less(self, a: Part, b: Part) -> Part:
        """What is left of one part when the other is taken from it."""
        a, b = _alike(a, b)
        return Part(self.joined(a.values, b.values, _less), a.over)

    def divided(self, a: Part, b: Part) -> Part:
        """One part over the other."""
        a, b = _alike(a, b)
        return _part(self.joined(a.values, b.values, _over))

    def rounded(self, part: Part) -> Part:
        """To whole numbers, halves up."""
        return Part(self.renamed(part.values, lambda value: _half_up(value, part.over)))

    def made(self, ways: Ways) -> Values:
        """A literal for each value, forced wherever all literals of one of its ways hold."""
        found: Values = {}
        for value, several in ways.items():
            literal = self.forced(several)
            if literal != FALSE:
                found[value] = literal
        return found

    def forced(self, several: list[tuple[int, ...]]) -> int:
        """A literal that holds wherever all literals of one of these do."""
        kept = [way for way in map(_needed, several) if way is not None]
        if () in kept:
            return TRUE
        if not kept:
            return FALSE
        if len(kept) == 1 and len(kept[0]) == 1:
            return kept[0][0]
        found = self.formula.new()
        for way in kept:
            self.formula.clauses.append([*(-each for each in way), found])
        return found


def _needed(way: tuple[int, ...]) -> tuple[int, ...] | None:
    """What of one or two literals has to hold for both to; None where they cannot."""
    one, other = way if len(way) == 2 else (way[0], TRUE)
    if one == FALSE or other in (FALSE, -one):
        return None
    if one in (TRUE, other):
        return () if other == TRUE else (other,)
    return (one,) if other == TRUE else (one, other)


def _part(values: Values) -> Part:
    """Numbers as parts of one whole."""
    over = math.lcm(*(value.denominator for value in values if value is not None))
    return Part({v if v is None else int(v * over): n for v, n in values.items()}, over)


def _all_alike(parts: list[Part]) -> list[Part]:
    over = math.lcm(*(part.over for part in parts))
    return [part.in_parts(over) for part in parts]


def _alike(a: Part, b: Part) -> tuple[Part, Part]:
    over = math.lcm(a.over, b.over)
    return a.in_parts(over), b.in_parts(over)


def _times(value: Value, by: int) -> Value:
    """A value in smaller parts; of a pair, its sum."""
    if value is None:
        return None
    return (value[0] * by, value[1]) if isinstance(value, tuple) else value * by


def _possible(values: Values) -> Values:
    return {value: literal for value, literal in values.items() if literal != FALSE}


def _counting(join: Join) -> Join:
    """A join in which what does not count is left out."""

    def joined(one: Value, other: Value) -> Value:
        if one is None or other is None:
            return other if one is None else one
        return join(one, other)

    return joined


def _times_each(over: int, other_over: int) -> Join:
    """How to multiply two parts; one that does not count leaves the other as it is."""

    def multiplied(one: Value, other: Value) -> Value:
        if one is None:
            return None if other is None else other * over
        return one * (other_over if other is None else other)

    return multiplied


def _less(one: Value, other: Value) -> Value:
    return None if one is None or other is None else one - other


def _over(one: Value, other: Value) -> Value:
    return None if one is None or not other else _plain(Fraction(one) / other)


def _one(value: Value) -> Value:
    return (0, 0) if value is None else (value, 1)


def _add_pairs(one: Value, other: Value) -> Value:
    return one[0] + other[0], one[1] + other[1]


def _half_up(value: Value, over: int) -> Value:
    return None if value is None else (2 * value + over) // (2 * over)


_JOINS: dict[str, Join] = {
    "sum": operator.add,
    "min": min,
    "max": max,
}
_ONE: dict[str, Callable[[Sums, Any], Part]] = {
    "var": lambda self, args: _part(self.leaves.number(args)),
    "days": lambda self, args: self.less(
        _part(self.leaves.days(args[1])), _part(self.leaves.days(args[0]))
    ),
    "count": Sums.count,
    "count_rows": Sums.rows,
    "subtract": lambda self, args: self.less(self.part(args[0]), self.part(args[1])),
    "divide": lambda self, args: self.divided(self.part(args[0]), self.part(args[1])),
    "round": lambda self, args: self.rounded(self.part(args)),
    "if": Sums.branched,
}
_NOTHING: dict[str, Callable[[Sums, Any, Any], int]] = {
    "points": lambda self, raw, _: self.part(raw).values.get(None, FALSE),
    "var": lambda self, _, args: self.leaves.absent(args),
    "days": lambda self, _, args: self.formula.some([self.leaves.absent(each) for each in args]),
    "count": lambda *_: FALSE,
    "count_rows": lambda self, _, args: -self.leaves.counted_rows(args[0]["var"], args[1])[0],
    "subtract": lambda self, _, args: self.formula.some([self.nothing(each) for each in args]),
    "round": lambda self, _, args: self.nothing(args),
    "if": lambda self, _, args: self.neither(args),
}
