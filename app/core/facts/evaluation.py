"""The walk through the dependency graph, level by level.

What is surely asked and answered enters the record under its id; what waits enters under
"waiting."; what is not asked enters nowhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from app.core.domains import UNSURE, Kind, date_number
from app.core.facts.known import record_of
from app.core.logic import WAITS, Batch, EvaluationError, Record
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Group,
    Node,
    Program,
    Round,
    ScoreNode,
)
from app.core.questions import Answer

EPSILON = 1e-9  # bands compare floats: 1.6 reached by a mean is 1.6
NOTHING_KNOWN = Record({})
NOTHING_TESTED = Batch(()).one_by_one(NOTHING_KNOWN)
Row = dict[str, Any]


class Evaluation:
    """What is known so far of one subject, as the levels are walked through.

    `given`: the answers are an example, in which what is listed counts as asked and answered and
    nothing else is asked.
    """

    def __init__(
        self, program: Program, answers: Mapping[str, Answer], day: int, *, given: bool = False
    ) -> None:
        self.program = program
        self.answers = answers
        self.day = day
        self.given = given
        self.values: dict[str, Answer] = {}
        self.encoded: dict[str, Any] = {}
        self.waiting: set[str] = set()
        self.shown: set[str] = set()
        self.errors: dict[str, str] = {}
        self.verdicts = NOTHING_TESTED

    def walk(self) -> None:
        """Go through all levels."""
        for level in self.program.plan:
            record = NOTHING_KNOWN
            if level.reads:
                record = record_of(self.encoded, self.waiting, level.reads, self.day)
            # Examples say themselves what is asked: most of the level need not be tested.
            test = level.tests.one_by_one if self.given else level.tests.over
            self.verdicts = test(record)
            for group in level.questions:
                self.ask(group)
            self.hold(level)
            self.settle_all(level.others)

    def hold(self, level: Round) -> None:
        """Settle the named conditions of a level."""
        found = self.verdicts.found
        if found is None:
            self.settle_all(level.conditions)
            return
        waiting, values, encoded = self.waiting, self.values, self.encoded
        for id_, place in level.places:
            value = found[place]
            if value is None:
                waiting.add(id_)
            else:
                values[id_] = encoded[id_] = value

    def settle_all(self, nodes: Iterable[Node]) -> None:
        """Settle derived facts; what cannot be worked out waits."""
        for node in nodes:
            try:
                self.settle(node)
            except EvaluationError as fault:
                self.errors[node.id] = str(fault)
                self.wait(node)

    def settle(self, node: Node) -> None:
        """Enter one derived fact. Raises EvaluationError."""
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
            coded: Row = {"id": value["id"]}
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
        coded[column] = WAITS
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
        if self.given and band and band.id in self.answers:
            self.enter(band.id, self.answers[band.id])  # an example names the level alone
            return
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
        key = coded.get(use.row or "")
        if key is None or key == WAITS:
            return None if key else ""
        for row in self.encoded.get(node.target or "", ()):
            other = row.get(use.by or "id")
            if other == WAITS:
                return None  # it may yet be the one
            if other == key:
                found = row.get(use.column, "")
                return None if found == WAITS else found
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
        severity, likelihood = coded.get(use.severity), coded.get(use.likelihood)
        if WAITS in (severity, likelihood):
            return None
        if severity is None or likelihood is None:
            return ""
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
