"""Under which line of the policy each address falls, and that nothing else is answered."""

from __future__ import annotations

import logging

from flask import Flask, Response, abort, current_app, g, request
from sqlalchemy import Connection

from app.actions.access.policy import POLICY, SEES, WRITTEN, Line, Thing
from app.actions.access.roles import called
from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.errors import NotAllowed, NotFound
from app.web.limits import MOST_WITH_FILES, WITH_FILES

LOG = logging.getLogger(__name__)
SMALL = 100_000  # bytes of a form in which nobody writes at length
READS = frozenset({"GET", "HEAD", "OPTIONS"})
ELSEWHERE = frozenset({"cross-site", "same-site"})
FROM_ELSEWHERE = "This was sent from a page of another site. Nothing was done.\n"

ROUTES: dict[str, tuple[str | None, str | None]] = {
    # endpoint: the line for reading, the line for writing (None: nothing is written there)
    "static": ("public", None),
    "about.about": ("public", None),
    "about.accessibility": ("public", None),
    "demo.persona": ("demonstration", "demonstration"),
    "account.sign_in": ("sign_in", None),
    "account.give_password": (None, "sign_in"),
    "account.code": ("sign_in", None),
    "account.give_code": (None, "sign_in"),
    "account.sign_out": (None, "sign_in"),
    "account.signed_out": ("sign_in", None),
    "account.forgotten": ("sign_in", None),
    "account.send_reset": (None, "sign_in"),
    "account.welcome": ("sign_in", None),
    "account.choose_password": (None, "sign_in"),
    "sso.to_issuer": ("sign_in", None),
    "sso.from_issuer": ("sign_in", None),
    "sso.join": ("account", None),
    "sso.again_with": ("account", None),
    "account.own": ("account", None),
    "account.choose": (None, "account"),
    "account.end_sign_in": (None, "account"),
    "account.choose_reminders": (None, "account"),
    "account.still": (None, "account"),
    "account.again": ("account", None),
    "account.prove": (None, "account"),
    "account.new_password": ("account", None),
    "account.change_password": (None, "account"),
    "account.new_codes": ("account", None),
    "account.change_codes": (None, "account"),
    "account.new_recovery": (None, "account"),
    "account.people": ("people", None),
    "account.people_at": ("people", None),
    "account.e_mails": ("people", None),
    "account.invitation": ("people", None),
    "account.send_invitation": (None, "people"),
    "account.member": ("people", None),
    "account.give_roles": (None, "people"),
    "account.suspend_member": (None, "people"),
    "account.readmit_member": (None, "people"),
    "account.send_again": (None, "people"),
    "account.sponsor_of": ("people", None),
    "account.give_sponsor": (None, "people"),
    "start.home": ("start", None),
    "start.begin": ("start", "project.start"),
    "start.signed": ("start", "project.start"),
    "start.route": ("project.read", None),
    "projects.list_all": ("lists", None),
    "projects.how_long": ("lists", None),
    "projects.one": ("project.read", None),
    "projects.carry_on": ("project.read", None),
    "projects.tasks": ("project.read", None),
    "projects.check_answers": ("project.read", None),
    "projects.questions": ("project.read", None),
    "projects.talk": ("project.read", "project.comment"),
    "projects.settled": ("project.read", "project.comment"),
    "projects.history": ("project.read", None),
    "projects.file": ("project.read", None),
    "projects.team": ("project.read", None),
    "projects.seen": (None, "project.read"),
    "projects.here": (None, "project.read"),
    "projects.join_team": (None, "project.team"),
    "projects.leave_team": (None, "project.team"),
    "projects.join_project": (None, "project.team"),
    "projects.leave_project": (None, "project.team"),
    "changes.between": ("definitions.read", None),
    "annual.show": ("annual.read", None),
    "annual.word": ("annual.read", None),
    "library.search": ("library.read", None),
    "library.one": ("library.read", None),
    "library.begin": (None, "project.start"),
    "projects.lend": ("project.read", "project.lend"),
    "projects.renew": ("project.read", "project.renew"),
    "projects.move": ("project.read", "project.move"),
    "projects.moved": ("project.read", None),
    "projects.stay": ("project.read", "project.stay"),
    "projects.ours": ("project.read", None),
    "projects.our_rows": ("project.contribute", "project.contribute"),
    "projects.contributions": ("project.read", None),
    "projects.colleague": ("project.read", "project.hand_over"),
    "projects.take_back": ("project.read", "project.hand_over"),
    "pages.show": ("project.read", None),
    "pages.save": ("project.read", "project.answer"),
    "pages.save_files": (None, "project.answer"),
    "pages.autosave": ("project.read", "project.answer"),
    "pages.row": ("project.read", None),
    "pages.save_row": ("project.read", "project.answer"),
    "pages.remove": ("project.read", None),
    "pages.remove_row": ("project.read", "project.answer"),
    "reports.queue": ("lists", None),
    "reports.take": ("lists", "project.take"),
    "reports.put_back": ("lists", "project.take"),
    "reports.give": ("project.read", "project.take"),
    "reports.cover": ("lists", "queue.cover"),
    "reports.risk_report": ("project.read", None),
    "reports.actions": ("project.read", None),
    "reports.clear": ("project.read", None),
    "reports.document": ("project.read", None),
    "reports.word": ("project.read", None),
    "reports.sheet": ("project.read", None),
    "reports.accept": ("project.read", "flag.accept"),
    "reports.join": ("project.read", "flag.accept"),
    "reports.dismiss": ("project.read", "flag.dismiss"),
    "reports.lift": ("project.read", "flag.lift"),
    "reports.advice": ("project.read", "project.advise"),
    "reports.keep_advice": (None, "project.advise"),
    "reports.send_advice": ("project.read", "project.advise"),
    "reports.back": ("project.read", "project.mend"),
    "reports.content": (None, "project.advise"),
    "reports.asked_for": ("project.read", None),
    "reports.decisions": ("project.read", None),
    "reports.decision": ("project.read", "project.decide"),
    "reports.close": ("project.read", "stage.close"),
    "reports.sign": ("project.read", "stage.sign"),
    "organisations.ig_map": ("record.read", None),
    "organisations.one": ("record.read", None),
    "organisations.new": ("record.read", None),
    "organisations.add": ("record.read", "record.add"),
    "organisation_pages.show": ("record.answer", None),
    "organisation_pages.save": ("record.answer", "record.answer"),
    "organisation_pages.save_files": (None, "record.answer"),
    "organisation_pages.autosave": ("record.answer", "record.answer"),
    "organisation_pages.row": ("record.answer", None),
    "organisation_pages.save_row": ("record.answer", "record.answer"),
    "organisation_pages.remove": ("record.answer", None),
    "organisation_pages.remove_row": ("record.answer", "record.answer"),
}

BLUEPRINTS: dict[str, tuple[str | None, str | None]] = {
    # where every route of a blueprint falls under the same lines
    "editor": ("definitions.draft", "definitions.edit"),
    "releases": ("definitions.read", "definitions.edit"),
    "changes": ("definitions.draft", "definitions.edit"),
    "guidance": ("guidance", "guidance"),
}


def line_of(endpoint: str, method: str) -> Line | None:
    """The line of the policy for a request; None where nothing allows it."""
    whole = BLUEPRINTS.get(endpoint.partition(".")[0], (None, None))
    reads, writes = ROUTES.get(endpoint, whole)
    return POLICY.get((reads if method in READS else writes) or "")


def install(app: Flask) -> None:
    """Refuse what falls under no line, and what was answered without asking who is there."""
    # Before anything reads a form.
    app.before_request_funcs.setdefault(None, []).insert(0, _refuse_unlisted)
    app.after_request(_refuse_unasked)


def admit(conn: Connection, actor: Actor) -> None:
    """Let a person pass as the policy says of their role. Raises NotFound, NotAllowed.

    Whether their organisation takes part is for the statements that look things up; here it is
    asked only so that a refusal does not tell others that there is such a project.
    """
    line = line_of(request.endpoint or "", request.method)
    if line is None:
        raise NotFound(request.path)
    g.admitted = line.id
    if not line.refuses(actor.role):
        return
    if line.thing is Thing.HIDDEN:
        raise NotFound(request.path)
    if line.thing is Thing.PROJECT:
        if actor.role not in SEES:
            raise NotFound(request.path)
        open_sheet(conn, actor, str((request.view_args or {}).get("reference", "")))
    raise NotAllowed(f"The {line.whose()} {line.does}, not the {called(actor.role)}.")


def _refuse_unlisted() -> None:
    """Refuse what falls under no line; and take long forms only where somebody writes at length."""
    endpoint = request.endpoint
    if request.method not in READS and request.headers.get("Sec-Fetch-Site") in ELSEWHERE:
        # Before anything is drawn: a page of ours would give the browser another session.
        abort(Response(FROM_ELSEWHERE, 400, mimetype="text/plain"))
    line = line_of(endpoint or "", request.method)
    if endpoint is not None and line is None:
        LOG.error("%s %s is not in app/web/access.py", request.method, endpoint)
        abort(404)
    if endpoint in WITH_FILES:
        request.max_content_length = MOST_WITH_FILES
        return
    if line is None or line.id not in WRITTEN:
        most = current_app.config["MAX_CONTENT_LENGTH"]
        request.max_content_length = min(SMALL, most or SMALL)


def _asked() -> bool:
    return "admitted" in g or request.method == "OPTIONS"


def _refuse_unasked(response: Response) -> Response:
    """Last of all: a page that forgot to ask who is there is not shown."""
    line = line_of(request.endpoint or "", request.method)
    told = response.status_code < 300
    if line is None or line.thing is Thing.PUBLIC or not told or _asked():
        return response
    LOG.error("%s %s did not ask who is there", request.method, request.endpoint)
    return current_app.make_response(("This page is not available.\n", 500))
