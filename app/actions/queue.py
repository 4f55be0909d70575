"""What waits for a person: from what was written with the answers, without evaluating a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from app.actions.actor import Actor
from app.actions.answers import BriefAct, read_acts
from app.actions.projects import Listed, list_projects
from app.actions.reviews import DPO, SIGNATORY
from app.core.assessment import WORST
from app.core.pipeline import Pipeline, Stage
from app.core.standing import ADVISE, CLOSE, SIGN
from app.store.tables import project, project_party


class Wanted(StrEnum):
    """What is asked of somebody, the most pressing first."""

    SIGN = "sign"
    CLOSE = "close"
    ADVISE = "advise"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project that waits for this person."""

    project: Listed
    stage: Stage
    wanted: Wanted


def waiting_for(conn: Connection, actor: Actor, pipeline: Pipeline) -> tuple[Waiting, ...]:
    """The projects whose stage needs this person's act or answers, gravest first; two statements."""
    acts = _acts(conn, actor)
    found = [
        Waiting(listed, stage, wanted)
        for listed in list_projects(conn, actor)
        for stage in [next((s for s in pipeline.stages if s.id == listed.stage), None)]
        if stage is not None
        for wanted in _wanted(actor, listed, stage, acts.get(listed.reference, ()))
    ]
    order = list(Wanted)
    return tuple(sorted(found, key=lambda one: (order.index(one.wanted), _gravity(one.project))))


def _wanted(
    actor: Actor, listed: Listed, stage: Stage, acts: tuple[BriefAct, ...]
) -> Iterator[Wanted]:
    """What is asked of this person at this stage: the first that holds."""
    done = {act.kind for act in acts}
    closed = {act.stage for act in acts if act.kind == CLOSE}
    own = {
        act.about
        for act in acts
        if act.kind == SIGN and act.organisation_id == actor.organisation_id
    }
    if stage.id in closed:
        return
    if stage.signed and actor.role == SIGNATORY and stage.signed not in own:
        yield Wanted.SIGN
    elif ADVISE in stage.needs and actor.role == DPO and ADVISE not in done:
        yield Wanted.ADVISE
    elif stage.closed_by == actor.role:
        yield Wanted.CLOSE
    elif actor.role in stage.takes_part and listed.summary.answered < listed.summary.asked:
        yield Wanted.ANSWER


def _gravity(listed: Listed) -> int:
    worst = listed.summary.worst_flag
    return WORST.index(worst) if worst in WORST else len(WORST)


def _acts(conn: Connection, actor: Actor) -> dict[str, tuple[BriefAct, ...]]:
    found = (
        select(project.c.reference, project.c.acts)
        .join(project_party, project_party.c.project_id == project.c.id)
        .where(project_party.c.organisation_id == actor.organisation_id)
    )
    return {row.reference: read_acts(row.acts) for row in conn.execute(found)}
