"""Signing: what a signature covers, and when it is out of date."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import Connection, func, select

from app.actions.actor import Actor
from app.actions.answers import Opened, Summarise, open_to_write
from app.actions.errors import OutOfDate
from app.actions.review.acts import Act, Document, NewAct, append_act
from app.store.tables import answer_event

BODY = "body"
"""The part of an agreement that every signature binds; the other parts are schedules."""

ANY_ROW = "*"
SIGNATURE = "signature"
MOVING = ":move"
"""The place of events that a move to another release makes: nobody changed an answer there."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a signatory puts their name to."""

    project: str
    stage: str
    output: str
    on: date
    content_hash: str
    document_sha256: str
    binds: tuple[str, ...] = (BODY,)


@dataclass(frozen=True, slots=True)
class Signing:
    """What a signatory was shown, and signs now.

    The document is made again before the transaction; if it is not the very one that was shown,
    the seal will not match.
    """

    seal_hash: str
    stage: str
    output: str
    on: date
    document: Document
    at: datetime
    binds: tuple[str, ...] = (BODY,)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it stands: by which organisation, over which parts, over which answers."""

    seq: int
    organisation_id: UUID
    binds: tuple[str, ...]
    sheet_version: int


def content_hash(
    release_hash: str, answers: Mapping[str, object], assessment: Mapping[str, object]
) -> str:
    """What a document says of itself: a release, the answers that counted, what follows."""
    content: Any = {"release": release_hash, "answers": answers, "assessment": assessment}
    return _sha256(content)


def seal_hash(snapshot: Snapshot) -> str:
    """What a signatory is shown and signs. Never printed in the document it covers."""
    return _sha256(
        {
            "project": snapshot.project,
            "stage": snapshot.stage,
            "output": snapshot.output,
            "on": snapshot.on.isoformat(),
            "content_hash": snapshot.content_hash,
            "document_sha256": snapshot.document_sha256,
            "binds": sorted(snapshot.binds),
        }
    )


def sign(
    conn: Connection,
    actor: Actor,
    reference: str,
    signing: Signing,
    content: Callable[[Opened], str],
    summary: Summarise | None = None,
) -> Act:
    """Sign what was shown, or refuse: in the transaction, nobody can change it meanwhile.

    `content` gives the content hash of the project as it now stands. Signing the same thing
    twice is signing once.
    """
    opened = open_to_write(conn, actor, reference)
    now = content(opened)
    seal = seal_hash(
        Snapshot(
            reference,
            signing.stage,
            signing.output,
            signing.on,
            now,
            signing.document.sha256,
            signing.binds,
        )
    )
    if seal != signing.seal_hash:
        raise OutOfDate("what was shown for signature has changed since")
    act = NewAct(
        kind=SIGNATURE,
        stage=signing.stage,
        at=signing.at,
        about=signing.output,
        content={"binds": sorted(signing.binds), "on": signing.on.isoformat()},
        content_hash=now,
        seal_hash=seal,
        document=signing.document,
        once=_sha256([SIGNATURE, str(actor.person_id), str(actor.organisation_id), seal]),
    )
    return append_act(conn, actor, opened, act, summary)


def signatures(acts: Iterable[Act], output: str) -> tuple[Signature, ...]:
    """The signatures under an output; of each organisation the last one counts."""
    latest = {
        act.organisation_id: Signature(
            act.seq, act.organisation_id, tuple(act.content["binds"]), act.sheet_version
        )
        for act in acts
        if act.kind == SIGNATURE and act.about == output
    }
    return tuple(latest.values())


def changed_since(conn: Connection, project_id: UUID, version: int) -> dict[str, int]:
    """The addresses written since a version of the sheet, each with its newest version.

    What a move wrote is left out: what a move does to a signature its document tells.
    """
    newest = func.max(answer_event.c.version)
    found = (
        select(answer_event.c.address, newest)
        .where(
            answer_event.c.subject_id == project_id,
            answer_event.c.version > version,
            answer_event.c.place != MOVING,
        )
        .group_by(answer_event.c.address)
    )
    return dict(tuple(row) for row in conn.execute(found))


def out_of_date(
    signed: Iterable[Signature],
    changed: Mapping[str, int],
    material: Mapping[str, Collection[str]],
) -> tuple[Signature, ...]:
    """The signatures that no longer cover what stands.

    `changed` is what `changed_since` says; `material` names for each part (the body, a schedule)
    the addresses printed in it or read by what stands behind it, without those that are not
    material: a question, a row, a column of a row ("parties.list/3/name") or of any row
    ("parties.list/*/name").
    """
    return tuple(
        signature
        for signature in signed
        if any(
            version > signature.sheet_version and touches(address, part_addresses)
            for address, version in changed.items()
            for part_addresses in (material.get(part, ()) for part in signature.binds)
        )
    )


Moves = Iterable[tuple[int, Mapping[str, Any]]]
"""The moves of a project to other releases: the number of each act, with its content."""


def out_of_date_before(signed: Iterable[Signature], moves: Moves) -> set[int]:
    """The signatures that were out of date when the project moved, and stay so."""
    told = list(moves)
    return {
        signature.seq
        for signature in signed
        if any(seq > signature.seq and signature.seq in was["out_of_date"] for seq, was in told)
    }


def reads_otherwise(signed: Iterable[Signature], moves: Moves, output: str) -> set[int]:
    """The signatures whose document reads otherwise than before the moves that came after them."""
    told = [(seq, content["documents"].get(output)) for seq, content in moves]
    found = set()
    for signature in signed:
        texts = [text for seq, text in told if seq > signature.seq and text is not None]
        if texts and texts[0][0] != texts[-1][1]:
            found.add(signature.seq)
    return found


def touches(address: str, named: Iterable[str]) -> bool:
    """Whether a change of the address is one of what is named: the same, within it, or around."""
    parts = address.split("/")
    return any(
        all(one in (ANY_ROW, part) for one, part in zip(name.split("/"), parts, strict=False))
        for name in named
    )


def _sha256(content: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
