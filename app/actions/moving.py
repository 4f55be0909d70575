"""Moving a project to another release: what it would do, doing it, and why a project may stay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, update

from app.actions.access.roles import MOVERS
from app.actions.actor import Actor
from app.actions.answers import Opened, Project, keep_events, keep_sheet, open_to_write
from app.actions.assessments import document
from app.actions.catalogues import Catalogues, Released
from app.actions.definitions.releases import find_release
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.pages import summarise
from app.actions.review.acts import Act, NewAct, append_act
from app.actions.review.reports import Report, judge, open_report
from app.actions.review.reviews import DPO, allow
from app.actions.review.sign_off import MOVING, reads_otherwise, signatures
from app.actions.review.signatures import moves_of, signed_under, stale_by_answers
from app.core.days import day_of
from app.core.moving import Differs, Fate, Move, Side, differences, move, newly_asked
from app.core.sheet import Stamp
from app.core.standing import CLOSE, MOVE, SIGN, STAY
from app.store.tables import project


@dataclass(frozen=True)
class Plan:
    """What moving a project to a release comes to; nothing is written yet."""

    before: Report
    after: Report
    move: Move
    documents: Mapping[str, tuple[str, str]]
    out_of_date: frozenset[int]
    new: tuple[str, ...]
    at: datetime

    @property
    def released(self) -> Released:
        """The release it leads to."""
        return self.after.looked.released

    @cached_property
    def results(self) -> tuple[Differs, ...]:
        """The flags, scores and decisions that change."""
        return differences(self.before.record.assessment, self.after.record.assessment)

    @cached_property
    def signatures(self) -> tuple[Act, ...]:
        """The signatures that cover what stands, and would not afterwards."""
        return tuple(
            act
            for act in self.before.record.acts
            if isinstance(act, Act) and act.seq in self._ended
        )

    @cached_property
    def _ended(self) -> set[int]:
        moves = moves_of(self.before)
        this = (len(self.before.opened.project.acts) + 1, {"documents": self.documents})
        ended: set[int] = set()
        for output in self.documents:
            signed = signatures(signed_under(self.before, output), output)
            before = reads_otherwise(signed, moves, output)
            ended |= reads_otherwise(signed, [*moves, this], output) - before
        return ended - self.out_of_date

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """Why the project cannot move there: its stages must be there as well."""
        there = {stage.id for stage in self.released.catalogue.pipeline.stages}
        pipeline = self.before.record.pipeline
        closed = [act.stage for act in self.before.record.acts if act.kind == CLOSE]
        stages = dict.fromkeys([*closed, self.before.opened.project.stage])
        titles = {stage.id: stage.title for stage in pipeline.stages}
        return tuple(
            f"{self.released.name} has no stage “{titles.get(stage, stage)}”, which this project "
            "has reached."
            for stage in stages
            if stage not in there
        )

    def _title(self, output: str) -> str:
        outline = self.before.looked.released.catalogue.outlines.get(output)
        return outline.title if outline else output

    def told(self) -> dict[str, Any]:
        """All of it as plain data: what the act keeps, and what the page shows before and after."""
        record, old = self.after.record, self.before.looked.released.release
        return {
            "from": old.number,
            "to": self.released.release.number,
            "documents": {output: list(texts) for output, texts in self.documents.items()},
            "out_of_date": sorted(self.out_of_date),
            "same": self.move.same,
            "answers": [asdict(each) for each in self.move.moved],
            "results": [asdict(each) for each in self.results],
            "new": [[id_, record.facts.program.questions[id_].called] for id_ in self.new],
            "signatures": [
                {"seq": act.seq, "title": self._title(act.about), "organisation": act.organisation}
                for act in self.signatures
            ],
        }


def plan_move(
    conn: Connection,
    actor: Actor,
    catalogues: Catalogues,
    reference: str,
    number: int,
    at: tuple[date, datetime],
) -> Plan:
    """What moving a project to a release would do, on this day. Raises NotFound."""
    before = open_report(conn, actor, catalogues, reference, at[0])
    release = find_release(conn, number)
    opened = before.opened
    if release.id == opened.project.release_id:
        raise NotFound(f"the project is on release {number}")
    to = catalogues.of(conn, release.id)
    sides = side_of(before.looked.released), side_of(to)
    stamp = Stamp(actor.name, at[1], MOVING, str(release.id))
    moved = move(*sides, opened.sheet, stamp)
    there = Opened(_on(opened.project, to), moved.sheet)
    acts = tuple(act for act in before.record.acts if isinstance(act, Act))
    after = judge(there, to, at[0], None, acts)
    signed = dict.fromkeys(act.about for act in acts if act.kind == SIGN)
    stale = frozenset(seq for output in signed for seq in stale_by_answers(conn, before, output))
    documents = {output: (_text(before, output), _text(after, output)) for output in signed}
    again = {each.to for each in moved.of(Fate.AGAIN)}
    asked = newly_asked(sides, before.record.facts, after.record.facts)
    asked = tuple(id_ for id_ in asked if id_ not in again)
    return Plan(before, after, moved, documents, stale, asked, at[1])


def side_of(released: Released) -> Side:
    """A release as moving answers needs it."""
    catalogue, release = released.catalogue, released.release
    return Side(str(release.id), release.number, catalogue.program, catalogue.pipeline.converters)


def move_project(conn: Connection, actor: Actor, plan: Plan, seen: tuple[int, int]) -> Act:
    """Move a project as planned; what it comes to is kept with the act.

    `seen`: the versions of the sheet and the project that were shown. Raises NotAllowed, OutOfDate.
    """
    if not may_move(actor, plan.before):
        raise NotAllowed("The lead or the information governance lead of a project moves it.")
    if plan.refused:
        raise NotAllowed(" ".join(plan.refused))
    opened = open_to_write(conn, actor, plan.before.reference)
    shown = plan.before.opened
    planned = (shown.sheet.version, shown.project.version)
    if not (opened.sheet.version, opened.project.version) == planned == seen:
        raise OutOfDate("The project has changed since you were shown what moving it does.")
    to, when = plan.released, plan.at
    after = Opened(_on(opened.project, to), plan.move.sheet)
    summary = summarise(to, day_of(when))(after)
    keep_sheet(conn, opened.project.id, opened.sheet, after.sheet, summary, when)
    keep_events(conn, actor, opened.project.id, to.release.id, plan.move.events)
    conn.execute(
        update(project).where(project.c.id == opened.project.id).values(release_id=to.release.id)
    )
    new = NewAct(MOVE, plan.before.stage, when, str(to.release.number), plan.told())
    return append_act(conn, actor, after, new)


def may_move(actor: Actor, report: Report) -> bool:
    """Whether this person moves this project: one of those who lead it, of its own organisation."""
    own = report.opened.project.organisation_id == actor.organisation_id
    return own and actor.role in MOVERS


def stay(conn: Connection, actor: Actor, report: Report, said: tuple[str, datetime]) -> Act:
    """Say why a project need not move to the release that it must move to; documents print it.

    Raises NotAllowed, and NotFound when it need not move anyway.
    """
    allow(actor, (DPO,), report.record, "says why a project need not move")
    must_move = report.opened.project.must_move
    if must_move is None:
        raise NotFound("this project need not move")
    reason, at = said
    number = str(must_move.number)
    parts = (STAY, number, str(report.looked.released.release.id), str(actor.person_id), reason)
    once = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    new = NewAct(STAY, report.stage, at, number, {"reason": reason}, once=once)
    return append_act(conn, actor, open_to_write(conn, actor, report.reference), new)


def _on(moved: Project, to: Released) -> Project:
    """The project on another release."""
    must = moved.must_move
    still = must if must is not None and must.number > to.release.number else None
    return replace(moved, release_id=to.release.id, must_move=still)


def _text(report: Report, output: str) -> str:
    """Stands for what a document says, but for its release, its hash and its signatures."""
    catalogue = report.looked.released.catalogue
    if output not in catalogue.outlines:
        return ""
    left_out = (SIGN, MOVE, STAY)
    acts = tuple(act for act in report.record.acts if act.kind not in left_out)
    control = replace(report.record.control, release="", content_hash="")
    said = document(catalogue, replace(report.record, control=control, acts=acts), output)
    return hashlib.sha256(repr(said.blocks).encode()).hexdigest()
