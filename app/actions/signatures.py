"""Signing a stage's document: what is shown to a signatory, and how each signature stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.acts import Act, Document
from app.actions.answers import Opened
from app.actions.assessments import written
from app.actions.binding import Party, has_schedules, material, parties_to_sign, party_of
from app.actions.errors import NotFound, OutOfDate
from app.actions.reports import Report
from app.actions.reviews import SIGNATORY, allow
from app.actions.sign_off import (
    BODY,
    SIGNATURE,
    Signing,
    Snapshot,
    changed_since,
    out_of_date,
    seal_hash,
    sign,
    signatures,
)
from app.core.standing import Standing


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a signatory is shown: the document to the byte, and the seal over it."""

    signing: Signing
    content_hash: str
    party: Party | None


@dataclass(frozen=True, slots=True)
class SignatureState:
    """How an organisation's signature stands: signed by whom and when, and whether it still covers."""

    organisation: str
    act: Act | None
    stale: bool


def signed_output(standing: Standing) -> str:
    """The document a stage signs. Raises NotFound."""
    if standing.stage.signed is None:
        raise NotFound(f"nothing is signed at {standing.stage.id}")
    return standing.stage.signed


def to_sign(report: Report, actor: Actor, standing: Standing, at: tuple[date, datetime]) -> ToSign:
    """Write the document and seal it; outside any transaction."""
    output = signed_output(standing)
    catalogue = report.looked.released.catalogue
    outline = catalogue.outlines[output]
    content = written(catalogue, report.record, output)
    document = Document(f"{report.reference}_{outline.file}.docx", content)
    party = party_of(report.record, actor.organisation_name)
    own = party is not None and has_schedules(outline.blocks)
    binds = (BODY, party.schedule) if party is not None and own else (BODY,)
    hashed = report.record.control.content_hash
    seal = seal_hash(
        Snapshot(report.reference, standing.stage.id, output, at[0], hashed, document.sha256, binds)
    )
    signing = Signing(seal, standing.stage.id, output, at[0], document, at[1], binds)
    return ToSign(signing, hashed, party)


def sign_stage(conn: Connection, actor: Actor, report: Report, shown: ToSign, seal: str) -> Act:
    """Sign what was shown. Raises NotAllowed, OutOfDate when the seal no longer matches."""
    allow(actor, (SIGNATORY,), report.record, "signs for an organisation")
    if seal != shown.signing.seal_hash:
        raise OutOfDate("What you were shown has changed since. Read it again before you sign.")
    before = report.opened

    def unchanged(opened: Opened) -> str:
        """The hash worked out before the transaction, while nobody has written since."""
        same = (opened.sheet.version, opened.project.version) == (
            before.sheet.version,
            before.project.version,
        )
        return shown.content_hash if same else ""

    return sign(conn, actor, report.reference, shown.signing, unchanged)


def signature_states(
    conn: Connection, report: Report, standing: Standing
) -> tuple[SignatureState, ...]:
    """Each organisation that signs, the leading one first, and how its signature stands."""
    output = signed_output(standing)
    outline = report.looked.released.catalogue.outlines[output]
    project = report.opened.project
    acts = [
        act for act in _whole(report.record.acts) if act.kind == SIGNATURE and act.about == output
    ]
    signed = signatures(acts, output)
    oldest = min((each.sheet_version for each in signed), default=0)
    changed = changed_since(conn, project.id, oldest) if signed else {}
    stale = {each.seq for each in out_of_date(signed, changed, material(report.record, outline))}
    latest = {act.organisation_id: act for act in acts}
    by_party = {party_of(report.record, act.organisation): act for act in latest.values()}
    listed = [
        SignatureState(party.name, act, act is not None and act.seq in stale)
        for party in parties_to_sign(report.record)
        for act in [by_party.get(party)]
    ]
    others = [
        SignatureState(act.organisation, act, act.seq in stale)
        for act in latest.values()
        if party_of(report.record, act.organisation) is None
    ]
    return (*listed, *others)


def lead_signature(report: Report, states: Iterable[SignatureState]) -> SignatureState | None:
    """The signature of the organisation that leads, while it covers what stands."""
    lead = report.opened.project.organisation_id
    return next(
        (s for s in states if s.act and s.act.organisation_id == lead and not s.stale), None
    )


def _whole(acts: Iterable[object]) -> list[Act]:
    return [act for act in acts if isinstance(act, Act)]
