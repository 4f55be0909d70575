"""What tests look up in what was kept: who somebody is, a kept document."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from app.actions.actor import Actor, roles_of
from app.actions.answers import open_sheet
from app.actions.review.acts import Document
from app.store.tables import act, document


def who_is(
    conn: Connection, person_id: UUID, organisation_id: UUID | None = None, role: str | None = None
) -> Actor | None:
    """The person as an actor: in the organisation and role asked for, or else the first."""
    return next(
        (
            actor
            for actor in roles_of(conn, person_id)
            if organisation_id in (None, actor.organisation_id) and role in (None, actor.role)
        ),
        None,
    )


def read_document(conn: Connection, actor: Actor, reference: str, sha256: str) -> Document | None:
    """A document that one of the project's acts kept."""
    subject = open_sheet(conn, actor, reference).project.id
    row = conn.execute(
        select(document.c.name, document.c.content)
        .join(act, act.c.document_sha256 == document.c.sha256)
        .where(act.c.project_id == subject, document.c.sha256 == sha256)
        .limit(1)
    ).one_or_none()
    return Document(row.name, row.content) if row else None
