"""One option of a question: its text, a new one, and who uses it. Its code never changes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.errors import NotFound, OutOfDate
from app.catalogue.editing import File
from app.catalogue.things import Thing
from app.web.controls import QuestionView, draw_question
from app.web.editor.desk import DRAFT, Desk, at_desk, crumbs, editor, to_edit
from app.web.editor.options import code_of, hint_of, label_of, options_of, used_by
from app.web.editor.removing import who_loses
from app.web.editor.saving import CHANGED, GONE, change_thing
from app.web.forms import typed
from app.web.site import Context

LABEL, HINT = "label", "hint"
LONGEST = 300
_ORDER = ("label", "hint")


@editor.get("/drafts/<draft_id>/option/<code>/of/<kind>/<path:id_>")
def option(draft_id: str, code: str, kind: str, id_: str) -> str:
    """The text of an option, and who uses it."""
    with at_desk(draft_id) as (_, desk):
        thing = desk.thing(kind, id_)
    said = _options(thing).get(code)
    if said is None:
        raise NotFound(code)
    return _draw(desk, thing, code, {LABEL: label_of(said), HINT: hint_of(said)}, {})


@editor.post("/drafts/<draft_id>/option/<code>/of/<kind>/<path:id_>")
def save_option(draft_id: str, code: str, kind: str, id_: str) -> Response | str:
    """Change the text of an option."""
    given, errors = _given()
    desk = to_edit(draft_id)
    if errors:
        return _draw(desk, desk.thing(kind, id_), code, given, errors)

    def change(file: File, thing: Thing) -> File:
        if code not in _options(thing):
            raise OutOfDate(GONE)
        return _written(file, (*thing.path, "options", code), _options(thing)[code], given)

    if change_thing(desk, kind, id_, change, lambda thing: _options(thing).get(code)):
        return _after(desk, kind, id_)
    desk = to_edit(draft_id)
    thing = desk.thing(kind, id_)
    said = _options(thing).get(code)
    if said is None:
        raise OutOfDate(GONE)
    # Pressed once more, the form saves over what it shows now.
    return _draw(desk, thing, code, given, {LABEL: _meanwhile(said)})


@editor.get("/drafts/<draft_id>/new-option/<kind>/<path:id_>")
def new_option(draft_id: str, kind: str, id_: str) -> str:
    """Ask for the text of a new option."""
    desk = to_edit(draft_id)
    return _draw(desk, desk.thing(kind, id_), "", {LABEL: "", HINT: ""}, {})


@editor.post("/drafts/<draft_id>/new-option/<kind>/<path:id_>")
def add_option(draft_id: str, kind: str, id_: str) -> Response | str:
    """Add an option; its code is made of its first text and never changes."""
    given, errors = _given()
    desk = to_edit(draft_id)
    if errors:
        return _draw(desk, desk.thing(kind, id_), "", given, errors)

    def change(file: File, thing: Thing) -> File:
        there = _options(thing)
        code = code_of(given[LABEL], there)
        said: Any = {LABEL: given[LABEL], HINT: given[HINT]} if given[HINT] else given[LABEL]
        order = _order(thing, there, code)
        return file.put((*thing.path, "options", code), said, order)

    change_thing(desk, kind, id_, change)
    return _after(desk, kind, id_)


@editor.get("/drafts/<draft_id>/remove-option/<code>/of/<kind>/<path:id_>")
def remove_option(draft_id: str, code: str, kind: str, id_: str) -> str:
    """Say what removing an option hides, and ask once."""
    desk = to_edit(draft_id)
    thing = desk.thing(kind, id_)
    said = _options(thing).get(code)
    if said is None:
        raise NotFound(code)
    use = desk.uses(thing.file).of_option(thing.id, code)
    return render_template(
        "draft_remove.html",
        title=f"Remove the option “{label_of(said)}”?",
        caption=thing.title,
        crumbs=_crumbs(desk, thing),
        text="Projects that chose it keep the answer, but it is shown no more, and no rule sees it.",
        held=who_loses(desk, thing, code),
        used=used_by(use),
        unused="Nothing reads it.",
        after="What reads it becomes a fault until it is mended." if used_by(use) else "",
        action=desk.url("remove_option", code=code, kind=kind, id_=id_),
        seen=f"{DRAFT}={desk.draft.version}",
        back=desk.url("option", code=code, kind=kind, id_=id_),
        submit="Remove this option",
        **desk.context(),
    )


@editor.post("/drafts/<draft_id>/remove-option/<code>/of/<kind>/<path:id_>")
def remove_option_now(draft_id: str, code: str, kind: str, id_: str) -> Response | str:
    """Remove an option."""
    desk = to_edit(draft_id)

    def change(file: File, thing: Thing) -> File:
        if code not in _options(thing):
            raise OutOfDate(GONE)
        file = file.remove((*thing.path, "options", code))
        alone = thing.value.get("exclusive") == code
        return file.put((*thing.path, "exclusive"), None) if alone else file

    if not change_thing(desk, kind, id_, change, lambda thing: _options(thing).get(code)):
        flash(CHANGED)
        return redirect(desk.url("remove_option", code=code, kind=kind, id_=id_))
    return _after(desk, kind, id_, "Removed.")


def _after(desk: Desk, kind: str, id_: str, said: str = "Saved in the draft.") -> Response:
    flash(said)
    return redirect(desk.url("edit", kind=kind, id_=id_))


def _meanwhile(said: Any) -> str:
    """What another wrote while this form was open."""
    hint = hint_of(said)
    theirs = f"“{label_of(said)}”" + (f", with the hint “{hint}”" if hint else "")
    return (
        f"Not saved yet: somebody else changed it meanwhile to {theirs}. Save again to keep yours"
    )


def _options(thing: Thing) -> dict[str, Any]:
    found = thing.value.get("options")
    return found if isinstance(found, dict) else {}


def _order(thing: Thing, there: dict[str, Any], code: str) -> tuple[str, ...]:
    """A new option stands last, but before the one that excludes the others."""
    alone = thing.value.get("exclusive")
    codes = [each for each in there if each != alone]
    last = (alone,) if alone in there else ()
    return (*codes, code, *map(str, last))


def _written(file: File, path: tuple[str | int, ...], said: Any, given: dict[str, str]) -> File:
    """The file with an option's new text, written as the old one was."""
    if not isinstance(said, dict):
        new: Any = {LABEL: given[LABEL], HINT: given[HINT]} if given[HINT] else given[LABEL]
        return file.change(path, new)
    file = file.put((*path, LABEL), given[LABEL], _ORDER)
    return file.put((*path, HINT), given[HINT] or None, _ORDER)


def _given() -> tuple[dict[str, str], dict[str, str]]:
    given, errors = {}, {}
    for name in (LABEL, HINT):
        read = typed(name, LONGEST, "text")
        given[name] = request.form.get(name, "") if read.error else str(read.value)
        errors[name] = read.error or ""
    errors[LABEL] = errors[LABEL] or ("" if given[LABEL] else "Enter what the option says")
    return given, {name: said for name, said in errors.items() if said}


def _crumbs(desk: Desk, thing: Thing) -> list[Context]:
    return crumbs(desk, (thing.title, desk.url("edit", kind=thing.kind, id_=thing.id)))


def _draw(
    desk: Desk, thing: Thing, code: str, given: dict[str, str], errors: dict[str, str]
) -> str:
    table = options_of(desk, thing)
    if table is None:
        raise NotFound(thing.id)
    views = [
        QuestionView(
            LABEL,
            "text",
            "What it says",
            value=given[LABEL],
            error=errors.get(LABEL, ""),
            max_length=LONGEST,
        ),
        QuestionView(
            HINT,
            "text",
            "Hint",
            hint="One line below it",
            optional=True,
            value=given[HINT],
            error=errors.get(HINT, ""),
            max_length=LONGEST,
        ),
    ]
    names = {"kind": thing.kind, "id_": thing.id}
    use = desk.uses(thing.file).of_option(thing.id, code) if code else None
    return render_template(
        "draft_option.html",
        title="Edit an option" if code else "Add an option",
        caption=thing.title,
        crumbs=_crumbs(desk, thing),
        errors=[{"anchor": name, "text": said} for name, said in errors.items()],
        asks=[draw_question(view) for view in views],
        action=desk.url("option", code=code, **names) if code else desk.url("new_option", **names),
        seen=f"{DRAFT}={desk.draft.version}",
        code=code,
        may_edit=desk.may_edit,
        used=used_by(use) if use else [],
        remove=desk.url("remove_option", code=code, **names) if code and desk.may_edit else None,
        back=desk.url("edit", **names),
        **desk.context(),
    )
