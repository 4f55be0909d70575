"""What people do about flags and stages: dismiss, lift, accept as a risk, advise, close."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.answers import Opened, Posted, open_to_write, save_changes
from app.actions.catalogues import Catalogues
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.pages import PageInput, Saved, save_page, summarise
from app.actions.review.acts import Act, NewAct, append_act, done_already
from app.actions.review.reports import Report
from app.core.assessment import Flag
from app.core.days import day_of
from app.core.pipeline import AdviceAnswers
from app.core.record import Record
from app.core.rules import Entry
from app.core.sheet import Change
from app.core.standing import ADVISE, CLOSE, DISMISS, LIFT, SENT_BACK, Standing, because_hash
from app.core.wording import lower

DPO = "dpo"
SIGNATORY = "signatory"
DISMISSES = ("lead", "ig_lead")
ORIGIN, TITLE, SOURCE, MEASURES, MEASURE = "origin", "title", "source", "measures", "measure"
"""The columns of the risk register and of the actions that an accepted flag fills in."""


# Flags


def dismiss_flag(
    conn: Connection, actor: Actor, report: Report, flag: Flag, said: tuple[str, datetime]
) -> Act:
    """Set a flag aside with a reason; it comes back when the answers behind it change.

    Raises NotAllowed for a stop, which the project cannot dismiss.
    """
    if flag.blocks:
        raise NotAllowed(
            "A stop cannot be dismissed by the project. A data protection officer can lift it."
        )
    allow(actor, DISMISSES, report.record, "dismisses a flag")
    return _answer_flag(conn, actor, report, flag, DISMISS, said)


def lift_stop(
    conn: Connection, actor: Actor, report: Report, flag: Flag, said: tuple[str, datetime]
) -> Act:
    """Lift a stop with a reason that every document prints. Raises NotAllowed."""
    allow(actor, (DPO,), report.record, "lifts a stop")
    if not flag.blocks:
        raise NotFound(flag.id)
    return _answer_flag(conn, actor, report, flag, LIFT, said)


def _answer_flag(
    conn: Connection,
    actor: Actor,
    report: Report,
    flag: Flag,
    kind: str,
    said: tuple[str, datetime],
) -> Act:
    reason, at = said
    answers = because_hash(flag)
    new = NewAct(
        kind,
        report.stage,
        at,
        flag.id,
        {"reason": reason, "title": flag.rule.title, "because": flag.because.text()},
        content_hash=answers,
        once=_once(kind, flag.id, answers, str(actor.person_id), reason),
    )
    return append_act(conn, actor, open_to_write(conn, actor, report.reference), new)


# Risks and measures


@dataclass(frozen=True, slots=True)
class AcceptedRisk:
    """A flag taken over as a risk: the row as it was written, and the measures to be taken.

    `key` makes accepting twice one row.
    """

    flag: Flag
    key: str
    columns: Mapping[str, Any]
    measures: tuple[Entry, ...]
    release_id: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class JoinedRisk:
    """A flag joined to a risk that is there, with the versions of the row that were shown."""

    flag: Flag
    key: str
    row: int
    measures: tuple[Entry, ...]
    release_id: Any
    at: datetime
    seen: Mapping[str, int]


def accept_risk(
    conn: Connection, actor: Actor, catalogues: Catalogues, report: Report, risk: AcceptedRisk
) -> Saved:
    """Write a risk and its actions as answers."""
    record = report.record
    register = record.pipeline.names.risks
    row = {
        "owner": None,
        **risk.columns,
        ORIGIN: risk.flag.id,
        MEASURES: measures_text(risk.measures) or None,
    }
    row[TITLE] = row.get(TITLE) or risk.flag.rule.harm or risk.flag.rule.title
    changes = [
        Change(f"{register}/{risk.key}", {k: v for k, v in row.items() if v or k == "owner"})
    ]
    changes += accept_measures(record, risk.key, risk.measures)
    posted = PageInput(page_of(record, register), risk.release_id, risk.at, changes)
    return save_page(conn, actor, catalogues, report.reference, posted)


def join_risk(
    conn: Connection, actor: Actor, catalogues: Catalogues, report: Report, risk: JoinedRisk
) -> Saved:
    """Add a flag to a risk: its origin, its cause and its measures. Raises OutOfDate."""
    record = report.record
    register = record.pipeline.names.risks
    row = record.row(f"{register}/{risk.row}")
    if row is None:
        raise NotFound(f"{register}/{risk.row}")
    joined = {
        ORIGIN: ", ".join(filter(None, (row.get(ORIGIN), risk.flag.id))),
        SOURCE: "\n\n".join(filter(None, (row.get(SOURCE), risk.flag.rule.because))),
        MEASURES: "\n".join(filter(None, (row.get(MEASURES), measures_text(risk.measures)))),
    }
    changes = [
        Change(f"{register}/{risk.row}/{column}", text, risk.seen.get(column, 0))
        for column, text in joined.items()
        if text
    ]
    changes += accept_measures(record, risk.key, risk.measures)
    posted = PageInput(page_of(record, register), risk.release_id, risk.at, changes)
    saved = save_page(conn, actor, catalogues, report.reference, posted)
    if saved.merged.conflicts:
        raise OutOfDate("Somebody else changed this risk meanwhile.")
    return saved


def accept_measures(record: Record, key: str, measures: Iterable[Entry]) -> list[Change]:
    """Each accepted measure as an action that waits for its owner and date."""
    actions = record.pipeline.names.actions
    if actions is None:
        return []
    there = {row.get(MEASURE) for row in record.facts.values.get(actions, ())}
    return [
        Change(f"{actions}/{key}-{entry.code}", {"owner": None, MEASURE: entry.title})
        for entry in measures
        if entry.title not in there
    ]


def measures_text(measures: Iterable[Entry]) -> str:
    """Measures as they are written beside a risk."""
    return "\n".join(f"{each.title}. {each.text or ''}".strip() for each in measures)


def measures_of(record: Record, flag: Flag) -> tuple[Entry, ...]:
    """What would reduce a flag, in the order its rule names it."""
    known = {
        e.code: e for offer in record.facts.program.offers.values() for e in offer.rule.entries
    }
    return tuple(known[code] for code in flag.rule.measures if code in known)


def accepted_as(record: Record) -> dict[str, int]:
    """The row of the risk register in which each accepted flag is."""
    rows = record.facts.values.get(record.pipeline.names.risks, ())
    return {
        flag: row["id"]
        for row in rows
        for flag in (part.strip() for part in str(row.get(ORIGIN, "")).split(","))
        if flag
    }


def page_of(record: Record, question: str) -> str:
    """The page of this project's route on which a question is asked."""
    places = record.facts.program.places[question]
    asked = record.pipeline.asked_by(record.route)
    place = next((each for each in places if each.questionnaire in asked), places[0])
    return f"{place.questionnaire}/{place.page}"


# Advice and stages


@dataclass(frozen=True, slots=True)
class Matter:
    """What a DPO says of one flag."""

    flag: str
    title: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What a DPO says of a project: as a whole, and of single matters."""

    text: str
    matters: tuple[Matter, ...]
    at: datetime
    proceed: str | None = None  # the option of the question whether to go ahead


def advise(conn: Connection, actor: Actor, report: Report, advice: Advice) -> Act:
    """Give the advice of the data protection officer, and answer with it what is asked about it.

    Raises NotAllowed.
    """
    allow(actor, (DPO,), report.record, "gives this advice")
    matters = [
        {"flag": m.flag, "title": m.title, "verdict": m.verdict, "text": m.text}
        for m in advice.matters
    ]
    new = NewAct(
        ADVISE,
        report.stage,
        advice.at,
        content={"advice": advice.text, "matters": matters},
        content_hash=report.record.control.content_hash,
        once=_once(ADVISE, report.stage, str(actor.person_id), advice.text, repr(matters)),
        apart_from=apart(report.record, ADVISE),
    )
    opened = open_to_write(conn, actor, report.reference)
    known = done_already(conn, opened, new)
    if known is not None:
        return known
    changes = _answered_by(actor, report.record, opened, advice)
    if changes:
        released = report.looked.released
        where = page_of(report.record, changes[0].address)
        posted = Posted(changes, where, advice.at, released.release.id)
        after = summarise(released, day_of(advice.at))
        save_changes(conn, actor, report.reference, posted, after)
        # The act stands on the answers it brought: they are no later change to it.
        opened = open_to_write(conn, actor, report.reference)
    return append_act(conn, actor, opened, new)


def asks_about_advice(record: Record) -> AdviceAnswers | None:
    """The questions about the advice, where this project's route asks them."""
    asked = record.pipeline.advice
    return asked if asked and asked.given in record.facts.shown else None


def _answered_by(actor: Actor, record: Record, opened: Opened, advice: Advice) -> list[Change]:
    """What advice answers, over whatever stood there: the latest advice is the one that counts."""
    asked = asks_about_advice(record)
    if asked is None:
        return []
    answers = {
        asked.given: asked.code,
        asked.by: actor.name,
        asked.on: day_of(advice.at).isoformat(),
        asked.summary: advice.text,
        asked.proceed: advice.proceed,
    }
    sheet = opened.sheet
    return [
        Change(id_, value, sheet.version_of(id_))
        for id_, value in answers.items()
        if value is not None
    ]


@dataclass(frozen=True, slots=True)
class Closing:
    """A stage about to be closed; `signed`: whether what it signs is signed by who leads."""

    standing: Standing
    signed: bool
    at: datetime

    @property
    def ready(self) -> bool:
        """Whether nothing holds the stage up."""
        return self.standing.current and self.standing.can_close and self.signed


def close_stage(conn: Connection, actor: Actor, report: Report, closing: Closing) -> Act:
    """Close a stage; the project moves to the next. Raises NotAllowed, OutOfDate."""
    record, standing, at = report.record, closing.standing, closing.at
    allow(actor, (standing.stage.closed_by,), record, "closes this stage")
    if actor.organisation_id != report.opened.project.organisation_id:
        raise NotAllowed("Only the organisation that leads the project closes its stages.")
    if not closing.ready:
        raise OutOfDate("Something still holds this stage up.")
    opened = open_to_write(conn, actor, report.reference)
    shown = report.opened
    if (opened.sheet.version, opened.project.version) != (
        shown.sheet.version,
        shown.project.version,
    ):
        raise OutOfDate("Somebody else has changed the project meanwhile.")
    stages = record.route.stages
    after = stages.index(standing.stage.id) + 1
    new = NewAct(
        CLOSE,
        standing.stage.id,
        at,
        content={"title": standing.stage.title},
        content_hash=record.control.content_hash,
        moves_to=stages[after] if after < len(stages) else None,
    )
    return append_act(conn, actor, opened, new, summarise(report.looked.released, day_of(at)))


def apart(record: Record, kind: str) -> Mapping[str, str]:
    """The acts that whoever does an act may not have done, with what they are told: both ways.

    Whoever sent something back as an officer stands where whoever advised does.
    """
    kind = ADVISE if kind in SENT_BACK else kind
    found = {}
    for each in record.pipeline.acts:
        others = [(each.id, other) for other in each.apart_from]
        for one, other in (*others, *((b, a) for a, b in others)):
            if one == kind:
                told = f"Whoever did “{title_of(record, other)}” cannot do this one as well."
                same = (ADVISE, *SENT_BACK) if other == ADVISE else (other,)
                found.update(dict.fromkeys(same, told))
    return found


def title_of(record: Record, kind: str) -> str:
    """What a kind of act is called."""
    known = {each.id: each.title for each in record.pipeline.acts}
    return known.get(kind, "The advice of the data protection officer")


def allow(actor: Actor, roles: Iterable[str], record: Record, does: str) -> None:
    """Refuse who is in another role, saying whose act it is. Raises NotAllowed."""
    roles = tuple(roles)
    if actor.role not in roles:
        whose = " or the ".join(lower(record.person(role)) for role in roles)
        raise NotAllowed(f"The {whose} {does}, not the {lower(record.person(actor.role))}.")


def _once(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
