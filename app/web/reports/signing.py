"""Signing a document for one organisation: what is signed, its seal, and who has signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.review.authority import lapsed
from app.actions.review.reports import Report, open_report
from app.actions.review.reviews import SIGNATORY, Closing, allow
from app.actions.review.sign_off import BODY
from app.actions.review.signatures import (
    SignatureState,
    ToSign,
    as_signed,
    sign_stage,
    signature_states,
    signed_output,
    to_sign,
)
from app.core.standing import Standing
from app.core.wording import count, lower
from app.web.reports.blueprint import back_to_project, caption, reports
from app.web.reports.stages import holds
from app.web.site import (
    MANY,
    Context,
    day_words,
    fresh,
    may_act_as,
    now,
    on_project,
    reading,
    site,
    today,
    writing,
)

AGREE = "Tick the box to say that you sign"
CHANGE_ROLE = (
    "You are a {role} too: to sign, choose that role under “Change role” at the top, and come back."
)
HELD = "It can be signed when what is listed above is settled."
CHANGED = "What you were shown has changed since. Read it again, then sign"


@dataclass(frozen=True, slots=True)
class _Signing:
    """What is shown to whoever signs: the stage, the document, who has signed, and why nobody may."""

    report: Report
    standing: Standing
    shown: ToSign
    states: tuple[SignatureState, ...]
    ended: str


@reports.route("/projects/<reference>/stages/<stage>/sign", methods=["GET", "POST"])
def sign(reference: str, stage: str) -> Response | str:
    """See what is signed, to the byte, and sign it."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today(), stage)
        on_project(report.opened.project)
        standing = report.standing(stage)
        states = signature_states(conn, report, standing)
        report = as_signed(conn, report, signed_output(standing))
        ended = lapsed(conn, actor, site().catalogues.newest_in(conn), today())
    shown = to_sign(report, actor, standing, (today(), now()))
    signing = _Signing(report, standing, shown, states, ended)
    if request.method != "POST":
        return _draw(actor, signing, "")
    allow(actor, (SIGNATORY,), report.record, "signs for an organisation")
    error = _refused(signing)
    if error:
        return _draw(actor, signing, error)
    with writing() as (conn, actor):
        fresh()
        seal = request.form.get("seal", "")
        sign_stage(conn, actor, site().catalogues.newest_in(conn), report, shown, seal)
    flash(f"Signed for {actor.organisation_name}. The document is kept with your signature.")
    return redirect(url_for("reports.close", reference=reference, stage=stage))


def _refused(signing: _Signing) -> str:
    """Why this is not signed; nothing when it may be."""
    if signing.ended:
        return signing.ended
    if any(_holds(signing)):
        return "Something holds the signature up. It is listed below"
    if request.form.get("seal") != signing.shown.signing.seal_hash:
        return CHANGED
    return "" if request.form.get("agree") == "yes" else AGREE


def _holds(signing: _Signing) -> Iterator[Context]:
    """What stops signing now: the same as what holds the stage up, but for the signatures."""
    return holds(signing.report, Closing(signing.standing, True, now()))


def _draw(actor: Actor, signing: _Signing, error: str) -> str:
    report, standing, shown, states = (
        signing.report,
        signing.standing,
        signing.shown,
        signing.states,
    )
    output = shown.signing.output
    title = report.looked.released.catalogue.outlines[output].title
    found = [] if standing.closed else list(_holds(signing))
    own = _own(actor, states)
    signed = own is not None and not own.stale
    mine = actor.role == SIGNATORY and not (found or signed or signing.ended)
    at: Context = {"reference": report.reference, "output": output, "stage": standing.stage.id}
    return render_template(
        "sign.html",
        title=f"Sign the {title.lower()}",
        caption=caption(report),
        back=back_to_project(report),
        errors=[{"anchor": "agree" if mine else "main", "text": error}] if error else [],
        agree_error=error,
        facts=_facts(report, actor, shown, title),
        read_url=url_for("reports.document", **at),
        word_url=url_for("reports.word", **at),
        content_hash=shown.content_hash,
        seal_hash=shown.signing.seal_hash,
        holds=[
            {"title": each["title"], "text": each["text"], "url": each["url"]} for each in found
        ],
        statement=f"I have read this document and sign it for {actor.organisation_name}, with the "
        "authority delegated to me.",
        mine=mine,
        why_not=_why_not(report, actor, own) or (HELD if found else signing.ended),
        action=url_for("reports.sign", reference=report.reference, stage=standing.stage.id),
        signatures=[_state(state) for state in states],
        signed=f"{sum(_holds_good(state) for state in states)} of"
        f" {count(len(states), 'organisation')} signed so far.",
        fold="Who has signed, and who has not" if len(states) > MANY else "",
    )


def _holds_good(state: SignatureState) -> bool:
    return state.act is not None and not state.stale


def _own(actor: Actor, states: tuple[SignatureState, ...]) -> SignatureState | None:
    return next(
        (s for s in states if s.act and s.act.organisation_id == actor.organisation_id), None
    )


def _why_not(report: Report, actor: Actor, own: SignatureState | None) -> str:
    """Why this person does not sign at all; nothing where they may."""
    if own is not None and own.act is not None and not own.stale:
        return f"Signed for {actor.organisation_name} by {own.act.who} on {day_words(own.act.at)}."
    if actor.role != SIGNATORY:
        whose = lower(report.record.person(SIGNATORY))
        too = f" {CHANGE_ROLE.format(role=whose)}" if may_act_as(SIGNATORY) else ""
        return f"The {whose} of each organisation signs. You may read what is signed.{too}"
    return ""


def _facts(report: Report, actor: Actor, shown: ToSign, title: str) -> list[Context]:
    """For whom, with which authority, which parts, on which day."""
    if shown.party is None:
        parts = (
            f"The common body. {actor.organisation_name} is not among the organisations of this project, "
            "so no schedule is its own."
        )
    elif shown.signing.binds == (BODY,):
        parts = "The whole document"
    else:
        parts = f"The common body and the schedule of {shown.party.name}"
    who = actor.name if actor.role == SIGNATORY else "The signatory"
    return [
        {"label": "Document", "text": title},
        {"label": "For", "text": actor.organisation_name},
        {"label": "Signed by", "text": f"{who}, with delegated authority"},
        {"label": "Parts bound", "text": parts},
        {"label": "Date", "text": day_words(shown.signing.on)},
        {"label": "Questions and rules", "text": f"Release {report.record.control.release}"},
    ]


def _state(state: SignatureState) -> Context:
    if state.act is None:
        return {
            "organisation": state.organisation,
            "mark": "todo",
            "state": "Not signed yet",
            "who": "",
        }
    if state.stale:
        said = f"Out of date: what it covers has changed since {day_words(state.act.at)}"
        return {"organisation": state.organisation, "mark": "open", "state": said, "who": ""}
    said = f"Signed {day_words(state.act.at)}"
    return {"organisation": state.organisation, "mark": "ok", "state": said, "who": state.act.who}
