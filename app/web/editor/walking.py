"""A preview of a draft: where a walk begins, the bar above its pages, and keeping it as an example."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.definitions import walking as acts
from app.actions.definitions.draft_proofs import Proved, proof_of
from app.actions.definitions.drafts import EDITOR, checked, draft_files, open_draft
from app.actions.definitions.walking import WALKED_AS, Beginning
from app.actions.errors import NotAllowed, NotFound
from app.catalogue import Catalogue
from app.catalogue.things import DOCUMENT, FLAG, PAGE, QUESTIONNAIRE
from app.core.assessment import Result
from app.store.walks import Walk, parted, walks_of
from app.web.controls import Option, QuestionView, draw_control
from app.web.editor.desk import at_desk, crumbs, editor
from app.web.site import Context, moment_words, now, reading, site, today, writing

ROLE, START, STAGE, RULE = "role", "start", "stage", "rule"
NOTHING = "nothing"
DOOR, SAMPLE, EXAMPLE, WITNESS = "door", "sample", "example", "witness"
MOST_RULES = 60  # offered at once to become the owner of an example


@editor.get("/drafts/<draft_id>/preview")
def preview(draft_id: str) -> str:
    """Choose as whom to walk the draft, and where to start."""
    with at_desk(draft_id) as (conn, desk):
        walks = walks_of(conn, desk.draft.id, desk.actor.person_id)
        proved = proof_of(conn, desk.checked.hash)
    sound = desk.checked.catalogue
    return render_template(
        "preview.html",
        title="Preview",
        caption=desk.draft.name,
        crumbs=crumbs(desk),
        lead="Walk the draft as if it were live. The pages, flags, scores and documents are those "
        "it would have; nothing of a walk is in any list of projects.",
        action=desk.url("begin_walk") if sound is not None else None,
        findings=desk.findings(),
        asks=_asks(sound, proved) if sound is not None else [],
        walks=[_line(each) for each in walks],
        **desk.context(),
    )


@dataclass(frozen=True)
class Start:
    """Where a walk can begin: how it is offered, what the walk is called, and its answers."""

    code: str
    label: str
    title: str
    answers: Callable[[], Mapping[str, Any]]


def _starts(catalogue: Catalogue, proved: Proved | None) -> Iterator[Start]:
    """Everything that a walk can begin from; what raises a rule is offered only when asked for."""
    for door in catalogue.pipeline.doors:
        label = f"A new project: {door.title}"
        yield Start(f"{DOOR}:{door.code}", label, "A new project", partial(dict, door.answers))
    for n, each in enumerate(proved.findings if proved else ()):
        if each.witness is not None:
            label = f"Answers that show: {each.says}"
            title = "Answers that show a finding"
            yield Start(f"{WITNESS}:{n}", label, title, partial(dict, each.witness))
    yield Start(NOTHING, "Nothing at all", "A new project", dict)
    root = site().settings.fingerpost_content
    for name in acts.samples(root):
        words = name.replace("_", " ").capitalize()
        answers = partial(acts.sample_answers, root, name, catalogue.program)
        yield Start(f"{SAMPLE}:{name}", f"Sample: {words}", words, answers)
    for id_, title, example_ in acts.examples_of(catalogue):
        label = f"Answers that raise {id_}: {title}"
        yield Start(f"{EXAMPLE}:{id_}", label, label, partial(dict, example_))


def _asks(catalogue: Catalogue, proved: Proved | None) -> list[str]:
    """As whom, from which answers, at which stage."""
    raised = f"{EXAMPLE}:{request.args.get(EXAMPLE, '')}"
    starts = [
        Option(each.code, each.label)
        for each in _starts(catalogue, proved)
        if not each.code.startswith(EXAMPLE) or each.code == raised
    ]
    first = next((each.code for each in starts if each.code == raised), starts[0].code)
    stages = [Option(each.id, each.title) for each in catalogue.pipeline.stages]
    roles = [Option(code, title) for code, title in WALKED_AS.items()]
    views = (
        QuestionView(ROLE, "radios", "As whom?", options=tuple(roles), value="lead"),
        QuestionView(START, "radios", "Starting from", options=tuple(starts), value=first),
        QuestionView(
            STAGE,
            "radios",
            "At which stage?",
            hint="Every page can be opened at any stage. Rules are judged as they would be there.",
            options=tuple(stages),
            value=stages[0].code,
        ),
    )
    return [draw_control(view) for view in views]


def _line(walk: Walk) -> Context:
    return {
        "title": walk.title,
        "saved": moment_words(walk.saved_at),
        "url": url_for("projects.one", reference=walk.reference("lead")),
    }


@editor.post("/drafts/<draft_id>/preview")
def begin_walk(draft_id: str) -> Response:
    """Begin a walk."""
    role, start, stage = (request.form.get(name, "") for name in (ROLE, START, STAGE))
    with writing() as (conn, actor):
        draft = open_draft(conn, actor, draft_id)
        found = checked(draft_files(conn, draft))
        if found.catalogue is None:
            raise NotAllowed(acts.FAULTY)
        known = {each.id for each in found.catalogue.pipeline.stages}
        if role not in WALKED_AS or stage not in known:
            raise NotFound(stage)
        starts = _starts(found.catalogue, proof_of(conn, found.hash))
        chosen = next((each for each in starts if each.code == start), None)
        if chosen is None:
            raise NotFound(start)
        beginning = Beginning(chosen.title, chosen.answers(), stage, now())
        walk = acts.begin_walk(conn, actor, draft, found.catalogue, beginning)
    return redirect(url_for("projects.one", reference=walk.reference(role)))


# The bar above every page of a walk


@editor.app_context_processor
def walk_bar() -> Context:
    """That this is a preview, of which draft, as whom; and the other roles to walk it in."""
    reference = g.get("walk")
    if reference is None or current_app.view_functions.get(request.endpoint or "") is None:
        return {}
    _, role = parted(reference)
    here = dict(request.view_args or {})
    roles = [
        {"label": title, "url": _here(here, f"{reference.partition('.')[0]}.{code}")}
        for code, title in WALKED_AS.items()
        if code != role
    ]
    return {
        "walk": {
            "role": WALKED_AS[role],
            "roles": roles,
            "project": url_for("projects.one", reference=reference),
            "report": url_for("reports.risk_report", reference=reference),
            "example": url_for("editor.example", walk_ref=reference),
            "draft": url_for("editor.leave_walk", walk_ref=reference),
            "edit": _edit(here, reference),
        }
    }


def _here(here: Mapping[str, Any], reference: str) -> str:
    """The same page in another role; a form that was posted is left behind."""
    if request.method != "GET":
        return url_for("projects.one", reference=reference)
    return url_for(str(request.endpoint), **{**here, "reference": reference})


_SHOWS = (("output", DOCUMENT), ("flag", FLAG), ("questionnaire", QUESTIONNAIRE))
"""What a page shows, by the part of its address that names it."""


def _edit(here: Mapping[str, Any], reference: str) -> str:
    """Where what the page shows is edited; empty where it shows nothing that is defined as one."""
    if "page" in here and "questionnaire" in here:
        id_ = f"{here['questionnaire']}/{here['page']}"
        return url_for("editor.edit_thing", walk_ref=reference, kind=PAGE, id_=id_)
    named = ((kind, here[part]) for part, kind in _SHOWS if part in here)
    report = (DOCUMENT, "risk_report") if request.endpoint == "reports.risk_report" else None
    kind, id_ = next(named, report or ("", ""))
    return url_for("editor.edit_thing", walk_ref=reference, kind=kind, id_=id_) if kind else ""


@editor.get("/walks/<walk_ref>/draft")
def leave_walk(walk_ref: str) -> Response:
    """Go back to the draft of a walk."""
    with reading() as (conn, actor):
        _, draft = acts.open_walk(conn, actor, walk_ref)
    return redirect(url_for("editor.draft", draft_id=str(draft.id)))


@editor.get("/walks/<walk_ref>/thing/<kind>/<path:id_>")
def edit_thing(walk_ref: str, kind: str, id_: str) -> Response:
    """Edit something that a walk shows, in its draft."""
    with reading() as (conn, actor):
        _, draft = acts.open_walk(conn, actor, walk_ref)
    return redirect(url_for("editor.edit", draft_id=str(draft.id), kind=kind, id_=id_))


# Keeping a walk as an example


@editor.get("/walks/<walk_ref>/example")
def example(walk_ref: str) -> str:
    """Choose the rule of which a walk becomes an example."""
    with reading() as (conn, actor):
        walk, draft = acts.open_walk(conn, actor, walk_ref)
        found = acts.exemplary(conn, actor, walk_ref, today())
    asked = request.args.get("q", "").strip().casefold()
    shown = [each for each in found if asked in f"{each.id} {each.title}".casefold()]
    options = tuple(
        Option(
            each.id,
            f"{each.id} {each.title}",
            "Raised by these answers" if each.result is Result.RAISED else "Not by these answers",
        )
        for each in shown[:MOST_RULES]
    )
    view = QuestionView(
        RULE,
        "radios",
        "Of which rule?",
        hint="Only what the rule rests on is written down, as an example of what raises it or does not.",
        options=options,
    )
    return render_template(
        "walk_example.html",
        title="Save this walk as an example",
        caption=draft.name,
        back={"label": "Back to the walk", "url": url_for("projects.one", reference=walk_ref)},
        walk_title=walk.title,
        q=request.args.get("q", ""),
        search_url=url_for("editor.example", walk_ref=walk_ref),
        action=url_for("editor.keep_example", walk_ref=walk_ref) if _may(actor.role) else None,
        ask=draw_control(view) if options else "",
        left=max(len(shown) - MOST_RULES, 0),
    )


def _may(role: str) -> bool:
    return role == EDITOR


@editor.post("/walks/<walk_ref>/example")
def keep_example(walk_ref: str) -> Response:
    """Write a walk into the draft as an example of a rule."""
    rule = request.form.get(RULE, "")
    with writing() as (conn, actor):
        draft, file = acts.keep_example(conn, actor, walk_ref, rule, now())
    flash(f"Saved as an example of {rule}. It is run with all others.")
    return redirect(url_for("editor.bench", draft_id=str(draft.id), file=file, rule=rule))
