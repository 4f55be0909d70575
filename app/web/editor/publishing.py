"""The page on which a draft is published: its changes, what they do, what is in the way, who agrees."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.actions import publishing as acts
from app.actions.draft_proofs import Finding
from app.actions.overview import count, listed
from app.actions.publishing import LAW, NO, SECOND, YES, Need, Saying, Weighed, Word
from app.core.difference import Change, Effect, Stretch, marked
from app.store.drafts import OPEN
from app.store.previews import DONE
from app.web.controls import Option, QuestionView, draw_control
from app.web.editor.desk import Desk, at_desk, crumbs, editor, known_url
from app.web.forms import typed
from app.web.site import Context, moment_words, now, site, writing

NOTES, REASON, MOVE, PEOPLE, WORDS = "notes", "reason", "move", "people", "words"
LONGEST = acts.LONGEST_NOTES
SHOWN = 200  # changes in the table; a draft with more is told how many more there are
COLOURS = {
    Effect.WORDING: "grey",
    Effect.DOCUMENT: "grey",
    Effect.FLOW: "teal",
    Effect.SCORING: "orange",
    Effect.MEANING: "purple",
}


@editor.get("/drafts/<draft_id>/publish")
def publish(draft_id: str) -> str:
    """Everything that is to be known before a draft goes out, on one page."""
    return _page(draft_id)


def _page(draft_id: str, errors: tuple[Context, ...] = ()) -> str:
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
        errors=list(errors),
        tiles=_tiles(weighed),
        changes=[_change(each) for each in weighed.changes[:SHOWN]],
        more=f"And {len(weighed.changes) - SHOWN} more." if len(weighed.changes) > SHOWN else "",
        findings=[
            _finding(desk, each) for each in (weighed.proved.findings if weighed.proved else ())
        ],
        wrong=[
            {"rule": id_, "text": why, "url": desk.url("bench", file=file)}
            for file, id_, why in (weighed.proved.wrong if weighed.proved else ())
        ],
        faults=desk.findings()["shown"] if desk.checked.faults else [],
        effects=_effects(weighed),
        conditions=_conditions(weighed),
        why_two=_why_two(weighed),
        words=[_word(weighed, each) for each in weighed.words],
        check_url=desk.url("check") if may_edit and _unchecked(weighed) else None,
        waiting=_waiting(weighed),
        here=desk.url("publish"),
        form=_form(desk, weighed, people) if may_edit else None,
        answer=_answer(desk, weighed) if weighed.may_answer(desk.actor) else None,
        hash=weighed.hash,
        back=desk.url("draft"),
        **desk.context(),
    )


def _unchecked(weighed: Weighed) -> bool:
    """Whether something is still to be asked for: proofs, or what it does to live projects."""
    sound = weighed.checked.catalogue is not None and bool(weighed.changes)
    return sound and (weighed.proved is None or weighed.effects is None) and not weighed.unprovable


def _waiting(weighed: Weighed) -> str:
    effects = weighed.effects
    if effects is not None and effects.preview.running:
        seen = effects.preview
        return f"Live projects are being looked at: {seen.seen} of {seen.projects} so far."
    return "The proofs are being done." if effects is not None and weighed.proved is None else ""


def _tiles(weighed: Weighed) -> list[Context]:
    faults, proved, effects = len(weighed.checked.faults), weighed.proved, weighed.effects
    failed = len(proved.findings) if proved else 0
    left = len(proved.not_analysed) if proved else 0
    number = len(weighed.changes)
    said = (
        f"failed {_plural('proof', failed)}. {left} not analysed"
        if proved
        else "proofs not done yet"
    )
    tiles: list[Context] = [
        {
            "count": faults,
            "mark": "stop" if faults else "ok",
            "text": _plural("fault", faults) + " in the files",
        },
        {
            "count": failed if proved else "–",
            "mark": "open" if not proved else "stop" if failed else "ok",
            "text": said,
        },
        {"count": number, "mark": None, "text": _plural("change", number)},
    ]
    if effects is not None and effects.preview.state == DONE:
        text = f"of {count(effects.preview.projects, 'live project')} would change"
        tiles.append({"count": effects.preview.touched, "mark": None, "text": text})
    else:
        tiles.append({"count": "–", "mark": "open", "text": "live projects not looked at yet"})
    return tiles


def _plural(what: str, number: int) -> str:
    return what if number == 1 else f"{what}s"


def _change(each: Change) -> Context:
    before, after = marked(each.before, each.after)
    return {
        "where": each.where,
        "part": each.part,
        "kind": each.effect.value.capitalize(),
        "colour": COLOURS[each.effect],
        "law": each.law,
        "before": _side(before, "del"),
        "after": _side(after, "ins"),
    }


def _side(stretches: Iterable[Stretch], tag: str) -> Markup:
    """One side of a change, with what is only there marked."""
    parts = [
        Markup(f"<{tag}>{escape(each.text)}</{tag}>") if each.changed else escape(each.text)  # noqa: S704 - escaped
        for each in stretches
        if each.text
    ]
    return Markup("").join(parts) or Markup("–")


def _finding(desk: Desk, finding: Finding) -> Context:
    file, line = finding.place
    witness = finding.witness is not None
    return {
        "says": finding.says,
        "mend": finding.mend,
        "lines": [each.says for each in finding.lines],
        "where": f"{file}, line {line}",
        "url": desk.text_url(file, line),
        "witness": known_url("preview", "", draft_id=desk.id) if witness else "",
    }


def _effects(weighed: Weighed) -> Context | None:
    found = weighed.effects
    if found is None or found.preview.state != DONE:
        return None
    seen = found.preview
    took = (seen.ended_at - seen.begun_at).total_seconds() if seen.ended_at and seen.begun_at else 0
    return {
        "said": f"{count(seen.projects, 'project')} looked at in "
        f"{count(max(1, round(took)), 'second')}, on their own answers",
        "summary": _summary(seen.touched, seen.reworded),
        "rows": [
            {
                "title": each.title,
                "number": each.number,
                "before": each.before or "–",
                "after": each.after or "–",
                "url": _effect_url(str(seen.id), each.seq),
            }
            for each in found.effects
        ],
    }


def _summary(touched: int, reworded: int) -> str:
    said = "0 projects change" if not touched else f"{count(touched, 'project')} would change"
    if reworded:
        said += f"; a document reads otherwise for {count(reworded, 'project')}"
    return f"{said}."


def _effect_url(preview: str, seq: int) -> str:
    name = "changes.effect"
    known = name in current_app.view_functions
    return url_for(name, preview_id=preview, seq=str(seq)) if known else ""


def _conditions(weighed: Weighed) -> list[Context]:
    """What publishing needs, and whether it is there."""
    proved, effects = weighed.proved, weighed.effects
    sound = weighed.checked.catalogue is not None
    found = [
        (sound, "Files load without faults"),
        (proved is not None and not proved.findings, "All proofs hold"),
        (
            proved is not None and not proved.wrong,
            "Every rule’s examples pass" + (f" ({proved.examples:,})" if proved else ""),
        ),
        (
            effects is not None and effects.preview.state == DONE,
            "What it does to live projects is worked out",
        ),
    ]
    lines = [{"mark": "ok" if done else "todo", "text": text} for done, text in found]
    if weighed.newest != weighed.draft.base_number:
        text = f"It is brought up to release {weighed.newest}, published since it was begun"
        lines.append({"mark": "todo", "text": text})
    return lines + [_need(weighed, each) for each in weighed.needs]


def _need(weighed: Weighed, need: Need) -> Context:
    kinds = {each.effect.value for each in weighed.changes if each.effect in acts.AGREED}
    of_law = sum(each.law for each in weighed.changes)
    asked = {
        SECOND: f"A second editor or a data protection officer says yes: {listed(sorted(kinds))} "
        f"{'changes' if len(kinds) == 1 else 'change'}",
        LAW: f"A data protection officer says yes: {count(of_law, 'statement')} of law "
        f"{'changes' if of_law == 1 else 'change'}",
    }[need.kind]
    if need.met is not None:
        return {"mark": "ok", "text": f"{need.met.who} said yes, {moment_words(need.met.at)}"}
    if need.refused is not None:
        reason = str(need.refused.content.get("reason", ""))
        return {"mark": "stop", "text": f"{need.refused.who} said no: {reason}"}
    if need.lapsed is not None:
        return {
            "mark": "todo",
            "text": f"{asked}. {need.lapsed.who} said yes to an earlier text: "
            "the draft was changed since, so it counts no more",
        }
    return {"mark": "todo", "text": asked}


def _why_two(weighed: Weighed) -> str:
    if not weighed.needs:
        return ""
    if weighed.only_confirms:
        return "Nothing changes but who confirmed the law, and when: the officer’s own yes is what it needs."
    live = weighed.effects.preview.projects if weighed.effects else 0
    told = f"what {count(live, 'project')} are told" if live else "what every project is told"
    return (
        f"A rule that changes meaning changes {told}. The second person sees this same page, "
        "and wrote none of it. A later edit takes a yes back."
    )


def _word(weighed: Weighed, word: Word) -> Context:
    said = {acts.ASKED: "asked for a yes", YES: "said yes", NO: "said no"}[word.said]
    reason = str(word.content.get("reason") or word.content.get("notes") or "")
    old = word.hash != weighed.hash
    return {
        "who": f"{word.who}, {word.organisation}",
        "said": said + (", of an earlier text" if old else ""),
        "when": moment_words(word.at),
        "reason": reason,
    }


def _form(desk: Desk, weighed: Weighed, people: list[Option]) -> Context:
    asked = weighed.asked.content if weighed.asked else {}
    given = request.form
    move = given.get(MOVE) or ("yes" if asked.get("must_move") else "no")
    notes = QuestionView(
        NOTES,
        "long_text",
        "Notes for everyone who uses this",
        hint="What changed and why, in two sentences",
        max_length=LONGEST,
        value=given.get(NOTES) or str(asked.get("notes", "")),
    )
    reason = QuestionView(
        REASON,
        "long_text",
        "Why must projects move?",
        hint="Said to everybody on an earlier release, if they must",
        max_length=LONGEST,
        optional=True,
        value=given.get(REASON) or str(asked.get("must_move", "")),
    )
    whom = QuestionView(
        PEOPLE,
        "checkboxes",
        "Which data protection officers do you ask?",
        hint="Their yes counts for changes of meaning and flow as well. Any other editor may say yes unasked.",
        options=tuple(people),
        optional=True,
        value=tuple(sorted(weighed.nominated)),
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


def _answer(desk: Desk, weighed: Weighed) -> Context:
    words = QuestionView(
        WORDS, "long_text", "Your words", hint="Needed for a no", optional=True, max_length=LONGEST
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
def check(draft_id: str) -> Response:
    """Ask for the proofs, and for what it would do to live projects."""
    with writing() as (conn, actor):
        acts.check_draft(conn, actor, draft_id, now())
    flash("The checks have begun. Look again in a moment.")
    return redirect(url_for("editor.publish", draft_id=draft_id))


def _saying(**content: object) -> Saying:
    return Saying(request.form.get("hash", ""), now(), content)


def _typed() -> tuple[dict[str, object], tuple[Context, ...]]:
    """Notes and what must move, as typed, with what is wrong with them."""
    notes, reason = typed(NOTES, LONGEST), typed(REASON, LONGEST)
    must = request.form.get(MOVE) == "yes"
    errors = [
        {
            "anchor": NOTES,
            "text": notes.error or "" if notes.value else "Enter what changed and why",
        }
    ]
    if must:
        said = reason.error or ("" if reason.value else "Enter why projects must move")
        errors.append({"anchor": REASON, "text": said})
    content: dict[str, object] = {
        "notes": notes.value or "",
        "must_move": reason.value if must else "",
        "people": request.form.getlist(PEOPLE)[:100],
    }
    return content, tuple(each for each in errors if each["text"])


@editor.post("/drafts/<draft_id>/ask")
def ask_yes(draft_id: str) -> Response | str:
    """Ask others for their yes; the notes and what must move are kept with it."""
    content, errors = _typed()
    if errors:
        return _page(draft_id, errors)
    with writing() as (conn, actor):
        acts.ask_for_yes(conn, actor, draft_id, _saying(**content))
    flash("Asked. They find this draft under Definitions.")
    return redirect(url_for("editor.publish", draft_id=draft_id))


@editor.post("/drafts/<draft_id>/answer")
def answer_draft(draft_id: str) -> Response | str:
    """Say yes or no to a draft."""
    said = YES if request.form.get("said") == YES else NO
    words = typed(WORDS, LONGEST)
    if words.error or (said == NO and not words.value):
        text = words.error or "Enter why you say no"
        return _page(draft_id, ({"anchor": WORDS, "text": text},))
    with writing() as (conn, actor):
        acts.answer_draft(conn, actor, draft_id, said, _saying(reason=words.value or ""))
    flash("Your yes is kept, for the draft as it is now." if said == YES else "Your no is kept.")
    return redirect(url_for("editor.publish", draft_id=draft_id))


@editor.post("/drafts/<draft_id>/publish")
def publish_now(draft_id: str) -> Response | str:
    """Make the draft a release."""
    content, errors = _typed()
    if errors:
        return _page(draft_id, errors)
    with writing() as (conn, actor):
        published = acts.publish_draft(conn, actor, site().catalogues, draft_id, _saying(**content))
    site().catalogues.remember(published.released)
    flash(
        f"Release {published.number} is published. Projects stay on theirs until someone moves them."
    )
    return redirect(url_for("releases.one", number=published.number))
