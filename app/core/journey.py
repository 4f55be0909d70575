"""Where a person is: the pages these answers lead through, what is unfinished, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from app.core.facts import Facts
from app.core.questionnaire import Page, Questionnaire, Section
from app.core.questions import Question


class Status(StrEnum):
    """How far a page is, for one person."""

    COMPLETE = "complete"
    YOURS = "yours"  # something for this person
    OTHERS = "others"  # the rest is for other people


@dataclass(frozen=True, eq=False)
class Step:
    """One page of the journey.

    `asked` names the questions surely asked, in order; `answered` counts those that owe nothing.
    A page that is only `offered` owes nothing to anybody. `again`: questions answered in an earlier
    project, which somebody still has to confirm.
    """

    questionnaire: str
    section: Section
    page: Page
    facts: Facts = field(repr=False)
    ids: tuple[str, ...]
    offered: bool
    again: frozenset[str] = frozenset()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Those surely asked, in order."""
        return tuple(map(self.facts.program.questions.__getitem__, self.ids))

    @property
    def asked(self) -> int:
        """How many questions are asked."""
        return len(self.ids)

    @cached_property
    def answered(self) -> int:
        """How many of them are answered, rows wholly."""
        values, partial = self.facts.values, self.facts.partial
        return sum(
            id_ in values and id_ not in partial and id_ not in self.again for id_ in self.ids
        )

    @cached_property
    def unfinished(self) -> Mapping[str, tuple[str, ...]]:
        """The addresses of required blanks, by the person they are for."""
        found: dict[str, list[str]] = {}
        if not self.offered:
            for question in self.questions:
                for address, person in owing(self.facts, question):
                    found.setdefault(person, []).append(address)
                if question.id in self.again:
                    found.setdefault(question.for_, []).append(question.id)
        return {person: tuple(each) for person, each in found.items()}

    @property
    def key(self) -> str:
        """Its address in the web: questionnaire/page."""
        return f"{self.questionnaire}/{self.page.id}"

    @property
    def complete(self) -> bool:
        """Nothing required is missing."""
        return not self.unfinished

    def status(self, person: str) -> Status:
        """How far the page is, for this person."""
        if self.complete:
            return Status.COMPLETE
        return Status.YOURS if person in self.unfinished else Status.OTHERS

    def left_for(self, person: str) -> int:
        """How many answers this person still owes here."""
        return len(self.unfinished.get(person, ()))


@dataclass(frozen=True)
class Journey:
    """All pages that are asked, in the order of the route."""

    steps: tuple[Step, ...]

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many questions are asked and how many are answered; what is only offered is not owed."""
        owed = [step for step in self.steps if not step.offered]
        return sum(step.asked for step in owed), sum(step.answered for step in owed)

    def step(self, questionnaire: str, page: str) -> Step | None:
        """The step at an address; None when these answers do not lead there."""
        for step in self.steps:
            if step.questionnaire == questionnaire and step.page.id == page:
                return step
        return None

    def of(self, questionnaires: Iterable[str]) -> tuple[Step, ...]:
        """The steps of some questionnaires."""
        wanted = set(questionnaires)
        return tuple(step for step in self.steps if step.questionnaire in wanted)

    def onward(self, step: Step | None, person: str, questionnaires: Iterable[str]) -> Step | None:
        """The next page of these questionnaires that this person owes something on.

        It is looked for behind the step, and then from the beginning.
        """
        steps = self.of(questionnaires)
        owed = (s for s in (*self.behind(step, steps), *steps) if person in s.unfinished)
        return next((each for each in owed if each != step), None)

    def offered(self, step: Step | None, questionnaire: str) -> Step | None:
        """The page behind the step in a questionnaire on which nothing is owed."""
        return next(iter(self.behind(step, self.of([questionnaire]))), None)

    @staticmethod
    def behind(step: Step | None, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """The steps that come after one; all of them when it is none of them."""
        return steps[steps.index(step) + 1 :] if step in steps else steps


def journey(
    facts: Facts,
    questionnaires: Mapping[str, Questionnaire],
    route: Iterable[str],
    optional: Iterable[str] = (),
    again: frozenset[str] = frozenset(),
    only: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Journey:
    """The pages of a route (names of its questionnaires, in order) that these facts ask.

    A page of an `optional` questionnaire is offered: nothing on it is owed. `again`: what is still
    to be confirmed. `only`: of these questionnaires, which questions are asked at all.
    """
    offered = set(optional)
    gates = facts.over(facts.program.gate_tests)
    steps: list[Step] = []
    for name in route:
        for section, page in questionnaires[name].pages():
            gate = facts.program.gates.get((name, page.id))
            if gate is not None and not gates.holds(gate):
                continue
            left = only.get(name, facts.shown)
            asked = tuple(id_ for id_ in page.ids if id_ in facts.shown and id_ in left)
            if asked:
                steps.append(Step(name, section, page, facts, asked, name in offered, again))
    return Journey(tuple(steps))


def owing(facts: Facts, question: Question) -> Iterator[tuple[str, str]]:
    """The addresses of a shown question that are required and blank, each with who it is for."""
    if question.id in facts.waiting:
        if question.required:
            yield question.id, question.for_
        return
    for row in facts.values.get(question.id, ()) if question.type == "rows" else ():
        for column in question.columns:
            address = f"{question.id}/{row['id']}/{column.id}"
            if address in facts.waiting and column.required and not column.derived:
                yield address, question.for_
