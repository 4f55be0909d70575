"""A form of a definition: what it shows, what was typed into it, and the file as that makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.catalogue import things
from app.catalogue.editing import File, same
from app.catalogue.things import Thing
from app.core import building
from app.core.domains import is_date
from app.core.questions import Column, Reading, type_of
from app.web.editor import builder, summing
from app.web.editor.builder import Shown
from app.web.editor.desk import Desk
from app.web.editor.fields import (
    BOXES,
    DAY,
    LONG,
    LONGEST,
    NUMBER,
    SELECT,
    TEXT,
    TICK,
    Field,
    conditions_of,
    fields_of,
)
from app.web.editor.summing import ShownSum
from app.web.site import Context

SHOWN = "shown"
"""The name under which a page says which fields it showed: only those are read."""

LINES = 5
"""A box for options, one a line, shows as many at once."""

LONG_LIST = 12
"""A list of more boxes than this is folded away until somebody wants it."""

Form = Mapping[str, Sequence[str]]
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")

_QUESTION = (
    "id type name for ask hint options options_from exclusive unsure unsure_shows unit min max "
    "decimals max_length check show_if justifies prompts row_name none columns offer suggest guide "
    "why source required material"
)
_KEYS = {
    things.QUESTION: _QUESTION,
    things.COLUMN: _QUESTION,
    things.FLAG: "id title kind when because source checked likelihood severity harm blocks from "
    "task_until for measures implies extent effective_from effective_to raised_by not_by",
    things.PAGE: "id title intro show_if questions",
    things.SECTION: "id title show_if pages",
    things.QUESTIONNAIRE: "title about source sections",
    things.CONDITION: "id title when because source checked",
    things.OUTCOME: "code label when otherwise text source",
    things.ENTRY: "code title text when where because unless near_miss commencement act section kind who "
    "limits extent effective_from effective_to source checked raised_by not_by",
    things.DOCUMENT: "title file marking about subtitle contents for if",
}
ORDERS: Mapping[str, tuple[str, ...]] = {kind: tuple(said.split()) for kind, said in _KEYS.items()}
"""The order in which the keys of a definition are written."""


@dataclass
class Filled:
    """A form with what stands in it: as the file says it, or as it was typed."""

    desk: Desk
    thing: Thing
    values: dict[str, tuple[str, ...]]
    asks: tuple[Field, ...]
    errors: dict[str, str] = field(default_factory=dict)
    conditions: tuple[Shown, ...] = ()
    score: ShownSum | None = None

    @classmethod
    def of(cls, desk: Desk, thing: Thing, asks: tuple[Field, ...] | None = None) -> Filled:
        """The form as the draft has it; `asks`: other fields than its kind has."""
        asks = fields_of(desk, thing) if asks is None else asks
        values = {each.name: current(thing, each) for each in asks}
        shown = tuple(builder.show(desk, thing, each) for each in conditions_of(thing))
        return cls(desk, thing, values, asks, {}, shown, summing.show(desk, thing))

    def read(self, each: Field) -> Any:
        """What a field holds; None: nothing."""
        return _read(self.thing, each, self.values[each.name])[0]

    def fields(self) -> Iterator[Context]:
        """Each field for the page."""
        for each in self.asks:
            values = self.values[each.name]
            options = each.options(self.desk, self.thing) if each.options else ()
            known = {option.code for option in options}
            yield {
                "name": each.name,
                "label": each.label,
                "control": each.control,
                "hint": each.hint,
                "value": values[0] if values else "",
                "values": values,
                "options": [
                    *((option.code, option.label) for option in options),
                    *((code, code) for code in values if code and code not in known),
                ],
                "error": self.errors.get(each.name, ""),
                "folded": each.folded and not values and each.name not in self.errors,
                "rows": max(_rows(values), LINES if each.name == "options" else 0),
                "half": each.half,
                "none": "Choose one" if each.needed else "None",
                "long": len(options) > LONG_LIST,
                "chosen": len(values),
            }

    def complaints(self) -> list[Context]:
        """What is amiss, in the order of the page."""
        found: list[Context] = [
            {"anchor": name, "text": text} for name, text in self.errors.items()
        ]
        found += [each for shown in self.conditions for each in builder.errors(shown)]
        return [*found, *summing.complaints(self.score)]


def _rows(values: tuple[str, ...]) -> int:
    """How many lines a box shows for its text."""
    lines = [line for text in values for line in text.split("\n")]
    return min(16, max(2, sum(len(line) // 75 + 1 for line in lines)))


def current(thing: Thing, each: Field) -> tuple[str, ...]:
    """What the file says of a field, as a page would post it."""
    value = value_at(thing, each)
    if each.control == TICK:
        return ("yes",) if (each.default if value is None else value is True) else ()
    if value is None:
        return () if each.default is None else (str(each.default),)
    if isinstance(value, list):
        return tuple(map(str, value))
    return (str(value),)


def value_at(thing: Thing, each: Field) -> Any:
    """What the file says of a field; None where it says nothing."""
    value: Any = thing.value
    for part in each.path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    settles = each.path == ("unsure",) and value in ("hide", "show")
    return None if settles else value


def fill(desk: Desk, thing: Thing, form: Form, asks: tuple[Field, ...] | None = None) -> Filled:
    """The form as it was posted. Nothing is refused yet but what cannot be read."""
    filled = Filled.of(desk, thing, asks)
    shown = set(form.get(SHOWN, ()))
    for each in filled.asks:
        if each.name in shown:
            # A browser sends line breaks of two characters.
            given = (value.replace("\r\n", "\n") for value in form.get(each.name, ()))
            filled.values[each.name] = tuple(given)
            error = _read(thing, each, filled.values[each.name])[1]
            if error:
                filled.errors[each.name] = error
    filled.conditions = tuple(builder.posted(one, form) for one in filled.conditions)
    if filled.score is not None:
        filled.score = summing.posted(filled.score, form)
    return filled


def apply(filled: Filled, file: File, form: Form) -> File:
    """The file with everything that was typed and can be read; the rest is told in the form."""
    thing = filled.thing
    shown = set(form.get(SHOWN, ()))
    order = ORDERS.get(thing.kind, ())
    for each in filled.asks:
        if each.name in shown and each.name not in filled.errors:
            values = filled.values[each.name]
            if clean(each, values) != clean(each, current(thing, each)):
                value = _read(thing, each, values)[0]
                file = _put(file, thing, each, value, order)
    for n, one in enumerate(filled.conditions):
        file = _apply_condition(filled, n, one, file, form)
    return summing.apply(filled.score, thing, file)


def _put(file: File, thing: Thing, each: Field, value: Any, order: Sequence[str]) -> File:
    if each.path == ("unsure",) and thing.value.get("unsure") in ("hide", "show"):
        # `unsure: hide` beside `show_if` makes room for what the key says of the question itself.
        shows = thing.value["unsure"] == "show"
        file = file.put((*thing.path, "unsure_shows"), shows, order)
    return file.put((*thing.path, *each.path), value, order)


def _apply_condition(filled: Filled, n: int, one: Shown, file: File, form: Form) -> File:
    thing, key = filled.thing, one.field.key
    if one.built is None or f"{key}-builder" not in form:
        return file
    settled = builder.settle(one)
    if settled.faults:
        told = Shown(one.field, one.offers, one.built, settled.faults, one.settles)
        filled.conditions = (*filled.conditions[:n], told, *filled.conditions[n + 1 :])
        return file
    wanted = building.expression_of(settled.built)
    there = building.lines_of(thing.value.get(key))
    before = building.expression_of(there) if there is not None else None
    if not same(wanted, before):
        file = file.put((*thing.path, key), wanted, ORDERS.get(thing.kind, ()))
    return _apply_settled(thing, one, file)


def _apply_settled(thing: Thing, one: Shown, file: File) -> File:
    """What "I don't know" does to a gate."""
    if one.settles == builder.settled_by(thing):
        return file
    order = ORDERS.get(thing.kind, ())
    if thing.value.get("unsure") in ("hide", "show"):
        file = file.put((*thing.path, "unsure"), None)
    shows = {"hide": False, "show": True}.get(one.settles)
    return file.put((*thing.path, "unsure_shows"), shows, order)


def clean(each: Field, values: tuple[str, ...]) -> object:
    """What a field holds, without what nobody means by typing it."""
    if each.control in (TEXT, LONG):
        return _text(each, values).value or ""
    said = [value.strip() for value in values if value.strip()]
    return frozenset(said) if each.control == BOXES else tuple(said)


def _read(thing: Thing, each: Field, values: tuple[str, ...]) -> tuple[Any, str]:
    """The value that a field writes (None: the key goes), or what is wrong with it."""
    if each.control == TICK:
        ticked = bool(values)
        return (None if ticked == each.default and value_at(thing, each) is None else ticked), ""
    if each.control == BOXES:
        # What was there keeps its order; what is new comes behind.
        there = [code for code in current(thing, each) if code in values]
        codes = there + [code for code in values if code and code not in there]
        return (codes[0] if each.single and len(codes) == 1 else codes or None), ""
    text = values[0].strip() if values else ""
    if not text:
        return None, f"Enter “{each.label}”" if each.needed else ""
    if each.control == SELECT:
        return text, ""
    if each.control in (NUMBER, DAY):
        return (_number if each.control == NUMBER else _day)(thing, each, text)
    reading = _text(each, values)
    return reading.value, reading.error or ""


def _number(thing: Thing, each: Field, text: str) -> tuple[Any, str]:
    if _NUMBER.fullmatch(text):
        return (float(text) if "." in text else int(text)), ""
    if text == "omit" or isinstance(value_at(thing, each), str):
        return text, ""
    return None, f"“{each.label}” is a number, such as 3 or 1.5"


def _day(thing: Thing, each: Field, text: str) -> tuple[Any, str]:
    del thing
    return (text, "") if is_date(text) else (None, f"“{each.label}” is a day, such as 2026-05-01")


def _text(each: Field, values: tuple[str, ...]) -> Reading:
    kind: Literal["text", "long_text"] = "text" if each.control == TEXT else "long_text"
    asked = Column.model_validate(
        {"id": "typed", "type": kind, "ask": each.label, "max_length": LONGEST[each.control]}
    )
    return type_of(asked).from_form(asked, {"": list(values[:1])})
