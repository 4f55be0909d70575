"""The team of a project as a page: who works on it for whom, adding people, taking them off."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.roles import ROLES, called
from app.actions.actor import Actor
from app.actions.pages import open_project
from app.actions.together.team import (
    Joined,
    Member,
    Party,
    Step,
    Team,
    Whom,
    join_project,
    join_team,
    leave_project,
    leave_team,
    team_of,
)
from app.core.questions import Asked, Column
from app.core.wording import count, inside, listed
from app.web import letters
from app.web.site import Context, day_words, now, on_project, reading, site, today, writing
from app.web.small_forms import draw_form

ORGANISATION, MEMBER, PERSON = "organisation", "member", "person"


def team(reference: str) -> str:
    """Who works on a project, organisation by organisation."""
    return _draw(reference, {})


def join(reference: str) -> Response | str:
    """Put somebody on the team."""
    chosen = _one_of(PERSON)
    if chosen is not None and not request.form.get(chosen):
        return _draw(reference, {chosen: "Choose who joins the team"})
    with writing() as (conn, actor):
        # What is posted is read once it is known who posts it.
        who = Whom(_id(request.form.get(chosen or "")), _id(request.form.get(ORGANISATION)))
        joined = join_team(conn, actor, reference, who, now())
        if joined.anew and joined.person_id != actor.person_id:
            _tell(conn, actor, reference, joined)
    flash(f"{joined.name} is on the team, and can open the project.")
    return redirect(_url(reference))


def _tell(conn: Connection, actor: Actor, reference: str, joined: Joined) -> None:
    """An email to who was put on the team."""
    words = {
        "name": joined.name,
        "who": actor.name,
        "organisation": actor.organisation_name,
        "project": open_project(conn, actor, site().catalogues, reference, today()).title,
        "reference": reference,
        "link": letters.address_of("projects.one", reference=reference),
    }
    about = f"{reference} {joined.person_id} {now().isoformat()}"
    letters.post(conn, joined.email, "joined", about, words)


def leave(reference: str) -> Response:
    """Take somebody off the team."""
    person, _, organisation = request.form.get(MEMBER, "").partition("/")
    with writing() as (conn, actor):
        name = leave_team(conn, actor, reference, Whom(_id(person), _id(organisation)), now())
    flash(
        f"{name} is no longer on the team. What they answered stays, with their name; what was "
        "passed to them is open again."
    )
    return redirect(_url(reference))


def bring(reference: str) -> Response | str:
    """Let an organisation take part."""
    if not request.form.get(ORGANISATION):
        return _draw(reference, {ORGANISATION: "Choose which organisation takes part"})
    with writing() as (conn, actor):
        organisation = _id(request.form.get(ORGANISATION))
        name = join_project(conn, actor, reference, organisation, now())
    flash(f"{name} takes part. Those who look after information there see the project now.")
    return redirect(_url(reference))


def let_go(reference: str) -> Response:
    """Let an organisation go that has done nothing yet."""
    with writing() as (conn, actor):
        organisation = _id(request.form.get(ORGANISATION))
        name = leave_project(conn, actor, reference, organisation, now())
    flash(f"{name} no longer takes part, and sees nothing of the project.")
    return redirect(_url(reference))


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        abort(404)


def _field(organisation: UUID) -> str:
    return f"{PERSON}-{organisation}"


def _one_of(begins: str) -> str | None:
    """The field of the form that was sent: the page has one form for each organisation."""
    return next((name for name in request.form if name.startswith(f"{begins}-")), None)


def _url(reference: str) -> str:
    return url_for("projects.team", reference=reference)


def _draw(reference: str, errors: dict[str, str]) -> str:
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        found = team_of(conn, actor, reference)
    on_project(looked.opened.project)
    parties = [_party(party, errors) for party in found.parties]
    invites = _invites(found, errors)
    forms = [each["form"] for each in parties if each["form"]] + ([invites] if invites else [])
    return render_template(
        "team.html",
        title="Team",
        caption=f"{looked.title}, {reference}",
        back={
            "label": f"Back to {looked.title}",
            "url": url_for("projects.one", reference=reference),
        },
        lead=f"{count(len(found.people), 'person')} from {count(len(parties), 'organisation')}"
        if len(found.people) == 1
        else f"{len(found.people)} people from {count(len(parties), 'organisation')}",
        errors=[each for form in forms for each in form["errors"]],
        parties=parties,
        invites=invites,
        history=[
            {
                "when": day_words(step.at),
                "text": f"{step.name}, {step.organisation}, {_came_or_went(step)}",
            }
            for step in found.history
        ],
        urls={
            "join": url_for("projects.join_team", reference=reference),
            "leave": url_for("projects.leave_team", reference=reference),
            "bring": url_for("projects.join_project", reference=reference),
            "let_go": url_for("projects.leave_project", reference=reference),
        },
    )


def _came_or_went(step: Step) -> str:
    if not step.joined:
        return f"was taken off by {step.by}"
    return "joined" if step.by == step.name else f"was added by {inside(step.by)}"


def _party(party: Party, errors: dict[str, str]) -> Context:
    said = f"Has taken part since {day_words(party.since)}."
    return {
        "id": str(party.id),
        "name": party.name,
        "about": f"Leads the project. {said}" if party.leads else said,
        "members": [_member(each, party) for each in party.members],
        "overseers": _overseers(party.overseers),
        "form": _form(party, errors),
        "leaves": party.leaves,
    }


def _member(each: Member, party: Party) -> Context:
    first, *others = each.roles or ("",)
    said = listed([ROLES.get(first, ""), *map(called, others)])
    roles = said or "No role there any more"
    return {
        "id": f"{each.whom.person_id}/{each.whom.organisation_id}",
        "name": each.name,
        "roles": f"{roles}. Leads the project" if each.leads else roles,
        "since": day_words(each.added_at) if each.added_at else "",
        "by": each.added_by,
        "leaves": party.changes and not each.leads,
    }


def _overseers(people: Iterable[Member]) -> str:
    return listed(_overseer(each.name, [called(role) for role in each.roles]) for each in people)


def _overseer(name: str, roles: list[str]) -> str:
    """Somebody with their roles, which are said once where their name is their post."""
    return (
        inside(name)
        if roles == [inside(name).removeprefix("the ")]
        else f"{inside(name)} ({listed(roles)})"
    )


def _form(party: Party, errors: dict[str, str]) -> Context | None:
    """Adding somebody of one organisation."""
    if not party.candidates:
        return None
    options = {
        str(each.whom.person_id): f"{each.name}, {listed(called(role) for role in each.roles)}"
        for each in party.candidates
    }
    return _choice(_field(party.id), f"Add somebody of {party.name}", options, errors)


def _invites(found: Team, errors: dict[str, str]) -> Context | None:
    """Letting another organisation take part."""
    if not found.invites:
        return None
    options = {str(id_): name for id_, name in found.invites.items()}
    return _choice(ORGANISATION, "Let another organisation take part", options, errors)


def _choice(name: str, ask: str, options: dict[str, str], errors: dict[str, str]) -> Context:
    asked: dict[str, Asked] = {
        name: Column.model_validate(
            {"id": ORGANISATION, "type": "choice", "ask": ask, "options": options}
        )
    }
    return draw_form(asked, {}, errors, selects=(name,))
