"""What changed since a reviewer last looked, as one list for their pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.review.acts import Act
from app.actions.review.advice_drafts import open_draft
from app.actions.review.reports import Report
from app.actions.review.since import (
    ADDED,
    CLEARED,
    OPEN,
    RAISED,
    REMOVED,
    AnswerChanged,
    Changes,
    Moment,
    changes_since,
)
from app.core.wording import count, listed, lower
from app.store.walks import WALK
from app.web.reports.words import page_url, shortened
from app.web.site import Context, day_words, moment_words, reading, site

FEW = 12
REVIEWERS = frozenset({"dpo"})
HOW = {ADDED: "Answer added", REMOVED: "Answer taken out"}
FLAGS = {RAISED: "Flag raised", CLEARED: "Flag cleared", OPEN: "Check open again"}


def last_look(conn: Connection, actor: Actor, report: Report) -> Moment | None:
    """When this person last sent or saved something of their review."""
    if report.reference.startswith(WALK):
        return None
    draft = open_draft(conn, actor, report.reference)
    looks = [draft.looked] if draft.looked else []
    looks += [
        Moment(act.sheet_version, act.at)
        for act in report.record.acts
        if isinstance(act, Act) and act.person_id == actor.person_id and act.role in REVIEWERS
    ]
    return max(looks, key=lambda each: each.at, default=None)


def since_last_look(conn: Connection, actor: Actor, report: Report) -> Changes | None:
    """What changed since then; None for whoever reviews nothing or has not looked yet."""
    if actor.role not in REVIEWERS:
        return None
    moment = last_look(conn, actor, report)
    if moment is None:
        return None
    return changes_since(conn, site().catalogues, report, moment).by_others(actor.person_id)


def looked_again(report: Report, actor: Actor) -> Changes | None:
    """The same on a page that has read its project already."""
    if actor.role not in REVIEWERS:
        return None
    with reading() as (conn, _):
        return since_last_look(conn, actor, report)


def draw_since(report: Report, changes: Changes | None) -> Context | None:
    """One list: answers, flags and law, with how many of each."""
    if changes is None:
        return None
    lines = [*_flags(changes), *_law(changes), *_answers(report, changes)]
    return {
        "when": lower(moment_words(changes.since.at)),
        "short": _short(changes),
        "lines": lines[:FEW],
        "more": len(lines) - FEW if len(lines) > FEW else 0,
        "history": url_for("projects.history", reference=report.reference),
    }


def _short(changes: Changes) -> str:
    kinds = (
        ("answer", changes.answers),
        ("flag", changes.flags),
        ("statement of law", changes.law),
    )
    said = [count(len(each), noun).replace("laws", "law") for noun, each in kinds if each]
    return (
        f"{listed(said)} changed." if said else "No answer, flag or statement of law has changed."
    )


def _answers(report: Report, changes: Changes) -> Iterator[Context]:
    for each in changes.answers:
        yield {
            "title": HOW.get(each.how, "Answer changed"),
            "ask": shortened(each.title, 90),
            "url": _url(report, each),
            "before": shortened(each.before, 80),
            "after": shortened(each.after, 80),
            "who": f"{each.who}, {day_words(each.at)}",
        }


def _url(report: Report, each: AnswerChanged) -> str:
    address = each.address
    id_ = address.split("/", maxsplit=1)[0]
    there = id_ in report.record.facts.shown and each.how != REMOVED
    url = page_url(report, address) if there else None
    return url or url_for("projects.history", reference=report.reference, of=address)


def _flags(changes: Changes) -> Iterator[Context]:
    for each in changes.flags:
        yield {"title": FLAGS[each.how], "ask": each.title, "url": None}


def _law(changes: Changes) -> Iterator[Context]:
    for each in changes.law:
        yield {"title": "Law", "ask": f"{each.title}: {each.text}", "url": None, "who": each.who}
