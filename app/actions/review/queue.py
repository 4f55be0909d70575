"""What waits for a person: from what was written with the answers, without evaluating a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, select

from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.answers import BriefAct, read_acts
from app.actions.projects import Listed, list_projects
from app.actions.review.claims import Holder, holders
from app.actions.review.requests import open_requests
from app.actions.review.reviews import DPO, SIGNATORY
from app.core.assessment import WORST
from app.core.days import day_of
from app.core.parties import named
from app.core.pipeline import DeclaredAct, Pipeline, Stage
from app.core.standing import ADVISE, CLOSED, CONTENT, MENDED, SENT_BACK, SETTLE, SIGN, requests
from app.store.tables import project, sheet

MENDS = ("lead",)
"""In whose queue it stands when something was sent back; others find it on the project's page."""


class Wanted(StrEnum):
    """What is asked of somebody, the most pressing first."""

    SIGN = "sign"
    CLOSE = "close"
    ADVISE = "advise"
    ADOPT = "adopt"  # another organisation's officer has advised
    LOOK = "look"  # something was done since this person advised or sent something back
    VIEW = "view"  # the answers ask for a view, such as one on ethics
    DECIDE = "decide"  # the stage asks for an act, such as accepting what risk remains
    MEND = "mend"  # a reviewer sent something back
    ANSWER = "answer"
    WAIT = "wait"  # what this person sent back is with the project


AFTER = {
    Wanted.LOOK: (MENDED,),
    Wanted.MEND: SENT_BACK,
    Wanted.WAIT: SENT_BACK,
    Wanted.ADOPT: (ADVISE,),
    Wanted.DECIDE: (ADVISE,),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project that waits for this person.

    `since`: when its stage began, or when that was done because of which it is asked. `by`: the day by
    which the stage asks for it. `holder`: who of the organisation has taken it.
    """

    project: Listed
    stage: Stage
    wanted: Wanted
    since: datetime
    by: date | None
    holder: Holder | None


@dataclass(frozen=True, slots=True)
class _Past:
    """What a project's past tells: when it began, what was done, and the version of its answers."""

    created_at: datetime
    acts: tuple[BriefAct, ...]
    version: int


def waiting_for(
    conn: Connection, actor: Actor, pipeline: Pipeline, on: date
) -> tuple[Waiting, ...]:
    """The projects whose stage needs this person's act or answers, gravest first; three statements."""
    pasts, held = _pasts(conn, actor), holders(conn, actor, on)
    stages = {stage.id: stage for stage in pipeline.stages}
    found = [
        _waiting(listed, stage, wanted, pasts[listed.reference], held)
        for listed in list_projects(conn, actor)
        # One that was begun between the two statements waits for the next look.
        if listed.stage in stages and listed.reference in pasts
        for stage, wanted in _asked(
            actor, pipeline, listed, stages[listed.stage], pasts[listed.reference]
        )
    ]
    order = list(Wanted)
    return tuple(sorted(found, key=lambda one: (order.index(one.wanted), _gravity(one.project))))


def _waiting(
    listed: Listed, stage: Stage, wanted: Wanted, past: _Past, held: Mapping[str, Holder]
) -> Waiting:
    began = max([past.created_at, *(act.at for act in past.acts if act.kind in CLOSED)])
    # What somebody is asked because of an act waits since that act, not since the stage began.
    after = [act.at for act in past.acts if act.kind in AFTER.get(wanted, ())]
    since = max([began, *after, *([listed.saved_at] if wanted is Wanted.LOOK else ())])
    by = day_of(began) + timedelta(days=stage.within) if stage.within else None
    return Waiting(listed, stage, wanted, since, by, held.get(listed.reference))


def _asked(
    actor: Actor, pipeline: Pipeline, listed: Listed, stage: Stage, past: _Past
) -> Iterator[tuple[Stage, Wanted]]:
    """What is asked of this person at which stage: where it stands, and a signature before that."""
    late = _unsigned(actor, pipeline, listed, past)
    if late is not None:
        yield late, Wanted.SIGN
    for wanted in _wanted(actor, pipeline, listed, stage, past):
        yield stage, wanted


def _unsigned(actor: Actor, pipeline: Pipeline, listed: Listed, past: _Past) -> Stage | None:
    """The first stage that was closed before the organisation of this signatory had signed there."""
    if actor.role != SIGNATORY or not _is_party(actor, listed):
        return None
    # What a signed document settled was signed outside.
    closed = {act.stage for act in past.acts if act.kind in CLOSED and act.kind != SETTLE}
    own = _signed_by(actor, past)
    stages = (each for each in pipeline.stages if each.id in closed and each.signed)
    return next((each for each in stages if each.signed not in own), None)


def _signed_by(actor: Actor, past: _Past) -> set[str]:
    """What the organisation of this person has signed."""
    return {
        act.about
        for act in past.acts
        if act.kind == SIGN and act.organisation_id == actor.organisation_id
    }


def _wanted(
    actor: Actor, pipeline: Pipeline, listed: Listed, stage: Stage, past: _Past
) -> Iterator[Wanted]:
    """What is asked of this person at this stage: the first that holds."""
    if stage.id in {act.stage for act in past.acts if act.kind in CLOSED}:
        return
    own = _signed_by(actor, past)
    review = _review(actor, pipeline, listed, stage, past) if actor.role == DPO else None
    signs = stage.signed and actor.role == SIGNATORY and _is_party(actor, listed)
    if signs and stage.signed not in own:
        yield Wanted.SIGN
    elif review is not None:
        yield review
    elif _is_view_asked(actor, pipeline, listed, past):
        yield Wanted.VIEW
    elif actor.role in MENDS and open_requests(past.acts):
        yield Wanted.MEND
    else:
        yield from _by_stage(actor, pipeline, listed, stage, past)


def _by_stage(
    actor: Actor, pipeline: Pipeline, listed: Listed, stage: Stage, past: _Past
) -> Iterator[Wanted]:
    """What the stage itself asks of this person."""
    if _is_decision_asked(actor, pipeline, listed, stage, past):
        yield Wanted.DECIDE
    elif stage.closed_by == actor.role and listed.organisation == actor.organisation_name:
        yield Wanted.CLOSE
    elif actor.role in stage.takes_part and listed.summary.answered < listed.summary.asked:
        yield Wanted.ANSWER


def _review(
    actor: Actor, pipeline: Pipeline, listed: Listed, stage: Stage, past: _Past
) -> Wanted | None:
    """What an officer does next: look again at what they sent back, advise, adopt, look again."""
    name, done = actor.organisation_name, {act.kind for act in past.acts}
    back = [r for r in requests(past.acts) if r.sent.organisation == name and r.content is None]
    moved = _looked_at(actor, past) not in (None, past.version)
    if back:
        return Wanted.LOOK if moved or any(each.mended for each in back) else Wanted.WAIT
    if ADVISE in stage.needs and ADVISE not in done:
        # The officer of the organisation that leads advises first; the others adopt.
        return Wanted.ADVISE if listed.organisation == name else None
    adopts = any(_is_to_adopt(actor, declared, stage, past) for declared in pipeline.acts)
    if adopts and _is_party(actor, listed):
        return Wanted.ADOPT
    return Wanted.LOOK if moved else None


def _is_to_adopt(actor: Actor, declared: DeclaredAct, stage: Stage, past: _Past) -> bool:
    """Whether an organisation has still to say what it makes of what another's officer did."""
    if declared.adopts is None or actor.role not in declared.by or stage.id not in declared.stages:
        return False
    about = [act for act in past.acts if act.kind in (declared.id, declared.adopts)]
    own = any(act.organisation_id == actor.organisation_id for act in about)
    return any(act.kind == declared.adopts for act in about) and not own


def _is_view_asked(actor: Actor, pipeline: Pipeline, listed: Listed, past: _Past) -> bool:
    """Whether the answers ask for an act of this person, of the organisation that leads."""
    asks = listed.summary.asks.split()
    if not asks or listed.organisation != actor.organisation_name:
        return False
    done = {act.kind for act in past.acts}
    return any(
        each.id in asks and actor.role in each.by and each.id not in done for each in pipeline.acts
    )


def _is_decision_asked(
    actor: Actor, pipeline: Pipeline, listed: Listed, stage: Stage, past: _Past
) -> bool:
    """Whether an act that the stage always asks for is to be done by this person.

    Not before the advice that it rests on; where none is needed, not before all is answered but
    what such acts answer themselves.
    """
    asked = [each for each in pipeline.acts if stage.id in each.stages and not each.asked_if]
    done = {act.kind for act in past.acts}
    by_acts = sum(len(each.answers) for each in asked)
    if not done.issuperset(stage.needs):
        return False
    if not stage.needs and listed.summary.asked - listed.summary.answered > by_acts:
        return False
    return any(
        actor.role in each.by and not each.adopts and _is_left(actor, each, listed, past)
        for each in asked
    )


def _is_left(actor: Actor, declared: DeclaredAct, listed: Listed, past: _Past) -> bool:
    """Whether an act is still to come: from this organisation, or from the one that leads."""
    there = [act for act in past.acts if act.kind == declared.id]
    if declared.each == "controller":
        own = any(act.organisation_id == actor.organisation_id for act in there)
        return not own and _is_party(actor, listed)
    return not there and listed.organisation == actor.organisation_name


def _is_party(actor: Actor, listed: Listed) -> bool:
    """Whether an organisation signs and decides; a processor, or one that no answer names, does not."""
    names = listed.summary.deciding
    return names is None or named(names.splitlines(), actor.organisation_name) is not None


def _looked_at(actor: Actor, past: _Past) -> int | None:
    """The version of the answers on which the actor's organisation advised or asked last."""
    own = [
        act.sheet_version
        for act in past.acts
        if act.kind in (ADVISE, CONTENT, *SENT_BACK)
        and act.organisation_id == actor.organisation_id
    ]
    return max(own, default=None)


def _gravity(listed: Listed) -> int:
    worst = listed.summary.worst_flag
    return WORST.index(worst) if worst in WORST else len(WORST)


def _pasts(conn: Connection, actor: Actor) -> dict[str, _Past]:
    found = (
        select(project.c.reference, project.c.created_at, project.c.acts, sheet.c.version)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(seen_by(actor))
    )
    return {
        row.reference: _Past(row.created_at, read_acts(row.acts), row.version)
        for row in conn.execute(found)
    }
