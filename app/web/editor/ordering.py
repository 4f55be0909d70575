"""The order of the options and columns of a question: one moves up or down, its lines as they are written."""

from __future__ import annotations

from app.actions.errors import OutOfDate
from app.catalogue import things
from app.catalogue.editing import File, Key
from app.catalogue.things import Thing
from app.web.editor.desk import Desk
from app.web.site import Context

UP, DOWN = "up", "down"
OPTIONS, COLUMNS = "options", "columns"


def is_move(act: str) -> bool:
    """Whether a button of a form moves something: "up:options:code"."""
    return act.split(":", maxsplit=1)[0] in (UP, DOWN)


def reordered(file: File, thing: Thing, act: str) -> File:
    """The file with one option or column before or behind its neighbour.

    Raises OutOfDate where it is not there any more.
    """
    way, _, what = act.partition(":")
    kind, _, name = what.partition(":")
    holder = thing.value.get(kind) if kind in (OPTIONS, COLUMNS) else None
    names = _names(holder)
    if name not in names:
        raise OutOfDate("What this button moves is not there any more.")
    at = names.index(name)
    other = at - 1 if way == UP else at + 1
    if not 0 <= other < len(names):
        return file
    keys: list[Key] = [*range(len(names))] if isinstance(holder, list) else [*names]
    return file.swap((*thing.path, kind), keys[at], keys[other])


def _names(holder: object) -> list[str]:
    if isinstance(holder, list):
        return [str(each.get("id")) for each in holder]
    return list(holder) if isinstance(holder, dict) else []


def moves(kind: str, holder: object, name: str) -> Context:
    """The buttons beside an option or column; the first has none that leads up, the last none down."""
    names = _names(holder)
    return {
        UP: f"{UP}:{kind}:{name}" if name != names[0] else "",
        DOWN: f"{DOWN}:{kind}:{name}" if name != names[-1] else "",
    }


def columns_of(desk: Desk, thing: Thing) -> Context | None:
    """The columns of a question that is answered in rows, as a table; None where it has none."""
    found = thing.value.get(COLUMNS) if thing.kind == things.QUESTION else None
    if thing.value.get("type") != "rows" or not isinstance(found, list):
        return None
    before = desk.released(thing)
    known = _names(before.value.get(COLUMNS)) if before else []
    uses = desk.uses(thing.file)
    return {
        "rows": [
            {
                "label": str(each.get("ask") or each.get("title") or each["id"]),
                "new": each["id"] not in known,
                "worked_out": not each.get("type"),
                "used": uses.of_question(f"{thing.id}/{each['id']}").words(),
                "url": desk.url("edit", kind=things.COLUMN, id_=f"{thing.id}/{each['id']}"),
                **moves(COLUMNS, found, str(each["id"])),
            }
            for each in found
        ],
        "add": desk.url("make", kind=things.COLUMN, within=thing.id) if desk.may_edit else None,
    }
