"""What must be able to happen: claims, each checked on literals and seen again in a replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app.core import logic
from app.core.facts import Facts, facts
from app.core.logic import Batch, EvaluationError, Expression
from app.core.program import bases
from app.core.proof.formula import FALSE, Edit, Line, Place
from app.core.proof.lines import Said
from app.core.proof.world import World

Wanted = tuple[int, Line | None]  # a literal, and the line of a file that asks for it


@dataclass(frozen=True)
class Judged:
    """A condition surely holds, or cannot hold."""

    said: Said
    holds: bool = True

    def wanted(self, world: World) -> Iterator[Wanted]:
        """Its parts one by one."""
        if self.holds:
            for part in self.said.parts():
                yield world.outcome(part.expression)[0], Line(part.place, part.english())
        else:
            for way in self.said.ways():
                yield -world.outcome(way.expression)[1], Line(way.place, way.english())

    def seen(self, replay: Replay) -> bool:
        """Whether a replay shows it."""
        return replay.truth(self.said.expression) is self.holds

    def reads(self) -> Iterable[str]:
        """The ids it reads."""
        return bases(logic.reads(self.said.expression))


@dataclass(frozen=True)
class NotSure:
    """A condition does not surely hold."""

    said: Said

    def wanted(self, world: World) -> Iterator[Wanted]:
        """The one literal."""
        line = Line(self.said.place, self.said.english())
        yield -world.outcome(self.said.expression)[0], line

    def seen(self, replay: Replay) -> bool:
        """Whether a replay shows it."""
        found = replay.truth(self.said.expression)
        return found is False or (found is None and replay.filled)

    def reads(self) -> Iterable[str]:
        """The ids it reads."""
        return bases(logic.reads(self.said.expression))


@dataclass(frozen=True)
class Asked:
    """A question is asked."""

    id: str

    def wanted(self, world: World) -> Iterator[Wanted]:
        """The one literal."""
        yield world.fact(self.id).there, None

    def seen(self, replay: Replay) -> bool:
        """Whether a replay shows it."""
        return self.id in replay.facts.shown

    def reads(self) -> Iterable[str]:
        """The ids it reads."""
        return (self.id,)


@dataclass(frozen=True)
class Has:
    """A question or derived fact has (or includes) one of these codes."""

    id: str
    codes: tuple[str, ...]

    def wanted(self, world: World) -> Iterator[Wanted]:
        """That it is there, and the code."""
        fact = world.fact(self.id)
        yield fact.there, None
        yield world.formula.some(fact.codes.get(code, FALSE) for code in self.codes), None

    def seen(self, replay: Replay) -> bool:
        """Whether a replay shows it."""
        value = replay.facts.values.get(self.id)
        given = value if isinstance(value, list) else [value]
        return any(code in given for code in self.codes)

    def reads(self) -> Iterable[str]:
        """The ids it reads."""
        return (self.id,)


@dataclass(frozen=True)
class Valued:
    """A derived fact has a value (`there`), or has none and does not wait for one."""

    id: str
    there: bool = True

    def wanted(self, world: World) -> Iterator[Wanted]:
        """Its literals."""
        fact = world.fact(self.id)
        if self.there:
            yield fact.there, None
        else:
            yield -fact.there, None
            yield -fact.waits, None

    def seen(self, replay: Replay) -> bool:
        """Whether a replay shows it."""
        if self.there:
            return self.id in replay.facts.values
        return self.id not in replay.facts.values and self.id not in replay.facts.waiting

    def reads(self) -> Iterable[str]:
        """The ids it reads."""
        return (self.id,)


@dataclass(frozen=True)
class InRow:
    """Some row in which conditions hold, columns are asked, and one column has a code."""

    rows: str
    where: tuple[Expression, ...] = ()
    columns: tuple[str, ...] = ()
    code: tuple[str, str] | None = None

    def wanted(self, world: World) -> Iterator[Wanted]:
        """That the rows are there, and one of them is as wanted."""
        fact = world.fact(self.rows)
        yield fact.there, None
        yield world.formula.some(self._row(world, n) for n in range(len(fact.rows))), None

    def _row(self, world: World, n: int) -> int:
        literals = [world.fact(self.rows).rows[n]]
        literals += [world.outcome(each, (self.rows, n))[0] for each in self.where]
        literals += [world.column(self.rows, n, name).there for name in self.columns]
        if self.code is not None:
            name, code = self.code
            column = world.column(self.rows, n, name)
            literals += [column.there, column.codes.get(code, FALSE)]
        return world.formula.every(literals)

    def seen(self, replay: Replay) -> bool:
        """Whether a replay shows it."""
        values = replay.facts.values.get(self.rows)
        if not values:
            return False
        coded = replay.facts.encoded[self.rows]
        return any(
            self._fits(row) and all(logic.truth(each, logic.Record(code)) for each in self.where)
            for row, code in zip(values, coded, strict=True)
        )

    def _fits(self, row: Mapping[str, Any]) -> bool:
        if any(name not in row for name in self.columns):
            return False
        if self.code is None:
            return True
        value = row.get(self.code[0])
        return self.code[1] in (value if isinstance(value, list) else [value])

    def reads(self) -> Iterable[str]:
        """The ids it reads."""
        return (self.rows,)


@dataclass(frozen=True)
class Blank:
    """No required column of these rows is left without anything to choose."""

    rows: str
    columns: tuple[str, ...]

    def wanted(self, world: World) -> Iterator[Wanted]:
        """That none of them waits."""
        fact = world.fact(self.rows)
        for n, there in enumerate(fact.rows):
            for name in self.columns:
                waits = world.column(self.rows, n, name).waits
                yield -world.formula.every([fact.there, there, waits]), None

    def seen(self, replay: Replay) -> bool:
        """Whether a replay shows it."""
        rows = replay.facts.values.get(self.rows) or ()
        return all(
            f"{self.rows}/{row['id']}/{name}" not in replay.facts.waiting
            for row in rows
            for name in self.columns
        )

    def reads(self) -> Iterable[str]:
        """The ids it reads."""
        return (self.rows,)


Atom = Judged | NotSure | Asked | Has | Valued | InRow | Blank


@dataclass(frozen=True)
class Claim:
    """Something that must be able to happen, and how to say that it cannot.

    `kind` sorts claims; `name` is its id among them. `mend` says what to do about it; `edit` is that
    as a change of a file, where it is one.
    """

    kind: str
    name: str
    place: Place
    atoms: tuple[Atom, ...]
    says: str
    mend: str
    own: tuple[Said, ...] = field(default=(), compare=False)
    edit: Edit | None = field(default=None, compare=False)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The ids that its atoms read."""
        return frozenset(name for atom in self.atoms for name in atom.reads())


class Replay:
    """One set of answers run through the real evaluator.

    `filled`: nothing is open only because it was left blank.
    """

    def __init__(self, found: Facts, tests: Batch | None = None, *, filled: bool = True) -> None:
        self.facts = found
        self.filled = filled
        self._verdicts = tests.over(found.record) if tests is not None else None

    @cached_property
    def open(self) -> frozenset[str]:
        """What is not answered, or waits for an answer."""
        blank = (id_ for id_ in self.facts.shown if self.facts.blank(id_))
        return frozenset((*blank, *bases(self.facts.waiting)))

    def truth(self, expression: Expression) -> bool | None:
        """The outcome of a condition."""
        if self._verdicts is not None:
            try:
                return self._verdicts.of(expression)
            except (EvaluationError, KeyError):
                return self.facts.truth(expression)
        return self.facts.truth(expression)

    def shows(self, claim: Claim) -> bool:
        """Whether everything that a claim wants happens here."""
        return all(atom.seen(self) for atom in claim.atoms)


def tests_of(claims: Iterable[Claim], more: Iterable[Expression]) -> Batch:
    """The conditions of claims, and more, to be tested in one go."""
    of_claims = (
        atom.said.expression
        for claim in claims
        for atom in claim.atoms
        if isinstance(atom, Judged | NotSure)
    )
    return Batch((*of_claims, *more))


def replayed(
    world: World,
    answers: Mapping[str, Any],
    on: date,
    tests: Batch | None,
    *,
    filled: bool = True,
) -> Replay:
    """Answers run through the real evaluator."""
    return Replay(facts(world.program, answers, on), tests, filled=filled)
