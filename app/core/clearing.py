"""What would clear a flag: other answers to what it read, one or two at a time, really evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any

from app.core.domains import UNSURE, Kind, day_of
from app.core.explanation import because, given_at
from app.core.facts import Facts, facts
from app.core.logic import AtLeast, Compare, Either, Every, Expression, Holds, Quantified
from app.core.program import ConditionNode, Program, base_of
from app.core.questions import Answer, Asked, Question, type_of

MOST_TRIED = 400  # evaluations, a few ms each
MOST_FOUND = 5  # sets of questions that are told
MOST_ANSWERS = 5  # other answers to one of them


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer at an address (a question, or "rows/id/column")."""

    address: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Clearing:
    """Changes that together clear a flag, and the other flags that they would raise or clear."""

    changes: tuple[Change, ...]
    raises: tuple[str, ...]
    clears: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """What would be answered otherwise."""
        return tuple(change.address for change in self.changes)


@dataclass(frozen=True, slots=True)
class Tried:
    """What was found in so many tries, and whether everything small was tried."""

    found: tuple[Clearing, ...]
    tried: int
    everything: bool


def clearings(
    found: Facts,
    answers: Mapping[str, Answer],
    flag: str,
    most: int = MOST_TRIED,
    enough: Callable[[], bool] = lambda: False,
) -> Tried:
    """Single changes that clear a raised flag; pairs, where no single one does.

    It says what the rule rests on, not what is right: nobody should answer what is not so. At
    `most` so many sets of answers are evaluated, and none any more once `enough` says so.
    """
    when = _when(found, flag)
    search = _Search(found, answers, flag, most, enough)
    if flag not in search.before:
        return Tried((), 0, everything=True)
    single = list(_changes(found, when))
    everything = search.among((each,) for each in single)
    if not search.cleared and everything:
        everything = search.among(_pairs(single))
    fewest = sorted(search.cleared, key=lambda each: len(each.raises))
    return Tried(tuple(fewest), search.tried, everything)


class _Search:
    """Tries sets of changes one after the other."""

    def __init__(
        self,
        found: Facts,
        answers: Mapping[str, Answer],
        flag: str,
        most: int,
        enough: Callable[[], bool],
    ) -> None:
        self.found = found
        self.answers = answers
        self.flag = flag
        self.most = most
        self.enough = enough
        self.before = _raised(found)
        self.tried = 0
        self.cleared: list[Clearing] = []
        self.told: Counter[tuple[str, ...]] = Counter()

    def among(self, several: Iterable[tuple[Change, ...]]) -> bool:
        """Try all of these; whether none was left out for want of time."""
        for changes in several:
            addresses = tuple(change.address for change in changes)
            known = self.told[addresses]
            if known >= MOST_ANSWERS or (not known and len(self.told) >= MOST_FOUND):
                continue
            if self.tried >= self.most or self.enough():
                return False
            self.tried += 1
            self.evaluate(changes)
        return True

    def evaluate(self, changes: tuple[Change, ...]) -> None:
        """Try one, really."""
        after = facts(self.found.program, _changed(self.answers, changes), self.found.on)
        if not _clear(after, self.flag):
            return
        raised = _raised(after)
        clears = {each for each in self.before - raised - {self.flag} if _clear(after, each)}
        made = Clearing(changes, tuple(sorted(raised - self.before)), tuple(sorted(clears)))
        self.cleared.append(made)
        self.told[made.addresses] += 1


def _when(found: Facts, flag: str) -> Expression:
    return next(each.when for each in found.program.flags if each.rule.id == flag)


def _clear(found: Facts, flag: str) -> bool:
    return found.truth(_when(found, flag)) is False


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
        given = given_at(address, found)
        for answer in _others(asked, given, literals.get(asked.id)):
            yield Change(address, answer)


def _addresses(found: Facts, when: Expression) -> Iterator[str]:
    """The answers behind a condition; of rows as a whole, each column that can be chosen."""
    for address in because(when, found).answers:
        question = found.program.questions[base_of(address)]
        if "/" in address or question.type != "rows":
            yield address
        else:
            for row in found.values.get(address, ()):
                yield from (f"{address}/{row['id']}/{c}" for c in _chosen(question) if c in row)


def _chosen(question: Question) -> list[str]:
    kinds = (Kind.CODE, Kind.CODES)
    return [c.id for c in question.columns if not c.derived and type_of(c).kind in kinds]


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
            answer = (day_of(near) + timedelta(days=n)).isoformat()
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
