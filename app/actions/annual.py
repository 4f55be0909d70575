"""What a data protection officer reports to senior management: advice, what became of it, what is late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from app.actions.access.policy import POLICY
from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.catalogues import Catalogues
from app.actions.timing import times
from app.catalogue import Catalogue
from app.core.days import day_of
from app.core.pipeline import DeclaredAct, Pipeline
from app.core.sheet import answers
from app.core.standing import ADVISE, LIFT
from app.core.timing import Taken
from app.store.sheets import from_text, read_sheet
from app.store.tables import act, person, project, sheet

LONGEST = 400
"""Of so many letters at most a list repeats what somebody wrote."""
ADVISED = "Advised"

Line = Mapping[str, str]
Lists = Mapping[str, tuple[Line, ...]]
"""What is reported, by the name of the list (see catalogue/surveys.py)."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included; `since` and `until` are the moments they mean."""

    first: date
    last: date
    since: datetime
    until: datetime


def report_year(
    conn: Connection, actor: Actor, catalogues: Catalogues, period: Period, now: datetime
) -> Lists:
    """Everything that is reported to the management of the actor's organisation; seven statements."""
    if POLICY["annual.read"].refuses(actor.role):
        return {}
    newest = catalogues.newest_in(conn).catalogue
    pipeline = newest.pipeline
    acts = conn.execute(_acts(actor, period)).all()
    kept = conn.execute(_own(actor)).all()
    return {
        "advice": tuple(_advice(actor, pipeline, acts)),
        "overruled": tuple(_overruled(conn, actor, pipeline, acts)),
        "lifted": tuple(_lifted(actor, newest, acts)),
        "actions": tuple(_actions(pipeline, kept, day_of(now))),
        "reviews": tuple(_reviews(kept, day_of(now))),
        **_times(conn, actor, pipeline, now),
    }


def _acts(actor: Actor, period: Period) -> Any:
    return (
        select(act, project.c.reference, sheet.c.title)
        .join(project, project.c.id == act.c.project_id)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(act.c.at >= period.since, act.c.at < period.until, seen_by(actor))
        .order_by(act.c.at)
    )


def _own(actor: Actor) -> Any:
    """The projects that the organisation leads, with their answers."""
    return (
        select(
            project.c.reference,
            person.c.name.label("lead"),
            sheet.c.title,
            sheet.c.next_review,
            sheet.c.document,
        )
        .join(sheet, sheet.c.subject_id == project.c.id)
        .join(person, person.c.id == project.c.lead_id)
        .where(project.c.organisation_id == actor.organisation_id, seen_by(actor))
        .order_by(project.c.reference)
    )


def _line(row: Row[Any], what: str, said: object) -> Line:
    return {
        "on": _day(day_of(row.at)),
        "project": f"{row.reference} {row.title}",
        "what": what,
        "who": f"{row.who}, {row.organisation}",
        "said": _short(said),
    }


def _short(said: object) -> str:
    text = " ".join(str(said or "").split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _advice(actor: Actor, pipeline: Pipeline, acts: Sequence[Row[Any]]) -> Iterator[Line]:
    """What officers of the organisation advised or adopted."""
    adopting = {each.id: each for each in pipeline.acts if each.adopts == ADVISE}
    for row in acts:
        if row.organisation_id != actor.organisation_id:
            continue
        content = from_text(row.content)
        if row.kind == ADVISE:
            yield _line(row, f"{ADVISED}: {_stage(pipeline, row.stage)}", content.get("advice"))
        elif row.kind in adopting:
            what = _choice(adopting[row.kind], content)
            yield _line(row, what, content.get("reason"))


def _overruled(
    conn: Connection, actor: Actor, pipeline: Pipeline, acts: Sequence[Row[Any]]
) -> Iterator[Line]:
    """What was decided on advice of the organisation, or by it, where advice was not wholly followed."""
    deciding = {each.id: each for each in pipeline.acts if ADVISE in each.after and not each.adopts}
    advised = select(act.c.project_id).where(
        act.c.kind == ADVISE, act.c.organisation_id == actor.organisation_id
    )
    ours = set(conn.execute(advised).scalars())
    for row in acts:
        declared = deciding.get(row.kind)
        content = from_text(row.content)
        if declared is None or content.get("choice") not in declared.explain:
            continue
        if row.project_id in ours or row.organisation_id == actor.organisation_id:
            yield _line(row, _choice(declared, content), content.get("reason"))


def _choice(declared: DeclaredAct, content: Mapping[str, Any]) -> str:
    code = str(content.get("choice", ""))
    asked = f"{declared.ask} " if declared.ask else ""
    return f"{asked}{declared.choices.get(code, code)}".strip() or declared.title


def _lifted(actor: Actor, newest: Catalogue, acts: Sequence[Row[Any]]) -> Iterator[Line]:
    rules = {each.rule.id: each.rule.title for each in newest.program.flags}
    for row in acts:
        if row.kind == LIFT and row.organisation_id == actor.organisation_id:
            reason = from_text(row.content).get("reason")
            yield _line(row, rules.get(row.about, row.about), reason)


def _actions(pipeline: Pipeline, kept: Sequence[Row[Any]], on: date) -> Iterator[Line]:
    """What was promised by a day that has passed and is not done, as it was answered."""
    id_ = pipeline.names.actions or ""
    for row in kept:
        rows = answers(read_sheet(row.document)).get(id_, ())
        for one in rows if isinstance(rows, list) else ():
            due = str(one.get("due") or "")
            if due and due < on.isoformat() and one.get("done") != "yes":
                yield _late(row, date.fromisoformat(due), on) | {
                    "what": _short(one.get("measure")),
                    "who": _short(one.get("who")),
                }


def _reviews(kept: Sequence[Row[Any]], on: date) -> Iterator[Line]:
    for row in kept:
        if row.next_review is not None and row.next_review < on:
            yield _late(row, row.next_review, on) | {"who": row.lead}


def _late(row: Row[Any], due: date, on: date) -> dict[str, str]:
    return {
        "by": _day(due),
        "project": f"{row.reference} {row.title}",
        "days": str((on - due).days),
    }


def _times(conn: Connection, actor: Actor, pipeline: Pipeline, now: datetime) -> Lists:
    found = times(conn, actor, pipeline, now)
    stages = [_taken(each, _stage(pipeline, each.what)) for each in found.stages]
    advice = [
        _taken(each, f"Until advice was given: {_stage(pipeline, each.what)}")
        for each in found.advice
    ]
    waiting = tuple(
        {
            "project": f"{each.reference} {each.title}",
            "what": _stage(pipeline, each.stage),
            "days": str(round(each.days)),
            "who": each.waits_for(pipeline),
        }
        for each in found.under_way
    )
    return {"times": (*stages, *advice), "waiting": waiting}


def _taken(each: Taken, what: str) -> Line:
    return {
        "what": what,
        "ended": str(each.ended),
        "middle": "–" if each.middle is None else str(round(each.middle)),
        "longest": str(round(each.longest)),
        "open": str(each.going_on),
    }


def _stage(pipeline: Pipeline, id_: str) -> str:
    return next((stage.title for stage in pipeline.stages if stage.id == id_), id_)
