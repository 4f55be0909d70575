"""Signing a stage's document: what is shown to a signatory, and how each signature stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.answers import Opened
from app.actions.assessments import written
from app.actions.catalogues import Released
from app.actions.errors import NotFound, OutOfDate
from app.actions.review.acts import Act, Document
from app.actions.review.authority import check_authority
from app.actions.review.binding import Party, material, parties_to_sign, party_of
from app.actions.review.reports import Report
from app.actions.review.reviews import SIGNATORY, allow
from app.actions.review.sign_off import (
    BODY,
    SIGNATURE,
    Signing,
    Snapshot,
    changed_since,
    out_of_date,
    out_of_date_before,
    reads_otherwise,
    seal_hash,
    sign,
    signatures,
)
from app.core.outputs import has_schedules
from app.core.standing import MOVE, MUST_MOVE, Standing


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


def sign_stage(
    conn: Connection,
    actor: Actor,
    newest: Released,
    report: Report,
    shown: ToSign,
    seal: str,
) -> Act:
    """Sign what was shown. Raises NotAllowed, OutOfDate when the seal no longer matches."""
    allow(actor, (SIGNATORY,), report.record, "signs for an organisation")
    check_authority(conn, actor, newest, shown.signing.on)
    if seal != shown.signing.seal_hash:
        raise OutOfDate("What you were shown has changed since. Read it again before you sign.")
    before = report.opened
    if any(MUST_MOVE in each.needs for each in report.record.standings):
        raise OutOfDate("The project has to move to a newer release before it is signed.")

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
    """Each organisation that signs and how its signature stands; then who else has signed."""
    output = signed_output(standing)
    record = report.record
    latest = {act.organisation_id: act for act in signed_under(report, output)}
    stale = stale_signatures(conn, report, output)
    by_party = {party_of(record, act.organisation): act for act in latest.values()}
    listed = [
        SignatureState(party.name, act, act is not None and act.seq in stale)
        for party in parties_to_sign(record)
        for act in [by_party.get(party)]
    ]
    others = [
        SignatureState(act.organisation, act, act.seq in stale)
        for act in latest.values()
        if party_of(record, act.organisation) is None
    ]
    return (*listed, *others)


def as_signed(conn: Connection, report: Report, output: str) -> Report:
    """The report as a document that is signed tells it: with the signatures that cover it as it is.

    Nobody's name stands under words they have not signed: neither those of another document nor
    those that have changed since.
    """
    stages = report.record.pipeline.stages
    if output not in {stage.signed for stage in stages} or not any(
        act.kind == SIGNATURE for act in report.record.acts
    ):
        return report
    stale = stale_signatures(conn, report, output)
    holds = {act.seq for act in signed_under(report, output)} - stale
    acts = tuple(
        act
        for act in report.record.acts
        if act.kind != SIGNATURE or getattr(act, "seq", None) in holds
    )
    return replace(report, record=replace(report.record, acts=acts))


def stale_signatures(conn: Connection, report: Report, output: str) -> set[int]:
    """The signatures under an output that no longer cover what stands."""
    signed = signatures(signed_under(report, output), output)
    stale = stale_by_answers(conn, report, output)
    return stale | reads_otherwise(signed, moves_of(report), output)


def stale_by_answers(conn: Connection, report: Report, output: str) -> set[int]:
    """Those among them that are so because somebody changed an answer, under whichever release."""
    signed = signatures(signed_under(report, output), output)
    if not signed:
        return set()
    outline = report.looked.released.catalogue.outlines.get(output)
    if outline is None:  # this release has no such document
        return out_of_date_before(signed, moves_of(report))
    oldest = min(each.sheet_version for each in signed)
    changed = changed_since(conn, report.opened.project.id, oldest)
    stale = {each.seq for each in out_of_date(signed, changed, material(report.record, outline))}
    return stale | out_of_date_before(signed, moves_of(report))


def moves_of(report: Report) -> list[tuple[int, Mapping[str, Any]]]:
    """Each move of the project to another release: the number of its act, and what it says."""
    acts = (act for act in report.record.acts if isinstance(act, Act) and act.kind == MOVE)
    return [(act.seq, act.content) for act in acts]


def signed_under(report: Report, output: str) -> list[Act]:
    """The signatures ever given under an output."""
    return [
        act
        for act in report.record.acts
        if isinstance(act, Act) and act.kind == SIGNATURE and act.about == output
    ]


def lead_signature(report: Report, states: Iterable[SignatureState]) -> SignatureState | None:
    """The signature of the organisation that leads, while it covers what stands."""
    lead = report.opened.project.organisation_id
    return next(
        (s for s in states if s.act and s.act.organisation_id == lead and not s.stale), None
    )
