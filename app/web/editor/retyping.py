"""A question of another type: what becomes of the answers that were given is said before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.definitions.drafts import checked
from app.actions.definitions.renaming import PIPELINE
from app.actions.errors import NotFound, OutOfDate
from app.catalogue import ORGANISATIONS, things
from app.catalogue.editing import File
from app.catalogue.spans import CannotEdit
from app.catalogue.things import Thing, read_file
from app.core.domains import UNSURE
from app.core.wording import count
from app.web.controls import Option, QuestionView, draw_question
from app.web.editor.desk import DRAFT, Desk, crumbs, editor, to_edit
from app.web.editor.filling import ORDERS
from app.web.editor.making import TYPES
from app.web.editor.options import label_of, used_by
from app.web.editor.removing import who_loses
from app.web.editor.saving import save_together

TYPE, YES = "type", "yes"
STAYS = "Answers stay as they are."
WORDS = "Answers become the words that people read."
AGAIN = "Answers are kept, but this cannot read them: the question is asked again."
ONE = "Whoever chose one keeps it. Whoever chose several is asked again."
MEANS = "Answers follow: say below which option means yes."
_TEXTS = ("text", "long_text")
EFFECTS: Mapping[str, Mapping[str, str]] = {
    "choice": {"multi": STAYS, "yes_no": MEANS, **dict.fromkeys(_TEXTS, WORDS)},
    "multi": {"choice": ONE, **dict.fromkeys(_TEXTS, WORDS)},
    "yes_no": {"choice": STAYS, **dict.fromkeys(_TEXTS, WORDS)},
    "text": {"long_text": STAYS, "number": AGAIN, "date": AGAIN},
    "long_text": {"text": STAYS, "number": AGAIN, "date": AGAIN},
    "number": {**dict.fromkeys(_TEXTS, WORDS), "date": AGAIN},
    "date": {**dict.fromkeys(_TEXTS, WORDS), "number": AGAIN},
}
"""From which type a question becomes which by form, and what that does to given answers."""
_CHOOSING = ("options", "options_from", "exclusive", "unsure")
_MEASURED = ("unit", "min", "max", "decimals")
_GOES = {
    "choice": ("exclusive",),
    "multi": (),
    "yes_no": ("options", "exclusive"),
    "text": (*_CHOOSING, *_MEASURED),
    "long_text": (*_CHOOSING, *_MEASURED, "check"),
    "number": (*_CHOOSING, "min", "max", "max_length", "check"),
    "date": (*_CHOOSING, *_MEASURED, "max_length", "check"),
}
"""The keys that the new type does not know."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The new type, and of two options the one that means yes."""

    type: str
    yes: str = ""


def effects_of(thing: Thing) -> dict[str, str]:
    """What a question may become, and what that does to its answers."""
    found = dict(EFFECTS.get(str(thing.value.get("type")), {}))
    options = _codes(thing)
    if thing.value.get("options_from") or len(options) != 2:
        found.pop("yes_no", None)
    if thing.value.get("options_from"):
        found = {kind: said for kind, said in found.items() if kind in ("multi", "choice", *_TEXTS)}
    return found


def _codes(thing: Thing) -> list[str]:
    return [code for code in thing.value.get("options") or {} if code != UNSURE]


@editor.get("/drafts/<draft_id>/type/<kind>/<path:id_>")
def retype(draft_id: str, kind: str, id_: str) -> str:
    """Ask for another type, and say of each what it does to given answers."""
    desk, thing = _found(draft_id, kind, id_)
    return _draw(desk, thing, {})


@editor.post("/drafts/<draft_id>/type/<kind>/<path:id_>")
def retype_now(draft_id: str, kind: str, id_: str) -> Response | str:
    """Change the type of a question, and write what became of its answers where that needs saying."""
    desk, thing = _found(draft_id, kind, id_)
    wanted = Wanted(request.form.get(TYPE, ""), request.form.get(YES, ""))
    errors = _amiss(thing, wanted)
    if errors:
        return _draw(desk, thing, errors)
    try:
        files = dict(_retyped(desk, thing, wanted))
    except CannotEdit as fault:
        raise OutOfDate(f"This needs the text editor: {fault}.") from fault
    save_together(desk, files)
    faults = len(checked({**desk.files, **files}).faults) - len(desk.checked.faults)
    told = f" The check finds {count(faults, 'fault')} more: mend them." if faults > 0 else ""
    flash(f"It is “{TYPES[wanted.type].lower()}” now.{told}")
    return redirect(desk.url("edit", kind=kind, id_=id_))


def _amiss(thing: Thing, wanted: Wanted) -> dict[str, str]:
    if wanted.type not in effects_of(thing):
        return {TYPE: "Choose what it becomes"}
    if wanted.type == "yes_no" and wanted.yes not in _codes(thing):
        return {YES: "Choose which option means yes"}
    return {}


def _found(draft_id: str, kind: str, id_: str) -> tuple[Desk, Thing]:
    desk = to_edit(draft_id)
    thing = desk.thing(kind, id_)
    if kind not in (things.QUESTION, things.COLUMN) or not effects_of(thing):
        raise NotFound(id_)
    return desk, thing


def _retyped(desk: Desk, thing: Thing, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """The files that change: that of the question, and the pipeline where a converter is needed."""
    file = read_file(desk.files[thing.file])
    if file is None:
        raise NotFound(thing.file)
    order = ORDERS[thing.kind]
    value = thing.value
    for key, said in _keys(value, wanted).items():
        if said is not None or key in value:
            file = file.put((*thing.path, key), said, order)
    yield thing.file, file.content
    codes = _renamed(thing, wanted)
    pipeline = read_file(desk.files[PIPELINE])
    known = desk.released(thing) is not None and ORGANISATIONS not in thing.file
    if codes and known and pipeline is not None:
        yield PIPELINE, _converting(pipeline, thing.id, codes).content


def _keys(value: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """What each key says of the new type; None: it goes."""
    said: dict[str, Any] = {"type": wanted.type, **dict.fromkeys(_GOES[wanted.type])}
    told = value.get("unsure")
    if told in ("hide", "show"):
        said.pop("unsure", None)
        return said
    if wanted.type == "yes_no" and not told:
        said["unsure"] = False
    if value["type"] == "yes_no" and wanted.type == "choice":
        said |= {"options": value.get("options") or {"yes": "Yes", "no": "No"}}
        said["unsure"] = None if told is False else True
    return said


def _renamed(thing: Thing, wanted: Wanted) -> dict[str, str]:
    """Which option means yes and which no, where they were called otherwise."""
    if wanted.type != "yes_no":
        return {}
    named = {code: "yes" if code == wanted.yes else "no" for code in _codes(thing)}
    return {code: means for code, means in named.items() if code not in ("yes", "no")}


def _converting(file: File, address: str, codes: Mapping[str, str]) -> File:
    """The pipeline with what became of the options."""
    there = file.value.get("converters")
    entry = {address: dict(codes)}
    if there is None:
        return file.put(("converters",), {"options": entry})
    if not there.get("options"):
        return file.put(("converters", "options"), entry)
    known = there["options"].get(address) or {}
    return file.put(("converters", "options", address), {**known, **codes})


def _draw(desk: Desk, thing: Thing, errors: Mapping[str, str]) -> str:
    effects = effects_of(thing)
    asks = [
        QuestionView(
            TYPE,
            "radios",
            "What does it become?",
            options=tuple(Option(code, TYPES[code], said) for code, said in effects.items()),
            value=request.form.get(TYPE, ""),
            error=errors.get(TYPE, ""),
        )
    ]
    if "yes_no" in effects:
        options = thing.value["options"]
        asks.append(
            QuestionView(
                YES,
                "radios",
                "Which option means yes?",
                hint="Only if it becomes yes or no",
                options=tuple(Option(code, label_of(options[code])) for code in _codes(thing)),
                optional=True,
                value=request.form.get(YES, ""),
                error=errors.get(YES, ""),
            )
        )
    form = desk.url("edit", kind=thing.kind, id_=thing.id)
    held = who_loses(desk, thing)
    now_called = TYPES.get(str(thing.value.get("type")), "").lower()
    return render_template(
        "draft_ask.html",
        title="Change the type of a question",
        caption=thing.title,
        crumbs=crumbs(desk, (thing.title, form)),
        errors=[{"anchor": name, "text": text} for name, text in errors.items()],
        texts=[f"It is “{now_called}” now.", *([held] if held else [])],
        asks=[draw_question(each) for each in asks],
        note="Nothing that was answered is lost: a project that moves to the release keeps what it "
        "said before, beside the question.",
        facts=used_by(desk.uses(thing.file).of_question(thing.id)),
        aside="What reads it",
        action=desk.url("retype", kind=thing.kind, id_=thing.id),
        seen=f"{DRAFT}={desk.draft.version}",
        submit="Change it in the draft",
        back={"label": "Back to the question", "url": form},
        **desk.context(),
    )
