"""Conditions tested together: one crossing into the engine instead of one each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from app.core.logic.engine import EvaluationError, Json, Record, Rule, compile_expression, keyed
from app.core.logic.tree import Expression, reads, truth, truths, verdict

Verdict = bool | EvaluationError | None
"""What a condition comes to, or why it cannot be evaluated."""

WORTH_IT = 0.4
"""Testing so great a share of a batch one by one takes as long as testing all of it."""

RowTest = tuple[str, Expression]  # the rows question, and a condition over one of its rows


class Batch:
    """Conditions over one record, and over each row of its rows questions; equal ones once.

    `values`: plain expressions worked out with them.
    """

    def __init__(
        self,
        expressions: Iterable[Expression],
        of_rows: Iterable[RowTest] = (),
        values: Iterable[Json] = (),
    ) -> None:
        # Kept, so that their identities stay theirs.
        self.expressions = tuple(expressions)
        self._distinct = {each: n for n, each in enumerate(dict.fromkeys(self.expressions))}
        self.distinct = tuple(self._distinct)
        self.order = [self._distinct[each] for each in self.expressions]
        self.places = {id(each): self._distinct[each] for each in self.expressions}
        self.of_rows: dict[str, dict[int, int]] = {}  # place of each among those of its rows
        self._row_tests: dict[str, list[Expression]] = {}
        for rows, each in of_rows:
            tests = self._row_tests.setdefault(rows, [])
            self.of_rows.setdefault(rows, {})[id(each)] = len(tests)
            tests.append(each)
        self._values = tuple(values)
        self.values = {id(each): len(self._distinct) + n for n, each in enumerate(self._values)}
        self._alone: dict[int, Rule] = {}
        names = {name.split("/", 1)[0] for each in self._distinct for name in reads(each)}
        self.ids = keyed(names | set(self._row_tests))

    @cached_property
    def _readers(self) -> dict[str, list[int]]:
        """The places of the conditions that read an id."""
        found: dict[str, list[int]] = {}
        for each, place in self._distinct.items():
            for name in reads(each):
                found.setdefault(name, []).append(place)
        return found

    def reading(self, changed: Iterable[str]) -> list[int]:
        """The places of those over the whole record that read one of these ids (or "rows/column")."""
        readers = self._readers
        return sorted({place for name in changed for place in readers.get(name, ())})

    def ids_of(self, places: Iterable[int]) -> tuple[tuple[str, str], ...]:
        """The ids that the conditions at these places read, with their keys."""
        every = self._distinct_reads
        return keyed({name for place in places for name in every[place]})

    @cached_property
    def _distinct_reads(self) -> list[frozenset[str]]:
        return [frozenset(name.split("/", 1)[0] for name in reads(each)) for each in self._distinct]

    @cached_property
    def _rule(self) -> Rule:
        return compile_expression([*(verdict(each) for each in self._distinct), *self._values])

    @cached_property
    def _row_rules(self) -> dict[str, Rule]:
        return {
            rows: compile_expression({"map": [{"var": rows}, [verdict(each) for each in tests]]})
            for rows, tests in self._row_tests.items()
        }

    def alone(self, value: Json) -> Rule:
        """One of its plain expressions, compiled by itself once."""
        rule = self._alone.get(id(value))
        if rule is None:
            rule = self._alone[id(value)] = compile_expression(value)
        return rule

    def over(self, record: Record) -> Verdicts:
        """What each comes to, tested at once.

        Where one of them cannot be evaluated each is tested when asked for, so that only the one
        at fault is.
        """
        try:
            found = record.evaluate(self._rule) if self._distinct or self._values else []
            return Verdicts(self, record, found)
        except EvaluationError:
            return Verdicts(self, record)

    def one_by_one(self, record: Record) -> Verdicts:
        """The same, each tested when asked for: cheaper where few of them are."""
        return Verdicts(self, record)

    def rows(self, rows: str, record: Record) -> list[list[bool | None]]:
        """The verdicts of all conditions over the rows of one question. Raises EvaluationError."""
        found: list[list[bool | None]] = record.evaluate(self._row_rules[rows])
        return found


class Verdicts:
    """What the conditions of a batch come to over one record."""

    __slots__ = ("_batch", "_found", "_record", "_rows")

    def __init__(self, batch: Batch, record: Record, found: list[Json] | None = None) -> None:
        self._batch = batch
        self._record = record
        self._found = found
        self._rows: dict[str, list[list[bool | None]]] = {}

    def again(self, record: Record, places: Sequence[int]) -> Verdicts | None:
        """The same where only those at these places may come out otherwise.

        None where all must be tested.
        """
        if self._found is None or len(places) > len(self._found) * WORTH_IT:
            return None
        found, every = [*self._found], self._batch.distinct
        try:
            for place in places:
                found[place] = truth(every[place], record)
        except EvaluationError:
            return None
        return Verdicts(self._batch, record, found)

    @property
    def found(self) -> list[Json] | None:
        """The outcomes by their places, and behind them the values.

        None where each is tested when asked for.
        """
        return self._found

    def each(self) -> list[Verdict]:
        """The outcome of every condition in order, or why it cannot be evaluated."""
        if self._found is not None:
            return [self._found[place] for place in self._batch.order]
        return [self._try(expression) for expression in self._batch.expressions]

    def _try(self, expression: Expression) -> Verdict:
        try:
            return truth(expression, self._record)
        except EvaluationError as fault:
            return fault

    def of(self, expression: Expression) -> bool | None:
        """The outcome of one condition of the batch. Raises EvaluationError."""
        if self._found is None:
            return truth(expression, self._record)
        found: bool | None = self._found[self._batch.places[id(expression)]]
        return found

    def holds(self, expression: Expression) -> bool:
        """Whether one surely holds; what cannot be evaluated does not."""
        try:
            return self.of(expression) is True
        except EvaluationError:
            return False

    def value(self, expression: Json) -> Json:
        """What one of the batch's plain expressions comes to. Raises EvaluationError."""
        if self._found is None:
            return self._record.evaluate(self._batch.alone(expression))
        return self._found[self._batch.values[id(expression)]]

    def of_rows(self, rows: str, expression: Expression) -> list[bool | None]:
        """The outcome of one condition over every row. Raises EvaluationError."""
        if self._found is None:
            return truths(expression, rows, self._record)
        if rows not in self._rows:
            try:
                self._rows[rows] = self._batch.rows(rows, self._record)
            except EvaluationError:
                self._found = None
                return truths(expression, rows, self._record)
        place = self._batch.of_rows[rows][id(expression)]
        return [row[place] for row in self._rows[rows]]
