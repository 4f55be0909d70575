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
    OF_LAW,
    SELECT,
    SOURCE,
    TICK,
    TITLE,
    WHY,
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


def _blocks(desk: Desk, thing: Thing) -> tuple[Option, ...]:
    del desk, thing
    return (Option("text", "A paragraph"), Option("heading", "A heading"))


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
        WHY,
        OF_LAW,
    ),
    things.COLUMN: (
        Field(("ask",), "What the column asks", needed=True),
        Field(("type",), "Kind of answer", SELECT, needed=True, options=_types),
        Field(("options",), "Options, one a line", LONG, "For one or any of several options"),
        Field(("required",), "Must be answered in each row", TICK, default=True),
    ),
    things.PAGE: (TITLE, Field(("intro",), "Introduction", LONG, "Stands above the questions")),
    things.BLOCK: (
        Field(("kind",), "What is it?", SELECT, needed=True, options=_blocks),
        Field(("text",), "What it says", LONG, "{a question's code} becomes its answer", True),
    ),
    things.FLAG: (TITLE, BECAUSE, SOURCE),
    things.CONDITION: (TITLE, Field(("because",), "Because", LONG), SOURCE),
}
_ORDER = {
    things.PAGE: ("id", "title", "intro", "questions"),
    things.QUESTION: ("id", "type", "ask", "options", "unsure_shows", "show_if", "why", "source"),
    things.COLUMN: ("id", "type", "ask", "options", "required"),
    things.FLAG: ("id", "title", "when", "because", "source", "checked"),
    things.CONDITION: ("id", "title", "when", "because", "source", "checked"),
}
_WITHIN = {
    things.QUESTION: (things.PAGE, "questions"),
    things.COLUMN: (things.QUESTION, "columns"),
    things.PAGE: (things.SECTION, "pages"),
    things.BLOCK: (things.BLOCK, ""),
}
"""In what a new definition stands, and in which list of it; a block stands after another."""

_LIST = {things.FLAG: "flags", things.CONDITION: "conditions"}
"""Under which key of a rules file they stand."""


@editor.get("/drafts/<draft_id>/new/<kind>/<path:within>")
def make(draft_id: str, kind: str, within: str) -> str:
    """Ask for what a new definition needs; `within`: in what it stands, or the file of rules."""
    desk = to_edit(draft_id)
    filled = _blank(desk, kind, within)
    about, answer = request.args.get("about", ""), request.args.get("answer", "")
    if about and answer:
        filled.conditions = tuple(_begun(each, about, answer) for each in filled.conditions)
    return _draw(filled, within)


def _begun(shown: Shown, about: str, answer: str) -> Shown:
    """A condition that begins with the option a rule is wanted for."""
    offered = shown.offers.these.get(about)
    if offered is None or answer not in offered.answers:
        return shown
    line = building.Line(about, next(iter(offered.tests)), (answer,))
    return replace(shown, built=building.Built(building.AND, (line,)))


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
    _put(desk, kind, within, value)
    flash("Added to the draft. Complete it here.")
    if kind == things.BLOCK:
        return redirect(desk.url("file", path=blank.thing.file))
    stems = {things.PAGE: _stem(within), things.COLUMN: within}
    id_ = f"{stems[kind]}/{value['id']}" if kind in stems else str(value["id"])
    return redirect(desk.url("edit", kind=kind, id_=id_))


def _stem(section: str) -> str:
    return section.rpartition("/")[0]


def _put(desk: Desk, kind: str, within: str, value: dict[str, Any]) -> None:
    """Put a new definition where it belongs. Raises OutOfDate."""
    if kind not in _WITHIN:
        file = f"rules/{within}.yaml"
        change_file(desk, file, lambda text, _: _into(text, _LIST[kind], value))
        return
    around, key = _WITHIN[kind]

    def put(file: File, there: Thing) -> File:
        if not key:
            *to, n = there.path
            return file.insert(tuple(to), int(n) + 1, value)
        return file.insert((*there.path, key), len(there.value[key]), value)

    change_thing(desk, around, within, put)


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
    if kind in _WITHIN:
        holder = desk.thing(_WITHIN[kind][0], within)
        if kind == things.COLUMN and not isinstance(holder.value.get("columns"), list):
            raise NotFound(within)
        around = (*holder.around, holder.title)
        thing = Thing(kind, "", "", holder.file, holder.path, around, {})
        return Filled.of(desk, thing, NEW[kind])
    file = f"rules/{within}.yaml"
    if file not in desk.files:
        raise NotFound(within)
    return Filled.of(desk, Thing(kind, "", "", file, (), (things.words_of(within),), {}), NEW[kind])


def _value(filled: Filled) -> dict[str, Any]:
    """The definition that was typed; what is missing is told in the form."""
    kind = filled.thing.kind
    if kind == things.BLOCK:
        said = {each.name: filled.read(each) for each in NEW[kind]}
        return {str(said["kind"]): said["text"]}
    value: dict[str, Any] = {each.name: filled.read(each) for each in NEW[kind]}
    for n, shown in enumerate(filled.conditions):
        settled = builder.settle(shown)
        if settled.faults:
            told = replace(shown, faults=settled.faults)
            filled.conditions = (*filled.conditions[:n], told, *filled.conditions[n + 1 :])
        value[shown.field.key] = (
            building.expression_of(settled.built) if not settled.faults else None
        )
        if settled.built.lines:
            value["unsure_shows"] = {"hide": False, "show": True}.get(shown.settles)
    if kind in (things.QUESTION, things.COLUMN):
        _options(filled, value)
    elif kind == things.PAGE:
        value["questions"] = []
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
    if thing.kind == things.COLUMN:
        near = next(each for each in below(desk.files, thing.file) if each.path == thing.path)
        return code_of(said, {str(each["id"]): "" for each in near.value["columns"]})
    if thing.kind == things.PAGE:
        pages = {each.id.rpartition("/")[2] for each in below(desk.files, thing.file)}
        return code_of(said, dict.fromkeys(pages)).replace("_", "-")
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
    names = {
        things.QUESTION: "a question",
        things.FLAG: "a flag",
        things.PAGE: "a page",
        things.COLUMN: "a column",
        things.BLOCK: "a text",
    }
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
