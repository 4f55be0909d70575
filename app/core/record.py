"""All a document may speak of: the answers of one project, what the rules say, what people did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from app.core.assessment import Assessment, Flag, Result
from app.core.blocks import Control, Run, Runs, Tone
from app.core.domains import UNSURE, show_day
from app.core.explanation import given_at
from app.core.facts import Facts
from app.core.journey import Journey
from app.core.pipeline import Pipeline, Route, Stage
from app.core.program import base_of
from app.core.questionnaire import Questionnaire
from app.core.questions import Asked, Column, Question, row_label, type_of
from app.core.standing import Act, Standing, answered_flags, judged_at, moot, settled_stages

NOT_ANSWERED = "Not answered yet"
UNSAID = "lead"  # whom a question asks that names nobody
NOT_GIVEN = "Not given"  # what may be left blank
RESTRICTED = "Restricted: it stands in the annex for information governance"


def is_gap(run: Run) -> bool:
    """Whether a stretch of text stands for an answer that is not there."""
    return run.tone is Tone.UNANSWERED or run.text == NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Given:
    """Who gave an answer, when, and on which page."""

    by: str
    at: datetime
    where: str


@dataclass(frozen=True)
class Record:
    """One project on one day."""

    control: Control
    pipeline: Pipeline
    questionnaires: Mapping[str, Questionnaire]
    facts: Facts
    assessment: Assessment
    journey: Journey
    route: Route
    standings: tuple[Standing, ...] = ()
    acts: tuple[Act, ...] = ()
    given: Mapping[str, Given] = field(default_factory=dict)
    sees_restricted: bool = False

    @cached_property
    def judged(self) -> dict[str, str]:
        """The stage from which each rule is judged on this route; rules it never judges are absent."""
        return judged_at(self.facts.program, self.pipeline, self.route)

    @cached_property
    def raised(self) -> tuple[Flag, ...]:
        """Flags raised (and those that could not be evaluated), gravest first."""
        return self.assessment.of(Result.ERROR) + self.assessment.raised()

    @cached_property
    def answered(self) -> dict[str, Act]:
        """Flags that a person dismissed or a DPO lifted, while the answers behind them are the same."""
        return answered_flags(self.acts, self.assessment)

    @cached_property
    def stops(self) -> tuple[Flag, ...]:
        """Raised flags that block a stage of this route and that nobody has lifted."""
        return tuple(
            flag for flag in self.raised if self.stopped(flag) and flag.id not in self.answered
        )

    def stopped(self, flag: Flag) -> Stage | None:
        """The first stage of this route that a flag blocks."""
        on = (id_ for id_ in self.route.stages if id_ in flag.blocks)
        return next((self.pipeline.stage(id_) for id_ in on), None)

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The titles of the stages that the stops hold up first, by name."""
        stages = (self.stopped(flag) for flag in self.stops)
        return tuple(sorted({stage.title for stage in stages if stage}))

    def stop_words(self, flag: Flag) -> str:
        """What a flag stops on this route, as the start of a sentence; empty for what stops nothing."""
        stage = self.stopped(flag)
        return f"Stops the stage “{stage.title}”" if stage else ""

    @cached_property
    def tolerances(self) -> tuple[Flag, ...]:
        """Ethics tolerances reached."""
        return tuple(flag for flag in self.raised if flag.rule.kind == "tolerance")

    @cached_property
    def others(self) -> tuple[Flag, ...]:
        """The other flags raised that nobody has answered yet."""
        told = (*self.stops, *self.tolerances)
        return tuple(f for f in self.raised if f not in told and f.id not in self.answered)

    @cached_property
    def open(self) -> tuple[Flag, ...]:
        """Undetermined rules that this route judges and that some owed answer would settle."""
        owed = (n for n in self.pipeline.asked_by(self.route) if n not in self.route.optional)
        # What is offered as well as owed is owed.
        offered = self._placed(self.route.optional) - self._placed(owed)
        settled = settled_stages(self.acts)
        return tuple(
            flag
            for flag in self.assessment.of(Result.UNDETERMINED)
            if flag.id in self.judged
            and not moot(flag, self.judged[flag.id], settled)
            and any(base_of(need) not in offered for need in flag.needs)
        )

    def _placed(self, names: Iterable[str]) -> set[str]:
        """The questions that some questionnaires place."""
        pages = (page for name in names for _, page in self.questionnaires[name].pages())
        return {placement.id for page in pages for placement in page.questions}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each raised flag in the report."""
        return {flag.id: n for n, flag in enumerate(self.raised, 1)}

    @cached_property
    def unknown(self) -> tuple[tuple[str, tuple[Flag, ...]], ...]:
        """The blank answers that would settle open rules, gravest first, with those rules."""
        by_need: dict[str, list[Flag]] = {}
        for flag in self.open:
            for need in flag.needs:
                by_need.setdefault(need, []).append(flag)
        rank = {"high": 0, "medium": 1, "low": 2}

        def gravity(item: tuple[str, list[Flag]]) -> tuple[int, int, int, str]:
            need, flags = item
            grave = min((0 if f.blocks else 1, rank.get(f.rating or "", 3)) for f in flags)
            return (*grave, -len(flags), need)

        return tuple((need, tuple(flags)) for need, flags in sorted(by_need.items(), key=gravity))

    # Questions and answers in words

    def asked(self, address: str) -> Asked:
        """The question or column at an address. Raises KeyError."""
        id_, *rest = address.split("/")
        question = self.facts.program.questions[id_]
        return question.column(rest[1]) if len(rest) == 2 else question

    def who(self, address: str) -> str:
        """The code of who is asked for the answer at an address; a column may name somebody else."""
        asked = self.asked(address).for_
        return self.question(base_of(address)).for_ if asked == UNSAID else asked

    def row(self, address: str) -> Mapping[str, Any] | None:
        """The row an address is in."""
        id_, *rest = address.split("/")
        if not rest:
            return None
        return next((r for r in self.facts.values.get(id_, ()) if str(r["id"]) == rest[0]), None)

    def title(self, address: str) -> str:
        """What is asked at an address, with its row."""
        row = self.row(address)
        asked = self.asked(address)
        text = asked.ask or asked.called
        if row is None:
            return text
        label = row_label(self.question(base_of(address)), row)
        return f"{label}: {text}"

    def value(self, address: str) -> Any:
        """The answer at an address, or None."""
        return given_at(address, self.facts)

    def answer(self, address: str) -> Run:
        """The answer at an address in words; marked when it is blank or "I don't know"."""
        return self.said(self.asked(address), self.value(address), base_of(address))

    def said(self, asked: Asked, value: Any, id_: str) -> Run:
        """A value of a question or column in words."""
        if value is None:
            blank = asked.required or (isinstance(asked, Column) and asked.derived)
            return Run(NOT_ANSWERED, Tone.UNANSWERED) if blank else Run(NOT_GIVEN, Tone.QUIET)
        if not self.sees_restricted and asked.restricted:
            return Run(RESTRICTED, Tone.QUIET)
        if isinstance(asked, Column) and (asked.derived or asked.type == "row_of"):
            return Run(self._column_words(asked, value, id_))
        tone = Tone.UNANSWERED if value in (UNSURE, [UNSURE]) else Tone.PLAIN
        return Run(type_of(asked).show(asked, value), tone)

    def _column_words(self, column: Column, value: Any, id_: str) -> str:
        program = self.facts.program
        if column.type == "row_of" and column.rows:
            for row in self.facts.values.get(column.rows, ()):
                if row["id"] == value:
                    return row_label(program.questions[column.rows], row)
            return f"Row {value}, which was removed"
        return program.scope[id_].columns[column.id].label(value)

    def who_gave(self, address: str) -> Runs:
        """Who gave an answer and when, in small print; nothing for what nobody typed."""
        given = self.given.get(address)
        if given is None:
            return ()
        return (Run(f"{given.by}, {show_day(given.at)}", Tone.QUIET),)

    def left_blank(self, id_: str) -> bool:
        """Whether a question was asked, may be left blank, and was."""
        question = self.facts.program.questions.get(id_)
        return question is not None and not question.required and self.facts.blank(id_)

    def person(self, code: str) -> str:
        """What a person of the pipeline is called."""
        person = self.pipeline.people.get(code)
        return person.title if person else code

    def label(self, id_: str) -> str | None:
        """The value of a derived fact or question in words; None when it has none."""
        if id_ in self.facts.program.questions:
            return self.answer(id_).text if id_ in self.facts.values else None
        value = self.facts.values.get(id_)
        domain = self.facts.program.scope.get(id_)
        if value is None or domain is None:
            return None
        return domain.label(round(value, 4) if isinstance(value, float) else value)

    def question(self, id_: str) -> Question:
        """A question by its id. Raises KeyError."""
        return self.facts.program.questions[id_]
