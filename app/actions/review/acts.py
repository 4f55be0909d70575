"""What people did to a project, in a chain in which nothing can be changed unseen."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import Connection, Row, insert, select, update

from app.actions.access.policy import LEADS, SEPARATE, TOLD
from app.actions.actor import Actor
from app.actions.answers import (
    BriefAct,
    Opened,
    Summarise,
    columns_of,
    open_sheet,
    open_to_write,
)
from app.actions.errors import NotAllowed
from app.store.inserting import keep_once
from app.store.sheets import from_text, to_text
from app.store.tables import act, document, project, sheet

FIRST = "0" * 64
"""What the first act of a project gives as the hash of the one before."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was signed or sent."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """What it is known by."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class NewAct:
    """What somebody does.

    `about` names what it concerns (a flag, a risk, an output); `content_hash` says on what it
    rests, so that it can be seen to have lapsed. `once` makes an act that is sent twice one act.
    `moves_to` is the stage at which the project stands afterwards. `apart_from`: kinds of act that
    the same person may not have done in the project, with what they are told, beside those that
    the policy names.
    """

    kind: str
    stage: str
    at: datetime
    about: str = ""
    content: Mapping[str, object] = field(default_factory=dict)
    content_hash: str | None = None
    seal_hash: str | None = None
    document: Document | None = None
    once: str | None = None
    moves_to: str | None = None
    apart_from: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did, as it is kept."""

    project_id: UUID
    seq: int
    kind: str
    stage: str
    about: str
    person_id: UUID
    organisation_id: UUID
    who: str
    organisation: str
    role: str
    at: datetime
    content: Mapping[str, Any]
    sheet_version: int
    content_hash: str | None
    seal_hash: str | None
    document_sha256: str | None
    once: str | None
    previous_hash: str
    hash: str


def record_act(
    conn: Connection,
    actor: Actor,
    reference: str,
    new: NewAct,
    summary: Summarise | None = None,
) -> Act:
    """Append an act to the project's chain; `summary` if lists show something else after it."""
    return append_act(conn, actor, open_to_write(conn, actor, reference), new, summary)


def append_act(
    conn: Connection,
    actor: Actor,
    opened: Opened,
    new: NewAct,
    summary: Summarise | None = None,
) -> Act:
    """The same, for a project opened to write in this transaction."""
    known = done_already(conn, opened, new)
    if known is not None:
        return known
    _keep_apart(conn, actor, opened, new)
    if new.document is not None:
        _keep_document(conn, new.document, new.at)
    made = _made(actor, opened, new)
    conn.execute(
        insert(act),
        {name: getattr(made, name) for name in Act.__slots__} | {"content": to_text(made.content)},
    )
    acts = (*opened.project.acts, brief_of(made))
    _keep_acts(conn, opened, acts, new.moves_to)
    if summary is not None:
        _keep_summary(conn, opened, acts, new.moves_to, summary)
    return made


def _keep_apart(conn: Connection, actor: Actor, opened: Opened, new: NewAct) -> None:
    """Refuse what the same person may not do besides what they are or did. Raises NotAllowed."""
    apart = {each: TOLD[each] for each in SEPARATE.get(new.kind, ())} | dict(new.apart_from)
    if LEADS in apart and opened.project.lead_id == actor.person_id:
        raise NotAllowed(TOLD[LEADS])
    if not any(one.kind in apart for one in opened.project.acts):
        return
    theirs = select(act.c.kind).where(
        act.c.project_id == opened.project.id,
        act.c.person_id == actor.person_id,
        act.c.kind.in_([*apart]),
    )
    done = conn.execute(theirs.limit(1)).scalar_one_or_none()
    if done is not None:
        raise NotAllowed(apart[done])


def done_already(conn: Connection, opened: Opened, new: NewAct) -> Act | None:
    """The same act, when it was sent before and is one act however often it is sent."""
    if new.once is None:
        return None
    row = conn.execute(
        select(act).where(act.c.project_id == opened.project.id, act.c.once == new.once)
    ).one_or_none()
    return read_act(row) if row else None


def acts_of(conn: Connection, actor: Actor, reference: str) -> tuple[Act, ...]:
    """Every act of a project, in order."""
    subject = open_sheet(conn, actor, reference).project.id
    found = select(act).where(act.c.project_id == subject).order_by(act.c.seq)
    return tuple(map(read_act, conn.execute(found)))


def hash_of(one: Act) -> str:
    """The hash of an act over all that it says, the hash of the act before it included."""
    said = {name: getattr(one, name) for name in Act.__slots__ if name not in {"hash", "content"}}
    plain = {name: _plain(value) for name, value in said.items()}
    # The content as the text that is kept: any answer can be quoted in it.
    return hashlib.sha256(rfc8785.dumps({**plain, "content": to_text(one.content)})).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


def _made(actor: Actor, opened: Opened, new: NewAct) -> Act:
    before = opened.project.acts
    values: dict[str, Any] = {
        "project_id": opened.project.id,
        "seq": len(before) + 1,
        "kind": new.kind,
        "stage": new.stage,
        "about": new.about,
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        "who": actor.name,
        "organisation": actor.organisation_name,
        "role": actor.role,
        "at": new.at,
        "content": from_text(to_text(dict(new.content))),
        "sheet_version": opened.sheet.version,
        "content_hash": new.content_hash,
        "seal_hash": new.seal_hash,
        "document_sha256": new.document.sha256 if new.document else None,
        "once": new.once,
        "previous_hash": before[-1].hash if before else FIRST,
    }
    return Act(**values, hash=hash_of(Act(**values, hash="")))


def read_act(row: Row[Any]) -> Act:
    """An act from its row."""
    values = {name: getattr(row, name) for name in Act.__slots__}
    return Act(**{**values, "content": from_text(row.content)})


def brief_of(made: Act) -> BriefAct:
    """An act as the row of its project repeats it."""
    return BriefAct(*(getattr(made, name) for name in BriefAct.__slots__))


def _keep_document(conn: Connection, kept: Document, at: datetime) -> None:
    # Another organisation may have kept the same bytes, where this one cannot see them.
    row = {"sha256": kept.sha256, "name": kept.name, "content": kept.content, "at": at}
    keep_once(conn, document, row)


def _keep_acts(
    conn: Connection, opened: Opened, acts: tuple[BriefAct, ...], moves_to: str | None
) -> None:
    brief = [{name: _plain(getattr(one, name)) for name in BriefAct.__slots__} for one in acts]
    conn.execute(
        update(project)
        .where(project.c.id == opened.project.id)
        .values(
            acts=to_text(brief),
            stage=moves_to or opened.project.stage,
            version=project.c.version + 1,
        )
    )


def _keep_summary(
    conn: Connection,
    opened: Opened,
    acts: tuple[BriefAct, ...],
    moves_to: str | None,
    summary: Summarise,
) -> None:
    stands = replace(opened.project, acts=acts, stage=moves_to or opened.project.stage)
    result = columns_of(summary(Opened(stands, opened.sheet)))
    conn.execute(update(sheet).where(sheet.c.subject_id == opened.project.id).values(**result))
