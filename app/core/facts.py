"""facts(program, answers, on): what is asked, what waits, and everything derived. The one evaluator.

It walks the dependency graph level by level. What is surely asked and answered enters the record
under its id; what waits enters under "waiting."; what is not asked enters nowhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app.core import logic
from app.core.domains import UNSURE, Kind, date_number
from app.core.logic import Batch, EvaluationError, Expression, Record, keyed
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Group,
    Node,
    Program,
    ScoreNode,
)
from app.core.questions import Answer
from app.core.scores import ON

EPSILON = 1e-9  # bands compare floats: 1.6 reached by a mean is 1.6
Row = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the answers say on one day.

    values: every question surely asked and answered, and every derived fact with a value, by id;
        rows as a list of dicts (their asked, answered and derived columns, with "id" and "owner").
    waiting: ids, and "rows/3/column" addresses, that wait. shown: questions surely asked.
    errors: the ids that could not be evaluated, with the reason; they count as waiting.
    """

    program: Program
    on: date
    values: Mapping[str, Answer]
    waiting: frozenset[str]
    shown: frozenset[str]
    errors: Mapping[str, str]
    encoded: Mapping[str, Any] = field(repr=False)

    @cached_property
    def record(self) -> Record:
        """All of it, ready for conditions to run over."""
        ids, day = keyed({*self.encoded, *self.waiting}), date_number(self.on.isoformat())
        return _record(self.encoded, self.waiting, ids, day)

    def part(self, ids: Iterable[tuple[str, str]]) -> Record:
        """What it holds under some ids, given with their keys: cheaper than all of it."""
        return _record(self.encoded, self.waiting, ids)

    @cached_property
    def partial(self) -> frozenset[str]:
        """The rows questions in which a required answer is missing."""
        return frozenset(
            rows
            for rows, _, rest in (address.partition("/") for address in self.waiting)
            if rest and rest.partition("/")[2] in self.program.required_columns[rows]
        )

    @cached_property
    def traced(self) -> dict[str, tuple[str, ...]]:
        """What would settle each waiting id, as far as it has been asked (see core/explanation.py)."""
        return {}

    def truth(self, expression: Expression) -> bool | None:
        """One condition over these facts; undetermined too where it cannot be evaluated."""
        try:
            return logic.truth(expression, self.record)
        except EvaluationError:
            return None

    def blank(self, id_: str) -> bool:
        """Asked and not answered."""
        return id_ in self.shown and id_ not in self.values


def facts(program: Program, answers: Mapping[str, Answer], on: date) -> Facts:
    """Evaluate all answers of one subject. `answers`: question id to value (see core/sheet.py)."""
    return _Evaluation(program, answers, given=False).run(on)


def facts_given(program: Program, given: Mapping[str, Answer], on: date) -> Facts:
    """The facts of an example: what is listed counts as asked and answered, nothing else is asked."""
    return _Evaluation(program, given, given=True).run(on)


def _record(
    encoded: Mapping[str, Any],
    waiting: AbstractSet[str],
    ids: Iterable[tuple[str, str]],
    on: int = 0,
) -> Record:
    there: dict[str, Any] = {ON: on}
    waits: dict[str, bool] = {}
    for id_, key in ids:
        if id_ in encoded:
            there[key] = encoded[id_]
        elif id_ in waiting:
            waits[key] = True
    there["waiting"] = waits
    return Record(there)


class _Evaluation:
    """One walk through the levels."""

    def __init__(self, program: Program, answers: Mapping[str, Answer], *, given: bool) -> None:
        self.program = program
        self.answers = answers
        self.given = given
        self.values: dict[str, Answer] = {}
        self.encoded: dict[str, Any] = {}
        self.waiting: set[str] = set()
        self.shown: set[str] = set()
        self.errors: dict[str, str] = {}
        self.record = Record({})
        self.verdicts = Batch(()).one_by_one(self.record)

    def run(self, on: date) -> Facts:
        day = date_number(on.isoformat())
        for level in self.program.plan:
            if level.reads:
                self.record = _record(self.encoded, self.waiting, level.reads, day)
            # Examples say themselves what is asked: most of the level need not be tested.
            test = level.tests.one_by_one if self.given else level.tests.over
            self.verdicts = test(self.record)
            for group in level.questions:
                self.ask(group)
            for node in level.others:
                try:
                    self.settle(node)
                except EvaluationError as fault:
                    self.errors[node.id] = str(fault)
                    self.wait(node)
        return Facts(
            self.program,
            on,
            self.values,
            frozenset(self.waiting),
            frozenset(self.shown),
            self.errors,
            self.encoded,
        )

    def settle(self, node: Node) -> None:
        match node:
            case ColumnNode():
                self.column(node)
            case _ if self.given and node.id in self.answers:
                self.enter(node.id, self.answers[node.id])
            case ConditionNode(id_, _, when):
                self.enter(id_, self.verdicts.of(when))
            case DecisionNode():
                self.decide(node)
            case ScoreNode():
                self.score(node)
            case DerivedNode():
                self.derive(node)

    def wait(self, node: Node) -> None:
        """What cannot be evaluated waits: it is never taken for false."""
        match node:
            case ColumnNode(rows, column) | DerivedNode(rows, column):
                name = column if isinstance(column, str) else column.id
                for row in self.encoded.get(rows, ()):
                    self.column_waits(rows, row, name)
            case ScoreNode(id_, rule) if rule.band:
                self.waiting.update((id_, rule.band.id))
            case _:
                self.waiting.add(node.id)

    def enter(self, id_: str, value: Answer | None) -> None:
        """A derived fact: a value, or waiting."""
        if value is None:
            self.waiting.add(id_)
        else:
            self.values[id_] = self.encoded[id_] = value

    # Questions

    def ask(self, group: Group) -> None:
        """Settle the questions that are asked under one condition."""
        truth = self.reached(group)
        if truth is None:
            self.waiting.update(group.ids)
        if not truth:
            return
        answers, values, encoded = self.answers, self.values, self.encoded
        for id_, kind in group.kinds:
            answer = answers.get(id_)
            if answer is None:
                self.waiting.add(id_)
            elif kind is None:
                values[id_] = encoded[id_] = answer
            else:
                self.answered(id_, kind, answer)
        if self.given:
            self.waiting.difference_update(group.ids)
        else:
            self.shown.update(group.ids)

    def reached(self, group: Group) -> bool | None:
        """Whether its questions are asked."""
        if group.when is None or self.given:
            return True
        try:
            return self.verdicts.of(group.when)
        except EvaluationError as fault:
            self.errors.update(dict.fromkeys(group.ids, str(fault)))
            return None

    def answered(self, id_: str, kind: Kind, answer: Answer) -> None:
        """Enter an answer that conditions read otherwise than it was given."""
        self.values[id_] = answer
        if kind is Kind.ROWS:
            self.values[id_], self.encoded[id_] = self.rows(id_, answer)
        elif kind is Kind.DATE:
            self.encoded[id_] = date_number(answer)
        else:
            self.encoded[id_] = True  # no condition reads wording: only that it is there

    def rows(self, id_: str, answer: list[Row]) -> tuple[list[Row], list[Row]]:
        """Rows with their plain columns; those asked under a condition, and derived ones, follow."""
        plain = self.program.plain_columns[id_]
        shown, encoded = [], []
        for n, row in enumerate(answer, 1):
            value: Row = {"id": row.get("id", n), "owner": row.get("owner")}
            coded: Row = {"id": value["id"], "waiting": {}}
            for column, kind in plain:
                self.put_column(id_, value, coded, column, kind, row.get(column))
            shown.append(value)
            encoded.append(coded)
        return shown, encoded

    def put_column(
        self, rows: str, value: Row, coded: Row, column: str, kind: Kind, answer: Answer | None
    ) -> None:
        if answer is None:
            if not self.given:
                self.column_waits(rows, coded, column)
            return
        value[column] = answer
        coded[column] = date_number(answer) if kind is Kind.DATE else answer

    def column_waits(self, rows: str, coded: Row, column: str) -> None:
        coded["waiting"][column] = True
        self.waiting.add(f"{rows}/{coded['id']}/{column}")

    def column(self, node: ColumnNode) -> None:
        given = self.answers.get(node.rows)
        if node.rows not in self.encoded or not isinstance(given, list):
            return
        kind = self.program.scope[node.rows].columns[node.column].kind
        coded_rows = self.encoded[node.rows]
        truths = [True] * len(given) if self.given else self.verdicts.of_rows(node.rows, node.when)
        for value, coded, raw, truth in zip(
            self.values[node.rows], coded_rows, given, truths, strict=True
        ):
            answer = raw.get(node.column)
            if truth:
                self.put_column(node.rows, value, coded, node.column, kind, answer)
            elif truth is None:
                self.column_waits(node.rows, coded, node.column)

    # Derived facts

    def decide(self, node: DecisionNode) -> None:
        if node.only_if is not None:
            applies = self.verdicts.of(node.only_if)
            if not applies:
                if applies is None:
                    self.waiting.add(node.id)
                return
        for code, when in node.outcomes:
            truth = self.verdicts.of(when)
            if truth is not False:
                self.enter(node.id, code if truth else None)
                return

    def score(self, node: ScoreNode) -> None:
        band = node.rule.band
        if self.unsettled(node):
            self.waiting.update((node.id, band.id) if band else (node.id,))
            return
        value = self.verdicts.value(node.compiled.expression)
        if value is None:
            return
        self.enter(node.id, value)
        if band:
            waits = any(name in self.waiting for name in node.rule.with_)
            self.enter(band.id, None if waits else level_of(node, value).code)

    def unsettled(self, node: ScoreNode) -> bool:
        """Whether something it counts waits."""
        if not node.compiled.reads.isdisjoint(self.waiting):
            return True
        for name in node.unsettled_by:
            if self.encoded.get(name) == UNSURE:
                return True
        return any(self.verdicts.of(when) is None for when in node.compiled.conditions)

    def derive(self, node: DerivedNode) -> None:
        rows, name = node.rows, node.column.id
        if not self.encoded.get(rows):
            return
        truths = [self.verdicts.of_rows(rows, when) for _, when in node.outcomes]
        for n, (value, coded) in enumerate(zip(self.values[rows], self.encoded[rows], strict=True)):
            given = self.given and self.given_column(rows, coded["id"], name)
            found = given or self.derived(node, coded, [each[n] for each in truths])
            if found is None:
                if not self.given:
                    self.column_waits(rows, coded, name)
            elif found:
                value[name] = coded[name] = found

    def given_column(self, rows: str, id_: int, name: str) -> Answer | None:
        return next(
            (r.get(name) for n, r in enumerate(self.answers[rows], 1) if r.get("id", n) == id_),
            None,
        )

    def derived(self, node: DerivedNode, coded: Row, truths: list[bool | None]) -> Answer | None:
        """The value of a derived column; None when it waits, "" when there is none."""
        for (code, _), truth in zip(node.outcomes, truths, strict=True):
            if truth is not False:
                return code if truth else None
        if node.column.look_up:
            return self.looked_up(node, coded)
        return self.rated(node, coded)

    def looked_up(self, node: DerivedNode, coded: Row) -> Answer | None:
        use = node.column.look_up
        if use is None or use.question:
            return self.answered_once(use.question if use else None)
        if use.row not in coded:
            return None if coded["waiting"].get(use.row) else ""
        for row in self.encoded.get(node.target or "", ()):
            if row["waiting"].get(use.by):
                return None  # it may yet be the one
            if row.get(use.by or "id") == coded[use.row]:
                return row.get(use.column, None if row["waiting"].get(use.column) else "")
        if use.by:  # nobody wrote a row about it
            return None if node.target in self.waiting else ""
        # A row that is no longer there must be chosen anew; rows that are not asked say nothing.
        return None if node.target in self.waiting or node.target in self.values else ""

    def answered_once(self, question: str | None) -> Answer | None:
        if question in self.waiting:
            return None
        return self.encoded.get(question or "", "")

    def rated(self, node: DerivedNode, coded: Row) -> Answer | None:
        use, matrix = node.column.matrix, node.matrix  # neither, where a decision gave no outcome
        if use is None or matrix is None:
            return ""
        if use.severity not in coded or use.likelihood not in coded:
            waits = coded["waiting"].get(use.severity) or coded["waiting"].get(use.likelihood)
            return None if waits else ""
        severity, likelihood = coded[use.severity], coded[use.likelihood]
        if UNSURE in (severity, likelihood):
            return None
        for floor, when in zip(matrix.floor, node.floor, strict=True):
            if (floor.severity, floor.likelihood) == (severity, likelihood):
                truth = self.verdicts.of(when)
                if truth is not False:
                    return floor.rating if truth else None
        return matrix.cells[severity][likelihood]


def level_of(node: ScoreNode, value: float) -> Any:
    """The level of a score's band in which a value lies."""
    starts = [level.from_ for level in node.levels if level.from_ is not None]
    lowest = len(node.levels) - len(starts)
    return node.levels[max(0, lowest + bisect_right(starts, value + EPSILON) - 1)]
