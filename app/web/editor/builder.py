"""A condition on a page: its lines with what each may say, their English, and what was posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.catalogue import things
from app.catalogue.things import Thing
from app.core import building
from app.core.blocks import Tone
from app.core.building import (
    AT_LEAST,
    GROUP,
    LINE,
    ROWS,
    Amiss,
    Built,
    Group,
    Line,
    Offered,
    Offers,
    OfRows,
    Settled,
    field_name,
)
from app.core.building.settling import known_at, plain_lines
from app.core.domains import Kind
from app.web.editor.desk import Desk
from app.web.editor.fields import ConditionField
from app.web.editor.options import label_of
from app.web.site import Context

DO = "do"
UNSURE = "unsure"
LONGEST_NAME = 110
JOINED = {
    "and": "All of these tests hold",
    "or": "Any of these tests holds",
    AT_LEAST: "At least so many of these tests hold",
}
ADDS = {LINE: "Add a test", ROWS: "Add a test of rows", GROUP: "Add a group of tests"}


@dataclass(frozen=True)
class Shown:
    """A condition as a form shows it. `built` None: only its text can show it."""

    field: ConditionField
    offers: Offers
    built: Built | None
    faults: tuple[Amiss, ...] = ()
    settles: str = ""

    @property
    def prefix(self) -> str:
        """The beginning of the names of its fields."""
        return self.field.key


def offers_for(desk: Desk, thing: Thing, field: ConditionField) -> Offers:
    """What a condition may read at its place."""
    offers = _offers_of(desk, thing, field)
    return offers if desk.checked.catalogue is not None else _with_new_options(desk, offers)


def _with_new_options(desk: Desk, offers: Offers) -> Offers:
    """What is offered by the release, with the options that only a draft with faults has."""
    now = {each.id: each for each in things.things(desk.files) if each.kind == things.QUESTION}

    def grown(id_: str, one: Offered) -> Offered:
        said = now[id_].value.get("options") if id_ in now and one.answers else None
        if not isinstance(said, dict):
            return one
        new = {str(code): label_of(each) for code, each in said.items()}
        return replace(one, answers={**new, **one.answers})

    return replace(offers, these={id_: grown(id_, one) for id_, one in offers.these.items()})


def _offers_of(desk: Desk, thing: Thing, field: ConditionField) -> Offers:
    program = desk.program(thing.file)
    stem = thing.id.rpartition("/")
    if thing.kind == things.QUESTION:
        if thing.id:
            return building.for_question(program, thing.id)
        return building.for_new_question(program, *_pages_up_to(desk, thing))
    if thing.kind == things.COLUMN:
        known = stem[0] in program.questions
        return building.for_column(program, stem[0], stem[2]) if known else Offers({}, gate=True)
    if thing.kind in (things.PAGE, things.SECTION):
        before = building.for_page if thing.kind == things.PAGE else building.for_section
        return before(program, stem[0], stem[2])
    if field.key == "where":
        offer = program.offers.get(stem[0])
        rows = offer.rule.each if offer else None
        return building.for_row(program, rows) if rows else Offers({})
    return building.for_rule(program, _defined(thing))


def _pages_up_to(desk: Desk, thing: Thing) -> tuple[str, list[str]]:
    """A questionnaire, and its pages up to the one on which a new question is to stand."""
    pages = [each for each in things.below(desk.files, thing.file) if each.kind == things.PAGE]
    ids = [each.id.rpartition("/") for each in pages if each.path <= thing.path]
    return ids[0][0], [page for _, _, page in ids]


def _defined(thing: Thing) -> str | None:
    """The fact that a condition defines, which it cannot read."""
    if thing.kind == things.CONDITION:
        return thing.id
    return thing.id.rpartition("/")[0] if thing.kind == things.OUTCOME else None


def show(desk: Desk, thing: Thing, field: ConditionField) -> Shown:
    """A condition as the draft has it."""
    built = building.lines_of(thing.value.get(field.key))
    if built is not None and not built.lines and field.needed:
        built = building.add(built)
    return Shown(field, offers_for(desk, thing, field), built, settles=settled_by(thing))


def settled_by(thing: Thing) -> str:
    """What "I don't know" does to a gate, as the file says it: "show", "hide" or nothing."""
    shows = thing.value.get("unsure_shows")
    if thing.value.get("unsure") in ("show", "hide"):
        return str(thing.value["unsure"])
    return "" if shows is None else "show" if shows else "hide"


def posted(shown: Shown, form: Mapping[str, Sequence[str]]) -> Shown:
    """A condition as a page posts it, after the button that was pressed has done its work."""
    if f"{shown.prefix}-builder" not in form:
        return shown
    built = building.read_posted(form, shown.prefix)
    pressed = (form.get(DO) or [""])[0]
    key, _, act = pressed.partition(":")
    if key == shown.prefix:
        built = _done(built, act)
    built = _tested(built, shown.offers)
    settles = (form.get(f"{shown.prefix}-unsure") or [""])[0]
    return Shown(shown.field, shown.offers, built, settles=settles)


def _done(built: Built, act: str) -> Built:
    """Add or remove: "add:line", "add:line:0", "remove:0:1"; anything else changes nothing."""
    verb, *rest = act.split(":")
    numbers = tuple(int(each) for each in rest if each.isdecimal() and len(each) < 4)
    if verb == "add" and rest:
        return building.add(built, numbers, rest[0])
    if verb == "choose" and numbers:
        chosen: Built = _forgotten(built, numbers)
        return chosen
    return building.remove(built, numbers) if verb == "remove" else built


def _tested(part: Any, offers: Offers, rows: str = "") -> Any:
    """The condition with the first test that fits wherever a question was chosen and no test yet."""
    if not isinstance(part, Line):
        about = part.about if isinstance(part, OfRows) else ""
        part = replace(part, lines=tuple(_tested(each, offers, about) for each in part.lines))
    if isinstance(part, Built | Group) or part.test:
        return part
    offered = known_at(offers, rows if isinstance(part, Line) else "").get(part.about)
    return replace(part, test=next(iter(offered.tests))) if offered and offered.tests else part


def _forgotten(part: Any, where: tuple[int, ...]) -> Any:
    """The condition with the question of one line to be chosen anew."""
    if not where:
        return part if isinstance(part, Group) else replace(part, about="", test="")
    if isinstance(part, Line):
        return part
    lines = tuple(
        _forgotten(each, where[1:]) if n == where[0] else each for n, each in enumerate(part.lines)
    )
    return replace(part, lines=lines)


def settle(shown: Shown) -> Settled:
    """The posted lines as a condition, or what is amiss with each."""
    if shown.built is None:
        return Settled(Built())
    if shown.field.needed and not shown.built.lines:
        return Settled(shown.built, (Amiss((), "join", "Add a test: it says when this holds"),))
    settled = building.settle(shown.built, shown.offers)
    unsaid = building.unsaid(shown.built, shown.offers)
    if settled.faults or shown.settles or not unsaid:
        return settled
    # Kept without it, the definitions would have a fault, told in words of the files.
    said = f"Choose what “I don't know” does: “{unsaid[0]}” can be answered so"
    return Settled(shown.built, (Amiss((), UNSURE, said),))


# For the template


def context(shown: Shown, desk: Desk) -> Context:
    """Everything a page shows of a condition."""
    field = shown.field
    built = shown.built
    found: Context = {
        "key": field.key,
        "title": field.title,
        "built": built is not None,
        "needed": field.needed,
    }
    if built is None:
        return found
    shows = {"show": True, "hide": False}.get(shown.settles)
    unsaid = building.unsaid(built, shown.offers)
    found |= {
        "parts": [_part(shown, desk, part, (n,)) for n, part in enumerate(built.lines)],
        "joins": _joins(shown, built, ()) if len(built.lines) > 1 else None,
        "error": _error(shown, (), "join") or _error(shown, (), "number"),
        "adds": [{"act": f"{field.key}:add:{kind}", "label": said} for kind, said in ADDS.items()]
        if built.lines
        else [{"act": f"{field.key}:add:{LINE}", "label": "Add a test"}],
        "english": [
            {"text": run.text, "emphasis": run.tone is Tone.EMPHASIS}
            for run in building.english(built, shown.offers, field.begins)
        ],
        "meanwhile": building.meanwhile(built, shown.offers, field.what, shows=shows),
        "unsure": _unsure(shown) if unsaid or shown.settles else None,
    }
    return found


def _unsure(shown: Shown) -> Context:
    unsaid = shown.built is not None and building.unsaid(shown.built, shown.offers)
    choices = (
        ("", "Choose one" if unsaid else "As the tests say"),
        ("hide", "It does not ask it"),
        ("show", "It counts as a test that holds"),
    )
    return {
        "name": f"{shown.prefix}-unsure",
        "options": [(code, label, code == shown.settles) for code, label in choices],
        "error": _error(shown, (), UNSURE),
    }


def _joins(shown: Shown, part: Built | Group | OfRows, where: tuple[int, ...]) -> Context:
    several = JOINED if not isinstance(part, OfRows) else {k: JOINED[k] for k in ("and", "or")}
    number = None if isinstance(part, OfRows) else part.number
    return {
        "name": field_name(shown.prefix, where, "join"),
        "options": [(code, label, code == part.join) for code, label in several.items()],
        "number_name": field_name(shown.prefix, where, "number"),
        "number": number,
        "counted": part.join == AT_LEAST,
    }


def _part(shown: Shown, desk: Desk, part: Any, where: tuple[int, ...]) -> Context:
    kind = GROUP if isinstance(part, Group) else ROWS if isinstance(part, OfRows) else LINE
    at = ":".join(map(str, where))
    found: Context = {
        "kind": kind,
        "number": where[-1] + 1,
        "id": "-".join((shown.prefix, *map(str, where))),
        "part_name": field_name(shown.prefix, where, "part"),
        "remove": f"{shown.prefix}:remove:{at}",
        "says": ".".join(str(n + 1) for n in where),
    }
    if isinstance(part, Line):
        known = _known(shown, where)
        return found | _line(shown, desk, part, where, known)
    inner = [_part(shown, desk, each, (*where, n)) for n, each in enumerate(part.lines)]
    found |= {
        "parts": inner,
        "joins": _joins(shown, part, where),
        "add": f"{shown.prefix}:add:{LINE}:{at}",
        "error": _error(shown, where, "join") or _error(shown, where, "number"),
    }
    if isinstance(part, OfRows):
        rows = {id_: one for id_, one in shown.offers.these.items() if one.kind is Kind.ROWS}
        found |= _about(shown, desk, part, where, rows)
    return found


def _known(shown: Shown, where: tuple[int, ...]) -> Mapping[str, Offered]:
    """What a line at this place may be about: the columns, where it stands over rows."""
    part: Any = shown.built
    known: Mapping[str, Offered] = shown.offers.these
    for n in where[:-1]:
        part = part.lines[n]
        if isinstance(part, OfRows):
            known = known_at(shown.offers, part.about)
    return {id_: one for id_, one in known.items() if one.kind is not Kind.ROWS}


def _about(
    shown: Shown,
    desk: Desk,
    part: Line | OfRows,
    where: tuple[int, ...],
    known: Mapping[str, Offered],
) -> Context:
    """The question and the test of a part."""
    offered = known.get(part.about)
    tests = offered.tests if offered else {}
    return {
        "about_name": field_name(shown.prefix, where, "about"),
        "about": part.about,
        "groups": _groups(desk, known, part.about),
        "known": offered.name if offered and _many(shown) else "",
        "choose": f"{shown.prefix}:choose:{':'.join(map(str, where))}",
        "test_name": field_name(shown.prefix, where, "test"),
        "tests": [(code, label, code == part.test) for code, label in tests.items()],
        "about_error": _error(shown, where, "about"),
        "test_error": _error(shown, where, "test"),
    }


def _line(
    shown: Shown, desk: Desk, line: Line, where: tuple[int, ...], known: Mapping[str, Offered]
) -> Context:
    offered = known.get(line.about)
    return _about(shown, desk, line, where, known) | {
        "answer_name": field_name(shown.prefix, where, "answer"),
        "answer_error": _error(shown, where, "answer"),
        **_answers(line, offered),
    }


def _answers(line: Line, offered: Offered | None) -> Context:
    """How the answer is given: chosen, chosen several times, typed, or not at all."""
    if offered is None or offered.kind is Kind.TRUTH:
        return {"answer": "none" if offered else "later", "chosen": [str(a) for a in line.answers]}
    if not offered.answers:
        return {
            "answer": "typed",
            "typed": str(line.answers[0]) if line.answers else "",
            "unit": offered.unit or ("such as 2026-05-01" if offered.kind is Kind.DATE else ""),
        }
    given = [str(each) for each in line.answers] or [""]
    if line.answers and offered.several(line.test) and len(line.answers) < len(offered.answers):
        given.append("")
    return {
        "answer": "chosen",
        "selects": [
            [(code, label, code == each) for code, label in offered.answers.items()]
            for each in given
        ],
    }


MANY_LINES = 6
"""Where a condition has more lines, a question that is chosen is shown without all the others."""


def _many(shown: Shown) -> bool:
    return len([*plain_lines(shown.built)]) > MANY_LINES if shown.built else False


def _groups(desk: Desk, known: Mapping[str, Offered], chosen: str) -> list[Context]:
    """What may be chosen, by the questionnaire that asks it first; what is derived comes last."""
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    named = Counter(offered.name for offered in known.values() if offered.place is None)
    for id_, offered in known.items():
        title = "Conditions, scores and decisions" if "." in id_ else "Columns"
        if offered.place is not None:
            title = _questionnaire(desk, offered.place.questionnaire)
        name = offered.name if len(offered.name) <= LONGEST_NAME else f"{offered.name[:107]} …"
        if named[offered.name] > 1:
            # A score and its band have one name.
            name = f"{name}: {'points' if offered.kind is Kind.NUMBER else 'level'}"
        groups.setdefault(title, []).append((id_, name, id_ == chosen))
    return [{"title": title, "options": options} for title, options in groups.items()]


def _questionnaire(desk: Desk, name: str) -> str:
    for part in (desk.catalogue, desk.catalogue.organisations):
        if part is not None and name in part.questionnaires:
            return part.questionnaires[name].title
    return name


def _error(shown: Shown, where: tuple[int, ...], part: str) -> str:
    return next((a.message for a in shown.faults if (a.where, a.part) == (where, part)), "")


def errors(shown: Shown) -> Iterator[Context]:
    """What is amiss, for the summary at the top of the page."""
    for amiss in shown.faults:
        at = "-".join((shown.prefix, *map(str, amiss.where)))
        anchor = f"{at}-{amiss.part}" if amiss.where else f"{shown.prefix}-condition"
        if amiss.part == UNSURE:
            anchor = f"{shown.prefix}-{UNSURE}"
        if amiss.part in ("join", "number"):
            anchor = f"{at}" if amiss.where else f"{shown.prefix}-condition"
        yield {"anchor": anchor, "text": amiss.message}
