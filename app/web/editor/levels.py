"""The levels of a table of bands: one more at its top, or one less."""

from __future__ import annotations

from app.actions.errors import OutOfDate
from app.catalogue import things
from app.catalogue.editing import File
from app.catalogue.things import Thing
from app.web.editor.options import code_of
from app.web.site import Context

ADD, DROP = "add-level", "drop-level"
NEW = "New level"


def is_change(act: str) -> bool:
    """Whether a button of a form adds or removes a level."""
    return act.partition(":")[0] in (ADD, DROP)


def changed_levels(file: File, thing: Thing, act: str) -> File:
    """The file with a level more or less. Raises OutOfDate where it is not there any more."""
    levels = file.at(thing.path).get("levels") if thing.kind == things.BANDS else None
    if not isinstance(levels, list):
        raise OutOfDate("What this button changes is not there any more.")
    verb, _, code = act.partition(":")
    path = (*thing.path, "levels")
    if verb == ADD:
        last = levels[-1].get("from", 0) if levels else 0
        new = {"code": code_of(NEW, {each["code"]: "" for each in levels}), "label": NEW}
        return file.insert(path, len(levels), {**new, "from": last + 1})
    at = next((n for n, each in enumerate(levels) if each["code"] == code), None)
    if at is None or len(levels) < 2:
        raise OutOfDate("What this button changes is not there any more.")
    return file.remove((*path, at))


def levels_of(thing: Thing) -> Context | None:
    """The buttons below the levels of a table of bands; None for anything else."""
    if thing.kind != things.BANDS:
        return None
    levels = thing.value.get("levels", ())
    return {
        "add": ADD,
        "drops": [
            {"act": f"{DROP}:{each['code']}", "label": each.get("label", each["code"])}
            for each in levels[1:]
        ],
    }
