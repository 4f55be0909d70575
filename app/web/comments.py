"""What people say to each other about a project, as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.pages import Looked, open_project
from app.actions.together.comments import (
    Audience,
    Comment,
    Words,
    comments,
    mentions_of,
    readers,
    say,
    say_read,
    settle,
    to_tell,
)
from app.actions.together.mentions import Reader, handles
from app.core.questions import Asked, Column
from app.core.wording import inside, listed
from app.web import letters
from app.web.once import id_of_form, key_of_form
from app.web.reports.words import shortened
from app.web.site import Context, moment_words, now, on_project, reading, site, today, writing
from app.web.small_forms import Posted, draw_form, read_form, unreadable

WORDS, AUDIENCE, PRIVILEGED, FOR, READ = "words", "audience", "privileged", "for", "read"
QUESTION = "question"
LONGEST = 4000
LONGEST_ASKED = 90
HINT = "Write @ and a name, and that person is told. Only people who will read it can be mentioned."
YES = "yes"


def talk(reference: str) -> Response | str:
    """What was said, and saying something."""
    about = request.args.get("about", "")
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        everybody = readers(conn, actor, reference)
        said = comments(conn, actor, reference)
    on_project(looked.opened.project)
    answers = _answered(said, request.args.get("answers", ""))
    questions = _questions_of(looked, about)
    asked = _asked(everybody, actor, answers) | _which(questions if answers is None else {})
    posted = read_form(asked)
    errors = _errors(posted, everybody, actor)
    if posted and not any(errors.values()):
        return _said(looked, about, posted, answers)
    shown = [c for c in said if not about or c.about == about or c.about in questions]
    return _draw(looked, actor, about, (shown, answers), (asked, posted, errors), everybody)


def _answered(said: Iterable[Comment], id_: str) -> Comment | None:
    """What the form answers, if anything; it begins a thread that whoever answers may read."""
    if not id_:
        return None
    # Never said to others instead, as something of its own.
    return next((c for c in said if str(c.id) == id_ and c.answers_id is None), None) or abort(404)


def settled(reference: str) -> Response:
    """Say that something is settled; or only that one has read what mentions one."""
    read = READ in request.form
    try:
        comment_id = UUID(request.form.get(READ if read else "comment", ""))
    except ValueError:
        abort(404)
    with writing() as (conn, actor):
        (say_read if read else settle)(conn, actor, reference, comment_id, now())
    flash(
        "You have read it. It waits for you no longer."
        if read
        else "Settled. It stays here to be read."
    )
    about = request.form.get("about", "")
    return redirect(_url(reference, about))


def _said(looked: Looked, about: str, posted: Posted, answers: Comment | None) -> Response:
    reference = looked.opened.project.reference
    whom = posted[FOR].data if FOR in posted else None
    words = Words(
        str(posted[WORDS].data),
        answers.about if answers else _chosen(posted) or about,
        Audience(str(posted[AUDIENCE].data)),
        now(),
        privileged=bool(PRIVILEGED in posted and posted[PRIVILEGED].data),
        for_id=UUID(str(whom)) if whom else None,
        answers_id=answers.id if answers else None,
    )
    with writing() as (conn, actor):
        made = say(conn, actor, reference, replace(words, id=id_of_form(actor)))
        told = to_tell(made, readers(conn, actor, reference), actor)
        _tell(conn, actor, looked, made, told)
    ours = made.audience is Audience.OURS
    read = "Only your organisation reads it." if ours else "All parties read it."
    names = (
        f" {listed([each.name if not at else inside(each.name) for at, each in enumerate(told)])} will be told."
        if told
        else ""
    )
    flash(f"Said. {read}{names}")
    return redirect(_url(reference, about))


def _tell(
    conn: Connection, actor: Actor, looked: Looked, made: Comment, told: Iterable[Reader]
) -> None:
    """An email to each whom it mentions: that it does, and nothing of what it says."""
    reference = looked.opened.project.reference
    link = letters.address_of("projects.talk", reference=reference, _anchor=said_at(made))
    for each in told:
        words = {
            "name": each.name,
            "who": actor.name,
            "organisation": actor.organisation_name,
            "project": looked.title,
            "reference": reference,
            "link": link,
        }
        letters.post(conn, each.email, "mentioned", str(made.id), words)


def said_at(one: Comment) -> str:
    """Where a comment and its answers stand on the page."""
    return f"said-{one.thread}"


def _url(reference: str, about: str) -> str:
    return url_for("projects.talk", reference=reference, about=about or None)


def _asked(everybody: Iterable[Reader], actor: Actor, answers: Comment | None) -> dict[str, Asked]:
    """What the form asks, by name. An answer reaches nobody who cannot read what it answers."""
    people = list(everybody)
    ours = f"Only {actor.organisation_name}"
    theirs = ", ".join(name for name, _ in groupby(people, lambda one: one.organisation))
    alone = theirs in ("", actor.organisation_name)
    everybody_words = "only your organisation so far" if alone else theirs
    options = {
        Audience.OURS.value: ours,
        Audience.ALL.value: f"All that take part: {everybody_words}",
    }
    if answers is not None and answers.audience is Audience.OURS:
        del options[Audience.ALL.value]
    whom = {  # in several roles it is one person still
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
                "hint": HINT,
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
            {"id": FOR, "type": "choice", "ask": "Who should answer it?", "options": whom}
        )
    return asked


def _questions_of(looked: Looked, about: str) -> dict[str, str]:
    """The questions that the page asks which comments are about, by id."""
    questionnaire, _, page = about.partition("/")
    step = looked.journey.step(questionnaire, page)
    return {each.id: shortened(each.ask, LONGEST_ASKED) for each in step.questions} if step else {}


def _which(questions: Mapping[str, str]) -> dict[str, Asked]:
    """Which question of a page it is about, if any one alone."""
    if not questions:
        return {}
    ask = "Is it about one question of this page?"
    form = {"id": QUESTION, "type": "choice", "ask": ask, "options": dict(questions)}
    return {QUESTION: Column.model_validate(form)}


def _chosen(posted: Posted) -> str:
    return str(posted[QUESTION].data or "") if QUESTION in posted else ""


def _errors(posted: Posted, everybody: Sequence[Reader], actor: Actor) -> dict[str, str]:
    found = unreadable(posted)
    if not posted:
        return found
    words, chosen = str(posted[WORDS].data or ""), str(posted[AUDIENCE].data or Audience.ALL)
    if not found[WORDS]:
        faults = mentions_of(words, everybody, actor, Audience(chosen)).faults
        found[WORDS] = ". ".join(faults)
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
        people=_people(everybody, actor),
        **draw_form(
            asked, posted, errors, selects=(FOR, QUESTION), optional=(PRIVILEGED, FOR, QUESTION)
        ),
        action=url_for(
            "projects.talk",
            reference=reference,
            about=about or None,
            answers=answers.id if answers else None,
        ),
        settle=url_for("projects.settled", reference=reference),
        about=about,
        once=key_of_form(),
    )


def _lead(first: Sequence[Comment], everybody: Sequence[Reader]) -> str:
    waiting = sum(each.settled_at is None for each in first)
    number = "Nothing has been said yet." if not first else f"{waiting} open, {len(first)} in all."
    people = len({each.id for each in everybody})
    can = "1 person can" if people == 1 else f"{people} people can"
    return f"{number} {can} read what is said to all."


def _people(everybody: Sequence[Reader], actor: Actor) -> list[Context]:
    """Which others one can mention, by organisation, one's own first: how they are written."""
    ways = handles(everybody)
    ours = actor.organisation_id
    others = (each for each in everybody if each.id != actor.person_id)
    several = sorted(others, key=lambda one: (one.organisation_id != ours, one.organisation))
    return [
        {
            "organisation": name,
            "ours": people[0].organisation_id == ours,
            "names": list(dict.fromkeys(ways[each.id] for each in people if each.id in ways)),
        }
        for name, people in (
            (name, list(found)) for name, found in groupby(several, lambda one: one.organisation)
        )
    ]


def _thread(
    looked: Looked, first: Comment, said: Iterable[Comment], actor: Actor, about: str
) -> Context:
    title, where = _about(looked, first.about)
    every = (first, *(c for c in said if c.answers_id == first.id))
    at: Context = {"reference": looked.opened.project.reference, "about": about or None}
    return {
        "id": str(first.id),
        "anchor": said_at(first),
        "unread": any(each.waits_for(actor.person_id) for each in every),
        "about": "" if about == first.about else title,
        "url": where["url"],
        "said": [_one(each, actor) for each in every],
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
        "parts": list(_parts(each, actor)),
        "read": f"Privileged. {read}" if each.privileged else read,
        "asks": f"Asks {each.for_whom}" if each.for_whom else "",
        "mentions": each.names(actor.person_id),
    }


def _parts(one: Comment, actor: Actor) -> Iterator[Context]:
    """The words, in parts: what is said, and names that mention somebody."""
    end = 0
    for each in one.mentions:
        yield {"text": one.words[end : each.start], "name": False, "you": False}
        end = each.start + each.length
        you = each.person_id == actor.person_id
        yield {"text": one.words[each.start : end], "name": True, "you": you}
    yield {"text": one.words[end:], "name": False, "you": False}


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
    if about in catalogue.program.questions:
        return _about_question(looked, about)
    for flag in catalogue.program.flags:
        if flag.rule.id == about:
            url = url_for("reports.risk_report", reference=reference, _anchor=f"flag-{about}")
            return f"“{flag.rule.title}”", {"label": "Back to the risk report", "url": url}
    return "the project", project


def _about_question(looked: Looked, id_: str) -> tuple[str, Context]:
    """A question in its words, and the page that asks it."""
    question = looked.released.catalogue.program.questions[id_]
    reference = looked.opened.project.reference
    step = next((s for s in looked.journey.steps if id_ in {q.id for q in s.questions}), None)
    back: Context = {
        "label": "Back to the project",
        "url": url_for("projects.one", reference=reference),
    }
    if step is not None:
        url = url_for(
            "pages.show",
            reference=reference,
            questionnaire=step.questionnaire,
            page=step.page.id,
            _anchor=id_,
        )
        back = {"label": f"Back to {step.page.title}", "url": url}
    return f"“{question.called}”", back
