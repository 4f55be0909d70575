"""With which numbers and days the definitions compare each number and date."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from app.core.domains import date_number
from app.core.logic import AtLeast, Compare, Either, Every, Expression, Quantified
from app.core.outputs import Piece
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Node,
    Program,
    QuestionNode,
    ScoreNode,
)
from app.core.proof.fact import all_of
from app.core.proof.lines import Definitions
from app.core.questions import Question

Found = tuple[str, float]
MOST_ROWS = 20
FAR = 4_000  # days from the day of the assessment that scores over dates are followed for


def numbers_compared(definitions: Definitions, on: date) -> dict[str, set[float]]:
    """The thresholds of each number, date and column ("rows/column"), on one day."""
    program = definitions.program
    found: dict[str, set[float]] = {}
    for expression, rows in conditions_of(definitions):
        for address, literal in _compared(expression, rows):
            found.setdefault(address, set()).add(literal)
    for node in program.nodes.values():
        if isinstance(node, DerivedNode) and node.column.look_up:
            use = node.column.look_up
            there = use.question or f"{node.target}/{use.column}"
            found.setdefault(there, set()).update(found.get(node.id, set()))
    for question in _summed(program):
        if question.type == "number":
            found.setdefault(question.id, set()).update(all_of(question) or ())
        elif question.type == "date":
            found.setdefault(question.id, set()).update(_days_counted(program, found, on))
    return found


def rows_needed(definitions: Definitions, compared: Mapping[str, set[float]]) -> dict[str, int]:
    """For each rows question how many rows its conditions may need at once, and its counts."""
    found: dict[str, int] = {}
    for expression, _ in conditions_of(definitions):
        for rows, number in _needed(expression).items():
            found[rows] = max(number, found.get(rows, 0))
    for node in definitions.program.nodes.values():
        if isinstance(node, ScoreNode):
            literals = [*compared.get(node.id, ()), *(each.from_ or 0 for each in node.levels)]
            most = math.ceil(max(literals, default=0)) + 1
            for rows, number in _counted(node).items():
                found[rows] = max(min(most, number), found.get(rows, 0))
    return {rows: min(MOST_ROWS, number) for rows, number in found.items()}


def _counted(node: ScoreNode) -> dict[str, int]:
    """How many rows the tests of a score may hold of: any number where it counts them."""
    found = dict.fromkeys(_rows_counted(node.rule.value), MOST_ROWS)
    for when in node.compiled.conditions:
        for rows, number in _needed(when).items():
            found[rows] = min(MOST_ROWS, number + found.get(rows, 0))
    return found


def _rows_counted(raw: Any) -> Iterator[str]:
    """The rows that a score counts one by one."""
    if isinstance(raw, dict) and "count_rows" in raw:
        yield raw["count_rows"][0]["var"]
    for part in _parts(raw):
        yield from _rows_counted(part)


def _parts(raw: Any) -> Iterator[Any]:
    yield from raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()


def _needed(expression: Expression) -> dict[str, int]:
    """How many rows of each kind a condition may need in order to hold."""
    match expression:
        case Quantified(_, var):
            return {var: 1}
        case Every(items) | Either(items) | AtLeast(_, items):
            found: dict[str, int] = {}
            for each in map(_needed, items):
                for rows, number in each.items():
                    before = found.get(rows, 0)
                    either = isinstance(expression, Either)
                    found[rows] = max(before, number) if either else before + number
            return found
        case _:
            return {}


def _summed(program: Program) -> Iterator[Question]:
    """The questions that scores count."""
    for node in program.nodes.values():
        if isinstance(node, ScoreNode):
            yield from (program.questions[n] for n in node.compiled.reads if n in program.questions)


def _days_counted(program: Program, compared: Mapping[str, set[float]], on: date) -> set[float]:
    """Days as far from `on` as any number that a score over days names or is compared with."""
    far: set[int] = {0}
    for node in program.nodes.values():
        if isinstance(node, ScoreNode):
            numbers = [*_numbers(node.rule.value), *compared.get(node.id, ())]
            far |= {int(each) for each in numbers if 1 < abs(each) <= FAR}
    near = (on + timedelta(days=sign * each) for each in far for sign in (-1, 1))
    return {float(date_number(day.isoformat())) for day in near}


def _numbers(raw: Any) -> Iterator[float]:
    """The plain numbers in a score."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        yield raw
    for part in _parts(raw):
        yield from _numbers(part)


def conditions_of(definitions: Definitions) -> Iterator[tuple[Expression, str | None]]:
    """Every condition there is, with the rows question of those over a row."""
    program = definitions.program
    for node in program.nodes.values():
        yield from _of_node(node)
    for raising in program.flags:
        yield raising.when, None
    for offering in program.offers.values():
        yield from ((when, None) for when in offering.when if when is not None)
    for several in program.suggestions.values():
        yield from ((when, None) for when in several)
    if program.step_up is not None:
        yield program.step_up, None
    for outline in definitions.outlines.values():
        yield from _of_pieces(definitions, outline.blocks)


def _of_node(node: Node) -> Iterator[tuple[Expression, str | None]]:
    match node:
        case QuestionNode(_, when):
            yield from [(when, None)] if when is not None else []
        case ConditionNode(_, _, when):
            yield when, None
        case ColumnNode(rows, _, when):
            yield when, rows
        case DerivedNode(rows):
            yield from ((when, rows) for _, when in node.outcomes)
            yield from ((when, None) for when in node.floor)
        case DecisionNode(_, _, only_if, outcomes):
            yield from ((when, None) for _, when in outcomes)
            yield from [(only_if, None)] if only_if is not None else []
        case ScoreNode(_, _, compiled):
            yield from ((when, None) for when in compiled.conditions)


def _of_pieces(
    definitions: Definitions, pieces: Iterable[Piece]
) -> Iterator[tuple[Expression, str | None]]:
    for piece in pieces:
        for raw in piece.conditions():
            yield definitions.where.read(raw), None
        if piece.where is not None and piece.each:
            yield definitions.where.read(piece.where, piece.each), piece.each
        yield from _of_pieces(definitions, (*piece.blocks, *piece.else_))


def _compared(expression: Any, rows: str | None) -> Iterator[Found]:
    match expression:
        case Compare(var, _, literal):
            yield f"{rows}/{var}" if rows else var, float(literal)
        case Every(items) | Either(items) | AtLeast(_, items):
            for item in items:
                yield from _compared(item, rows)
        case Quantified(_, var, body):
            yield from _compared(body, var)
