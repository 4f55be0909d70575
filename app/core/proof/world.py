"""Every set of complete answers at once: each fact and condition of a catalogue as literals.

Filling a blank never changes what is raised or clear, so nothing is lost by looking only at answers
in which all that is asked is answered. "I don't know" is an answer, and what it leaves open waits.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from app.core.domains import UNSURE, Kind
from app.core.logic import (
    AtLeast,
    Compare,
    Either,
    Every,
    Expression,
    Holds,
    Includes,
    Leaf,
    OneOf,
    Quantified,
)
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    QuestionNode,
    ScoreNode,
)
from app.core.proof.compared import numbers_compared, rows_needed
from app.core.proof.derived import Derived
from app.core.proof.fact import Fact, all_of, asked_fact
from app.core.proof.formula import FALSE, TRUE, Formula, Model
from app.core.proof.lines import Definitions, Said, name_of
from app.core.questions import Column

ROWS = 3
Row = tuple[str, int]  # the rows question, and which of its rows, from 0
Pair = tuple[int, int]  # surely, possibly
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "===": operator.eq,
    "!==": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class World:
    """The facts of a catalogue, made when first asked for.

    `rows`: so many rows at most; left out, a few, and more of those that are counted. `patient`:
    what follows from the values of a score is left out until `complete` asks for it. Without it
    more seems possible than is: what is ruled out then is ruled out.
    """

    def __init__(
        self,
        definitions: Definitions,
        on: date,
        rows: int | None = None,
        compared: Mapping[str, set[float]] | None = None,
        *,
        patient: bool = False,
    ) -> None:
        self.definitions = definitions
        self.program = definitions.program
        self.where = definitions.where
        self.formula = Formula()
        self.rows = ROWS if rows is None else rows
        self.on = on
        self.compared = numbers_compared(definitions, on) if compared is None else compared
        self.needed = rows_needed(definitions, self.compared) if rows is None else {}
        self.facts: dict[str, Fact] = {}
        self.columns: dict[tuple[str, int, str], Fact] = {}
        self.loose: dict[str, str] = {}  # what is followed only roughly, and why
        self.patient = patient
        self._later: dict[str, list[Callable[[], None]]] = {}
        self.derived = Derived(self)
        self._outcomes: dict[tuple[Expression, Row | None], Pair] = {}
        self._stated: dict[tuple[Any, Row | None], Pair] = {}
        self._asked: dict[str, Pair] = {}

    # Conditions

    def outcome(self, expression: Expression, row: Row | None = None) -> Pair:
        """Whether a condition surely, and possibly, holds; within a row, over its columns."""
        key = (expression, row)
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = self._outcome(expression, row)
        return found

    def _outcome(self, expression: Expression, row: Row | None) -> Pair:
        formula = self.formula
        match expression:
            case Every(items):
                return self._both(formula.every, items, row)
            case Either(items):
                return self._both(formula.some, items, row)
            case AtLeast(number, items):
                return self._both(lambda each: formula.at_least(number, list(each)), items, row)
            case Quantified():
                return self._over_rows(expression)
            case _:
                return self._leaf(expression, row)

    def _both(
        self, join: Callable[[Iterable[int]], int], items: tuple[Expression, ...], row: Row | None
    ) -> Pair:
        pairs = [self.outcome(item, row) for item in items]
        return join([surely for surely, _ in pairs]), join([possibly for _, possibly in pairs])

    def _leaf(self, leaf: Leaf, row: Row | None) -> Pair:
        formula = self.formula
        fact = self.fact(leaf.var) if row is None else self.column(*row, leaf.var)
        test = self._test(leaf, fact)
        unsure = _unsure(leaf, fact)
        if unsure == FALSE:
            return test, formula.some([test, fact.waits])
        unsure = formula.every([fact.there, unsure])
        return formula.every([test, -unsure]), formula.some([test, fact.waits, unsure])

    def _test(self, leaf: Leaf, fact: Fact) -> int:
        formula = self.formula
        match leaf:
            case Holds(_, _, negated):
                return fact.codes["false" if negated else "true"]
            case Compare(_, op, literal):
                found = self._comparison(leaf.var, fact, op, float(literal))
            case OneOf(_, codes):
                found = formula.some(fact.codes.get(code, FALSE) for code in codes)
            case Includes(_, code):
                found = fact.codes.get(code, FALSE)
        negated = getattr(leaf, "negated", False)
        return formula.every([fact.there, -found if negated else found])

    def _comparison(self, id_: str, fact: Fact, op: str, literal: float) -> int:
        sign = SIGNS[op]
        if fact.values is None:
            return self.formula.some(
                each for point, each in fact.points.items() if sign(point, literal)
            )
        key = (op, literal)
        if key not in fact.compared:
            found = fact.compared[key] = self.formula.new()
            self.later(id_, lambda: self._compared(fact, found, lambda v: sign(v, literal)))
        return fact.compared[key]

    def _compared(self, fact: Fact, found: int, holds: Callable[[float], bool]) -> None:
        """What a comparison comes to for each value of a score."""
        for value, each in (fact.values or {}).items():
            if value is not None:
                self.formula.add(-fact.stated, -each, found if holds(float(value)) else -found)

    def later(self, id_: str, follows: Callable[[], None]) -> None:
        """Say what follows from the values of a score: now, or when the score is completed."""
        self._later.setdefault(id_, []).append(follows)
        if not self.patient:
            self.complete((id_,))

    def complete(self, ids: Collection[str]) -> None:
        """Say all that follows from the values of some scores and bands."""
        while left := [id_ for id_ in self._later if id_ in ids]:
            for id_ in left:
                for follows in self._later.pop(id_):
                    follows()

    def _over_rows(self, expression: Quantified) -> Pair:
        formula, rows = self.formula, expression.var
        fact = self.fact(rows)
        pairs = [self.outcome(expression.body, (rows, n)) for n in range(len(fact.rows))]
        sure = [pair[0] for pair in pairs]
        open_ = [pair[1] for pair in pairs]
        if expression.kind == "settled":
            unsettled = self._some(
                fact, [formula.every([p, -s]) for s, p in zip(sure, open_, strict=True)]
            )
            return formula.every([fact.there, -unsettled]), formula.some([fact.there, fact.waits])
        which = self._some if expression.kind == "some" else self._all
        surely, possibly = which(fact, sure), which(fact, open_)
        if expression.negated:
            surely, possibly = -possibly, -surely
        return (
            formula.every([fact.there, surely]),
            formula.some([fact.waits, formula.every([fact.there, possibly])]),
        )

    def _some(self, fact: Fact, literals: list[int]) -> int:
        pairs = zip(fact.rows, literals, strict=True)
        return self.formula.some(self.formula.every(pair) for pair in pairs)

    def _all(self, fact: Fact, literals: list[int]) -> int:
        pairs = zip(fact.rows, literals, strict=True)
        holds = [self.formula.some([-there, each]) for there, each in pairs]
        return self.formula.every([fact.rows[0], *holds])

    # Conditions as definition lines

    def stated(self, said: Said, row: Row | None = None) -> Pair:
        """The outcome of a condition that stands in a file: true because of its lines."""
        formula = self.formula
        surely, possibly = [], []
        for part in said.parts():
            key = (part.place, row)
            if key not in self._stated:
                line = formula.named(part.place, part.english)
                sure, open_ = formula.new(), formula.new()
                outcome = self.outcome(part.expression, row)
                formula.same(sure, outcome[0], line)
                formula.same(open_, outcome[1], line)
                formula.add(-sure, open_)
                self._stated[key] = sure, open_
            surely.append(self._stated[key][0])
            possibly.append(self._stated[key][1])
        return formula.every(surely), formula.every(possibly)

    def asked(self, id_: str) -> Pair:
        """Whether a question is surely, and possibly, asked."""
        if id_ not in self._asked:
            node = self.program.nodes[id_]
            pair = TRUE, TRUE
            if isinstance(node, QuestionNode) and node.when is not None:
                pair = self._placed(node.when, self.where.gates(id_))
            self._asked[id_] = pair
        return self._asked[id_]

    def _placed(self, expression: Expression, gates: Mapping[Expression, Said]) -> Pair:
        if expression in gates:
            return self.stated(gates[expression])
        match expression:
            case Every(items) | Either(items) if items:
                pairs = [self._placed(item, gates) for item in items]
                join = self.formula.every if isinstance(expression, Every) else self.formula.some
                return join([a for a, _ in pairs]), join([b for _, b in pairs])
            case _:
                return self.outcome(expression)

    # Facts

    def fact(self, id_: str) -> Fact:
        """A question or derived fact."""
        if id_ not in self.facts:
            self._make(id_)
        return self.facts[id_]

    def _make(self, id_: str) -> None:
        node = self.program.bands.get(id_) or self.program.nodes[id_]
        match node:
            case QuestionNode():
                self._question(id_)
            case ConditionNode():
                self.facts[id_] = self.derived.condition(node)
            case DecisionNode():
                self.facts[id_] = self.derived.decision(node)
            case ScoreNode():
                self.facts.update(self.derived.score(node))
            case _:
                raise KeyError(id_)

    def whole(self, id_: str) -> list[float] | None:
        """Every value of a number question, where they are few."""
        question = self.program.questions.get(id_)
        return all_of(question) if question is not None else None

    def _question(self, id_: str) -> None:
        question = self.program.questions[id_]
        place = self.where.questions[id_]
        surely, possibly = self.asked(id_)
        kind = self.program.scope[id_].kind
        fact = asked_fact(self.formula, question, kind, self.compared.get(id_, ()), place)
        fact.there, fact.waits = surely, self.formula.every([possibly, -surely])
        if kind is Kind.ROWS:
            fact.rows = self._row_literals(id_)
        self.facts[id_] = fact

    def most_rows(self, id_: str) -> int:
        """Up to how many rows of a question are followed."""
        return max(self.rows, self.needed.get(id_, 0))

    def _row_literals(self, id_: str) -> tuple[int, ...]:
        formula = self.formula
        rows = tuple(formula.choose() for _ in range(self.most_rows(id_)))
        for before, after in pairwise(rows):
            formula.add(-after, before)
        if self.program.questions[id_].none is None:
            name = name_of(self.program, id_)
            says = f"“{name}” has at least one row (nothing says what “none” is called)"
            formula.add(-formula.named(self.where.questions[id_], lambda: says), rows[0])
        return rows

    # Columns

    def column(self, rows: str, n: int, name: str) -> Fact:
        """A column of one row, as far as the row is there."""
        key = (rows, n, name)
        if key not in self.columns:
            column = self.program.questions[rows].column(name)
            node = self.program.nodes.get(f"{rows}/{name}")
            if isinstance(node, DerivedNode):
                self.columns[key] = self.derived.column(node, n)
            else:
                self.columns[key] = self._asked_column(rows, n, column, node)
        return self.columns[key]

    def _asked_column(self, rows: str, n: int, column: Column, node: object) -> Fact:
        formula = self.formula
        place = self.where.column(rows, column.id)
        kind = self.program.scope[rows].columns[column.id].kind
        surely, possibly = TRUE, TRUE
        if isinstance(node, ColumnNode):
            said = self.where.own(column, place, rows)
            surely, possibly = self.stated(said, (rows, n)) if said else (TRUE, TRUE)
        if kind is Kind.ROW:
            return self._reference(column, surely, possibly)
        thresholds = self.compared.get(f"{rows}/{column.id}", ())
        fact = asked_fact(formula, column, kind, thresholds, place)
        fact.there, fact.waits = surely, formula.every([possibly, -surely])
        return fact

    def _reference(self, column: Column, surely: int, possibly: int) -> Fact:
        """Which row of other rows is meant: a blank, where there is none to choose."""
        formula = self.formula
        target = self.fact(column.rows or "")
        codes = {str(n): formula.choose() for n in range(1, len(target.rows) + 1)}
        formula.exactly_one(list(codes.values()))
        there = formula.every([surely, target.there, target.rows[0]])
        for literal, row in zip(codes.values(), target.rows, strict=True):
            formula.add(-there, -literal, row)
        return Fact(there=there, waits=formula.every([possibly, -there]), codes=codes)

    # Back to answers

    def answers(self, model: Model) -> dict[str, Any]:
        """The answers of one model, of the questions that have been looked at."""
        found: dict[str, Any] = {}
        for id_ in self.program.questions:
            fact = self.facts.get(id_)
            if fact is not None and fact.there in model and fact.made_before(model):
                kind = self.program.scope[id_].kind
                if kind is Kind.ROWS:
                    found[id_] = list(self._rows_of(id_, fact, model))
                else:
                    found[id_] = fact.answer(kind, model)
        return found

    def _rows_of(self, id_: str, fact: Fact, model: Model) -> Iterator[dict[str, Any]]:
        domain = self.program.scope[id_]
        for n, there in enumerate(fact.rows):
            if there in model:
                row: dict[str, Any] = {"id": n + 1}
                for column in self.program.questions[id_].columns:
                    known = self.columns.get((id_, n, column.id))
                    if known is None or column.derived or not known.made_before(model):
                        continue
                    if known.there in model:
                        row[column.id] = known.answer(domain.columns[column.id].kind, model)
                yield row


def _unsure(leaf: Leaf, fact: Fact) -> int:
    """Whether the answer is an "I don't know" that the comparison does not name."""
    match leaf:
        case OneOf(_, codes) if leaf.unsure and UNSURE not in codes:
            return fact.codes.get(UNSURE, FALSE)
        case Includes(_, code) if leaf.unsure and code != UNSURE:
            return fact.codes.get(UNSURE, FALSE)
        case _:
            return FALSE
