"""A condition as joined lines "question, test, answer", and the lines as a condition again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

Json = Any
Answer = str | int | float

AND, OR, AT_LEAST = "and", "or", "at_least"
JOINS = (AND, OR, AT_LEAST)
IS, IS_NOT, INCLUDES, INCLUDES_NOT = "is", "is_not", "includes", "includes_not"
HOLDS, HOLDS_NOT = "holds", "holds_not"
LESS, AT_MOST, MORE, LEAST = "less", "at_most", "more", "least"
SOME, NONE, ALL, NOT_ALL = "some", "none", "all", "not_all"

_SIGNS = {"<": LESS, "<=": AT_MOST, ">": MORE, ">=": LEAST, "===": IS, "!==": IS_NOT}
_SIGN_OF = {test: sign for sign, test in _SIGNS.items()}
_OPPOSITES = {IS: IS_NOT, INCLUDES: INCLUDES_NOT, HOLDS: HOLDS_NOT, LESS: LEAST, AT_MOST: MORE}
_OPPOSITES |= {SOME: NONE, ALL: NOT_ALL}
_OPPOSITES |= {b: a for a, b in _OPPOSITES.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One test: what it is about (a question, a derived fact, a column), the test, the answers.

    Several answers: any of them. While somebody types, each part may be empty and numbers are text.
    """

    about: str
    test: str
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class OfRows:
    """A rows question of which some, all, none or not all rows are as the lines say."""

    about: str
    test: str
    join: str = AND
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Lines within the condition that are joined by themselves; `number` belongs to "at_least"."""

    join: str
    lines: tuple[Line | OfRows, ...] = ()
    number: int = 1


@dataclass(frozen=True, slots=True)
class Built:
    """A whole condition as the builder shows it. Without lines: always."""

    join: str = AND
    lines: tuple[Line | OfRows | Group, ...] = ()
    number: int = 1


Part = Line | OfRows | Group


class _Beyond(Exception):
    """More than the builder can show."""


# From a condition to lines


def lines_of(expression: Json) -> Built | None:
    """The condition as lines; None where only its text can show it. Never raises."""
    if expression is None:
        return Built()
    try:
        found = _part(expression, _item)
    except _Beyond:
        return None
    return (
        Built(found.join, found.lines, found.number) if isinstance(found, _Many) else _alone(found)
    )


def _alone(part: Part) -> Built:
    return Built(AND, (part,))


@dataclass(frozen=True, slots=True)
class _Many:
    """What an operator joins, before it is known where it stands."""

    join: str
    lines: tuple[Any, ...]
    number: int = 1


def _item(raw: Json) -> Part:
    """A part of the whole condition: a line, rows, or a group of these."""
    found = _part(raw, _in_group)
    return Group(found.join, found.lines, found.number) if isinstance(found, _Many) else found


def _in_group(raw: Json) -> Line | OfRows:
    found = _part(raw, _no_deeper)
    if isinstance(found, _Many):
        raise _Beyond
    return found


def _no_deeper(raw: Json) -> Line:
    """A line of rows, or of what would be a group in a group."""
    found = _part(raw, _nothing)
    if not isinstance(found, Line):
        raise _Beyond
    return found


def _nothing(_raw: Json) -> Line:
    raise _Beyond


def _part(raw: Json, inner: Callable[[Json], Any]) -> Line | OfRows | _Many:
    """One operator with what it takes; `inner` reads what it joins."""
    op, args = _operator(raw)
    if op in ("in", "var") or op in _SIGNS:
        return _line(op, args)
    if op in JOINS:
        return _several_answers(raw) or _many(op, args, inner)
    if op in (SOME, ALL, NONE):
        return _of_rows(op, args)
    if op == "!":
        return _several_answers(raw) or _opposite(_part(_one(args), inner))
    raise _Beyond


def _operator(raw: Json) -> tuple[str, Json]:
    if not isinstance(raw, dict) or len(raw) != 1:
        raise _Beyond
    op, args = next(iter(raw.items()))
    return str(op), args


def _one(args: Json) -> Json:
    if isinstance(args, list):
        if len(args) != 1:
            raise _Beyond
        return args[0]
    return args


def _two(args: Json) -> tuple[Json, Json]:
    if not isinstance(args, list) or len(args) != 2:
        raise _Beyond
    return args[0], args[1]


def _name(raw: Json) -> str:
    if isinstance(raw, dict) and list(raw) == ["var"] and isinstance(raw["var"], str):
        return raw["var"]
    raise _Beyond


def _answer(raw: Json) -> Answer:
    if isinstance(raw, str | int | float) and not isinstance(raw, bool):
        return raw
    raise _Beyond


def _line(op: str, args: Json) -> Line:
    if op == "var":
        return Line(_name({"var": args}), HOLDS)
    first, second = _two(args)
    if op != "in":
        return Line(_name(first), _SIGNS[op], (_answer(second),))
    if isinstance(first, dict):
        if not isinstance(second, list) or not second:
            raise _Beyond
        return Line(_name(first), IS, tuple(map(_answer, second)))
    return Line(_name(second), INCLUDES, (_answer(first),))


def _many(op: str, args: Json, inner: Callable[[Json], Any]) -> _Many:
    number, items = (1, args) if op != AT_LEAST else _two(args)
    if not isinstance(items, list) or not items or type(number) is not int:
        raise _Beyond
    return _Many(op, tuple(map(inner, items)), number)


def _of_rows(op: str, args: Json) -> OfRows:
    rows, body = _two(args)
    found = _part(body, _no_deeper)
    if isinstance(found, Line):
        return OfRows(_name(rows), op, AND, (found,))
    if isinstance(found, OfRows) or found.join == AT_LEAST:
        raise _Beyond
    return OfRows(_name(rows), op, found.join, found.lines)


def _several_answers(raw: Json) -> Line | None:
    """One line about a multi where the parts differ only in the answer it includes."""
    op, args = _operator(raw)
    if op == "!":
        inside = _several_answers(_one(args)) if _is_joined(_one(args)) else None
        return _flipped(inside) if inside and inside.test == INCLUDES else None
    if op == AT_LEAST or not isinstance(args, list) or len(args) < 2:
        return None
    lines = [_included(each) for each in args]
    wanted = INCLUDES if op == OR else INCLUDES_NOT
    first = lines[0]
    if first is None or any(
        each is None or (each.about, each.test) != (first.about, wanted) for each in lines
    ):
        return None
    answers = tuple(answer for each in lines if each for answer in each.answers)
    return Line(first.about, wanted, answers) if len(set(answers)) == len(answers) else None


def _is_joined(raw: Json) -> bool:
    return isinstance(raw, dict) and list(raw) in ([AND], [OR])


def _included(raw: Json) -> Line | None:
    try:
        found = _no_deeper(raw) if not _is_joined(raw) else None
    except _Beyond:
        return None
    return found if found and found.test in (INCLUDES, INCLUDES_NOT) else None


def _opposite(found: Line | OfRows | _Many) -> Line | OfRows | _Many:
    """What does not hold, said as what does; "not" goes in to the lines, and stops at rows."""
    if isinstance(found, OfRows):
        return replace(found, test=_OPPOSITES[found.test])
    if isinstance(found, Line):
        return _flipped(found)
    return _opposite_many(found)


def _opposite_many(found: _Many) -> _Many:
    lines = tuple(_opposite_part(each) for each in found.lines)
    if found.join == AT_LEAST:
        return _Many(AT_LEAST, lines, len(lines) - found.number + 1)
    return _Many(OR if found.join == AND else AND, lines)


def _opposite_part(part: Part) -> Part:
    if isinstance(part, Group):
        found = _opposite_many(_Many(part.join, part.lines, part.number))
        return Group(found.join, found.lines, found.number)
    if isinstance(part, OfRows):
        return replace(part, test=_OPPOSITES[part.test])
    return _flipped(part)


def _flipped(line: Line) -> Line:
    return replace(line, test=_OPPOSITES[line.test])


# From lines to a condition


def expression_of(built: Built) -> Json | None:
    """The lines as a condition; None where there are none. What they are about is not looked at."""
    if not built.lines:
        return None
    return _joined(built.join, [_expression(part) for part in built.lines], built.number)


def _joined(join: str, parts: list[Json], number: int = 1) -> Json:
    if join == AT_LEAST:
        return {AT_LEAST: [number, parts]}
    return parts[0] if len(parts) == 1 else {join: parts}


def _expression(part: Part) -> Json:
    match part:
        case Group(join, lines, number):
            return _joined(join, [_expression(each) for each in lines], number)
        case OfRows(about, test, join, lines):
            body = _joined(join, [_expression(each) for each in lines])
            rows = [{"var": about}, body]
            return {"!": {ALL: rows}} if test == NOT_ALL else {test: rows}
        case Line(about, test, answers):
            return _EXPRESSIONS[test]({"var": about}, list(answers))


def _compared(test: str) -> Callable[[Json, list[Answer]], Json]:
    return lambda var, answers: {_SIGN_OF[test]: [var, answers[0]]}


def _is_one_of(var: Json, answers: list[Answer]) -> Json:
    return {"===": [var, answers[0]]} if len(answers) == 1 else {"in": [var, answers]}


def _is_none_of(var: Json, answers: list[Answer]) -> Json:
    return {"!==": [var, answers[0]]} if len(answers) == 1 else {"!": {"in": [var, answers]}}


def _includes(var: Json, answers: list[Answer]) -> Json:
    return _joined(OR, [{"in": [answer, var]} for answer in answers])


def _includes_not(var: Json, answers: list[Answer]) -> Json:
    return _joined(AND, [{"!": {"in": [answer, var]}} for answer in answers])


_EXPRESSIONS: Mapping[str, Callable[[Json, list[Answer]], Json]] = {
    IS: _is_one_of,
    IS_NOT: _is_none_of,
    INCLUDES: _includes,
    INCLUDES_NOT: _includes_not,
    HOLDS: lambda var, _: var,
    HOLDS_NOT: lambda var, _: {"!": var},
    **{test: _compared(test) for test in (LESS, AT_MOST, MORE, LEAST)},
}
