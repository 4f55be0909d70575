"""Every key that a definition may have: what it is called, what a change of it touches, how it reads.

A key that is not listed counts as one of meaning, so that nothing new passes without a second look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.difference.change import Effect, Thing
from app.core.difference.words import Words, number_of, plain
from app.core.models import Model
from app.core.outputs import Outline
from app.core.pipeline import (
    AdviceAnswers,
    DeclaredAct,
    Door,
    Names,
    Pipeline,
    Route,
    Routes,
    Signed,
    Stage,
)
from app.core.questionnaire import Page, Questionnaire, Section
from app.core.questions import Column, Question, RowOutcome, Suggestion
from app.core.register import LastChecked, Register, Role
from app.core.rules import (
    Bands,
    Decision,
    Entry,
    FlagRule,
    Floor,
    Level,
    Matrix,
    NamedCondition,
    Offer,
    Outcome,
    Score,
    Unless,
)

Say = Callable[[Words, Any, Thing], str]
WORDING, DOCUMENT, FLOW, SCORING, MEANING = Effect


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a definition. `condition`: its value is one, compared by what it means."""

    title: str
    effect: Effect
    say: Say = lambda _words, value, _thing: plain(value)
    law: bool = False
    condition: bool = False


def _when(lead: str, never: str = "Always") -> Say:
    def say(words: Words, value: Any, thing: Thing) -> str:
        return never if value is None else f"{lead} {words.condition(value, thing.rows)}"

    return say


def _if(effect: Effect, title: str, lead: str, never: str = "") -> Key:
    return Key(title, effect, _when(lead, never), condition=True)


def _named(words: Words, value: Any, thing: Thing) -> str:
    if isinstance(value, str):
        return words.name(value, thing.rows)
    return words.names(value or (), thing.rows)


def _either(yes: str, no: str) -> Say:
    return lambda _words, value, _thing: yes if value else no


def _examples(_words: Words, value: Any, _thing: Thing) -> str:
    return number_of(len(value), "example")


def _checked(_words: Words, value: Any, _thing: Thing) -> str:
    return plain(value) if value else "Not yet confirmed by a data protection officer"


def _supposed(words: Words, value: Any, _thing: Thing) -> str:
    if value is None:
        return ""
    codes = ", ".join(f"{column} from {words.name(id_)}" for column, id_ in value.codes.items())
    return f"While there are no rows, those of {words.name(value.rows)}, with {codes}"


def _points(words: Words, value: Any, _thing: Thing) -> str:
    return words.points(value)


def _text(title: str, *, law: bool = False) -> Key:
    return Key(title, WORDING, law=law)


TITLE = _text("title")
SOURCED = {
    "source": _text("source", law=True),
    "checked": Key("confirmed on", MEANING, _checked, law=True),
    "checked_by": _text("confirmed by", law=True),
    "extent": _text("extent", law=True),
    "effective_from": Key("in force from", MEANING, law=True),
    "effective_to": Key("in force until", MEANING, law=True),
}
EXAMPLES = {
    "raised_by": Key("examples that raise it", WORDING, _examples),
    "not_by": Key("examples that do not", WORDING, _examples),
}
ASKED = {
    "id": Key("id", MEANING),
    "type": Key("type of question", MEANING),
    "ask": _text("wording"),
    "name": _text("short name"),
    "for_": Key("who answers", FLOW),
    "hint": _text("hint"),
    "guide": _text("guidance"),
    "why": _text("why we ask", law=True),
    "source": _text("source", law=True),
    "required": Key("required", FLOW, _either("Must be answered", "May be left blank")),
    "show_if": _if(FLOW, "when it is asked", "Asked if", "Always asked"),
    "unsure_shows": Key(
        "what “I don’t know” does",
        FLOW,
        lambda _w, value, _t: (
            ""
            if value is None
            else "“I don’t know” shows it"
            if value
            else "“I don’t know” hides it"
        ),
    ),
    "options_from": Key("where its options come from", FLOW, _named),
    "exclusive": Key("option that excludes the others", FLOW),
    "unsure": Key(
        "“I don’t know”",
        FLOW,
        lambda _w, value, _t: {True: "Offered", False: "Not offered"}.get(value, "As usual"),
    ),
    "unit": _text("unit"),
    "min": Key("least", FLOW),
    "max": Key("most", FLOW),
    "decimals": Key("decimal places", FLOW),
    "max_length": Key("longest text", FLOW),
    "check": Key("form it must have", FLOW),
    "offer": Key("offer shown beside it", FLOW, _named),
    "restricted": Key(
        "who sees the answer",
        MEANING,
        _either("Roles that look after information alone", "Everybody on the project"),
    ),
    "material": Key(
        "whether a change touches signatures", MEANING, _either("It does", "It does not")
    ),
}
LEVEL = {
    "code": Key("code", SCORING),
    "label": _text("label"),
    "from_": Key("from what value", SCORING),
    "text": _text("text"),
    "never": _text("why no answers reach it"),
}
OUTCOME = {
    "code": Key("code", MEANING),
    "label": _text("label"),
    "when": _if(MEANING, "condition", "If"),
    "otherwise": Key("otherwise", MEANING),
    "text": _text("text"),
}
PIPELINE = {
    "title": TITLE,
    "people": Key("people", FLOW),
    "names": Key("questions the engine knows", MEANING),
    "on_every_route": Key("asked on every route", FLOW),
    "quick": Key("asked on the start page", FLOW, _named),
    "in_short": Key("said first of a project", WORDING, _named),
    "not_counted": Key("left out of the counts", FLOW),
    "feedback": Key("questions about what held people up", WORDING),
    "readers": Key("whom documents are for", DOCUMENT),
    "reuse": Key("what other projects begin with", FLOW),
    "signed": Key("what a document signed elsewhere settles", FLOW),
    "advice": Key("answered by advice", FLOW),
}
KEYS: dict[type[Model], dict[str, Key]] = {
    Questionnaire: {
        "title": TITLE,
        "about": _text("introduction"),
        "source": _text("source", law=True),
    },
    Section: {
        "id": Key("id", FLOW),
        "title": TITLE,
        "show_if": _if(FLOW, "when it is shown", "Shown if", "Always shown"),
    },
    Page: {
        "id": Key("id", FLOW),
        "title": TITLE,
        "intro": _text("introduction"),
        "show_if": _if(FLOW, "when it is shown", "Shown if", "Always shown"),
    },
    Question: ASKED
    | {
        "justifies": Key("what it justifies", FLOW, _named),
        "prompts": _text("prompts"),
        "row_name": _text("what a row is called"),
        "none": Key("label of “there are none”", FLOW),
    },
    Column: ASKED
    | {
        "title": TITLE,
        "rows": Key("which rows it refers to", MEANING, _named),
        "confirms": Key("which rows a party confirms by it", FLOW),
        "look_up": Key("where it is looked up", MEANING),
        "matrix": Key("how it is rated", SCORING),
    },
    Suggestion: {
        "when": _if(FLOW, "when it is suggested", "Suggested if"),
        "answer": Key("suggested answer", FLOW),
        "because": _text("reason", law=True),
    },
    RowOutcome: {name: OUTCOME[name] for name in ("code", "label", "when", "otherwise")},
    NamedCondition: SOURCED
    | EXAMPLES
    | {
        "id": Key("id", MEANING),
        "title": TITLE,
        "when": _if(MEANING, "condition", "Holds if"),
        "because": _text("reason", law=True),
    },
    Level: LEVEL,
    Bands: {"id": Key("id", SCORING)},
    Score: SOURCED
    | {
        "id": Key("id", SCORING),
        "reported_as": Key("name in the assessment file", SCORING),
        "title": TITLE,
        "value": Key("how it is counted", SCORING, lambda words, value, _t: words.score(value)),
        "points": Key("points", SCORING, _points),
        "with_": Key("answered before there is a band", SCORING, _named),
        "band": Key("band", SCORING),
    },
    Outcome: SOURCED | OUTCOME,
    Decision: SOURCED
    | {
        "id": Key("id", MEANING),
        "title": TITLE,
        "only_if": _if(MEANING, "when it is decided", "Decided if", "Always decided"),
        "raised_by": EXAMPLES["raised_by"],
    },
    Unless: {
        "when": _if(MEANING, "condition", "Not offered if"),
        "where": _if(MEANING, "condition", "Not offered where"),
        "because": _text("reason", law=True),
    },
    Entry: SOURCED
    | EXAMPLES
    | {
        "code": Key("code", MEANING),
        "title": _text("title", law=True),
        "text": _text("text", law=True),
        "when": _if(MEANING, "condition", "Offered if", "Always offered"),
        "where": _if(MEANING, "condition on the row", "Offered where", "Offered to every row"),
        "because": _text("reason", law=True),
        "near_miss": _text("reason why not", law=True),
        "act": _text("Act", law=True),
        "section": _text("section", law=True),
        "kind": _text("kind", law=True),
        "who": _text("who to whom", law=True),
        "limits": _text("limits", law=True),
        "commencement": _text("commencement", law=True),
    },
    Offer: {
        "id": Key("id", MEANING),
        "title": TITLE,
        "about": _text("introduction"),
        "each": Key("rows it is offered to", MEANING, _named),
        "where": _if(MEANING, "rows it is for", "Where", "Every row"),
        "supposed": Key("rows looked at while there are none", MEANING, _supposed),
    },
    FlagRule: SOURCED
    | EXAMPLES
    | {
        "id": Key("id", MEANING),
        "title": _text("title", law=True),
        "kind": Key("kind", MEANING),
        "when": _if(MEANING, "condition", "Raised if"),
        "because": _text("reason", law=True),
        "likelihood": Key("likelihood", SCORING),
        "severity": Key("severity", SCORING),
        "harm": _text("harm"),
        "blocks": Key("what it stops", MEANING),
        "from_": Key("judged from", MEANING),
        "task_until": Key("a task until", MEANING),
        "for_": Key("who can mend it", FLOW),
        "measures": Key("measures", MEANING),
        "implies": _text("flags always raised with it"),
    },
    Floor: {
        "severity": Key("severity", SCORING),
        "likelihood": Key("likelihood", SCORING),
        "when": _if(SCORING, "condition", "If"),
        "rating": Key("rating", SCORING),
        "label": _text("label"),
        "because": _text("reason", law=True),
    },
    Matrix: SOURCED
    | {
        "id": Key("id", SCORING),
        "title": TITLE,
        "likelihood": Key("scale of likelihood", SCORING),
        "severity": Key("scale of severity", SCORING),
        "ratings": Key("ratings", SCORING),
        "cells": Key("ratings of its cells", SCORING),
        "step_up": Key(
            "when every severity rises",
            SCORING,
            lambda words, value, _t: (
                f"If {words.condition(value.when)}: {value.because}" if value else ""
            ),
            law=True,
        ),
    },
    Stage: {
        "id": Key("id", FLOW),
        "title": TITLE,
        "about": _text("introduction"),
        "questionnaires": Key("questionnaires", FLOW),
        "previews": Key("questionnaires that may be begun", FLOW),
        "takes_part": Key("who takes part", FLOW),
        "closed_by": Key("who closes it", FLOW),
        "needs": Key("acts that come first", FLOW),
        "within": Key("days to act in", FLOW),
        "documents": Key("documents", DOCUMENT),
        "signed": Key("what is signed", DOCUMENT),
    },
    Route: {
        "code": Key("code", MEANING),
        "label": _text("label"),
        "when": _if(FLOW, "condition", "If"),
        "otherwise": Key("otherwise", FLOW),
        "stages": Key("stages", FLOW),
        "optional": Key("what is offered and not required", FLOW),
        "leaves_out": Key("questionnaires left out", FLOW),
        "documents": Key("documents", DOCUMENT),
        "limits": Key("most questions for each person", FLOW),
        "text": _text("text"),
    },
    Routes: {"id": Key("id", MEANING), "title": TITLE},
    Door: {
        "code": Key("code", FLOW),
        "title": TITLE,
        "text": _text("text"),
        "answers": Key("answers it gives", FLOW),
    },
    DeclaredAct: {
        "id": Key("id", FLOW),
        "title": TITLE,
        "about": _text("introduction"),
        "does": _text("what doing it is called"),
        "done": _text("what having done it is called"),
        "stages": Key("stages", FLOW),
        "by": Key("whose act it is", FLOW),
        "each": Key("how often it is done", FLOW),
        "ask": _text("question"),
        "choices": Key("choices", MEANING),
        "words": _text("what is asked in words"),
        "explain": Key("choices that need words", FLOW),
        "must_say": Key("whether words are needed", FLOW),
        "after": Key("acts that come first", FLOW),
        "apart_from": Key("acts that another person does", FLOW),
        "answers": Key("questions it answers", FLOW),
        "adopts": Key("act by which others need none of their own", FLOW),
        "asked_if": Key("condition while which it is asked for", FLOW, _named),
        "opens": Key("documents that a choice leads to", FLOW),
    },
    Pipeline: PIPELINE,
    Register: PIPELINE
    | {
        "kind": Key("question of the kind of organisation", MEANING, _named),
        "checked": Key("when a record was last checked", MEANING),
        "gives": Key("what a party takes from a record", MEANING),
    },
    Role: {
        "title": TITLE,
        "holder": Key("who holds it", MEANING, _named),
        "standing": Key("how it stands", MEANING, _named),
        "gaps": Key("outcomes that are gaps", MEANING),
        "needless": Key("outcomes that mean it is not needed", MEANING),
        "held": Key("outcomes that need no words", MEANING),
    },
    Outline: {
        "title": Key("title", DOCUMENT),
        "file": Key("name of the file", DOCUMENT),
        "marking": Key("marking", DOCUMENT),
        "about": Key("introduction", DOCUMENT),
        "contents": Key("list of contents", DOCUMENT),
        "subtitle": Key("line below the title", DOCUMENT),
        "as_": Key("kind of file", DOCUMENT),
        "for_": Key("whom it is for", DOCUMENT),
        "if_": _if(DOCUMENT, "when it is offered", "Offered if", "Always offered"),
        "at_most": Key("letters an answer is cut to", DOCUMENT),
        "restricted": Key("prints restricted answers", DOCUMENT),
        "gaps": Key("how a blank is printed", DOCUMENT),
    },
    # Said whole, by the keys of what holds them.
    Names: {},
    AdviceAnswers: {},
    Signed: {},
    LastChecked: {},
}


def key_of(model: type[Model], name: str) -> Key:
    """The key of a model's field."""
    for each in model.__mro__:
        found = KEYS.get(each, {}).get(name)
        if found is not None:
            return found
    return Key(name.rstrip("_").replace("_", " "), MEANING)
