"""What of a definition decides what comes out, whether an answer fits, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core import logic
from app.core.difference.change import Definitions, canonical
from app.core.domains import Domain
from app.core.facts import Facts
from app.core.faults import Faults
from app.core.logic import Batch, Expression
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
from app.core.questions import Asked, Question
from app.core.rules import FlagRule, Matrix

SCORE, DECISION = "score", "decision"
UNSEEN = frozenset({"raised_by", "not_by", "implies"})
"""Keys of a flag that nobody sees: they are for proofs."""

FITTING = ("type", "exclusive", "unsure", "min", "max", "decimals", "max_length", "check")
"""Keys that decide whether an answer still fits its question."""


def works(node: Node) -> tuple[Any, ...]:
    """What a fact comes from, without its words."""
    match node:
        case QuestionNode(_, when) | ColumnNode(_, _, when) | ConditionNode(_, _, when):
            return (when,)
        case DecisionNode(_, _, only_if, outcomes):
            return only_if, outcomes
        case ScoreNode(_, rule, compiled, levels, unsettled_by):
            levels_ = tuple((level.code, level.from_) for level in levels)
            return compiled, levels_, unsettled_by, rule.with_, rule.band and rule.band.id
        case DerivedNode(_, column, outcomes, matrix, floor, target):
            rated = matrix and (canonical(matrix.cells), _floors(matrix), list(matrix.severity))
            return column.look_up, column.matrix, outcomes, rated, floor, target


def _floors(matrix: Matrix) -> list[tuple[str, str, str]]:
    return [(each.severity, each.likelihood, each.rating) for each in matrix.floor]


def columns_of(question: Question) -> tuple[tuple[str, str], ...]:
    """The columns of a rows question."""
    return tuple((column.id, column.type) for column in question.columns)


def levels(node: Node | None) -> str:
    """The levels of a score's band, as they are drawn."""
    return canonical(node.levels) if isinstance(node, ScoreNode) else ""


def takes(old: Asked, new: Asked) -> bool:
    """Whether every answer to one question fits another as it is."""
    if any(getattr(old, key) != getattr(new, key) for key in FITTING):
        return False
    if getattr(old, "rows", None) != getattr(new, "rows", None):
        return False
    if list(old.labels) != [code for code in new.labels if code in old.labels]:
        return False
    if not isinstance(old, Question) or not isinstance(new, Question):
        return True
    columns = {column.id: column for column in new.columns}
    return all(
        column.id in columns
        and columns[column.id].derived == column.derived
        and (column.derived or takes(column, columns[column.id]))
        for column in old.columns
    )


def alike(one: Any, other: Any) -> bool:
    """Whether two readings are the same; an option that only one has is printed of nobody."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(alike(one[key], other[key]) for key in one.keys() & other.keys())
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def words(program: Program, id_: str) -> Any:
    """How a fact reads where its value is printed."""
    question = program.questions.get(id_)
    if question is None:
        return _domain(program.scope.get(id_))
    return _asked(question), _domain(program.scope.get(id_)), question.none


def wording(program: Program, id_: str) -> Any:
    """How a question reads where it is printed with its answer."""
    question = program.questions.get(id_)
    columns = question.columns if question else ()
    return [(each.ask, each.for_) for each in ((question, *columns) if question else ())]


def _asked(asked: Asked) -> tuple[Any, ...]:
    columns = asked.columns if isinstance(asked, Question) else ()
    labels = dict(asked.labels)
    own = asked.called, labels, asked.unit, asked.required, asked.restricted
    return (*own, tuple((column.id, column.type, _asked(column)) for column in columns))


def _domain(domain: Domain | None) -> Any:
    if domain is None:
        return None
    columns = tuple((name, _domain(each)) for name, each in domain.columns.items())
    return domain.name, dict(domain.codes), domain.row_name, domain.unit, columns


def titles(definitions: Definitions, name: str) -> Any:
    """What is printed of a questionnaire but for its questions: titles, and the order of all."""
    found = definitions.questionnaires.get(name)
    if found is None:
        return None
    return found.title, [(s.title, [(p.title, p.ids) for p in s.pages]) for s in found.sections]


def blank(definitions: Definitions) -> Any:
    """All that is printed of blank questions."""
    questions = definitions.program.questions
    said = {
        id_: (_asked(q), wording(definitions.program, id_), q.hint, q.guide)
        for id_, q in questions.items()
    }
    return said, {name: titles(definitions, name) for name in definitions.questionnaires}


def people(definitions: Definitions) -> Any:
    """What documents say of people, stages and routes, and how far a project has come."""
    pipeline = definitions.pipeline
    people = {code: person.title for code, person in pipeline.people.items()}
    return people, canonical(pipeline.stages), canonical(pipeline.route), pipeline.advice


def offered(definitions: Definitions) -> Any:
    """What decides which documents each route has, but for their conditions."""
    routes = [(route.code, route.documents) for route in definitions.pipeline.route.outcomes]
    return routes, [(name, canonical(each.if_)) for name, each in definitions.outlines.items()]


def seen(rule: FlagRule) -> str:
    """All that people see of a rule."""
    fields = type(rule).model_fields
    return canonical({name: getattr(rule, name) for name in fields if name not in UNSEEN})


def kind_of(program: Program, id_: str) -> str | None:
    """Whether a fact is a decision, or a score or its band."""
    node = program.nodes.get(id_)
    if isinstance(node, DecisionNode):
        return DECISION
    banded = node is None and id_ not in program.questions and id_ in program.scope
    return SCORE if isinstance(node, ScoreNode) or banded else None


@dataclass(frozen=True, slots=True)
class Gates:
    """The condition under which each document is offered; None: under none. `tests`: all of them."""

    by_name: Mapping[str, Expression | None]
    tests: Batch

    def passed(self, found: Facts) -> frozenset[str]:
        """The documents that these facts let through."""
        tested = found.over(self.tests)
        every = self.by_name.items()
        return frozenset(name for name, gate in every if gate is None or tested.holds(gate))


def gates_of(definitions: Definitions) -> Gates:
    """The condition under which each document is offered."""
    scope, faults = definitions.program.scope, Faults("outputs")
    by_name = {
        name: None if each.if_ is None else logic.read(each.if_, scope, (), faults)
        for name, each in definitions.outlines.items()
    }
    return Gates(by_name, Batch(gate for gate in by_name.values() if gate is not None))
