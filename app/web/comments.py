"""What people say to each other about a project, as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.pages import Looked, open_project
from app.actions.together.comments import (
    Audience,
    Comment,
    Reader,
    Words,
    comments,
    readers,
    say,
    settle,
)
from app.core.questions import Asked, Column
from app.web.site import Context, moment_words, now, on_project, reading, site, today, writing
from app.web.small_forms import Posted, draw_form, read_form, unreadable

WORDS, AUDIENCE, PRIVILEGED, FOR = "words", "audience", "privileged", "for"
LONGEST = 4000
YES = "yes"


def talk(reference: str) -> Response | str:
    """What was said, and saying something."""
    about = request.args.get("about", "")
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        everybody = readers(conn, actor, reference)
        said = comments(conn, actor, reference)
    on_project(looked.opened.project)
    answers = next((c for c in said if str(c.id) == request.args.get("answers", "")), None)
    asked = _asked(everybody, actor, answers)
    posted = read_form(asked)
    errors = _errors(posted)
    if posted and not any(errors.values()):
        return _said(reference, about, posted, answers)
    shown = [c for c in said if not about or c.about == about]
    return _draw(looked, actor, about, (shown, answers), (asked, posted, errors), everybody)


def settled(reference: str) -> Response:
    """Say that something is settled."""
    try:
        comment_id = UUID(request.form.get("comment", ""))
    except ValueError:
        abort(404)
    with writing() as (conn, actor):
        settle(conn, actor, reference, comment_id, now())
    flash("Settled. It stays here to be read.")
    about = request.form.get("about", "")
    return redirect(_url(reference, about))


def _said(reference: str, about: str, posted: Posted, answers: Comment | None) -> Response:
    whom = posted[FOR].data if FOR in posted else None
    words = Words(
        str(posted[WORDS].data),
        answers.about if answers else about,
        Audience(str(posted[AUDIENCE].data)),
        now(),
        privileged=bool(PRIVILEGED in posted and posted[PRIVILEGED].data),
        for_id=UUID(str(whom)) if whom else None,
        answers_id=answers.id if answers else None,
    )
    with writing() as (conn, actor):
        made = say(conn, actor, reference, words)
    flash(
        "Said. "
        + (
            "Only your organisation reads it."
            if made.audience is Audience.OURS
            else "All parties read it."
        )
    )
    return redirect(_url(reference, about))


def _url(reference: str, about: str) -> str:
    return url_for("projects.talk", reference=reference, about=about or None)


def _asked(everybody: Iterable[Reader], actor: Actor, answers: Comment | None) -> dict[str, Asked]:
    """What the form asks, by name. An answer reaches nobody who cannot read what it answers."""
    people = list(everybody)
    ours = f"Only {actor.organisation_name}"
    theirs = ", ".join(name for name, _ in groupby(people, lambda one: one.organisation))
    options = {Audience.OURS.value: ours, Audience.ALL.value: f"All that take part: {theirs}"}
    if answers is not None and answers.audience is Audience.OURS:
        del options[Audience.ALL.value]
    whom = {
        str(each.id): f"{each.name}, {each.organisation}"
        for each in people
        if each.id != actor.person_id
    }
    asked: dict[str, Asked] = {
        WORDS: Column.model_validate(
            {
                "id": WORDS,
                "type": "long_text",
                "ask": "What do you want to say?",
                "max_length": LONGEST,
            }
        ),
        AUDIENCE: Column.model_validate(
            {"id": AUDIENCE, "type": "choice", "ask": "Who will read it?", "options": options}
        ),
        PRIVILEGED: Column.model_validate(
            {
                "id": PRIVILEGED,
                "type": "multi",
                "ask": "Is it legal advice?",
                "options": {YES: "Yes, it is privileged and stays in our organisation"},
            }
        ),
    }
    if whom:
        asked[FOR] = Column.model_validate(
            {"id": FOR, "type": "choice", "ask": "Do you ask somebody?", "options": whom}
        )
    return asked


def _errors(posted: Posted) -> dict[str, str]:
    found = unreadable(posted)
    if not posted:
        return found
    if not found[WORDS] and not posted[WORDS].data:
        found[WORDS] = "Write what you want to say"
    if not found[AUDIENCE] and not posted[AUDIENCE].data:
        found[AUDIENCE] = "Choose who will read it"
    if posted[PRIVILEGED].data and posted[AUDIENCE].data == Audience.ALL:
        found[PRIVILEGED] = (
            "What is privileged stays in your organisation: choose that only it reads this"
        )
    return found


def _draw(
    looked: Looked,
    actor: Actor,
    about: str,
    said: tuple[Sequence[Comment], Comment | None],
    form: tuple[Mapping[str, Asked], Posted, Mapping[str, str]],
    everybody: Sequence[Reader],
) -> str:
    (shown, answers), (asked, posted, errors) = said, form
    reference = looked.opened.project.reference
    title, back = _about(looked, about)
    first = [each for each in shown if each.answers_id is None]
    return render_template(
        "comments.html",
        title=f"Comments on {title}" if about else "Comments",
        caption=f"{looked.title}, {reference}",
        back=back,
        lead=_lead(first, everybody),
        threads=[_thread(looked, each, shown, actor, about) for each in first],
        answers=f"{answers.who}: {answers.words}" if answers else "",
        **draw_form(asked, posted, errors, selects=(FOR,), optional=(PRIVILEGED, FOR)),
        action=url_for(
            "projects.talk",
            reference=reference,
            about=about or None,
            answers=answers.id if answers else None,
        ),
        settle=url_for("projects.settled", reference=reference),
        about=about,
    )


def _lead(first: Sequence[Comment], everybody: Sequence[Reader]) -> str:
    waiting = sum(each.settled_at is None for each in first)
    number = "Nothing has been said yet." if not first else f"{waiting} open, {len(first)} in all."
    return f"{number} {len(everybody)} people can read what is said to all."


def _thread(
    looked: Looked, first: Comment, said: Iterable[Comment], actor: Actor, about: str
) -> Context:
    title, where = _about(looked, first.about)
    at: Context = {"reference": looked.opened.project.reference, "about": about or None}
    return {
        "id": str(first.id),
        "about": "" if about else title,
        "url": where["url"],
        "said": [
            _one(each, actor) for each in (first, *(c for c in said if c.answers_id == first.id))
        ],
        "settled": f"Settled by {first.settled_by}, {moment_words(first.settled_at)}"
        if first.settled_at
        else "",
        "answer": url_for("projects.talk", answers=first.id, _anchor="say", **at),
    }


def _one(each: Comment, actor: Actor) -> Context:
    ours = each.audience is Audience.OURS
    read = f"Only {actor.organisation_name} reads this" if ours else "All that take part read this"
    return {
        "who": f"{each.who}, {each.organisation}",
        "when": moment_words(each.at),
        "words": each.words,
        "read": f"Privileged. {read}" if each.privileged else read,
        "asks": f"Asks {each.for_whom}" if each.for_whom else "",
    }


def _about(looked: Looked, about: str) -> tuple[str, Context]:
    """What a comment is about, in words, and the way there."""
    reference = looked.opened.project.reference
    project = {
        "label": f"Back to {looked.title}",
        "url": url_for("projects.one", reference=reference),
    }
    catalogue = looked.released.catalogue
    questionnaire, _, page = about.partition("/")
    if questionnaire in catalogue.questionnaires:
        for _, each in catalogue.questionnaires[questionnaire].pages():
            if each.id == page:
                url = url_for(
                    "pages.show", reference=reference, questionnaire=questionnaire, page=page
                )
                return f"“{each.title}”", {"label": f"Back to {each.title}", "url": url}
    for flag in catalogue.program.flags:
        if flag.rule.id == about:
            url = url_for("reports.risk_report", reference=reference, _anchor=f"flag-{about}")
            return f"“{flag.rule.title}”", {"label": "Back to the risk report", "url": url}
    return "the project", project
