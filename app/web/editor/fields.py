"""Which fields the form of each kind of definition has, in the order in which it shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.actions.definitions.uses import mentioned
from app.catalogue import things
from app.catalogue.things import Thing
from app.web.controls import Option
from app.web.editor.desk import Desk

TEXT, LONG, SELECT, BOXES, TICK, NUMBER = "text", "long", "select", "boxes", "tick", "number"
DAY = "day"
LONGEST = {TEXT: 2_000, LONG: 20_000}
LEVEL = "level"
Options = Callable[[Desk, Thing], tuple[Option, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: the key it writes, what it is called, and how it is asked.

    `default`: what it means to leave the key out. `single`: a list of one is written as that one.
    `folded`: among the further ones while it says nothing. `half`: beside the next one.
    """

    path: tuple[str | int, ...]
    label: str
    control: str = TEXT
    hint: str = ""
    needed: bool = False
    options: Options | None = None
    default: Any = None
    single: bool = False
    folded: bool = False
    half: bool = False

    @property
    def name(self) -> str:
        """The name of the field on the page."""
        return "-".join(str(part) for part in self.path)


@dataclass(frozen=True, slots=True)
class ConditionField:
    """A condition of a form: the key it writes and how its English begins."""

    key: str
    title: str
    begins: str
    what: str
    needed: bool = False


def _people(desk: Desk, thing: Thing) -> tuple[Option, ...]:
    people = getattr(desk.part(thing.file).pipeline, "people", {})
    return tuple(Option(code, person.title) for code, person in people.items())


def _stages(desk: Desk, thing: Thing) -> tuple[Option, ...]:
    stages = desk.part(thing.file).pipeline.stages
    return tuple(Option(stage.id, stage.title) for stage in stages)


def _own_options(desk: Desk, thing: Thing) -> tuple[Option, ...]:
    del desk
    found = thing.value.get("options") or {}
    return tuple(
        Option(code, said if isinstance(said, str) else str(said.get("label", code)))
        for code, said in found.items()
    )


def _scale(name: str) -> Options:
    def scale(desk: Desk, thing: Thing) -> tuple[Option, ...]:
        matrix = next(iter(desk.program(thing.file).matrices.values()), None)
        found: Mapping[str, str] = getattr(matrix, name, {})
        return tuple(Option(code, label) for code, label in found.items())

    return scale


def _measures(desk: Desk, thing: Thing) -> tuple[Option, ...]:
    offer = desk.program(thing.file).offers.get("measures.list")
    return tuple(Option(e.code, e.title) for e in offer.rule.entries) if offer else ()


SOURCE = Field(("source",), "Source", hint="The Act and section, or the guidance")
BESIDE = replace(SOURCE, hint="", half=True)
OF_LAW = replace(
    SOURCE,
    hint="Only if it rests on law or guidance: the Act and section, or the guidance. "
    "A data protection officer then agrees to it.",
)
WHY = Field(("why",), "Why we ask", LONG, "Shown beside the question. Plain words")
ASKED = (
    Field(("ask",), "Question", needed=True),
    Field(("hint",), "Hint", hint="One line below the question"),
    WHY,
    BESIDE,
    Field(("for",), "Who answers", SELECT, options=_people, default="lead", half=True),
    Field(("guide",), "Help beside the question", LONG, "Markdown: lists, *emphasis*, **strong**"),
    Field(("required",), "Must be answered before the stage is complete", TICK, default=True),
)
FURTHER = (
    Field(("name",), "Short name", hint="For tables and reasons", folded=True),
    Field(("unit",), "Unit", hint="For a number, such as people", folded=True),
    Field(("min",), "Least", NUMBER, folded=True),
    Field(("max",), "Most", NUMBER, folded=True),
    Field(("none",), "Label of “there are none”", folded=True),
    Field(("row_name",), "What one row is called", folded=True),
)
EXCLUSIVE = Field(
    ("exclusive",), "Option that cannot be chosen with others", SELECT, options=_own_options
)
UNSURE = Field(("unsure",), "Offer “I don't know”", TICK, default=False)
BECAUSE = Field(("because",), "Because", LONG, "One or two plain sentences: why this matters", True)
TITLE = Field(("title",), "Title", needed=True)
IN_FORCE = (
    Field(("effective_from",), "In force from", DAY, "Such as 2026-05-01", folded=True),
    Field(("effective_to",), "In force until", DAY, "The last day, such as 2026-05-01"),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    things.QUESTIONNAIRE: (TITLE, Field(("about",), "What it is for", LONG), SOURCE),
    things.SECTION: (TITLE,),
    things.PAGE: (TITLE, Field(("intro",), "Introduction", LONG, "Stands above the questions")),
    things.FLAG: (
        TITLE,
        BECAUSE,
        SOURCE,
        Field(("likelihood",), "Likelihood", SELECT, options=_scale("likelihood"), half=True),
        Field(("severity",), "Severity", SELECT, options=_scale("severity"), half=True),
        Field(("harm",), "What could happen to people", LONG),
        Field(("for",), "Who can mend it", SELECT, options=_people, default="lead"),
        Field(("blocks",), "Stops these stages", BOXES, options=_stages, single=True),
        Field(
            ("task_until",),
            "Merely not done yet, until",
            BOXES,
            "Before these stages it is a task, not a flag",
            options=_stages,
            single=True,
            folded=True,
        ),
        Field(("from",), "Judged from", SELECT, options=_stages, folded=True),
        Field(("measures",), "What reduces it", BOXES, options=_measures, folded=True),
        *(replace(each, folded=True) for each in IN_FORCE),
    ),
    things.CONDITION: (TITLE, Field(("because",), "Because", LONG), SOURCE),
    things.SCORE: (TITLE, SOURCE),
    things.BANDS: (),
    things.DECISION: (TITLE, SOURCE),
    things.OUTCOME: (
        Field(("label",), "Label", needed=True),
        Field(("text",), "What to do", LONG),
        SOURCE,
    ),
    things.OFFER: (TITLE, Field(("about",), "About", LONG)),
    things.ENTRY: (
        TITLE,
        Field(("text",), "What it says", LONG),
        Field(("because",), "Why it is offered", LONG),
        Field(("near_miss",), "Said when it does not fit", LONG, folded=True),
        Field(("act",), "Act"),
        Field(("section",), "Section"),
        Field(("who",), "Who to whom"),
        Field(("limits",), "Limits", LONG),
        SOURCE,
        *IN_FORCE,
    ),
    things.DOCUMENT: (
        TITLE,
        Field(("subtitle",), "Line below the title"),
        Field(("about",), "What it is for", LONG),
        Field(("marking",), "Marking"),
    ),
}

_WHEN = ConditionField("when", "When does it hold?", "Holds when", "it", needed=True)
CONDITIONS: Mapping[str, tuple[ConditionField, ...]] = {
    things.QUESTION: (
        ConditionField("show_if", "When is it asked?", "Asked when", "the question"),
    ),
    things.COLUMN: (ConditionField("show_if", "When is it asked?", "Asked when", "the question"),),
    things.PAGE: (ConditionField("show_if", "When is this page asked?", "Asked when", "the page"),),
    things.SECTION: (
        ConditionField("show_if", "When is this section asked?", "Asked when", "the section"),
    ),
    things.FLAG: (
        ConditionField("when", "When is it raised?", "Raised when", "the rule", needed=True),
    ),
    things.CONDITION: (_WHEN,),
    things.OUTCOME: (ConditionField("when", "When is this the outcome?", "When", "it"),),
    things.ENTRY: (
        ConditionField("when", "When is it offered?", "Offered when", "it"),
        ConditionField("where", "To which rows?", "Offered where", "it"),
    ),
    things.DOCUMENT: (
        ConditionField("if", "When is this document offered?", "Offered when", "the document"),
    ),
    things.BLOCK: (ConditionField("if", "When is it printed?", "Printed when", "it"),),
}

_SAID = {
    "heading": "Heading",
    "text": "Text",
    "bullets": "Line of the list",
    "title": "Title of the table",
    "table": "Title of the table",
    "otherwise": "Said where there is nothing",
    "blank": "Said where an answer is missing",
    "clause": "Heading of the clause",
    "parts": "Lettered text",
    "then": "Further paragraph",
    "header": "Column heading",
    "lines": "Cell",
    "row": "Cell",
    "fields": "What is said there",
    "schedule": "Heading of the schedule",
    "facts": "Heading",
    "form": "Heading",
}


def fields_of(desk: Desk, thing: Thing) -> tuple[Field, ...]:
    """The fields of the form of a thing."""
    if thing.kind in (things.QUESTION, things.COLUMN):
        return tuple(_asked(thing))
    if thing.kind == things.BLOCK:
        return tuple(_block(thing.value))
    if thing.kind == things.BANDS:
        return tuple(_levels(thing.value))
    if thing.kind == things.MATRIX:
        return tuple(_matrix(thing.value))
    if thing.kind == things.SCORE:
        return (*FIELDS[thing.kind], *_points(desk, thing))
    return FIELDS.get(thing.kind, ())


def conditions_of(thing: Thing) -> tuple[ConditionField, ...]:
    """The conditions of the form of a thing: those that it may have."""
    found = CONDITIONS.get(thing.kind, ())
    if thing.kind == things.BLOCK:
        return found if "if" in thing.value else ()
    if thing.kind == things.OUTCOME and thing.value.get("otherwise"):
        return ()
    if thing.kind == things.ENTRY:
        return tuple(each for each in found if each.key == "when" or "where" in thing.value)
    if thing.kind == things.COLUMN and not thing.value.get("type"):
        return ()
    return found


def _asked(thing: Thing) -> Iterator[Field]:
    derived = thing.kind == things.COLUMN and not thing.value.get("type")
    if derived:
        yield Field(("title",), "Title", needed=True)
        return
    kind = thing.value.get("type")
    yield from ASKED
    if kind == "multi":
        yield EXCLUSIVE
    if kind in ("choice", "multi", "band", "yes_no"):
        yield UNSURE if kind != "yes_no" else _YES_NO_UNSURE
    for field in FURTHER:
        if field.path[0] in thing.value or field.path[0] in _FITTING.get(str(kind), ("name",)):
            yield field


_YES_NO_UNSURE = Field(("unsure",), "Offer “I don't know”", TICK, default=True)
_FITTING = {"number": ("name", "unit", "min", "max"), "rows": ("name", "none", "row_name")}


def _block(value: Mapping[str, Any]) -> Iterator[Field]:
    """Every text that a block says."""
    for key, said in _SAID.items():
        if key in value:
            yield from _texts((key,), value[key], said)


def _texts(path: tuple[str | int, ...], value: Any, label: str) -> Iterator[Field]:
    if isinstance(value, str):
        short = path[0] in ("heading", "title", "table", "clause", "header", "facts", "form")
        # What is left to be filled in by hand says nothing, and may go on saying nothing.
        yield Field(path, label, TEXT if short else LONG, needed=bool(value))
    elif isinstance(value, list):
        for n, each in enumerate(value):
            numbered = f"{label} {n + 1}" if len(value) > 1 else label
            yield from _texts((*path, n), each, numbered)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("if", "rows", "columns", "of", "where"):
                said = label if key in ("text", "parts") else f"{label}: {key}"
                yield from _texts((*path, key), each, said)


def _levels(value: Mapping[str, Any]) -> Iterator[Field]:
    for n, level in enumerate(value.get("levels", ())):
        called = level.get("label", level.get("code", n + 1))
        yield Field(("levels", n, "label"), f"Level {n + 1}: label", needed=True)
        if "from" in level:
            yield Field(("levels", n, "from"), f"{called}: from", NUMBER, needed=True)
        yield Field(("levels", n, "text"), f"{called}: what it means", LONG)


def _matrix(value: Mapping[str, Any]) -> Iterator[Field]:
    """The labels of a risk matrix, the rating of each of its cells, and its exceptions."""
    yield TITLE
    yield SOURCE
    for key, said in (
        ("likelihood", "Likelihood"),
        ("severity", "Severity"),
        ("ratings", "Rating"),
    ):
        for n, (code, label) in enumerate(value[key].items(), 1):
            # The last of an odd number stands alone, so that the next scale begins a row.
            half = n < len(value[key]) or n % 2 == 0
            yield Field((key, code), f"{said} “{label}”: label", needed=True, half=half)
    ratings = tuple(Option(code, label) for code, label in value["ratings"].items())
    rated = Field((), "", SELECT, needed=True, options=lambda _desk, _thing: ratings, half=True)
    for severity, row in value["cells"].items():
        harm = value["severity"].get(severity, severity)
        for likelihood in row:
            said = f"{harm} harm, {value['likelihood'].get(likelihood, likelihood).lower()}"
            yield replace(rated, path=("cells", severity, likelihood), label=said)
    for n in range(len(value.get("floor") or ())):
        said, path = f"Exception {n + 1}", ("floor", n)
        yield replace(rated, path=(*path, "rating"), label=f"{said}: rating", half=False)
        yield Field((*path, "label"), f"{said}: label when it does not hold", needed=True)
        yield Field((*path, "because"), f"{said}: because", LONG, needed=True)
    if value.get("step_up"):
        yield Field(("step_up", "because"), "Why harm may count one step more", LONG, needed=True)


def _points(desk: Desk, thing: Thing) -> Iterator[Field]:
    labels = _answers(desk, thing)
    for code in thing.value.get("points") or {}:
        hint = "A number, or “omit” to leave it out"
        said = f"Points for the answer “{labels.get(code, code)}”"
        yield Field(("points", code), said, NUMBER, hint, needed=True)


def _answers(desk: Desk, thing: Thing) -> dict[str, str]:
    """The answers that have points in a score, by their codes, where they read alike in all its parts."""
    scope, found = desk.program(thing.file).scope, dict[str, set[str]]()
    for id_, code in mentioned(thing.value.get("value")):
        if id_ in scope and not code:
            for each, label in scope[id_].codes.items():
                found.setdefault(each, set()).add(label)
    return {code: next(iter(labels)) for code, labels in found.items() if len(labels) == 1}
