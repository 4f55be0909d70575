"""How long projects take, stage by stage and organisation by organisation; no rule is evaluated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from app.actions.access.policy import SEES
from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.answers import BriefAct, read_acts
from app.core.pipeline import Pipeline
from app.core.standing import CLOSE
from app.core.timing import (
    Spell,
    Taken,
    advice_spells,
    organisation_spells,
    stage_spells,
    taken,
)
from app.core.wording import count, listed, lower, sentences
from app.store.tables import organisation, project, project_party, sheet
from app.store.team import assignment

SIGNATORY = "signatory"


@dataclass(frozen=True, slots=True)
class Open:
    """A project that is under way: where it stands, since when, and whom it waits for."""

    reference: str
    title: str
    stage: str
    days: float
    answers: int  # still to come
    whom: tuple[str, ...]  # codes of people whose act is next
    passed: tuple[str, ...] = ()  # to whom questions were passed and are not answered yet
    unsigned: tuple[str, ...] = ()  # organisations that have not signed, where that is what is left

    def waits_for(self, pipeline: Pipeline) -> str:
        """Whom and what it waits for, in words."""
        people = pipeline.people
        known = [people[code].title for code in self.whom if code in people]
        titles = listed([*known[:1], *map(lower, known[1:])], "or")
        of = f" of {listed(self.unsigned)}" if titles and self.unsigned else ""
        passed = f", passed to {listed(self.passed)}" if self.passed else ""
        blank = f"{count(self.answers, 'answer')} still to come" if self.answers > 0 else ""
        return sentences((f"{blank}{passed}" if blank else "", f"{titles}{of}"))


@dataclass(frozen=True, slots=True)
class Times:
    """How long it took: by stage, by organisation that signs, and for advice; what is under way."""

    stages: tuple[Taken, ...]
    organisations: tuple[Taken, ...]
    advice: tuple[Taken, ...]
    under_way: tuple[Open, ...]
    projects: int


def times(conn: Connection, actor: Actor, pipeline: Pipeline, now: datetime) -> Times:
    """The times of the projects that the actor sees; three statements."""
    if actor.role not in SEES:
        return Times((), (), (), (), 0)
    parties, passed = _parties(conn, actor), _passed(conn, actor)
    mine = (
        select(
            project.c.id,
            project.c.reference,
            project.c.stage,
            project.c.acts,
            project.c.created_at,
            sheet.c.title,
            sheet.c.asked,
            sheet.c.answered,
        )
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(seen_by(actor))
        .order_by(project.c.created_at)
    )
    order = {stage.id: n for n, stage in enumerate(pipeline.stages)}
    stages: list[Spell] = []
    organisations: list[Spell] = []
    advice: list[Spell] = []
    under_way = []
    rows = conn.execute(mine).all()
    for row in rows:
        acts = read_acts(row.acts)
        spells = stage_spells(row.created_at, acts, row.stage)
        stages += spells
        organisations += organisation_spells(spells, acts, pipeline.stages, parties[row.id])
        advice += advice_spells(spells, acts, pipeline.stages)
        if spells[-1].ended is None:
            blank = row.asked - row.answered
            whom = _whom(pipeline, row.stage, acts, blank)
            signing = organisation_spells(spells[-1:], acts, pipeline.stages, parties[row.id])
            left = tuple(each.what for each in signing if each.ended is None)
            under_way.append(
                Open(
                    row.reference,
                    row.title,
                    row.stage,
                    spells[-1].days(now),
                    blank,
                    whom,
                    tuple(passed[row.id]),
                    left if whom == (SIGNATORY,) else (),
                )
            )
    stages.sort(key=lambda spell: order.get(spell.what, len(order)))
    organisations.sort(key=lambda spell: spell.what)
    return Times(
        taken(stages, now),
        taken(organisations, now),
        taken(advice, now),
        tuple(sorted(under_way, key=lambda one: -one.days)),
        len(rows),
    )


def _parties(conn: Connection, actor: Actor) -> dict[UUID, list[str]]:
    """The organisations that take part in each of the actor's projects."""
    found = (
        select(project_party.c.project_id, organisation.c.name)
        .join(project, project.c.id == project_party.c.project_id)
        .join(organisation, organisation.c.id == project_party.c.organisation_id)
        .where(seen_by(actor))
        .order_by(organisation.c.name)
    )
    parties: defaultdict[UUID, list[str]] = defaultdict(list)
    for row in conn.execute(found):
        parties[row.project_id].append(row.name)
    return parties


def _passed(conn: Connection, actor: Actor) -> dict[UUID, list[str]]:
    """To whom pages and questions were passed in each of the actor's projects, not answered yet."""
    found = (
        select(assignment.c.project_id, assignment.c.to_whom)
        .join(project, project.c.id == assignment.c.project_id)
        .where(assignment.c.done_at.is_(None), seen_by(actor))
        .order_by(assignment.c.to_whom)
        .distinct()
    )
    passed: defaultdict[UUID, list[str]] = defaultdict(list)
    for row in conn.execute(found):
        passed[row.project_id].append(row.to_whom)
    return passed


def _whom(pipeline: Pipeline, stage: str, acts: Sequence[BriefAct], blank: int) -> tuple[str, ...]:
    """Whose act a stage waits for: advice meanwhile, then decisions; who closes it once all is answered."""
    known = next((each for each in pipeline.stages if each.id == stage), None)
    if known is None:
        return ()
    done = {act.kind for act in acts if act.kind != CLOSE}
    if any(kind not in done for kind in known.needs):
        return ("dpo",)
    decide = [
        each
        for each in pipeline.acts
        if stage in each.stages and not (each.asked_if or each.adopts) and each.id not in done
    ]
    # Where no advice comes first, decisions wait for all answers but their own.
    if decide and (known.needs or blank <= sum(len(each.answers) for each in decide)):
        return decide[0].by
    return () if blank else (known.closed_by,)
