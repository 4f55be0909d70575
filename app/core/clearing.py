"""What would clear a flag: other answers to what it read, one or two at a time, really evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from app.core.domains import UNSURE, Kind
from app.core.explanation import because
from app.core.facts import Facts, facts
from app.core.logic import AtLeast, Compare, Either, Every, Expression, Holds, Quantified
from app.core.program import ConditionNode, Program
from app.core.questions import Answer, Asked, Question, type_of

MOST_TRIED = 400  # evaluations, some 1 ms each
MOST_FOUND = 6


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer at an address (a question, or "rows/id/column")."""

    address: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Clearing:
    """Changes that together clear a flag; `raises`: the flags that they would raise instead."""

    changes: tuple[Change, ...]
    raises: tuple[str, ...]


def clearings(found: Facts, answers: Mapping[str, Answer], flag: str) -> tuple[Clearing, ...]:
    """Single changes that clear a raised flag; pairs, where no single one does.

    It says what the rule rests on, not what is right: nobody should answer what is not so.
    """
    program = found.program
    when = next(each.when for each in program.flags if each.rule.id == flag)
    before = _raised(found)
    if flag not in before:
        return ()
    single = list(_changes(found, when))
    cleared: list[Clearing] = []
    tried = 0
    for several in (((each,) for each in single), _pairs(single)):
        for changes in several:
            tried += 1
            if tried > MOST_TRIED or len(cleared) >= MOST_FOUND:
                return tuple(cleared)
            after = facts(program, _changed(answers, changes), found.on)
            if after.truth(when) is False:
                cleared.append(Clearing(changes, tuple(sorted(_raised(after) - before))))
        if cleared:
            break
    return tuple(cleared)


def _pairs(single: list[Change]) -> Iterator[tuple[Change, Change]]:
    for one, other in combinations(single, 2):
        if one.address != other.address:
            yield one, other


def _raised(found: Facts) -> set[str]:
    tests = found.program.flag_tests
    verdicts = tests.over(found.part(tests.ids))
    return {each.rule.id for each in found.program.flags if verdicts.holds(each.when)}


def _changed(answers: Mapping[str, Answer], changes: tuple[Change, ...]) -> dict[str, Answer]:
    """The answers with some of them changed."""
    after = dict(answers)
    for change in changes:
        id_, *within = change.address.split("/")
        if not within:
            after[id_] = change.answer
            continue
        row, column = within
        after[id_] = [
            {**each, column: change.answer} if str(each.get("id", n)) == row else each
            for n, each in enumerate(after[id_], 1)
        ]
    return after


def _changes(found: Facts, when: Expression) -> Iterator[Change]:
    """Other answers to each question behind a condition, those it reads first in front."""
    literals = dict(_literals(found.program, when))
    for address in _addresses(found, when):
        id_, *within = address.split("/")
        question = found.program.questions[id_]
        asked: Asked = question.column(within[1]) if within else question
        given = _given(found, address)
        for answer in _others(asked, given, literals.get(asked.id)):
            yield Change(address, answer)


def _addresses(found: Facts, when: Expression) -> Iterator[str]:
    """The answers behind a condition; of rows as a whole, each column that can be chosen."""
    for address in because(when, found).answers:
        question = found.program.questions[address.split("/", maxsplit=1)[0]]
        if "/" in address or question.type != "rows":
            yield address
        else:
            for row in found.values.get(address, ()):
                yield from (f"{address}/{row['id']}/{c}" for c in _chosen(question) if c in row)


def _chosen(question: Question) -> list[str]:
    kinds = (Kind.CODE, Kind.CODES)
    return [c.id for c in question.columns if not c.derived and type_of(c).kind in kinds]


def _given(found: Facts, address: str) -> Answer | None:
    id_, *within = address.split("/")
    value = found.values.get(id_)
    if not within:
        return value
    return next((row.get(within[1]) for row in value or () if str(row["id"]) == within[0]), None)


def _others(asked: Asked, given: Answer | None, near: float | None) -> Iterator[Answer]:
    """Other answers that a question allows; "I don't know" is none."""
    kind = type_of(asked).kind if asked.type else None
    codes = [code for code in asked.labels if code != UNSURE]
    if kind is Kind.CODE:
        yield from (code for code in codes if code != given)
    elif kind is Kind.CODES:
        for code in given or ():
            fewer = [each for each in given or () if each != code]
            yield from [fewer] if fewer else []
        yield from [[asked.exclusive]] if asked.exclusive and given != [asked.exclusive] else []
    elif kind in (Kind.NUMBER, Kind.DATE) and near is not None:
        yield from (each for each in _beside(asked, kind, near) if each != given)


def _beside(asked: Asked, kind: Kind | None, near: float) -> Iterator[Answer]:
    """The answers on both sides of what a number or date is compared with."""
    step = 10**-asked.decimals
    for n in (-1, 0, 1):
        answer: Any = round(near + n * step, asked.decimals)
        if kind is Kind.DATE:
            whole = int(near)
            day = date(whole // 10_000, whole // 100 % 100, whole % 100)
            answer = (day + timedelta(days=n)).isoformat()
        elif asked.decimals == 0:
            answer = int(answer)
        if type_of(asked).from_file(asked, answer).error is None:
            yield answer


def _literals(program: Program, when: Expression) -> Iterator[tuple[str, float]]:
    """With what a condition compares numbers and dates, named conditions followed."""
    match when:
        case Compare(var, _, literal):
            yield var, float(literal)
        case Every(items) | Either(items) | AtLeast(_, items):
            for item in items:
                yield from _literals(program, item)
        case Quantified(_, _, body):
            yield from _literals(program, body)
        case Holds(var) if isinstance(node := program.nodes[var], ConditionNode):
            yield from _literals(program, node.when)
