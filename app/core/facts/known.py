"""What the answers of one subject say on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app.core import logic
from app.core.domains import date_number
from app.core.logic import WAITS, Batch, EvaluationError, Expression, Record, Verdicts, keyed
from app.core.program import Program
from app.core.questions import Answer
from app.core.scores import ON


@dataclass(frozen=True, slots=True)
class Since:
    """What earlier answers came to, and what has changed since.

    changed: the ids, and "rows/column", that conditions now read otherwise. tested: as in Facts.
    """

    changed: frozenset[str]
    tested: Mapping[int, Verdicts]


@dataclass(frozen=True)
class Facts:
    """What the answers say on one day.

    values: every question surely asked and answered, and every derived fact with a value, by id;
        rows as a list of dicts (their asked, answered and derived columns, with "id" and "owner").
    waiting: ids, and "rows/3/column" addresses, that wait. shown: questions surely asked.
    errors: the ids that could not be evaluated, with the reason; they count as waiting.
    answers: what it was worked out from, asked or not.
    """

    program: Program
    on: date
    answers: Mapping[str, Answer] = field(repr=False)
    values: Mapping[str, Answer]
    waiting: frozenset[str]
    shown: frozenset[str]
    errors: Mapping[str, str]
    encoded: Mapping[str, Any] = field(repr=False)
    since: Since | None = field(default=None, repr=False, compare=False)
    tested: dict[int, Verdicts] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def record(self) -> Record:
        """All of it, ready for conditions to run over."""
        ids, day = keyed({*self.encoded, *self.waiting}), date_number(self.on.isoformat())
        return record_of(self.encoded, self.waiting, ids, day)

    def part(self, ids: Iterable[tuple[str, str]]) -> Record:
        """What it holds under some ids, given with their keys: cheaper than all of it."""
        return record_of(self.encoded, self.waiting, ids)

    def over(self, batch: Batch) -> Verdicts:
        """What the conditions of a batch of the program come to, tested once.

        After a change only those are tested that read something of it.
        """
        found = self.tested.get(id(batch))
        if found is None:
            found = self.tested[id(batch)] = self._tested_again(batch) or batch.over(
                self.part(batch.ids)
            )
        return found

    def _tested_again(self, batch: Batch) -> Verdicts | None:
        earlier = self.since.tested.get(id(batch)) if self.since else None
        if self.since is None or earlier is None:
            return None
        places = batch.reading(self.since.changed)
        return earlier.again(self.part(batch.ids_of(places)), places) if places else earlier

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


def record_of(
    encoded: Mapping[str, Any],
    waiting: AbstractSet[str],
    ids: Iterable[tuple[str, str]],
    on: int = 0,
) -> Record:
    """What conditions see of some ids, given with their keys; `on` as a number of days."""
    there: dict[str, Any] = {ON: on}
    for id_, key in ids:
        if id_ in encoded:
            there[key] = encoded[id_]
        elif id_ in waiting:
            there[key] = WAITS
    return Record(there)
