"""New definitions: a question on a page, a rule, a named condition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.errors import NotFound
from app.catalogue import things
from app.catalogue.editing import File
from app.catalogue.things import Thing, below
from app.core import building
from app.web.controls import Option
from app.web.editor import builder
from app.web.editor.builder import DO, Shown
from app.web.editor.desk import DRAFT, Desk, crumbs, editor, to_edit
from app.web.editor.fields import (
    BECAUSE,
    LONG,
    SELECT,
    SOURCE,
    TITLE,
    Field,
)
from app.web.editor.filling import Filled, fill
from app.web.editor.options import code_of
from app.web.editor.saving import change_file, change_thing
from app.web.site import Context

TYPES = {
    "choice": "One of several options",
    "multi": "Any of several options",
    "yes_no": "Yes or no",
    "text": "A short text",
    "long_text": "A longer text",
    "number": "A number",
    "date": "A date",
}


def _types(desk: Desk, thing: Thing) -> tuple[Option, ...]:
    del desk, thing
    return tuple(Option(code, label) for code, label in TYPES.items())


NEW: Mapping[str, tuple[Field, ...]] = {
    things.QUESTION: (
        Field(("ask",), "Question", needed=True),
        Field(
            ("type",),
            "Kind of answer",
            SELECT,
            needed=True,
            options=_types,
        ),
        Field(("options",), "Options, one a line", LONG, "For one or any of several options"),
        Field(("why",), "Why we ask", LONG, "Shown beside the question. Plain words"),
    ),
    things.FLAG: (TITLE, BECAUSE, SOURCE),
    things.CONDITION: (TITLE, Field(("because",), "Because", LONG), SOURCE),
}
_ORDER = {
    things.QUESTION: ("id", "type", "ask", "options", "why"),
    things.FLAG: ("id", "title", "when", "because", "source", "checked"),
    things.CONDITION: ("id", "title", "when", "because", "source", "checked"),
}
_LIST = {things.FLAG: "flags", things.CONDITION: "conditions"}
"""Under which key of a rules file they stand."""


@editor.get("/drafts/<draft_id>/new/<kind>/<path:within>")
def make(draft_id: str, kind: str, within: str) -> str:
    """Ask for what a new definition needs; `within`: its page, or the file of rules."""
    desk = to_edit(draft_id)
    return _draw(_blank(desk, kind, within), within)


@editor.post("/drafts/<draft_id>/new/<kind>/<path:within>")
def add(draft_id: str, kind: str, within: str) -> Response | str:
    """Add a definition, once all that it needs is there."""
    desk = to_edit(draft_id)
    form = request.form.to_dict(flat=False)
    blank = _blank(desk, kind, within)
    filled = fill(desk, blank.thing, form, NEW[kind])
    if request.form.get(DO, "save") != "save":
        filled.errors.clear()
        return _draw(filled, within)
    value = _value(filled)
    if filled.complaints():
        return _draw(filled, within)
    id_ = str(value["id"])
    place = blank.thing
    back = desk.url("make", kind=kind, within=within)
    if kind == things.QUESTION:
        page = desk.thing(things.PAGE, within)

        def put(file: File, there: Thing) -> File:
            return file.insert((*there.path, "questions"), len(there.value["questions"]), value)

        done = change_thing(desk, page.kind, page.id, put, back)
    else:
        done = change_file(desk, place.file, lambda f, _: _into(f, _LIST[kind], value), back)
    if done is not None:
        return done
    flash("Added to the draft. Complete it here.")
    return redirect(desk.url("edit", kind=kind, id_=id_))


def _into(file: File, key: str, value: Mapping[str, Any]) -> File:
    """Add to a list of a rules file, which may not have it yet."""
    there = file.value.get(key)
    if not there:
        return file.put((key,), [dict(value)])
    return file.insert((key,), len(there), dict(value))


def _blank(desk: Desk, kind: str, within: str) -> Filled:
    """A form with nothing in it yet. Raises NotFound."""
    if kind not in NEW:
        raise NotFound(kind)
    if kind == things.QUESTION:
        page = desk.thing(things.PAGE, within)
        around = (*page.around, page.title)
        thing = Thing(kind, "", "", page.file, page.path, around, {})
        return Filled.of(desk, thing, NEW[kind])
    file = f"rules/{within}.yaml"
    if file not in desk.files:
        raise NotFound(within)
    return Filled.of(desk, Thing(kind, "", "", file, (), (within,), {}), NEW[kind])


def _value(filled: Filled) -> dict[str, Any]:
    """The definition that was typed; what is missing is told in the form."""
    kind = filled.thing.kind
    value: dict[str, Any] = {each.name: filled.read(each) for each in NEW[kind]}
    for n, shown in enumerate(filled.conditions):
        settled = builder.settle(shown)
        if settled.faults:
            told = replace(shown, faults=settled.faults)
            filled.conditions = (*filled.conditions[:n], told, *filled.conditions[n + 1 :])
        value[shown.field.key] = (
            building.expression_of(settled.built) if not settled.faults else None
        )
    if kind == things.QUESTION:
        _options(filled, value)
    else:
        value["checked"] = False
    value["id"] = _id(filled, value)
    return {key: value[key] for key in _ORDER[kind] if value.get(key) is not None}


def _options(filled: Filled, value: dict[str, Any]) -> None:
    """The typed options under codes made of their texts."""
    typed = str(value.pop("options", None) or "")
    lines = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    if value.get("type") not in ("choice", "multi"):
        if lines:
            filled.errors["options"] = "Only a question with options has them: remove these lines"
        return
    if len(lines) < 2:
        filled.errors["options"] = "Enter at least two options, one a line"
    options: dict[str, str] = {}
    for line in lines:
        options[code_of(line, options)] = line
    value["options"] = options


def _id(filled: Filled, value: Mapping[str, Any]) -> str:
    """An id that nothing has yet: it is made once, and never changes with the text."""
    desk, thing = filled.desk, filled.thing
    taken = {each.id for each in things.things(desk.files)} | set(desk.catalogue.program.scope)
    known = dict.fromkeys(taken)
    if thing.kind == things.FLAG:
        numbers = [int(each[1:]) for each in taken if re.fullmatch(r"R[0-9]{1,6}", each)]
        return f"R{max(numbers, default=0) + 1}"
    said = str(value.get("ask") or value.get("title") or "")
    return code_of(said, known, dotted=_dotted(desk, thing))


def _dotted(desk: Desk, thing: Thing) -> str:
    """The first part of a new id: that of its neighbours."""
    kinds = (things.QUESTION, things.CONDITION)
    near = [
        each.id
        for each in below(desk.files, thing.file)
        if each.kind in kinds and each.path[: len(thing.path)] == thing.path
    ]
    stem = thing.file.rpartition("/")[2].removesuffix(".yaml")
    return near[-1].partition(".")[0] if near else stem


def _draw(filled: Filled, within: str) -> str:
    desk, thing = filled.desk, filled.thing
    names = {things.QUESTION: "a question", things.FLAG: "a flag"}
    shown: tuple[Shown, ...] = filled.conditions
    where: Context = {
        "title": f"Add {names.get(thing.kind, 'a named condition')}",
        "caption": ", ".join(thing.around),
        "crumbs": crumbs(desk, (thing.around[0], desk.url("file", path=thing.file))),
    }
    return render_template(
        "draft_form.html",
        **where,
        errors=filled.complaints(),
        action=desk.url("make", kind=thing.kind, within=within),
        autosave="",
        seen=f"{DRAFT}={desk.draft.version}",
        may_edit=True,
        fields=list(filled.fields()),
        folded=[],
        conditions=[builder.context(each, desk) for each in shown],
        options=None,
        examples=[],
        ways=[],
        findings=desk.findings(thing.file),
        submit="Add it to the draft",
        **desk.context(),
    )
