"""With which numbers and days the definitions compare each number and date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

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
AHEAD, BACK = 14, 61  # months that scores over dates are followed for


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
            found.setdefault(question.id, set()).update(_month_by_month(on))
    return found


def _summed(program: Program) -> Iterator[Question]:
    """The questions that scores count."""
    for node in program.nodes.values():
        if isinstance(node, ScoreNode):
            yield from (program.questions[n] for n in node.compiled.reads if n in program.questions)


def _month_by_month(on: date) -> Iterator[float]:
    """A day of every month within the bounds, each so many whole months before `on`."""
    for months in range(-AHEAD, BACK + 1):
        year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
        yield float(year * 10_000 + (month + 1) * 100 + min(on.day, 28))


def months_between(day: int, on: date) -> int:
    """The whole months from a day (as a number) to another, as scores count them."""
    year, month, of_month = day // 10_000, day // 100 % 100, day % 100
    return (on.year - year) * 12 + on.month - month - (on.day < of_month)


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
        yield from _of_pieces(definitions, piece.blocks)


def _compared(expression: Any, rows: str | None) -> Iterator[Found]:
    match expression:
        case Compare(var, _, literal):
            yield f"{rows}/{var}" if rows else var, float(literal)
        case Every(items) | Either(items) | AtLeast(_, items):
            for item in items:
                yield from _compared(item, rows)
        case Quantified(_, var, body):
            yield from _compared(body, var)
