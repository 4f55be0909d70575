"""What is passed to the person who is here, for their first page: late things first."""

from __future__ import annotations

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.together.passing import Yours, yours
from app.web.pages import Place
from app.web.site import Context, day_words, site, today


def to_answer(conn: Connection, actor: Actor) -> list[Context]:
    """What others ask this person to answer; one statement."""
    return [_entry(conn, one) for one in yours(conn, actor)]


def _entry(conn: Connection, one: Yours) -> Context:
    passed = one.assignment
    questionnaire, page = passed.page.split("/", maxsplit=1)
    place = Place(one.reference, questionnaire, page)
    note = f". {passed.note}" if passed.note else ""
    return {
        "title": _called(conn, one, place),
        "url": place.url(_anchor=passed.question or None),
        "about": f"{one.title}, {one.reference}{note}",
        "who": f"{passed.who}, {day_words(passed.at)}",
        "by": day_words(passed.due_on) if passed.due_on else "No date",
        "late": one.is_late(today()),
    }


def _called(conn: Connection, one: Yours, place: Place) -> str:
    """The page or question in the words of the project's own release."""
    catalogue = site().catalogues.of(conn, one.release_id).catalogue
    question = catalogue.program.questions.get(one.assignment.question or "")
    if question is not None:
        return question.called
    try:
        return place.definition(catalogue)[1].title
    except NotFound:  # the project has moved to a release without that page
        return "A page of an earlier release"
