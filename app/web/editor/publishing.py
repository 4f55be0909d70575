"""The page on which a draft is published: its changes, what they do, what is in the way, who agrees."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.definitions import publishing as acts
from app.actions.definitions.publishing import NO, YES, Saying, Weighed
from app.actions.errors import OutOfDate
from app.catalogue import things
from app.store.drafts import OPEN
from app.web.controls import Option, QuestionView, draw_control
from app.web.editor import telling
from app.web.editor.desk import Desk, at_desk, crumbs, editor
from app.web.forms import typed
from app.web.site import Context, fresh, now, site, writing

NOTES, REASON, MOVE, PEOPLE, WORDS = "notes", "reason", "move", "people", "words"
LONGEST = acts.LONGEST_NOTES
ASKED = "Asked. They are sent an email, and find the draft in their queue."
KEPT = "Kept. Nobody was sent an email: any other editor can open this page and say yes."
OF_LAW = (
    "A statement of law changes: one of them has to agree. Their yes counts for the rest as well."
)
OF_MEANING = "Their yes counts as a second editor's would. Any other editor may say yes unasked."
SHOWN = 200  # changes in the table; a draft with more is told how many more there are


@editor.get("/drafts/<draft_id>/publish")
def publish(draft_id: str) -> str:
    """Everything that is to be known before a draft goes out, on one page."""
    return _page(draft_id)


def _page(draft_id: str, errors: Mapping[str, str] | None = None) -> str:
    """The page; `errors`: what is wrong with what was typed, by field."""
    wrong = errors or {}
    with at_desk(draft_id) as (conn, desk):
        weighed = acts.weigh_draft(conn, desk.actor, draft_id)
        officers = acts.officers(conn)
    may_edit = desk.may_edit and weighed.draft.state == OPEN
    people = [
        Option(str(each.person_id), f"{each.name}, {each.organisation_name}") for each in officers
    ]
    return render_template(
        "publish.html",
        title=f"Publish release {weighed.newest + 1}",
        caption=f"Draft: {desk.draft.name}, on release {desk.draft.base_number}",
        crumbs=crumbs(desk),
        errors=[{"anchor": name, "text": text} for name, text in wrong.items()],
        tiles=telling.tiles(weighed),
        changes=[telling.told_change(each) for each in weighed.changes[:SHOWN]],
        more=f"And {len(weighed.changes) - SHOWN} more." if len(weighed.changes) > SHOWN else "",
        findings=[
            telling.told_finding(desk, n, each)
            for n, each in enumerate(weighed.proved.findings if weighed.proved else ())
        ],
        wrong=[
            {"rule": _rule(desk, id_), "text": why, "url": desk.url("bench", file=file)}
            for file, id_, why in (weighed.proved.wrong if weighed.proved else ())
        ],
        faults=desk.findings()["shown"] if desk.checked.faults else [],
        effects=telling.effects(weighed),
        conditions=telling.conditions(weighed),
        why_two=telling.why_two(weighed),
        words=[telling.told_word(weighed, each, officers) for each in weighed.words],
        check_url=desk.url("check") if may_edit and _to_check(weighed) else None,
        newer=telling.newer(desk, weighed) if may_edit else None,
        waiting=telling.waiting(weighed),
        here=desk.url("publish"),
        form=_form(desk, weighed, people, wrong) if may_edit else None,
        answer=_answer(desk, weighed, wrong) if weighed.may_answer(desk.actor) else None,
        hash=weighed.hash,
        back=desk.url("draft"),
        **desk.context(),
    )


def _to_check(weighed: Weighed) -> bool:
    """Whether checks are to be asked for, or looked at again."""
    return telling.unchecked(weighed) or bool(telling.waiting(weighed))


def _rule(desk: Desk, id_: str) -> str:
    """A rule as people know it, with its id."""
    found = next(
        (each for kind in things.RULES if (each := things.find(desk.files, kind, id_))), None
    )
    return f"{id_} “{found.title}”" if found else id_


def _form(desk: Desk, weighed: Weighed, people: list[Option], wrong: Mapping[str, str]) -> Context:
    asked = weighed.asked.content if weighed.asked else {}
    given = request.form
    move = given.get(MOVE) or ("yes" if asked.get("must_move") else "no")
    notes = QuestionView(
        NOTES,
        "long_text",
        "Notes for everyone who uses this",
        hint="What changed and why, in two sentences",
        max_length=LONGEST,
        value=given.get(NOTES, str(asked.get("notes", ""))),
        error=wrong.get(NOTES, ""),
    )
    reason = QuestionView(
        REASON,
        "long_text",
        "Why must projects move?",
        hint="Said to everybody on an earlier release, if they must",
        max_length=LONGEST,
        optional=True,
        value=given.get(REASON, str(asked.get("must_move", ""))),
        error=wrong.get(REASON, ""),
    )
    law = any(need.kind == acts.LAW for need in weighed.needs)
    whom = QuestionView(
        PEOPLE,
        "checkboxes",
        "Which data protection officers do you ask?",
        hint=OF_LAW if law else OF_MEANING,
        options=tuple(people),
        optional=not law,
        error=wrong.get(PEOPLE, ""),
        value=tuple(given.getlist(PEOPLE) if NOTES in given else sorted(weighed.nominated)),
    )
    unmet = any(need.met is None for need in weighed.needs)
    return {
        "notes": draw_control(notes),
        "reason": draw_control(reason),
        "move": move,
        "people": draw_control(whom)
        if weighed.needs and people and not weighed.only_confirms
        else "",
        "ready": weighed.ready,
        "publish": desk.url("publish_now"),
        "ask": desk.url("ask_yes") if unmet and not weighed.only_confirms else None,
        "stops": list(weighed.stops),
        "number": weighed.newest + 1,
    }


def _answer(desk: Desk, weighed: Weighed, wrong: Mapping[str, str]) -> Context:
    words = QuestionView(
        WORDS,
        "long_text",
        "Your words",
        hint="Needed for a no",
        optional=True,
        max_length=LONGEST,
        value=request.form.get(WORDS, ""),
        error=wrong.get(WORDS, ""),
    )
    return {
        "action": desk.url("answer_draft"),
        "words": draw_control(words),
        "mine": next(
            (
                word.said
                for word in reversed(weighed.words)
                if word.person_id == desk.actor.person_id and word.hash == weighed.hash
            ),
            "",
        ),
    }


# What is pressed


@editor.post("/drafts/<draft_id>/check")
def check(draft_id: str) -> str:
    """Ask for the proofs, and for what it would do to live projects; what was typed stays."""
    with writing() as (conn, actor):
        acts.check_draft(conn, actor, draft_id, now())
    return _page(draft_id)


def _again(draft_id: str, changed: OutOfDate) -> str:
    """The page as the draft is now, with what was typed, where it was changed meanwhile."""
    flash(str(changed))
    return _page(draft_id)


def _saying(**content: object) -> Saying:
    return Saying(request.form.get("hash", ""), now(), content)


def _typed() -> tuple[dict[str, object], dict[str, str]]:
    """Notes and what must move, as typed, with what is wrong with them by field."""
    notes, reason = typed(NOTES, LONGEST), typed(REASON, LONGEST)
    must = request.form.get(MOVE) == "yes"
    errors = {NOTES: notes.error or ("" if notes.value else "Enter what changed and why")}
    if must:
        errors[REASON] = reason.error or ("" if reason.value else "Enter why projects must move")
    content: dict[str, object] = {
        "notes": notes.value or "",
        "must_move": reason.value if must else "",
        "people": request.form.getlist(PEOPLE)[:100],
    }
    return content, {name: text for name, text in errors.items() if text}


@editor.post("/drafts/<draft_id>/ask")
def ask_yes(draft_id: str) -> Response | str:
    """Ask others for their yes; the notes and what must move are kept with it."""
    content, errors = _typed()
    with at_desk(draft_id) as (conn, desk):
        weighed = acts.weigh_draft(conn, desk.actor, draft_id)
    if _asks_no_officer(weighed, content):
        errors[PEOPLE] = "Choose a data protection officer: only they can agree to what the law is"
    if errors:
        return _page(draft_id, errors)
    try:
        with writing() as (conn, actor):
            acts.ask_for_yes(conn, actor, draft_id, _saying(**content))
    except OutOfDate as changed:
        return _again(draft_id, changed)
    flash(ASKED if content["people"] else KEPT)
    return redirect(url_for("editor.publish", draft_id=draft_id))


def _asks_no_officer(weighed: Weighed, content: Mapping[str, object]) -> bool:
    """Whether a statement of law changes and no officer was ever asked about it."""
    law = any(need.kind == acts.LAW and need.met is None for need in weighed.needs)
    return law and not content["people"] and not weighed.nominated


@editor.post("/drafts/<draft_id>/answer")
def answer_draft(draft_id: str) -> Response | str:
    """Say yes or no to a draft."""
    said = YES if request.form.get("said") == YES else NO
    words = typed(WORDS, LONGEST)
    if words.error or (said == NO and not words.value):
        return _page(draft_id, {WORDS: words.error or "Enter why you say no"})
    try:
        with writing() as (conn, actor):
            fresh()
            acts.answer_draft(conn, actor, draft_id, said, _saying(reason=words.value or ""))
    except OutOfDate as changed:
        return _again(draft_id, changed)
    flash("Your yes is kept, for the draft as it is now." if said == YES else "Your no is kept.")
    return redirect(url_for("editor.publish", draft_id=draft_id))


@editor.post("/drafts/<draft_id>/publish")
def publish_now(draft_id: str) -> Response | str:
    """Make the draft a release."""
    content, errors = _typed()
    if errors:
        return _page(draft_id, errors)
    try:
        with writing() as (conn, actor):
            fresh()
            said = _saying(**content)
            published = acts.publish_draft(conn, actor, site().catalogues, draft_id, said)
    except OutOfDate as changed:
        return _again(draft_id, changed)
    site().catalogues.remember(published.released)
    then = (
        "Projects on earlier releases see at once that they must move."
        if content["must_move"]
        else "Projects stay on theirs until someone moves them."
    )
    flash(f"Release {published.number} is published. {then}")
    return redirect(url_for("releases.one", number=published.number))
