"""What the answers may still become, and what the rules then say, found the slow and plain way.

Nothing here knows of *surely* and *possibly*: every completion of the blanks is written out, and the
conditions are read straight from their definitions, where each comparison is true or false.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Json = Any
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "===": operator.eq,
    "!==": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
UNSURE = "unsure"


class _Absent:
    def __repr__(self) -> str:
        return "not asked"


ABSENT = _Absent()


@dataclass(frozen=True)
class Unsure:
    """Answered "I don't know", while the truth is `really`: what names unsure sees it, the rest not."""

    really: Any


@dataclass(frozen=True)
class Question:
    """One question of a made-up catalogue, with the values it may take."""

    definition: Mapping[str, Any]
    values: tuple[Any, ...]
    gates: tuple[tuple[Json, ...], ...]  # of each placement: the conditions of its page and section
    order: tuple[str, ...] = ()  # of a band

    @property
    def id(self) -> str:
        return str(self.definition["id"])

    @property
    def unsure(self) -> bool:
        """Whether "I don't know" can be chosen."""
        type_ = self.definition["type"]
        return self.definition.get("unsure") is True or (
            type_ == "yes_no" and self.definition.get("unsure") is not False
        )

    @property
    def says(self) -> bool | None:
        """What "I don't know" does to its `show_if`, where that is said."""
        return {"show": True, "hide": False}.get(str(self.definition.get("unsure")))


@dataclass(frozen=True)
class World:
    """A made-up catalogue: questions in order, and derived facts by id (kind, definition)."""

    questions: tuple[Question, ...]
    derived: Mapping[str, tuple[str, Mapping[str, Any]]]
    bands: Mapping[str, Mapping[str, Any]]
    flags: Mapping[str, Json]
    matrix: Mapping[str, Any] | None = None

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {each.id: each for each in self.questions}

    @cached_property
    def orders(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The order of each column that is a band, by its rows question."""
        return {
            each.id: _orders(each.definition["columns"], self)
            for each in self.questions
            if each.definition["type"] == "rows"
        }

    def question(self, id_: str) -> Question:
        return self.by_id[id_]


Complete = dict[str, Any]


@dataclass(frozen=True)
class Scope:
    """Complete answers (or the columns of one row) to read conditions over."""

    world: World
    answers: Complete
    row: bool = False
    orders: Mapping[str, tuple[str, ...]] | None = None

    def value(self, name: str) -> Any:
        if not self.row and name in self.world.derived:
            return derived(self.world, name, self.answers)
        return self.answers.get(name, ABSENT)

    def order(self, name: str) -> tuple[str, ...]:
        if self.row:
            return (self.orders or {}).get(name, ())
        if name in self.world.derived:
            if self.world.derived[name][0] != "band":
                return ()
            return tuple(level["code"] for level in self.world.bands["levels"]["levels"])
        return self.world.question(name).order


def holds(raw: Json, scope: Scope, *, negated: bool = False, says: bool | None = None) -> bool:
    """Whether a condition holds of complete answers.

    `negated`: whether its opposite does. What is not asked is neither equal nor unequal.
    """
    ((op, args),) = raw.items()
    match op:
        case "and" | "or":
            every = (op == "and") is not negated
            parts = [holds(each, scope, negated=negated, says=says) for each in args]
            return all(parts) if every else any(parts)
        case "!":
            inner = args[0] if isinstance(args, list) else args
            return holds(inner, scope, negated=not negated, says=says)
        case "at_least":
            number = len(args[1]) - args[0] + 1 if negated else args[0]
            held = [holds(each, scope, negated=negated, says=says) for each in args[1]]
            return bool(sum(held) >= number)
        case "var":
            return (scope.value(args) is True) is not negated
        case "some" | "all" | "none":
            return _quantified(op, args, scope, negated=negated, says=says)
        case _:
            return _compared(op, args, scope, negated=negated, says=says)


def _quantified(op: str, args: Json, scope: Scope, *, negated: bool, says: bool | None) -> bool:
    rows = scope.value(args[0]["var"])
    if rows is ABSENT:
        return False
    opposite = negated is not (op == "none")
    inner = says if says is None else says is not opposite
    orders = row_orders(scope.world, args[0]["var"])
    found = [holds(args[1], Scope(scope.world, row, True, orders), says=inner) for row in rows]
    held = bool(found) and all(found) if op == "all" else any(found)
    return held is not opposite


def row_orders(world: World, rows: str) -> dict[str, tuple[str, ...]]:
    """The order of the options of each column that is a band."""
    return world.orders[rows]


def _orders(columns: Json, world: World) -> dict[str, tuple[str, ...]]:
    ratings = tuple((world.matrix or {}).get("ratings", ()))
    bands = {c["id"]: tuple(c["options"]) for c in columns if c.get("type") == "band"}
    return bands | {c["id"]: ratings for c in columns if "matrix" in c}


def _compared(op: str, args: Json, scope: Scope, *, negated: bool, says: bool | None) -> bool:
    member = op == "in" and not isinstance(args[0], dict)
    name = (args[1] if member else args[0])["var"]
    literal = args[0] if member else args[1]
    value = scope.value(name)
    if value is ABSENT:
        return False
    if isinstance(value, Unsure):
        if UNSURE in (literal if isinstance(literal, list) else [literal]):
            value = [UNSURE] if member else UNSURE
        elif says is not None:
            return says
        else:
            value = value.really
    if op == "in":
        return bool(literal in value if member else value in literal) is not negated
    order = scope.order(name)
    if order and op in ("<", "<=", ">", ">="):
        if value == UNSURE:
            return negated
        value, literal = order.index(value), order.index(literal)
    return bool(COMPARE[op](value, literal)) is not negated


# Derived facts


def derived(world: World, name: str, answers: Complete) -> Any:
    """The value of a derived fact over complete answers, or ABSENT."""
    kind, definition = world.derived[name]
    scope = Scope(world, answers)
    if kind == "condition":
        return holds(definition["when"], scope)
    if kind == "decision":
        if "only_if" in definition and not holds(definition["only_if"], scope):
            return ABSENT
        return decided(definition["outcomes"], scope)
    value = score(definition["value"], definition.get("points", {}), scope)
    if kind == "score" or value is None:
        return ABSENT if value is None else value
    found = None
    for level in world.bands["levels"]["levels"]:
        if found is None or value + 1e-9 >= level.get("from", float("-inf")):
            found = level["code"]
    return found


def decided(outcomes: Json, scope: Scope) -> Any:
    """The code of the first outcome that holds, or ABSENT."""
    for each in outcomes:
        if "when" not in each or holds(each["when"], scope):
            return each["code"]
    return ABSENT


def score(raw: Json, points: Mapping[str, Any], scope: Scope) -> float | None:
    """The value of a score expression, or None where nothing counts."""
    if isinstance(raw, int | float):
        return raw
    key = next(key for key in raw if key != "table")
    args = raw[key]
    if key == "points":
        return _points(args, raw.get("table", points), scope)
    if key in ("var", "count", "count_rows"):
        return _read(key, args, scope)
    if key == "if":
        return score(args[1] if holds(args[0], scope) else args[2], points, scope)
    parts = [score(each, points, scope) for each in (args if isinstance(args, list) else [args])]
    return _combined(key, parts)


def _read(key: str, args: Json, scope: Scope) -> float | None:
    if key == "count":
        return sum(holds(each, scope) for each in args)
    name = args if key == "var" else args[0]["var"]
    value = scope.value(name)
    if value is ABSENT or key == "var":
        return None if value is ABSENT else float(value)
    orders = row_orders(scope.world, name)
    return sum(holds(args[1], Scope(scope.world, row, True, orders)) for row in value)


def _points(name: str, table: Mapping[str, Any], scope: Scope) -> float | None:
    value = scope.value(name)
    if isinstance(value, Unsure):
        value = UNSURE if UNSURE in table else value.really
    counted = None if value is ABSENT else table.get(value)
    return None if counted in (None, "omit") else float(counted)


def _combined(key: str, parts: list[float | None]) -> float | None:
    there = [part for part in parts if part is not None]
    if key in ("subtract", "divide"):
        if len(there) < 2 or (key == "divide" and there[1] == 0):
            return None
        return there[0] - there[1] if key == "subtract" else there[0] / there[1]
    if not there:
        return None
    if key == "round":
        return float((there[0] + 0.5) // 1)
    product = 1.0
    for part in there:
        product *= part
    return {
        "sum": sum(there),
        "mean": sum(there) / len(there),
        "product": product,
        "min": min(there),
        "max": max(there),
    }[key]


# Completions


def asked(question: Question, world: World, answers: Complete) -> bool:
    """Whether complete answers to all earlier questions lead to this one."""
    scope = Scope(world, answers)
    own = question.definition.get("show_if")
    if own is not None and not holds(own, scope, says=question.says):
        return False
    return any(all(holds(gate, scope) for gate in gates) for gates in question.gates)


def completions(world: World, given: Mapping[str, Any]) -> Iterator[Complete]:
    """Every way in which the blanks may be filled, hidden questions appearing as they are shown."""

    def onward(at: int, answers: Complete) -> Iterator[Complete]:
        if at == len(world.questions):
            yield answers
            return
        question = world.questions[at]
        if not asked(question, world, answers):
            yield from onward(at + 1, answers)
            return
        for value in _becomes(question, given.get(question.id), Scope(world, answers)):
            yield from onward(at + 1, {**answers, question.id: value})

    yield from onward(0, {})


def _becomes(question: Question, answer: Any, scope: Scope) -> Iterator[Any]:
    if question.definition["type"] == "rows":
        columns = question.definition["columns"]
        if answer is None:
            for number in (0, 1, 2):
                yield from rows_from(columns, [{}] * number, scope)
        else:
            yield from rows_from(columns, answer, scope)
        return
    yield from values_from(question.definition["type"], question.values, question.unsure, answer)


def values_from(type_: str, values: tuple[Any, ...], unsure: bool, answer: Any) -> Iterator[Any]:
    """What one answer, or blank, may turn out to be."""
    if answer not in (None, UNSURE, [UNSURE]):
        yield answer
        return
    if answer is None:
        yield from values
    if unsure:
        yield from (Unsure(value) for value in values)
    elif type_ == "text" and answer is None:
        yield "words"


def rows_from(
    columns: Json, rows: list[Mapping[str, Any]], project: Scope
) -> Iterator[list[Complete]]:
    """Every way in which the blank columns of these rows may be filled."""
    ways = (list(_row_from(columns, row, project)) for row in rows)
    yield from map(list, itertools.product(*ways))


def _row_from(columns: Json, row: Mapping[str, Any], project: Scope) -> Iterator[Complete]:
    orders = _orders(columns, project.world)

    def onward(at: int, done: Complete) -> Iterator[Complete]:
        if at == len(columns):
            yield done
            return
        column = columns[at]
        scope = Scope(project.world, done, True, orders)
        if "matrix" in column:
            yield from onward(
                at + 1, _with(done, column["id"], rated(column["matrix"], done, project))
            )
            return
        if "decide" in column:
            yield from onward(at + 1, _with(done, column["id"], decided(column["decide"], scope)))
            return
        says = {"show": True, "hide": False}.get(str(column.get("unsure")))
        if "show_if" in column and not holds(column["show_if"], scope, says=says):
            yield from onward(at + 1, done)
            return
        values = tuple(column.get("options", ("yes", "no")))
        unsure = column.get("unsure") is True or (
            column["type"] == "yes_no" and column.get("unsure") is not False
        )
        for value in values_from(column["type"], values, unsure, row.get(column["id"])):
            yield from onward(at + 1, {**done, column["id"]: value})

    yield from onward(0, {})


def rated(use: Mapping[str, str], row: Complete, project: Scope) -> Any:
    """The rating of a complete row, or ABSENT where one of its sides is not asked."""
    sides = [row.get(use[key], ABSENT) for key in ("severity", "likelihood")]
    severity, likelihood = (s.really if isinstance(s, Unsure) else s for s in sides)
    if ABSENT in (severity, likelihood):
        return ABSENT
    matrix = project.world.matrix or {}
    for floor in matrix["floor"]:
        here = (floor["severity"], floor["likelihood"]) == (severity, likelihood)
        if here and holds(floor["when"], project):
            return floor["rating"]
    return matrix["cells"][severity][likelihood]


def _with(done: Complete, name: str, value: Any) -> Complete:
    return done if value is ABSENT else {**done, name: value}
