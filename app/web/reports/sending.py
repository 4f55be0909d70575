"""Reading once more what a reviewer is about to send, and sending it: never unread."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.review.advice_drafts import DraftAdvice, keep_draft
from app.actions.review.binding import parties_to_sign, party_of
from app.actions.review.requests import send_advice as send_whole
from app.actions.review.requests import send_back
from app.actions.review.reviews import DPO, Advice, allow
from app.core.standing import SENT_BACK
from app.core.wording import count, listed
from app.web.reports.advice import BACK, Desk, faults, sit_down
from app.web.reports.blueprint import caption, project_url, reports
from app.web.reports.matters import (
    VERDICTS,
    WHOLE,
    Judged,
    proceed_question,
    read_proceed,
    read_text,
)
from app.web.site import Context, fresh, now, writing

READ = "read"
SEEN = "seen_draft"


@reports.route("/projects/<reference>/advice/send", methods=["GET", "POST"])
def send_advice(reference: str) -> Response | str:
    """Read once more what goes out, and send it."""
    desk = sit_down(reference)
    allow(desk.actor, (DPO,), desk.report.record, "gives this advice")
    only_back = request.args.get("only") == BACK
    if faults(desk, only_back=only_back):
        return redirect(url_for("reports.advice", reference=reference))
    if request.method != "POST":
        return _draw(desk, {}, only_back=only_back)
    errors = _unread(desk, only_back=only_back)
    if errors:
        return _draw(desk, errors, only_back=only_back)
    return _send_back(desk) if only_back else _send(desk)


def _parts(desk: Desk, *, only_back: bool) -> tuple[Judged, ...]:
    """What would be sent, but for the advice as a whole."""
    wanted = SENT_BACK if only_back else tuple(VERDICTS)
    return tuple(each for each in desk.judged if each.verdict in wanted)


def _ticked(desk: Desk, *, only_back: bool) -> tuple[Judged, ...]:
    read = set(request.form.getlist(READ))
    return tuple(each for each in _parts(desk, only_back=only_back) if each.about in read)


def _unread(desk: Desk, *, only_back: bool) -> dict[str, str]:
    """What was not ticked, or is not what they have read."""
    parts = _parts(desk, only_back=only_back)
    if request.form.get(SEEN) != desk.draft.hash:
        return {_anchor(0): "The draft was changed meanwhile. Read it again"}
    if only_back:
        none = not _ticked(desk, only_back=True)
        return {_anchor(0): "Tick what you have read and send back"} if none else {}
    read = set(request.form.getlist(READ))
    abouts = [*(each.about for each in parts), WHOLE]
    return {
        _anchor(n): "Read this and tick it" for n, about in enumerate(abouts) if about not in read
    }


def _anchor(number: int) -> str:
    return f"{READ}-{number}"


def _send(desk: Desk) -> Response:
    report, draft = desk.report, desk.draft
    matters = tuple(each.matter for each in _parts(desk, only_back=False))
    proceed = read_proceed(report.record, draft.proceed)
    chosen = str(proceed.value) if proceed else None
    said = Advice(str(read_text(draft.whole).value), matters, now(), chosen)
    with writing() as (conn, actor):
        fresh()
        send_whole(conn, actor, report, said)
        keep_draft(conn, actor, report.reference, DraftAdvice(), said.at)
    also = " It has answered the questions about advice too." if proceed else ""
    flash(f"Your advice is sent. Documents print it from now on.{also}")
    return redirect(project_url(report))


def _send_back(desk: Desk) -> Response:
    report, at = desk.report, now()
    sent = _ticked(desk, only_back=True)
    with writing() as (conn, actor):
        fresh()
        send_back(conn, actor, report, [each.matter for each in sent], at)
        left = desk.draft.without(each.about for each in sent)
        keep_draft(conn, actor, report.reference, left, at)
    flash(f"Sent back: {count(len(sent), 'matter')}. The project lead finds it among their tasks.")
    return redirect(url_for("reports.advice", reference=report.reference))


def _draw(desk: Desk, errors: dict[str, str], *, only_back: bool) -> str:
    report = desk.report
    return render_template(
        "send_advice.html",
        title="Read it once more",
        caption=caption(report),
        back={
            "label": "Go back and change it",
            "url": url_for("reports.advice", reference=report.reference),
        },
        lead=_lead(desk, only_back=only_back),
        errors=[{"anchor": at, "text": text} for at, text in errors.items()],
        action=url_for(
            "reports.send_advice", reference=report.reference, only=BACK if only_back else None
        ),
        seen=desk.draft.hash,
        parts=list(_cards(desk, errors, only_back=only_back)),
        submit="Send back what is ticked" if only_back else "Send this advice",
    )


def _lead(desk: Desk, *, only_back: bool) -> str:
    if only_back:
        return (
            "It goes to the project lead as a task, and everybody who takes part can read it. You "
            "advise when it is done."
        )
    parties = sorted({each for each in _organisations(desk) if each})
    others = f" {listed(parties)} can adopt it, or say otherwise." if parties else ""
    return f"It goes to the project, with your name and today's date.{others}"


def _organisations(desk: Desk) -> Iterator[str]:
    """The other parties that decide, by name."""
    own = party_of(desk.report.record, desk.actor.organisation_name)
    for party in parties_to_sign(desk.report.record):
        if own is None or party.row != own.row:
            yield party.name


def _cards(desk: Desk, errors: dict[str, str], *, only_back: bool) -> Iterator[Context]:
    parts = _parts(desk, only_back=only_back)
    said = [(p.about, p.title, VERDICTS[p.verdict], str(p.said.value)) for p in parts]
    if not only_back:
        said.append((WHOLE, "Your advice as a whole", _proceed(desk), desk.draft.whole))
    # A tick is for the words that were shown.
    same = request.form.get(SEEN) == desk.draft.hash
    read = request.form.getlist(READ) if same else []
    for number, (about, title, verdict, text) in enumerate(said):
        anchor = _anchor(number)
        yield {
            "anchor": anchor,
            "about": about,
            "title": title,
            "verdict": verdict,
            "text": text,
            "checked": about in read,
            "error": errors.get(anchor, ""),
        }


def _proceed(desk: Desk) -> str:
    question = proceed_question(desk.report, desk.draft.proceed, "")
    if question is None:
        return ""
    chosen = next((each["label"] for each in question["options"] if each["checked"]), "")
    return f"{question['ask']} {chosen}"
