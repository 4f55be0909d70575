"""The acts that a pipeline declares, such as accepting what risk remains: by whom, and how each stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.actions.access.policy import LEADS, TOLD
from app.actions.actor import Actor
from app.actions.answers import Opened, Posted, open_to_write, save_changes
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.pages import summarise
from app.actions.review.acts import Act, NewAct, append_act, done_already
from app.actions.review.awaited import before, is_asked, missing_of
from app.actions.review.binding import party_of
from app.actions.review.reports import Report
from app.actions.review.reviews import DPO, allow, apart, page_of, title_of
from app.core.days import day_of
from app.core.pipeline import DeclaredAct
from app.core.record import Record
from app.core.sheet import Change

REVIEWERS = frozenset({DPO})
"""Roles in which somebody advises: whoever leads the project cannot act in them."""


@dataclass(frozen=True, slots=True)
class Done:
    """One declared act that was done: by whom, what they chose and wrote, and whether it is old.

    `changed`: answers have changed since.
    """

    act: Act
    choice: str
    words: str
    changed: bool


@dataclass(frozen=True, slots=True)
class State:
    """How a declared act stands.

    `done`: the last of each organisation. `missing`: organisations from which it is still to come,
    by name; "" for the project. `before`: titles of what has to come first.
    """

    declared: DeclaredAct
    stage: str
    done: tuple[Done, ...]
    missing: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides: one of the choices, if there are any, and words."""

    choice: str
    words: str
    at: datetime


def states(report: Report) -> tuple[State, ...]:
    """How every declared act of the project's route stands that is asked for, or was done."""
    record = report.record
    return tuple(
        _state(report, each)
        for each in record.pipeline.acts_on(record.route)
        if is_asked(record, each) or _acts_of(record, each.id)
    )


def state_of(report: Report, kind: str) -> State:
    """How one of them stands. Raises NotFound."""
    for state in states(report):
        if state.declared.id == kind:
            return state
    raise NotFound(kind)


def _state(report: Report, declared: DeclaredAct) -> State:
    record = report.record
    latest = {each.organisation: each for each in _acts_of(record, declared.id)}
    return State(
        declared,
        next(id_ for id_ in record.route.stages if id_ in declared.stages),
        tuple(_done(report, act) for act in latest.values()),
        missing_of(record, declared),
        tuple(title_of(record, kind) for kind in before(record, declared)),
    )


def _acts_of(record: Record, kind: str) -> list[Act]:
    return [act for act in record.acts if act.kind == kind and isinstance(act, Act)]


def _done(report: Report, act: Act) -> Done:
    changed = _is_changed_since(report, act.sheet_version)
    content = act.content
    return Done(act, str(content.get("choice", "")), str(content.get("reason", "")), changed)


def _is_changed_since(report: Report, version: int) -> bool:
    """Whether anything but what acts themselves answer was changed after a version of the answers.

    A version of which nothing is left, such as the one that took a row out, counts as a change.
    """
    sheet, by_acts = report.opened.sheet, report.record.pipeline.answered_by_acts()
    written: dict[int, set[str]] = {}
    for address, entry in sheet.entries.items():
        written.setdefault(entry.version, set()).add(address.split("/", maxsplit=1)[0])
    later = (written.get(each, set()) for each in range(version + 1, sheet.version + 1))
    return any(not ids or not by_acts.issuperset(ids) for ids in later)


def decide(
    conn: Connection,
    actors: Sequence[Actor],
    report: Report,
    declared: DeclaredAct,
    decision: Decision,
) -> tuple[Act, ...]:
    """Do a declared act for one organisation, or at once for each that this person acts for.

    Raises NotAllowed, OutOfDate.
    """
    state = state_of(report, declared.id)
    if state.before:
        raise OutOfDate(f"{state.before[0]} comes first.")
    _check(declared, decision)
    done = []
    for actor in actors:
        allow_act(actor, report, declared)
        done.append(_decide(conn, actor, report, state, decision))
    return tuple(done)


def allow_act(actor: Actor, report: Report, declared: DeclaredAct) -> None:
    """Refuse whose act it is not, by role and by organisation. Raises NotAllowed."""
    allow(actor, declared.by, report.record, declared.does)
    if declared.each == "project":
        if not leads(actor, report):
            raise NotAllowed(
                f"“{declared.title}” is done once, for the project, by the organisation that leads it."
            )
    elif party_of(report.record, actor.organisation_name) is None:
        raise NotAllowed(f"{actor.organisation_name} is no party of this project that decides.")


def leads(actor: Actor, report: Report) -> bool:
    """Whether this person acts for the organisation that leads the project."""
    return actor.organisation_id == report.opened.project.organisation_id


def _check(declared: DeclaredAct, decision: Decision) -> None:
    """Refuse what the form does not offer; the form has said so before. Raises NotAllowed."""
    if declared.choices and decision.choice not in declared.choices:
        raise NotAllowed("Choose one of the answers.")
    if (declared.must_say or decision.choice in declared.explain) and not decision.words:
        raise NotAllowed("Say why.")


def _decide(
    conn: Connection, actor: Actor, report: Report, state: State, decision: Decision
) -> Act:
    declared, record = state.declared, report.record
    said = {"title": declared.title, "choice": decision.choice, "reason": decision.words}
    said["chosen"] = declared.choices.get(decision.choice, "")
    new = NewAct(
        declared.id,
        state.stage,
        decision.at,
        content={key: text for key, text in said.items() if text},
        content_hash=record.control.content_hash,
        once=_once(declared.id, actor, record.control.content_hash, decision),
        apart_from=_apart(record, declared),
    )
    opened = open_to_write(conn, actor, report.reference)
    known = done_already(conn, opened, new)
    if known is not None:
        return known
    changes = _answers(actor, report, opened, declared, decision)
    if changes:
        released = report.looked.released
        posted = Posted(
            changes, page_of(record, changes[0].address), decision.at, released.release.id
        )
        after = summarise(released, day_of(decision.at))
        save_changes(conn, actor, report.reference, posted, after)
        # The act stands on the answers it brought: they are no later change to it.
        opened = open_to_write(conn, actor, report.reference)
    return append_act(conn, actor, opened, new)


def _apart(record: Record, declared: DeclaredAct) -> Mapping[str, str]:
    """Who may not do it: as declared, and who leads the project where it is a reviewer's act."""
    # A view that the answers ask for is of no use from whoever gave them.
    views = bool(REVIEWERS.intersection(declared.by)) or declared.asked_if is not None
    leads = {LEADS: TOLD[LEADS]} if views else {}
    return {**apart(record, declared.id), **leads}


def _answers(
    actor: Actor, report: Report, opened: Opened, declared: DeclaredAct, decision: Decision
) -> list[Change]:
    """What an act answers: of many organisations the answers are those of the one that leads."""
    if actor.organisation_id != report.opened.project.organisation_id:
        return []
    record = report.record
    asked = set(_asked(record))
    said: Mapping[str, object] = {
        "who": actor.name,
        "on": day_of(decision.at).isoformat(),
        "choice": decision.choice or None,
        "words": decision.words or None,
        "worded": "yes" if decision.words else None,
    }
    return [
        Change(id_, said[what], opened.sheet.version_of(id_))
        for id_, what in declared.answers.items()
        if id_ in asked and said[what] is not None
    ]


def _asked(record: Record) -> Iterable[str]:
    """The questions that the route asks somewhere, shown or not."""
    for name in record.pipeline.asked_by(record.route):
        for _, page in record.questionnaires[name].pages():
            yield from page.ids


def _once(kind: str, actor: Actor, content_hash: str, decision: Decision) -> str:
    parts = (kind, str(actor.person_id), str(actor.organisation_id), content_hash)
    said = "\n".join((*parts, decision.choice, decision.words))
    return hashlib.sha256(said.encode()).hexdigest()
