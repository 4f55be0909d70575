"""The people of an organisation, for its administrator; and all organisations, for whoever runs this."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.accounts import (
    INVITATION,
    INVITED,
    SUSPENDED,
    Link,
    find_account,
    send_link,
)
from app.actions.access.people import (
    Invited,
    Member,
    SharesWithOthers,
    change_roles,
    invite,
    is_address,
    organisation_of,
    people_of,
    possible_sponsors,
    readmit,
    set_sponsor,
    suspend,
)
from app.actions.access.roles import (
    ABOUT,
    GIVEN_BY_SYSTEM,
    NEEDED,
    ROLES,
    SYSTEM,
    WITH_CODE,
    called,
)
from app.actions.access.sign_ins import note
from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.mail.outbox import Unsent, list_unsent
from app.core.wording import listed
from app.web import letters
from app.web.accounts.common import LONGEST_NAME, account, when_words
from app.web.asking import complaints
from app.web.controls import Option, QuestionView, draw_question
from app.web.forms import typed
from app.web.once import id_of_form, key_field, key_of_form
from app.web.site import Context, fresh, moment_words, now, reading, site, writing

UNSENT = {
    "waiting": ("todo", "Waits to be sent"),
    "sending": ("todo", "Is being sent"),
    "failed": ("stop", "Was refused"),
    "unsure": ("flag", "May have left: nobody can say"),
}
STATES = {
    "active": ("ok", "Active"),
    INVITED: ("open", "Invited"),
    SUSPENDED: ("stop", "Suspended"),
}
CODES = "\nHave your telephone at hand: you will be asked for codes from an app as well.\n"
NAME, EMAIL, GIVEN, SPONSOR = "name", "email", "roles", "sponsor"
NOBODY = "none"
Answer = Response | str | tuple[str, int]


@account.get("/people")
def people() -> Answer:
    """The people of one's own organisation."""
    with reading() as (_, actor):
        return redirect(url_for("account.people_at", organisation=str(actor.organisation_id)))


@account.get("/people/e-mails")
def e_mails() -> Answer:
    """Emails that did not leave, for whoever runs the service."""
    with reading() as (conn, actor):
        if actor.role != SYSTEM:
            raise NotFound("emails")
        unsent = list_unsent(conn)
    return render_template(
        "e_mails.html", title="Emails that have not left", caption="People",
        mails=[_unsent(each) for each in unsent],
        back={"label": "Back to people", "url": url_for("account.people")},
    )  # fmt: skip


def _unsent(each: Unsent) -> Context:
    mark, word = UNSENT[each.state]
    return {
        "to": each.recipient,
        "subject": each.subject,
        "when": moment_words(each.at),
        "mark": mark,
        "word": word,
        "more": each.error or "",
    }


@account.get("/people/<organisation>")
def people_at(organisation: str) -> Answer:
    """Everybody in an organisation, with what they may do."""
    with reading() as (conn, actor):
        about = organisation_of(conn, actor, _uuid(organisation))
        members = people_of(conn, actor, about.id)
    return render_template(
        "people.html",
        title=f"People of {about.name}",
        caption="Organisations",
        sponsored=f"{about.name} is sponsored by {about.sponsor}. It shares information only with "
        f"{about.sponsor}: nobody else can be added to its projects." if about.sponsor else "",
        members=[_member(about.id, actor, each) for each in members],
        missing=_missing(members),
        record=url_for("organisations.one", reference=organisation),
        invite=url_for("account.invitation", organisation=organisation),
        sponsor=url_for("account.sponsor_of", organisation=organisation) if actor.role == SYSTEM else None,
        elsewhere=url_for("organisations.ig_map") if actor.role == SYSTEM else None,
        e_mails=url_for("account.e_mails") if actor.role == SYSTEM else None,
    )  # fmt: skip


def _missing(members: Iterable[Member]) -> str:
    """Which roles nobody has whom projects wait for, in words; "" where somebody has each."""
    held = {role for each in members for role, _ in each.roles}
    lacking = [called(role) for role in NEEDED if role not in held]
    return listed(lacking, "or") if lacking else ""


def _member(organisation_id: UUID, actor: Actor, each: Member) -> Context:
    mark, word = STATES[each.status]
    return {
        "name": each.name,
        "email": each.email,
        "roles": [ROLES.get(role, role) for role, _ in each.roles],
        "mark": mark,
        "status": word,
        # Nobody changes their own roles: there is nothing to open.
        "url": None
        if each.person_id == actor.person_id
        else url_for(
            "account.member", organisation=str(organisation_id), person=str(each.person_id)
        ),
        "me": each.person_id == actor.person_id,
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as odd:
        raise NotFound(text) from odd


@account.get("/people/<organisation>/invite")
def invitation(organisation: str) -> Answer:
    """Ask whom to invite."""
    with reading() as (conn, actor):
        about = organisation_of(conn, actor, _uuid(organisation))
        return _ask_invite(actor, organisation, about.name, {})


def _ask_invite(actor: Actor, organisation: str, name: str, errors: Mapping[str, str]) -> str:
    views = [
        QuestionView(NAME, "text", "What is their name?", name="Name", max_length=LONGEST_NAME,
                     value=request.form.get(NAME, ""), error=errors.get(NAME, "")),
        QuestionView(EMAIL, "text", "What is their email address?", name="Email address", input_type="email",
                     hint="Their own at work, not one that several people read.",
                     value=request.form.get(EMAIL, ""), error=errors.get(EMAIL, "")),
        _roles_view(actor, tuple(request.form.getlist(GIVEN)), errors.get(GIVEN, "")),
    ]  # fmt: skip
    return _page(organisation, views, title="Invite somebody", caption=name, submit="Send the invitation", action=url_for("account.send_invitation", organisation=organisation), text=f"They get a link by email that opens once, within {site().settings.invitation_hours} hours.")  # fmt: skip


def _roles_view(actor: Actor, given: tuple[str, ...], error: str = "") -> QuestionView:
    people = site().catalogues.newest().catalogue.pipeline.people
    does = {code: each.about or "" for code, each in people.items()} | ABOUT
    options = tuple(
        Option(
            code,
            title,
            does.get(code, "") + (" Asks for codes from an app." if code in WITH_CODE else ""),
        )
        for code, title in ROLES.items()
        if actor.role == SYSTEM or code not in GIVEN_BY_SYSTEM
    )
    return QuestionView(
        GIVEN, "checkboxes", "What do they do?", name="Roles", options=options,
        hint="Somebody may have several; they choose which they act in.", value=given, error=error,
    )  # fmt: skip


def _page(organisation: str, views: list[QuestionView], **texts: str) -> str:
    return render_template(
        "act.html", **texts,
        back={"label": "Back to people", "url": url_for("account.people_at", organisation=organisation)},
        asks=[draw_question(view) for view in views], errors=complaints(views),
        hidden=[key_field()],
    )  # fmt: skip


@account.post("/people/<organisation>/invite")
def send_invitation(organisation: str) -> Answer:
    """Invite somebody, by email."""
    said, email = typed(NAME, LONGEST_NAME, "text"), request.form.get(EMAIL, "").strip()
    name = str(said.value)
    roles = tuple(dict.fromkeys(request.form.getlist(GIVEN)))
    errors = {
        NAME: said.error or ("" if name else "Enter their name"),
        EMAIL: "" if is_address(email) else "Enter an email address, such as name@example.gov.uk",
        GIVEN: "" if roles else "Choose at least one role",
    }
    with writing() as (conn, actor):
        about = organisation_of(conn, actor, _uuid(organisation))
        if any(errors.values()):
            return _ask_invite(actor, organisation, about.name, errors)
        fresh()
        who = Invited(name, email, roles, id_of_form(actor))
        send_invite(conn, actor, about.id, about.name, who)
    flash(f"An invitation to {email} is on its way.")
    return redirect(url_for("account.people_at", organisation=organisation))


def send_invite(
    conn: Connection, actor: Actor, organisation_id: UUID, organisation: str, who: Invited
) -> None:
    """Invite somebody, and put the letter into the outbox."""
    link = invite(conn, actor, organisation_id, who, now(), _lasts())
    if not link.anew:
        return
    words = _words(actor, organisation, who.roles)
    if link.token is not None:
        _mail_link(conn, link, words)
        return
    words |= {"name": who.name, "link": letters.address_of("account.own")}
    letters.post(conn, who.email, "added", f"{organisation_id} {now().isoformat()}", words)


def _lasts() -> timedelta:
    return timedelta(hours=site().settings.invitation_hours)


def _words(actor: Actor, organisation: str, roles: Collection[str]) -> dict[str, str]:
    """What a letter says of who asks somebody in, and as what."""
    return {
        "who": actor.name,
        "organisation": organisation,
        "role": listed(called(role) for role in roles),
        "codes": CODES if WITH_CODE.intersection(roles) else "",
    }


def _mail_link(conn: Connection, link: Link, words: Mapping[str, str]) -> None:
    """Mail a link that lets somebody who was invited choose a password."""
    found = find_account(conn, person_id=link.person_id)
    if found is None or link.token is None:
        raise NotFound("person")
    told = {
        "name": found.name,
        "link": letters.address_of("account.welcome", token=link.token),
        "until": when_words(link.until),
    }
    letters.post(conn, found.email, INVITATION, link.token, told | {**words})


@account.get("/people/<organisation>/<person>")
def member(organisation: str, person: str) -> Answer:
    """What one person may do here, and whether they may."""
    with reading() as (conn, actor):
        about = organisation_of(conn, actor, _uuid(organisation))
        one = _one(conn, actor, about.id, person)
    views = [_roles_view(actor, tuple(role for role, _ in one.roles))]

    def to(endpoint: str) -> str:
        return url_for(endpoint, organisation=organisation, person=person)

    _, word = STATES[one.status]
    return render_template(
        "member.html", title=one.name, caption=about.name, email=one.email, status=word,
        back={"label": "Back to people", "url": url_for("account.people_at", organisation=organisation)},
        asks=[draw_question(view) for view in views],
        mine=one.person_id == actor.person_id,
        once=key_of_form(),
        action=to("account.give_roles"),
        suspend=to("account.suspend_member") if one.status != SUSPENDED else None,
        readmit=to("account.readmit_member") if one.status == SUSPENDED else None,
        resend=to("account.send_again") if one.status == INVITED else None,
    )  # fmt: skip


def _one(conn: Connection, actor: Actor, organisation_id: UUID, person: str) -> Member:
    wanted = _uuid(person)
    for each in people_of(conn, actor, organisation_id):
        if each.person_id == wanted:
            return each
    raise NotFound(person)


@account.post("/people/<organisation>/<person>/roles")
def give_roles(organisation: str, person: str) -> Answer:
    """Give a person exactly the roles that are ticked."""
    roles = tuple(dict.fromkeys(request.form.getlist(GIVEN)))
    with writing() as (conn, actor):
        fresh()
        change_roles(conn, actor, _uuid(organisation), _uuid(person), roles, now())
    flash("Their roles are changed, from now on.")
    return redirect(url_for("account.people_at", organisation=organisation))


@account.post("/people/<organisation>/<person>/suspend")
def suspend_member(organisation: str, person: str) -> Answer:
    """Suspend a person: they are signed out everywhere at once."""
    with writing() as (conn, actor):
        fresh()
        suspend(conn, actor, _uuid(organisation), _uuid(person), now())
    flash("Suspended, and signed out everywhere.")
    return redirect(url_for("account.people_at", organisation=organisation))


@account.post("/people/<organisation>/<person>/readmit")
def readmit_member(organisation: str, person: str) -> Answer:
    """End a suspension."""
    with writing() as (conn, actor):
        fresh()
        readmit(conn, actor, _uuid(organisation), _uuid(person), now())
    flash("They may sign in again.")
    return redirect(url_for("account.people_at", organisation=organisation))


@account.post("/people/<organisation>/<person>/invite-again")
def send_again(organisation: str, person: str) -> Answer:
    """Send another link; the one before opens no more."""
    with writing() as (conn, actor):
        fresh()
        about = organisation_of(conn, actor, _uuid(organisation))
        one = _one(conn, actor, about.id, person)
        once = id_of_form(actor)
        if one.status == INVITED and note(conn, "invited", one.person_id, now(), actor, once):
            link = send_link(conn, one.person_id, INVITATION, now(), _lasts())
            _mail_link(conn, link, _words(actor, about.name, tuple(role for role, _ in one.roles)))
    flash("Another link is on its way; the one before opens no more.")
    return redirect(url_for("account.people_at", organisation=organisation))


# Sponsors


@account.get("/people/<organisation>/sponsor")
def sponsor_of(organisation: str) -> Answer:
    """Ask who sponsors an organisation."""
    with reading() as (conn, actor):
        return _ask_sponsor(conn, actor, organisation)


def _ask_sponsor(conn: Connection, actor: Actor, organisation: str, error: str = "") -> str:
    about = organisation_of(conn, actor, _uuid(organisation))
    others = tuple(Option(str(id_), name) for id_, name in possible_sponsors(conn, about.id))
    view = QuestionView(
        SPONSOR, "radios", "Who sponsors it?", name="Sponsor",
        hint="A sponsored organisation shares information only with its sponsor.",
        options=(Option(NOBODY, "Nobody: it takes part in its own right"), *others),
        value=str(about.sponsor_id or NOBODY), error=error,
    )  # fmt: skip
    return _page(organisation, [view], title="Who sponsors it?", caption=about.name, submit="Save", action=url_for("account.give_sponsor", organisation=organisation), text="While it shares with others in a project, it cannot be given a sponsor.")  # fmt: skip


@account.post("/people/<organisation>/sponsor")
def give_sponsor(organisation: str) -> Answer:
    """Give an organisation a sponsor, or none; refused while it shares with anybody else."""
    chosen = request.form.get(SPONSOR, "")
    try:
        with writing() as (conn, actor):
            fresh()
            to = None if chosen == NOBODY else _uuid(chosen)
            set_sponsor(conn, actor, _uuid(organisation), to, now())
    except SharesWithOthers:
        with reading() as (conn, actor):
            said = "It shares with others in a project, so it cannot have this sponsor"
            return _ask_sponsor(conn, actor, organisation, said), 400
    flash("Saved.")
    return redirect(url_for("account.people_at", organisation=organisation))
