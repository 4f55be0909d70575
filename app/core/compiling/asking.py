"""When each question and column is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.core import logic
from app.core.compiling.draft import Draft, Scope, Spot
from app.core.domains import UNSURE
from app.core.logic import AtLeast, Either, Every, Expression, Includes, OneOf, Quantified
from app.core.program import ColumnNode, QuestionNode, Source
from app.core.questions import Asked, Question

NAME_UNSURE = "name 'unsure' here"
SAY_UNSURE = "name 'unsure' here, or add 'unsure: show' or 'unsure: hide'"


def read_placements(draft: Draft) -> None:
    """Read the conditions of sections and pages: a question is asked where one of its places is."""
    rank = 0
    for source in draft.sources:
        on_routes = _on_routes(draft, source)
        for s, section in enumerate(source.questionnaire.sections):
            at = draft.spot(source.file, "sections", s)
            of_section = _gate(draft, section.show_if, at, rank)
            for p, page in enumerate(section.pages):
                of_page = _gate(draft, page.show_if, at.at("pages", p), rank)
                gate = _every_of(on_routes, of_section, of_page)
                if gate is not None:
                    draft.pages[source.name, page.id] = gate
                for placement in page.questions:
                    draft.placed.setdefault(placement.id, []).append(gate)
                rank += len(page.questions)


def _on_routes(draft: Draft, source: Source) -> Expression | None:
    """Whether the route asks a questionnaire; None: every route does."""
    if source.routes is None or draft.route is None:
        return None
    id_ = draft.route[1].id
    return OneOf(id_, source.routes, draft.scope[id_]) if source.routes else logic.NEVER


def _gate(draft: Draft, raw: object, spot: Spot, rank: int) -> Expression | None:
    if raw is None:
        return None
    at = spot.at("show_if")
    expression = draft.condition(raw, at)
    _check_unsure(expression, draft.scope, at, NAME_UNSURE)
    draft.gates.append((at, expression, rank))
    return expression


def _check_unsure(expression: Expression, scope: Scope, spot: Spot, mend: str) -> None:
    """What is asked because of a question says what "I don't know" does there."""
    for name in sorted(logic.reads(expression)):
        rows, _, column = name.partition("/")
        domain = scope.get(rows)
        if domain is not None and column:
            domain = domain.columns.get(column)
        if domain and domain.unsure and not logic.names_unsure(expression, name):
            spot.fault(f"'{name}' can be answered \"I don't know\": {mend}")


def _own_condition(draft: Draft, asked: Asked, scope: Scope, spot: Spot) -> Expression | None:
    if asked.show_if is None:
        return None
    at = spot.at("show_if")
    expression = draft.condition(asked.show_if, at, scope)
    if asked.unsure_shows is not None:
        return say_unsure(expression, shows=asked.unsure_shows)
    _check_unsure(expression, scope, at, SAY_UNSURE)
    return expression


def question_nodes(draft: Draft) -> Iterator[QuestionNode]:
    """Every question with the condition under which it is asked."""
    asked: dict[str, Expression | None] = {}
    for id_, question in draft.questions.items():
        own = _own_condition(draft, question, draft.scope, draft.where[id_])
        if own is not None:
            at = draft.where[id_].at("show_if")
            draft.gates.append((at, own, draft.places[id_][0].rank))
        asked[id_] = _every_of(_any_place(draft.placed.get(id_, [None])), own)
    same: dict[Expression, Expression] = {}  # one object for equal conditions: tested once
    for id_, question in draft.questions.items():
        when = asked[id_]
        if question.justifies:
            # A justification is asked with its choice, so both can be filled in at once.
            when = _every_of(asked.get(question.justifies), when)
        yield QuestionNode(id_, when and same.setdefault(when, when))


def column_nodes(draft: Draft, question: Question) -> Iterator[ColumnNode]:
    """The asked columns of a rows question that stand under a condition over earlier columns."""
    columns = draft.scope[question.id].columns
    names = [column.id for column in question.columns]
    for n, column in enumerate(question.columns):
        if not column.derived:
            earlier = {name: columns[name] for name in names[:n] if name in columns}
            spot = draft.where[question.id].at("columns", n)
            own = _own_condition(draft, column, earlier, spot)
            if own is not None:
                yield ColumnNode(question.id, column.id, own)


def say_unsure(expression: Expression, *, shows: bool) -> Expression:
    """Say what "I don't know" does to a condition: it holds there (`shows`), or it does not."""
    match expression:
        case Every(items):
            return Every(_said_of(items, shows=shows))
        case Either(items):
            return Either(_said_of(items, shows=shows))
        case AtLeast(number, items):
            return AtLeast(number, _said_of(items, shows=shows))
        case Quantified(_, _, body, _, negated):
            # Under "none", what makes a row hold makes the whole fail.
            return replace(expression, body=say_unsure(body, shows=shows is not negated))
        case OneOf() | Includes():
            return _said(expression, shows=shows)
        case _:
            return expression


def _said_of(items: Iterable[Expression], *, shows: bool) -> tuple[Expression, ...]:
    return tuple(say_unsure(item, shows=shows) for item in items)


def _said(leaf: OneOf | Includes, *, shows: bool) -> Expression:
    codes = leaf.codes if isinstance(leaf, OneOf) else (leaf.code,)
    if not leaf.unsure or UNSURE in codes:
        return leaf
    unsure: Expression = (
        OneOf(leaf.var, (UNSURE,), leaf.domain)
        if isinstance(leaf, OneOf)
        else Includes(leaf.var, UNSURE, leaf.domain)
    )
    settled = replace(leaf, unsure=False)
    return Either((settled, unsure)) if shows else Every((settled, logic.negate(unsure)))


def _any_place(gates: Iterable[Expression | None]) -> Expression | None:
    """Whether some place is reached; None: one always is."""
    distinct = dict.fromkeys(gates)
    if None in distinct:
        return None
    reached = [gate for gate in distinct if gate is not None]
    return reached[0] if len(reached) == 1 else Either(tuple(reached))


def _every_of(*items: Expression | None) -> Expression | None:
    there = tuple(item for item in items if item is not None)
    if len(there) <= 1:
        return next(iter(there), None)
    return Every(there)
