"""facts(program, answers, on): what is asked, what waits, and everything derived. The one evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.core.domains import date_number
from app.core.facts.again import evaluate_again
from app.core.facts.evaluation import EPSILON, Evaluation, level_of
from app.core.facts.known import Facts, Since
from app.core.program import Program
from app.core.questions import Answer

__all__ = ["EPSILON", "Facts", "Since", "facts", "facts_given", "level_of"]


def facts(
    program: Program, answers: Mapping[str, Answer], on: date, before: Facts | None = None
) -> Facts:
    """Evaluate all answers of one subject. `answers`: question id to value (see core/sheet.py).

    `before`: what earlier answers came to. With the same program and day only what rests on a
    changed answer is worked out again; the outcome is the same without it.
    """
    if before is not None and before.program is program and before.on == on:
        return evaluate_again(before, answers)
    work = Evaluation(program, answers, date_number(on.isoformat()))
    work.walk()
    return _known(work, on)


def facts_given(program: Program, given: Mapping[str, Answer], on: date) -> Facts:
    """The facts of an example: what is listed counts as asked and answered, nothing else is asked."""
    work = Evaluation(program, given, date_number(on.isoformat()), given=True)
    work.walk()
    return _known(work, on)


def _known(work: Evaluation, on: date) -> Facts:
    return Facts(
        work.program,
        on,
        work.answers,
        work.values,
        frozenset(work.waiting),
        frozenset(work.shown),
        work.errors,
        work.encoded,
    )
