"""A project at a glance: what this person does next, what waits for others, who did what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from app.actions.access.roles import MOVERS
from app.actions.access.seeing import scope_of
from app.actions.actor import Actor
from app.actions.answers import Opened, project_of
from app.actions.catalogues import Catalogues
from app.actions.errors import NotFound
from app.actions.library import BACK, GIVEN, KEPT_OUT, LENT
from app.actions.review.awaited import Awaited, awaited, by_acts_alone, theirs, wanted
from app.actions.review.reports import Report, judge, open_report
from app.actions.together.passing import Assignment
from app.core.days import day_of
from app.core.journey import Step
from app.core.record import Record
from app.core.standing import (
    ADVISE,
    CLOSE,
    CONTENT,
    DISMISS,
    IMPROVE,
    LIFT,
    MENDED,
    MOVE,
    MUST_CORRECT,
    MUST_MOVE,
    SETTLE,
    SIGN,
    STAY,
    Act,
    Likely,
    Standing,
    likely_route,
    requests,
    standings,
)
from app.core.wording import count, listed, lower
from app.store.queries import PROJECT_FOLLOWED
from app.store.sheets import read_sheet
from app.store.walks import WALK

MOVING, SENT_BACK, DECISIONS = "move", "back", "decisions"
PAGE, TASKS, REPORT, ADVICE, CLOSING, SIGNING = "page", "tasks", "report", "advice", "close", "sign"


@dataclass(frozen=True)
class Overview:
    """One project as one person sees it."""

    report: Report
    role: str
    organisation: str
    lead: str
    left: tuple[Assignment, ...]
    looked: tuple[int, datetime] | None = None
    """Which version of its answers this person last said that they had seen, and when."""
    said_at: datetime | None = None
    """When somebody last said something that they may read."""
    renewed: bool = False
    """Whether another project renews it, which they may see or not."""
    reader: str = ""
    """The organisation for which this person looks at it."""

    @property
    def record(self) -> Record:
        """Its answers, judged."""
        return self.report.record

    @cached_property
    def handovers(self) -> tuple[tuple[Step, Assignment], ...]:
        """The pages left for colleagues that are still unfinished."""
        by_key = {step.key: step for step in self.record.journey.steps}
        return tuple(
            (by_key[each.page], each)
            for each in self.left
            if each.page in by_key and not each.question and not by_key[each.page].complete
        )

    @cached_property
    def began(self) -> datetime:
        """When the stage at which the project stands began."""
        closed = [each.closed.at for each in self.record.standings if each.closed]
        return max(closed, default=self.report.opened.project.created_at)

    @cached_property
    def likely(self) -> Likely:
        """The route its answers lead to so far; what is judged is the fullest until it is settled."""
        record = self.record
        return likely_route(record.pipeline, record.facts, record.assessment)

    @cached_property
    def way(self) -> tuple[Standing, ...]:
        """The stages of the likely route."""
        record = self.record
        if self.likely.route == record.route:
            return record.standings
        return standings(
            record.pipeline,
            record.facts.program,
            self.likely.route,
            record.assessment,
            record.journey,
            record.acts,
        )

    def owed_by(self, role: str, standing: Standing) -> tuple[Step, ...]:
        """The unfinished pages of a stage that wait for somebody, but for those left with others."""
        left = {step.key for step, _ in self.handovers}
        return tuple(
            step for step in standing.unfinished if role in step.unfinished and step.key not in left
        )

    @cached_property
    def wanted(self) -> tuple[Awaited, ...]:
        """The acts that are this person's to do now."""
        return wanted(self.record, self.role, self.reader, self.organisation)

    @cached_property
    def theirs(self) -> tuple[Awaited, ...]:
        """The acts of this stage that are this person's, now or when their turn comes."""
        return theirs(self.record, self.role, self.reader, self.organisation)

    @property
    def leads(self) -> bool:
        """Whether this person looks for the organisation that leads."""
        return self.reader == self.organisation

    def settles(self, step: Step) -> int:
        """How many open checks this person's blanks on a page would settle."""
        blanks = set(step.unfinished.get(self.role, ()))
        found = {f.id for need, flags in self.record.unknown if need in blanks for f in flags}
        return len(found)

    def changed_since(self, standing: Standing) -> bool:
        """Whether an answer that a closed stage rests on has been changed after it was closed."""
        if standing.closed is None:
            return False
        names = standing.stage.questionnaires
        program = self.record.facts.program
        at = standing.closed.at
        return any(
            entry.at > at and program.places[id_][0].questionnaire in names
            for address, entry in self.report.opened.sheet.entries.items()
            if (id_ := address.split("/")[0]) in self.record.facts.shown
        )


def follow_project(
    conn: Connection, actor: Actor, catalogues: Catalogues, reference: str, on: date
) -> Overview:
    """A project with who leads it and what waits, in one statement. Raises NotFound."""
    if reference.startswith(WALK):
        report = open_report(conn, actor, catalogues, reference, on)
        own = actor.organisation_name
        return Overview(report, actor.role, own, actor.name, (), reader=own)
    rows = conn.execute(PROJECT_FOLLOWED, {"reference": reference, **scope_of(actor)}).all()
    if not rows:
        raise NotFound(reference)
    first = rows[0]
    opened = Opened(project_of(first), read_sheet(first.document))
    released = catalogues.of(conn, opened.project.release_id)
    left = tuple(
        Assignment(
            row.assignment_id,
            *(getattr(row, name) for name in Assignment.__slots__ if name != "id"),
        )
        for row in rows
        if row.assignment_id is not None
    )
    report = judge(opened, released, on, None, opened.project.acts)
    names = first.organisation_name, first.lead_name
    looked = (first.looked_version, first.looked_at) if first.looked_at else None
    return Overview(
        report,
        actor.role,
        *names,
        left,
        looked,
        first.said_at,
        first.renewed,
        actor.organisation_name,
    )


# What waits for other people


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that somebody else does. `step` is the page it is on, when it is one."""

    what: str
    who: str
    since: datetime
    step: Step | None = None
    to: str = PAGE


def waits_for_others(view: Overview) -> Iterator[Waiting]:
    """What waits for other people at the stage where the project stands."""
    handed = {step.key for step, _ in view.handovers}
    for step, left in view.handovers:
        yield Waiting(f"“{step.page.title}”", left.to_whom, left.at, step)
    standing = view.report.current
    if standing is None:
        return
    for step in standing.unfinished:
        if step.key not in handed:
            yield from _owed_on(view, step)
    for kind in standing.needs:
        whose = _whose(view, kind)
        if view.role not in (MOVERS if kind == MUST_MOVE else (whose,)):
            said, to = needed(view.record, kind), SENT_BACK if kind == MUST_CORRECT else ADVICE
            who = view.record.person(whose)
            yield Waiting(said[0].upper() + said[1:], who, view.began, None, to)
    yield from _decided_by_others(view)


def _owed_on(view: Overview, step: Step) -> Iterator[Waiting]:
    """What others answer on a page, but for what comes with an act of somebody's."""
    for role, addresses in step.unfinished.items():
        if role != view.role and not by_acts_alone(view.record, addresses):
            what = f"{count(len(addresses), 'answer')} on “{step.page.title}”"
            yield Waiting(what, view.record.person(role), view.began, step)


def _decided_by_others(view: Overview) -> Iterator[Waiting]:
    """The acts that are still to come from others, in one line."""
    left = [each for each in awaited(view.record) if each not in view.wanted]
    if left:
        roles = dict.fromkeys(role for each in left for role in each.declared.by)
        first, *others = (view.record.person(role) for role in roles)
        what = f"{count(len(left), 'decision')} of this stage"
        whose = listed([first, *map(lower, others)], "or")
        yield Waiting(what, whose, view.began, None, DECISIONS)


def needed(record: Record, kind: str) -> str:
    """An act that must come first, as people say it."""
    if kind == ADVISE:
        return f"the advice of the {lower(record.person(ADVISE.split('_')[0]))}"
    if kind == MUST_CORRECT:
        return "what must be corrected, to the content of whoever sent it back"
    return "the move to a newer release" if kind == MUST_MOVE else kind.replace("_", " ")


def _whose(view: Overview, kind: str) -> str:
    """Who does next what must come first."""
    if kind == MUST_CORRECT:
        asked = [each for each in requests(view.record.acts) if each.holds]
        return "lead" if any(each.mended is None for each in asked) else "dpo"
    return "lead" if kind == MUST_MOVE else kind.split("_", maxsplit=1)[0]


# Who did what


@dataclass(frozen=True, slots=True)
class Done:
    """Something somebody did, in a sentence without its subject."""

    at: datetime
    who: str
    text: str


def lately(view: Overview, limit: int) -> list[Done]:
    """What people did last: acts, and answers page by page."""
    acts = [Done(act.at, act.who, tell_act(view.record, act)) for act in view.record.acts]
    return sorted((*acts, *_answered(view)), key=lambda done: done.at, reverse=True)[:limit]


def _answered(view: Overview) -> Iterator[Done]:
    """Answers that stand, one line for each page as one person saved it; the same once a day."""
    program, saved = view.record.facts.program, dict[tuple[str, datetime, str], set[str]]()
    for address, entry in view.report.opened.sheet.entries.items():
        id_ = address.split("/")[0]
        if id_ in program.questions and entry.value is not None:
            saved.setdefault((entry.by, entry.at, entry.where), set()).add(id_)
    told: dict[tuple[str, str, date], datetime] = {}
    for (by, at, _), ids in saved.items():
        first = min(ids, key=lambda id_: program.places[id_][0].rank)
        more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
        line = (by, f"answered “{program.questions[first].called}”{more}", day_of(at))
        told[line] = max(at, told.get(line, at))
    for (by, text, _), at in told.items():
        yield Done(at, by, text)


def tell_act(record: Record, act: Act) -> str:
    """An act as a sentence without its subject."""
    stage = next((s.title for s in record.pipeline.stages if s.id == act.stage), act.stage)
    flag = next((f.rule.title for f in record.assessment.flags if f.id == act.about), act.about)
    about_ = _named(record, act.about) or flag
    said = {
        CLOSE: f"closed {stage}",
        SETTLE: f"settled {stage} by a document that was signed elsewhere",
        ADVISE: f"gave advice on {stage}",
        SIGN: f"signed {act.about.replace('_', ' ')}",
        DISMISS: f"set aside “{flag}”",
        LIFT: f"lifted the stop “{flag}”",
        MOVE: f"moved the project to release {act.about}",
        LENT: "asked for the project to be put in the library",
        GIVEN: "put the project in the library",
        KEPT_OUT: "kept the project out of the library",
        BACK: "took the project out of the library",
        STAY: f"said why the project need not move to release {act.about}",
        MUST_CORRECT: f"sent back “{about_}”, which must be corrected",
        IMPROVE: f"sent back “{about_}”, to be improved",
        MENDED: f"did what was asked about “{about_}”",
        CONTENT: f"was content with “{about_}”",
    }
    declared = {each.id: each.done for each in record.pipeline.acts}
    if act.kind in declared:
        return declared[act.kind]
    return said.get(act.kind, f"{act.kind.replace('_', ' ')} {flag}".strip())


def _named(record: Record, about: str) -> str:
    """The question or section that was sent back; "" for a flag."""
    if about in record.facts.program.questions:
        return record.facts.program.questions[about].called
    name, _, id_ = about.partition(":")
    known = record.questionnaires.get(name)
    return next((s.title for s in (known.sections if known else ()) if s.id == id_), "")
