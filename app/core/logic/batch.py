"""Conditions tested together: one crossing into the engine instead of one each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from app.core.logic.engine import EvaluationError, Record, Rule, compile_expression
from app.core.logic.tree import Expression, reads, verdict


class Batch:
    """Conditions over one record; equal ones are tested once."""

    def __init__(self, expressions: Iterable[Expression]) -> None:
        # Kept, so that their identities stay theirs.
        self._expressions = tuple(expressions)
        self._distinct = {each: n for n, each in enumerate(dict.fromkeys(self._expressions))}
        self._places = [(id(each), self._distinct[each]) for each in self._expressions]
        names = {name.split("/", 1)[0] for each in self._distinct for name in reads(each)}
        self.ids = tuple(sorted(names))

    @cached_property
    def _rule(self) -> Rule:
        return compile_expression([verdict(each) for each in self._distinct])

    def over(self, record: Record) -> dict[int, bool | None]:
        """What each comes to, by its identity; nothing when one of them cannot be evaluated.

        Whoever finds nothing tests them one by one, so that only the one at fault is.
        """
        if not self._places:
            return {}
        try:
            found: list[bool | None] = record.evaluate(self._rule)
        except EvaluationError:
            return {}
        return {identity: found[n] for identity, n in self._places}
