"""Advice as somebody is writing it: kept for them alone, and never lost before it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select

from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.review.since import Moment
from app.store.advice import advice_draft
from app.store.inserting import put
from app.store.sheets import from_text, to_text


@dataclass(frozen=True, slots=True)
class DraftMatter:
    """What somebody thinks of one thing so far: a flag, a section or a question."""

    about: str
    verdict: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class DraftAdvice:
    """What was chosen and typed, exactly; `looked`: when it was saved, and over which answers."""

    matters: Mapping[str, DraftMatter] = field(default_factory=dict)
    whole: str = ""
    proceed: str = ""
    looked: Moment | None = None

    @property
    def hash(self) -> str:
        """Stands for all of it: what was read is what is sent."""
        return hashlib.sha256(to_text(_content(self)).encode()).hexdigest()

    def without(self, sent: Iterable[str]) -> DraftAdvice:
        """What is left of it when these matters were sent."""
        gone = set(sent)
        left = {about: each for about, each in self.matters.items() if about not in gone}
        return replace(self, matters=left)


def open_draft(conn: Connection, actor: Actor, reference: str) -> DraftAdvice:
    """What this person has written of a project and not sent. Raises NotFound."""
    subject = open_sheet(conn, actor, reference).project.id
    row = conn.execute(select(advice_draft).where(_own(actor, subject))).one_or_none()
    if row is None:
        return DraftAdvice()
    kept = from_text(row.content)
    matters = {about: DraftMatter(about, *said) for about, said in kept["matters"].items()}
    looked = Moment(row.sheet_version, row.at)
    return DraftAdvice(matters, kept["whole"], kept["proceed"], looked)


def keep_draft(
    conn: Connection, actor: Actor, reference: str, draft: DraftAdvice, at: datetime
) -> None:
    """Keep it in the place of what this person had written before. Raises NotFound."""
    opened = open_sheet(conn, actor, reference)
    whose = {
        "project_id": opened.project.id,
        "organisation_id": actor.organisation_id,
        "person_id": actor.person_id,
    }
    kept = {"content": to_text(_content(draft)), "sheet_version": opened.sheet.version, "at": at}
    put(conn, advice_draft, whose, kept)


def _own(actor: Actor, subject: object) -> ColumnElement[bool]:
    return and_(
        advice_draft.c.project_id == subject,
        advice_draft.c.organisation_id == actor.organisation_id,
        advice_draft.c.person_id == actor.person_id,
    )


def _content(draft: DraftAdvice) -> dict[str, object]:
    matters = {each.about: [each.verdict, each.text] for each in draft.matters.values()}
    return {"matters": matters, "whole": draft.whole, "proceed": draft.proceed}
